"""Chatapp: one inbox for everybody who writes to a company. `docs/architecture.md` says where things live."""
