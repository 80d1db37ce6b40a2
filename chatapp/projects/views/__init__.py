"""Projects: the list, and the settings of one."""

from chatapp.projects.views import general, listing, widget
from chatapp.projects.views.blueprint import bp

__all__ = ["bp", "general", "listing", "widget"]
