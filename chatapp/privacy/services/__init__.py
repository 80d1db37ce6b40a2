"""Everything that is written about people's data: exports, erasures, rules of retention."""

from chatapp.privacy.services import erasures, exports, retention

__all__ = ["erasures", "exports", "retention"]
