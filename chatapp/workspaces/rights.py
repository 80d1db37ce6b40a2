"""What a role lets its members do and see, as a value that can be compared: nobody hands out more than they have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chatapp.common.permissions import permissions_of

VISIBILITIES = ("own", "unassigned", "team", "all")
"""Which conversations a member sees, from the narrowest to the widest: each shows what the ones before it show.

`conversations/visibility.py` says exactly which these are.
"""


@dataclass(frozen=True)
class Rights:
    """Named permissions, and how far one sees."""

    permissions: frozenset[str]
    visibility: str = "all"

    @classmethod
    def of(cls, permissions: Iterable[str], visibility: str) -> Rights:
        return cls(frozenset(permissions), visibility)

    @classmethod
    def of_built_in(cls, role: str) -> Rights:
        """Built-in roles see every conversation, if they see any."""
        return cls(permissions_of(role))

    def cover(self, other: Rights) -> bool:
        """Whether whoever has these may hand out, change or take away the other ones."""
        return other.permissions <= self.permissions and self.sees_as_much(other)

    def sees_as_much(self, other: Rights) -> bool:
        return _width(other.visibility) <= _width(self.visibility)


def _width(visibility: str) -> int:
    return VISIBILITIES.index(visibility)
