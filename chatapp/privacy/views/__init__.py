"""The pages of privacy: how long things are kept, and one person's data."""

from chatapp.privacy.views import people, receipts, settings
from chatapp.privacy.views.blueprint import bp

__all__ = ["bp", "people", "receipts", "settings"]
