"""The team as a stranger may see it: a picture, or initials and a tint, before anybody has said a word."""

from __future__ import annotations

from dataclasses import dataclass

from chatapp.auth.models import User
from chatapp.conversations import permissions
from chatapp.projects.appearance import Appearance
from chatapp.projects.models import Project
from chatapp.teams import queries as teams
from chatapp.widget.visitors import entered
from chatapp.workspaces import queries

_MOST = 3
_TINTS = 8


@dataclass(frozen=True)
class Face:
    """One avatar. The tint follows from the name, as it does in the panel's `page.js`."""

    initials: str
    tint: int
    picture: str | None

    @classmethod
    def of(cls, user: User) -> Face:
        initials = "".join(word[0] for word in user.name.split()[:2])
        return cls(initials, sum(map(ord, user.name)) % _TINTS + 1, user.avatar_path)


def team_of(project: Project, appearance: Appearance) -> list[Face]:
    """Some of those who may answer, agents before those who lead them; of one team, if the project chose it."""
    if not appearance.shows_faces:
        return []
    entered(project)
    members = (
        [row.membership for row in teams.rows_of(team)] if (team := appearance.faces_team_id) else queries.members()
    )
    answering = [member for member in members if member.may(permissions.REPLY)]
    answering.sort(key=lambda member: (member.role != "agent", member.user.name))
    return [Face.of(member.user) for member in answering[:_MOST]]
