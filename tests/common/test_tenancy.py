"""The ORM's fence: each statement carries the workspace of the session that runs it."""

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from chatapp.common import tenancy
from chatapp.common.db import db
from chatapp.common.tenancy import TenancyError, across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations.models import Conversation
from chatapp.endusers.models import EndUser
from tests.factories import Company, inside, make_company


@pytest.fixture
def companies(app: Flask) -> tuple[Company, Company]:
    return make_company(app), make_company(app, "globex")


def test_the_same_statement_sees_each_workspace_in_turn(app: Flask, companies: tuple[Company, Company]) -> None:
    for _ in range(2):
        for company in companies:
            with inside(app, company):
                assert db.session.scalars(select(Conversation.id)).all() == [company.conversation_id]
                other = aliased(Conversation)
                assert db.session.scalars(select(other.id)).all() == [company.conversation_id]
                counted = select(func.count()).select_from(select(EndUser.id).subquery())
                assert db.session.scalar(counted) == 1


def test_a_bulk_update_stays_inside(app: Flask, companies: tuple[Company, Company]) -> None:
    acme, globex = companies
    with inside(app, acme):
        db.session.execute(update(Conversation).values(preview="changed"))
    with inside(app, globex) as there:
        assert there.conversation.preview == "hello globex"


def test_a_foreign_row_is_refused(app: Flask, companies: tuple[Company, Company]) -> None:
    acme, globex = companies
    with app.app_context(), unit_of_work(acme.workspace_id):
        db.session.add(EndUser(workspace_id=globex.workspace_id))
        with pytest.raises(TenancyError):
            db.session.flush()
        db.session.rollback()


def test_a_session_never_changes_its_workspace(app: Flask, companies: tuple[Company, Company]) -> None:
    acme, globex = companies
    with app.app_context(), unit_of_work(acme.workspace_id), pytest.raises(TenancyError):
        tenancy.enter(globex.workspace_id)


def test_without_a_workspace_nothing_of_a_tenant_is_read(app: Flask, companies: tuple[Company, Company]) -> None:
    with app.app_context(), unit_of_work(), pytest.raises(TenancyError):
        db.session.scalars(select(Conversation))


def test_what_was_seen_across_tenants_does_not_stay(app: Flask, companies: tuple[Company, Company]) -> None:
    acme, globex = companies
    with inside(app, acme):
        with across_tenants(reason="a test"):
            assert db.session.get(Conversation, globex.conversation_id) is not None
            assert db.session.scalar(select(func.count(Conversation.id))) == 2
        assert db.session.get(Conversation, globex.conversation_id) is None
        assert db.session.scalar(select(func.count(Conversation.id))) == 1
