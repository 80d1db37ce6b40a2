"""Everything that is done with contacts here, by noun."""
