"""Companies on this installation, who belongs to them and what their role allows. The lookup is the authorisation."""
