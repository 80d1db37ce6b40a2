"""Everything that changes policies, and everything that moves clocks."""
