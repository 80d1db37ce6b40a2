"""Two companies, and programs that speak for their people."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.factories import Company, make_company
from tests.support.programs import Program, program_of


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app, "acme")


@pytest.fixture
def globex(app: Flask) -> Company:
    return make_company(app, "globex")


@pytest.fixture
def as_role(app: Flask, acme: Company) -> Callable[[str], Program]:
    """A program of Acme's member with this role."""
    return lambda role: program_of(app, acme.members[role])


@pytest.fixture
def agent(as_role: Callable[[str], Program]) -> Program:
    return as_role("agent")


@pytest.fixture
def outsider(app: Flask, globex: Company) -> Program:
    """Globex's owner, who has no business at Acme."""
    return program_of(app, globex.members["owner"])
