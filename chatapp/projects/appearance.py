"""How a widget looks and speaks, as a value: what a project has, or what somebody is trying out and has not saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from chatapp.projects.models import Project

SCHEMES = ("auto", "light", "dark")
SHAPES = ("round", "soft", "words", "own")
SIDES = ("right", "left")
FARTHEST = 200
"""Pixels from an edge of the page."""


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """`accent` is `#rrggbb`. `words` holds, for each language, only what the owner says themselves; see `words.py`."""

    accent: str
    scheme: str
    launcher_shape: str
    launcher_side: str
    launcher_x: int
    launcher_y: int
    shows_faces: bool
    faces_team_id: UUID | None
    words: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, project: Project) -> Appearance:
        return cls(**{name: getattr(project, name) for name in cls.__dataclass_fields__})

    @classmethod
    def from_plain(cls, values: Mapping[str, Any]) -> Appearance:
        """What `plain` made."""
        team_id = values["faces_team_id"]
        return cls(**{**values, "faces_team_id": UUID(team_id) if team_id else None})

    @property
    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "faces_team_id": str(self.faces_team_id) if self.faces_team_id else None}

    def words_in(self, locale: str) -> Mapping[str, str]:
        return self.words.get(locale, {})
