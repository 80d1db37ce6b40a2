"""The people who write to a company: contacts, and the visitor sessions that prove a browser speaks for one."""
