"""Commands of `flask --app wsgi …`."""

from __future__ import annotations

import os

import click
from flask import Flask

from chatapp import demo
from chatapp.backoffice import commands
from chatapp.common import schema
from chatapp.privacy.commands import privacy

_LARGE, _LARGE_OPEN = 100_000, 2_000


def init_app(app: Flask) -> None:
    app.cli.add_command(create_demo)
    app.cli.add_command(seed)
    app.cli.add_command(commands.operator)
    app.cli.add_command(privacy)
    if os.environ.get("FLASK_RUN_FROM_CLI") == "true":  # set by the flask command
        schema.init_app(app)


@click.command("demo")
def create_demo() -> None:
    """Make the demo companies and accounts (development only)."""
    demo.create()


@click.command("seed")
@click.option("--conversations", default=60, show_default=True, help="How many conversations to add to Acme.")
@click.option("--large", is_flag=True, help="Add years of history instead: 100,000 conversations, 1,000,000 messages.")
def seed(conversations: int, large: bool) -> None:
    """Fill the demo workspace so that it looks lived in."""
    demo.create()
    if large:
        with click.progressbar(length=_LARGE, label="Conversations") as bar:
            demo.add_history(_LARGE, open_ones=_LARGE_OPEN, each=bar.update)
        return
    with click.progressbar(length=conversations, label="Conversations") as bar:
        demo.add_talks(conversations, each=bar.update)
