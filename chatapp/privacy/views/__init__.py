"""The pages of privacy: how long things are kept, and one person's data."""

from chatapp.privacy.views import deletions, people, receipts, settings
from chatapp.privacy.views.blueprint import bp

__all__ = ["bp", "deletions", "people", "receipts", "settings"]
