"""What every test has. The fixtures live in `tests/support`, one subject per file."""
