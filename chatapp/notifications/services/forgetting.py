"""What is on nobody's mind any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from chatapp.common.db import db
from chatapp.notifications.models import Notification

KEPT = timedelta(days=60)


def forget_old(at: datetime, limit: int) -> None:
    """Delete up to so many lines to which nothing came for `KEPT`, read or not. Needs `across_tenants`."""
    old = select(Notification.id).where(Notification.latest_at < at - KEPT).limit(limit)
    db.session.execute(
        delete(Notification).where(Notification.id.in_(old)).execution_options(synchronize_session=False)
    )
