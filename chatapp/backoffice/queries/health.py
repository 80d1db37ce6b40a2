"""How the installation is: every part with a figure and, where it is not well, with a sentence what to do.

Secrets are looked at, never shown.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from chatapp.backoffice.queries import queues
from chatapp.common import schema, vitals
from chatapp.common.db import db
from chatapp.common.realtime.hub import hub
from chatapp.config import Config

_MANY = 0.8
_FULL = 0.9


@dataclass(frozen=True)
class Sign:
    """One thing that was looked at. Without advice it is well; `is_grave` tells what hurts people already."""

    name: str
    value: str
    advice: str = ""
    is_grave: bool = False


@dataclass(frozen=True)
class Part:
    """A part of the installation, and what is known of it."""

    title: str
    signs: list[Sign]


def parts() -> list[Part]:
    """Everything, in the order in which one would look."""
    config: Config = current_app.extensions["chatapp.config"]
    redis = vitals.redis()
    return [
        Part(_("Processes"), [_clock(), *_workers(redis), _sockets()]),
        Part(_("Database"), _postgres()),
        Part(_("Redis"), _redis(redis)),
        Part(_("Mail"), _mail(config)),
        Part(_("Machine"), [_disk()]),
        Part(_("Configuration"), _configuration(config)),
    ]


def _clock() -> Sign:
    if vitals.is_clock_in_charge():
        return Sign(_("Clock"), _("in charge"))
    advice = _("Nobody does the periodic work: start the clock (python -m chatapp.jobs.schedule).")
    return Sign(_("Clock"), _("away"), advice, is_grave=True)


def _workers(redis: vitals.Redis | None) -> list[Sign]:
    if redis is None:
        return []
    advice = _("Letters and everything that follows a message wait: start a worker (python -m chatapp.jobs.worker).")
    alive = ngettext("%(num)s alive", "%(num)s alive", redis.workers)
    return [
        Sign(_("Workers"), alive, "" if redis.workers else advice, is_grave=True),
        Sign(_("Jobs in the queue"), str(redis.jobs)),
    ]


def _sockets() -> Sign:
    return Sign(_("Open sockets of this web process"), str(len(hub.connections)))


def _postgres() -> list[Sign]:
    found = vitals.postgres()
    is_crowded = found.connections > found.most_connections * _MANY
    crowded = _("Hardly any connections are left: lower DB_POOL_SIZE or WEB_CONCURRENCY, or allow Postgres more.")
    connections = _("%(used)s of %(most)s", used=found.connections, most=found.most_connections)
    return [
        Sign(_("Version"), found.version),
        Sign(_("Size"), _told(found.size)),
        Sign(_("Connections"), connections, crowded if is_crowded else ""),
        _migrations(),
    ]


def _migrations() -> Sign:
    applied = schema.applied(db.session.connection())
    advice = _("The database is not at the version of this program: run flask --app wsgi db upgrade.")
    value = ", ".join(sorted(applied)) or "–"
    return Sign(_("Migrations"), value, "" if applied == schema.wanted() else advice, is_grave=True)


def _redis(found: vitals.Redis | None) -> list[Sign]:
    if found is None:
        advice = _("Redis does not answer: live news come late, and jobs wait. Check REDIS_URL and its server.")
        return [Sign(_("State"), _("away"), advice, is_grave=True)]
    memory, is_full = _told(found.memory), found.most_memory and found.memory > found.most_memory * _FULL
    if found.most_memory:
        memory = _("%(used)s of %(most)s", used=memory, most=_told(found.most_memory))
    full = _("Redis is almost full: give it more memory.")
    return [
        Sign(_("Version"), found.version),
        Sign(_("Memory"), memory, full if is_full else ""),
        Sign(_("Clients"), str(found.clients)),
    ]


def _mail(config: Config) -> list[Sign]:
    unset = _("Nobody can confirm an address or reset a password by mail: set SMTP_URL.")
    kinds = queues.letter_kinds()
    dead = sum(kind.dead for kind in kinds)
    look = _("Look at Queues for the reason, mend it, and have them tried again.")
    return [
        Sign(_("Server"), _("set") if config.smtp_url else _("not set"), "" if config.smtp_url else unset),
        Sign(_("Letters that wait"), str(sum(kind.waiting + kind.leased for kind in kinds))),
        Sign(_("Letters that failed"), str(dead), look if dead else ""),
    ]


def _disk() -> Sign:
    usage = shutil.disk_usage(current_app.root_path)
    free = _("%(free)s free of %(all)s", free=_told(usage.free), all=_told(usage.total))
    advice = _("The disk of this machine is almost full. Free some space before something cannot be written.")
    return Sign(_("Disk"), free, advice if usage.used > usage.total * _FULL else "", is_grave=True)


def _configuration(config: Config) -> list[Sign]:
    plain = _("Cookies and passwords travel in the open: serve the installation by https, and say so in PUBLIC_URL.")
    unlimited = _("Anybody may try passwords as often as they like: remove RATE_LIMITS=off.")
    count = len(config.encryption_keys)
    return [
        Sign("PUBLIC_URL", config.public_url, "" if config.is_https else plain),
        Sign("ENCRYPTION_KEYS", ngettext("%(num)s key", "%(num)s keys", count)),
        Sign("RATE_LIMITS", _("on") if config.rate_limits else _("off"), "" if config.rate_limits else unlimited),
        Sign("TRUSTED_PROXIES", str(config.trusted_proxies)),
    ]


def _told(size: float) -> str:
    """Bytes, for people."""
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
