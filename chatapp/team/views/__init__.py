"""The team page: the people of a workspace, and the teams they work in."""

from chatapp.team.views import members, presence, teams
from chatapp.team.views.blueprint import bp

__all__ = ["bp", "members", "presence", "teams"]
