"""Everything that operators read. Whatever belongs to workspaces is read across all of them, and says so."""
