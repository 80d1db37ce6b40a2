"""Commands of `flask --app wsgi …`."""

from __future__ import annotations

import click
from flask import Flask

from chatapp import demo


def init_app(app: Flask) -> None:
    app.cli.add_command(create_demo)
    app.cli.add_command(seed)


@click.command("demo")
def create_demo() -> None:
    """Make the demo companies and accounts (development only)."""
    demo.create()


@click.command("seed")
@click.option("--conversations", default=60, show_default=True, help="How many conversations to add to Acme.")
def seed(conversations: int) -> None:
    """Fill the demo workspace so that it looks lived in."""
    demo.create()
    with click.progressbar(length=conversations, label="Conversations") as bar:
        demo.add_talks(conversations, each=bar.update)
