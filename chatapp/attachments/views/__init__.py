"""Where files come in and go out."""
