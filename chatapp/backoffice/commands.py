"""`flask --app wsgi operator …`: who runs the installation."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from chatapp.auth import queries as users
from chatapp.auth.passwords import MAX_LENGTH, MIN_LENGTH
from chatapp.backoffice.queries import users as directory
from chatapp.backoffice.services import operators
from chatapp.common.errors import AppError
from chatapp.common.realtime import broadcast
from chatapp.common.unit_of_work import unit_of_work

operator = AppGroup("operator", help="Those who run the installation and see the back office at /operator.")


@operator.command("create")
@click.argument("email")
@click.option("--name", help="For a new account; asked for when left out.")
@click.option("--password", help="For a new account; better left out: it is asked for, and not shown.")
def create(email: str, name: str | None, password: str | None) -> None:
    """Make an operator of EMAIL: of that account, or of a new one."""
    with unit_of_work():
        found = users.user_by_email(email)
        if found is not None:
            is_new = operators.appoint(found)
            click.echo(f"{found.email} {'is an operator now' if is_new else 'is an operator already'}.")
            return
    name = name or click.prompt("Name")
    password = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
    _register(email, name, password)


def _register(email: str, name: str, password: str) -> None:
    if "@" not in email.strip(" @"):
        raise click.ClickException(f"{email} is not a mail address.")
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise click.ClickException(f"The password needs {MIN_LENGTH} to {MAX_LENGTH} characters.")
    try:
        with unit_of_work():
            operators.register(email=email, name=name, password=password)
    except AppError as error:
        raise click.ClickException(error.sentence) from None
    click.echo(f"{email} has an account and is an operator. Log in, and turn two-factor on to enter /operator.")


@operator.command("list")
def list_all() -> None:
    """Name every operator."""
    with unit_of_work():
        found = directory.operators()
        for one in found:
            click.echo(f"{one.email}  {one.name}  since {one.operator_since:%Y-%m-%d}")
    if not found:
        click.echo("There is no operator yet: flask --app wsgi operator create EMAIL")


@operator.command("revoke")
@click.argument("email")
def revoke(email: str) -> None:
    """Take the back office from EMAIL; the account stays."""
    with unit_of_work():
        found = users.user_by_email(email)
        ended = operators.dismiss(found) if found else None
    if ended is None:
        raise click.ClickException(f"{email} is no operator.")
    for session_id in ended:
        broadcast.close_sockets(session_id=session_id)
    click.echo(f"{email} is no operator any more.")
