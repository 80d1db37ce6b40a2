"""The sites that a workspace talks on: their keys, their allowed domains and how their widget looks."""
