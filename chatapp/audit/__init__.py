"""The page that shows the audit log. It is written by `common.audit.record`; nothing here changes it."""
