"""The pages of the back office."""

from chatapp.backoffice.views import health, impersonation, log, queues, suspension, users, workspaces
from chatapp.backoffice.views.blueprint import bp
from chatapp.backoffice.views.impersonation import stand_in_bp
from chatapp.backoffice.views.metrics import metrics_bp

__all__ = [
    "bp",
    "health",
    "impersonation",
    "log",
    "metrics_bp",
    "queues",
    "stand_in_bp",
    "suspension",
    "users",
    "workspaces",
]
