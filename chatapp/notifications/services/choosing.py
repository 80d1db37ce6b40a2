"""What members choose to be told, how and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from chatapp.common.clock import now
from chatapp.common.db import db
from chatapp.notifications import queries
from chatapp.notifications.models import SWITCHES, WAYS, NotificationSettings, is_usually_on
from chatapp.notifications.quiet import next_digest
from chatapp.workspaces.models import Membership

EVERY_SWITCH = tuple(f"{what}.{way}" for what in SWITCHES for way in WAYS)


@dataclass(frozen=True)
class Choices:
    """Everything on the page of settings. `on`: each `<what>.<way>` that is on; `quiet`: minutes after midnight."""

    on: Collection[str]
    time_zone: str
    quiet: tuple[int, int] | None
    mail_after: int
    digest: str


def choose(member: Membership, choices: Choices) -> None:
    """From now on. What was told already stays."""
    settings = queries.settings_of(member.user_id)
    settings.switched = [one for one in EVERY_SWITCH if is_usually_on(one) != (one in choices.on)]
    settings.time_zone, settings.mail_after = choices.time_zone, choices.mail_after
    settings.quiet_from, settings.quiet_until = choices.quiet or (None, None)
    _set_digest(settings, choices.digest)
    db.session.add(settings)
    db.session.flush()


def stop_letters(member: Membership) -> None:
    """No more mail of any kind, and no digest."""
    settings = queries.settings_of(member.user_id)
    others = [one for one in settings.switched if not one.endswith(".mail")]
    settings.switched = others + [one for one in EVERY_SWITCH if one.endswith(".mail") and is_usually_on(one)]
    settings.digest, settings.digest_at = "off", None
    db.session.add(settings)
    db.session.flush()


def _set_digest(settings: NotificationSettings, digest: str) -> None:
    settings.digest = digest
    settings.digest_at = next_digest(now(), zone=settings.time_zone or "UTC", how_often=digest)
