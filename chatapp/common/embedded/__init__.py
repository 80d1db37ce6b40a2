"""Postgres and Redis for development and tests, started from whatever this machine offers.

Verbs: `resolve.engines_from_environment`, `Supervisor.launch`, `Supervisor.stop`. It knows nothing of the application:
no Flask, no models. Production never imports it; there the engines come from `DATABASE_URL` and `REDIS_URL`.
"""
