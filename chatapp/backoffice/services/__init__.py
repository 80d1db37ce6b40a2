"""Everything that operators write."""
