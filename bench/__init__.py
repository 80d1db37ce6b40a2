"""Benchmarks: each compares two things on the same machine in the same minutes, and reports ratios."""
