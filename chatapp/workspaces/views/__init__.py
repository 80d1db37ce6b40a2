"""The list of one's workspaces, and the settings of one."""

from chatapp.workspaces.views import closing, security
from chatapp.workspaces.views.listing import bp
from chatapp.workspaces.views.settings import bp as settings_bp

__all__ = ["bp", "closing", "security", "settings_bp"]
