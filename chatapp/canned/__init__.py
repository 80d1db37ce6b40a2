"""Canned replies: texts that are written once and inserted often. It fills in names; sending is for whoever inserts."""
