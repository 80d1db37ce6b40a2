"""After thirty days: everything goes, in pieces that survive a killed process, and nobody else loses a row."""

from datetime import timedelta

import psycopg
import pytest
from flask import Flask

from chatapp.closures import queries, services
from chatapp.closures.models import PurgedWorkspace
from chatapp.common import audit, purging
from chatapp.common.clock import now
from chatapp.common.db import Base, db
from chatapp.common.tenancy import across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.jobs import closing
from chatapp.workspaces.models import Workspace
from tests.factories import Company, inside, make_company, visitor_writes
from tests.support.letters import letters

TABLES = sorted(name for name, table in Base.metadata.tables.items() if "workspace_id" in table.columns)


@pytest.fixture
def acme(app: Flask) -> Company:
    return make_company(app)


def _close(app: Flask, company: Company, *, days_ago: float) -> None:
    """Closed so many days ago."""
    with inside(app, company) as it:
        workspace = db.session.get_one(Workspace, company.workspace_id)
        services.close(workspace, name=workspace.name, by=it.member("owner").user)
        assert workspace.closed_at is not None
        assert workspace.purge_at is not None
        workspace.closed_at -= timedelta(days=days_ago)
        workspace.purge_at -= timedelta(days=days_ago)


def _rows(app: Flask, company: Company) -> dict[str, int]:
    with app.app_context(), psycopg.connect(_plain_url(app), autocommit=True) as connection:
        connection.execute("SELECT set_config('app.scope', 'system', false)")
        return {
            table: connection.execute(
                f"SELECT count(*) FROM {table} WHERE workspace_id = %s", (company.workspace_id,)
            ).fetchone()[0]  # type: ignore[index]
            for table in TABLES
        }


def _plain_url(app: Flask) -> str:
    url: str = app.extensions["chatapp.config"].database_url
    return url.replace("postgresql+psycopg", "postgresql")


def _record(app: Flask, company: Company) -> PurgedWorkspace | None:
    with app.app_context(), unit_of_work():
        return db.session.get(PurgedWorkspace, company.workspace_id)


def _is_there(app: Flask, company: Company) -> bool:
    with app.app_context(), unit_of_work():
        return db.session.get(Workspace, company.workspace_id) is not None


def test_every_row_goes_and_the_other_company_keeps_all(app: Flask, acme: Company) -> None:
    globex = make_company(app, "globex")
    _close(app, acme, days_ago=30.1)
    before = _rows(app, globex)
    assert sum(_rows(app, acme).values()) > 8
    with app.app_context():
        closing.purge()
        closing.purge()
    assert set(_rows(app, acme).values()) == {0}
    assert not _is_there(app, acme)
    assert _rows(app, globex) == before
    record = _record(app, acme)
    assert record is not None
    assert (record.slug, record.name) == ("acme", "Acme")
    assert record.purged_at - record.closed_at > timedelta(days=30)
    assert "another" not in make_company(app, "acme-again").slug


@pytest.mark.parametrize("days", [0, 29.9])
def test_before_that_nothing_goes(app: Flask, acme: Company, days: float) -> None:
    _close(app, acme, days_ago=days)
    before = _rows(app, acme)
    with app.app_context():
        closing.purge()
    assert _rows(app, acme) == before
    assert _record(app, acme) is None


def test_an_open_workspace_is_never_purged(app: Flask, acme: Company) -> None:
    with inside(app, acme):
        assert services.purge_some() is False
    assert _is_there(app, acme)


def test_a_process_that_dies_in_the_middle_is_taken_up_where_it_was(
    app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor_writes(app, acme, *[f"line {number}" for number in range(8)])
    _close(app, acme, days_ago=31)
    monkeypatch.setattr(services, "BATCH", 5)
    before = sum(_rows(app, acme).values())
    real, calls = purging.delete_some, []

    def dies(most: int) -> int:
        deleted = real(most)
        calls.append(deleted)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return deleted

    monkeypatch.setattr(purging, "delete_some", dies)
    with app.app_context(), pytest.raises(KeyboardInterrupt):
        closing.purge()
    assert sum(_rows(app, acme).values()) == before - 5
    assert _record(app, acme) is None
    assert _is_there(app, acme)
    with app.app_context():
        for _tick in range(20):
            closing.purge()
    assert not _is_there(app, acme)
    assert _record(app, acme) is not None


def test_one_tick_takes_only_so_much(app: Flask, acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor_writes(app, acme, *[f"line {number}" for number in range(12)])
    _close(app, acme, days_ago=31)
    monkeypatch.setattr(services, "BATCH", 2)
    before = sum(_rows(app, acme).values())
    with app.app_context():
        closing.purge()
    assert sum(_rows(app, acme).values()) == before - 10


def test_owners_are_reminded_once_three_days_before(app: Flask, acme: Company) -> None:
    _close(app, acme, days_ago=26.9)
    for days, expected in ((0.0, 0), (0.2, 1), (0.2, 1)):
        with inside(app, acme):
            workspace = db.session.get_one(Workspace, acme.workspace_id)
            assert workspace.purge_at is not None
            workspace.purge_at -= timedelta(days=days)
        with app.app_context():
            closing.remind()
        subjects = [letter.subject for letter in letters(app)]
        assert len([subject for subject in subjects if "Acme will be deleted on" in subject]) == expected


def test_each_append_only_table_of_a_workspace_says_so(app: Flask) -> None:
    """Or a purge would be refused in the middle."""
    with app.app_context(), psycopg.connect(_plain_url(app)) as connection:
        found = connection.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'")
        refusing = {name for (name,) in found}
    said = {name for name, table in Base.metadata.tables.items() if table.info.get("append_only")}
    assert said == refusing & set(TABLES)
    assert audit.AuditEntry.__tablename__ in said


def test_the_longest_closed_comes_first(app: Flask, acme: Company) -> None:
    globex = make_company(app, "globex")
    _close(app, globex, days_ago=40)
    _close(app, acme, days_ago=31)
    with app.app_context(), unit_of_work(), across_tenants(reason="a test"):
        assert queries.due_to_purge() == globex.workspace_id
        assert now() > db.session.get_one(Workspace, acme.workspace_id).purge_at  # type: ignore[operator]
