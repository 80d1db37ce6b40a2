"""The application, put together."""

from __future__ import annotations

import gc
from datetime import timedelta
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.middleware.proxy_fix import ProxyFix

from chatapp import blueprints, cli
from chatapp.api import limits as api_limits
from chatapp.api import scopes as api_scopes
from chatapp.attachments import words
from chatapp.attachments.views import files
from chatapp.attributes.values import words as attribute_words
from chatapp.auth import identity, oidc
from chatapp.common import (
    compression,
    errors,
    events,
    i18n,
    limits,
    logging,
    postbox,
    queue,
    security,
    static,
    storage,
    uploads,
)
from chatapp.common.db import db
from chatapp.common.realtime import broadcast
from chatapp.common.realtime import socket as realtime_socket
from chatapp.common.realtime.hub import hub
from chatapp.common.unit_of_work import UnitOfWorkFlask
from chatapp.config import Config
from chatapp.conversations import visibility
from chatapp.inbox import live, pulse
from chatapp.messages.bodies import html_of_message, rich_html_of
from chatapp.subscriptions import LETTERS, SUBSCRIPTIONS, UNDO
from chatapp.undo import services as undo
from chatapp.workspaces import door

_ROOT = Path(__file__).parent
_MAX_BODY = 1024 * 1024


def create_app(config: Config | None = None) -> Flask:
    """An application for this configuration, or for the environment's. Raises `ConfigError`."""
    config = config or Config.from_env()
    app = UnitOfWorkFlask("chatapp", static_folder=None)
    _configure(app, config)
    logging.init_app(app, as_json=config.is_production, quiet=config.env == "test")
    _open_engines(app, config)
    _set_up_web(app, config)
    realtime_socket.install()
    live.sock.init_app(app)
    blueprints.register(app, with_development=not config.is_production)
    cli.init_app(app)
    gc.freeze()  # all of this stays: to look through it for garbage holds up whoever is served for a tenth of a second
    return app


def _configure(app: Flask, config: Config) -> None:
    app.extensions["chatapp.config"] = config
    app.secret_key = config.secret_key
    app.config.update(
        MAX_CONTENT_LENGTH=_MAX_BODY,
        SESSION_COOKIE_NAME="__Host-chatapp" if config.is_https else "chatapp",
        SESSION_COOKIE_SECURE=config.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        WTF_CSRF_TIME_LIMIT=None,
        TESTING=config.env == "test",
    )
    if not config.is_production:  # there no page may fail because a folder was cleared away
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache()
    app.jinja_env.globals["app_name"] = config.app_name
    app.jinja_env.filters.update(
        attribute_words=attribute_words,
        rich_html=rich_html_of,
        message_html=html_of_message,
        file_size=words.file_size,
        shown_size=words.shown_size,
    )
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _open_engines(app: Flask, config: Config) -> None:
    db.init_app(app, url=config.database_url, pool_size=config.db_pool_size, max_overflow=config.db_pool_overflow)
    queue.init_app(app, url=config.redis_url, prefix=config.redis_prefix)
    limits.init_app(app, redis_url=config.redis_url, prefix=config.redis_prefix, enabled=config.rate_limits)
    broadcast.configure(redis_url=config.redis_url, prefix=f"{config.redis_prefix}:")
    hub.set_pulse(pulse.source(app))
    hub.set_guard(pulse.guard(app))
    hub.set_witness(pulse.witness(app))
    events.register(app, SUBSCRIPTIONS)
    undo.register(app, UNDO)
    postbox.init_app(app, LETTERS)
    storage.init_app(app, config)


def _set_up_web(app: Flask, config: Config) -> None:
    static.init_app(app, folder=_ROOT / "static", reload=config.env == "development", compress=config.is_production)
    i18n.init_app(app)
    identity.init_app(app)
    oidc.init_app(app, config)
    errors.init_app(app)
    security.init_app(app)
    compression.init_app(app)
    files.init_app(app)
    api_limits.init_app(app)
    api_scopes.init_app(app)
    door.init_app(app)
    visibility.init_app(app)
    uploads.init_app(app)
