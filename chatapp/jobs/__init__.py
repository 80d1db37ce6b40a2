"""The processes beside the web: the worker, which runs jobs, and the clock, which rings when nobody else did."""
