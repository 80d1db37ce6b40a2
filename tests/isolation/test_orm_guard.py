"""The ORM's fence, alone: it refuses before Postgres has to."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import aliased

from chatapp.common import tenancy
from chatapp.common.db import db
from chatapp.common.tenancy import TenancyError, across_tenants
from chatapp.common.unit_of_work import unit_of_work
from chatapp.conversations.models import Conversation
from chatapp.endusers.models import EndUser
from chatapp.projects.models import Project
from chatapp.workspaces.models import Workspace
from tests.factories import inside
from tests.isolation.world import World


@pytest.fixture
def inside_globex(world: World) -> Iterator[World]:
    """A unit of work inside Globex, and Postgres told to show everything: only the ORM stands in the way."""
    with world.app.app_context(), unit_of_work(world.globex.workspace_id):
        db.session.execute(text("SELECT set_config('app.scope', 'system', true)"))
        assert db.session.execute(text("SELECT count(*) FROM project")).scalar_one() > 1
        yield world
        db.session.rollback()


def test_without_a_workspace_a_tenant_s_rows_cannot_be_asked_for(world: World) -> None:
    with world.app.app_context(), unit_of_work():
        for statement in (select(Project), select(Project.id), select(func.count(Project.id))):
            with pytest.raises(TenancyError):
                db.session.scalars(statement)


def test_without_a_workspace_a_tenant_s_row_cannot_be_written(world: World) -> None:
    with world.app.app_context(), unit_of_work():
        db.session.add(EndUser())
        with pytest.raises(TenancyError):
            db.session.flush()
        db.session.rollback()


def test_what_belongs_to_no_workspace_can_be_read_without_one(world: World) -> None:
    with world.app.app_context(), unit_of_work():
        assert db.session.scalar(select(func.count(Workspace.id))) >= 2


@pytest.mark.parametrize(
    "read",
    [
        lambda: db.session.scalars(select(Project.id)).all(),
        lambda: db.session.scalars(select(aliased(Project).id)).all(),
        lambda: db.session.scalars(select(select(Project.id).subquery().c.id)).all(),
        lambda: db.session.scalars(select(Project.id).where(Project.id.in_(select(Conversation.project_id)))).all(),
        lambda: db.session.scalars(select(Workspace.id).join(Project, Project.workspace_id == Workspace.id)).all(),
        lambda: db.session.scalars(
            select(Workspace.id).where(select(Project.id).where(Project.workspace_id == Workspace.id).exists())
        ).all(),
    ],
    ids=["plain", "alias", "subquery", "in", "join", "exists"],
)
def test_every_way_to_ask_finds_one_s_own_rows_only(inside_globex: World, read: object) -> None:
    own = {inside_globex.globex.project_id, inside_globex.globex.workspace_id}
    found = read()  # type: ignore[operator]
    assert found
    assert inside_globex.acme.project_id not in found
    assert inside_globex.acme.workspace_id not in found
    assert own & set(found)


def test_counting_counts_one_s_own(inside_globex: World) -> None:
    capped = select(Conversation.id).limit(1000).subquery()
    own = db.session.scalar(select(func.count()).select_from(capped))
    everything = db.session.execute(text("SELECT count(*) FROM conversation")).scalar_one()
    assert own is not None
    assert 0 < own < everything


def test_a_foreign_row_is_not_found_by_its_key(inside_globex: World) -> None:
    assert db.session.get(Project, inside_globex.acme.project_id) is None
    assert db.session.get(Project, inside_globex.globex.project_id) is not None


def test_bulk_changes_stay_inside(inside_globex: World) -> None:
    before = inside_globex.fingerprint(inside_globex.acme)
    own = db.session.execute(update(EndUser).values(name="changed")).rowcount  # type: ignore[attr-defined]
    gone = db.session.execute(delete(Conversation)).rowcount  # type: ignore[attr-defined]
    assert (own > 0, gone > 0) == (True, True)
    names = db.session.execute(text("SELECT count(*) FROM end_user WHERE name = 'changed'")).scalar_one()
    assert names == own
    db.session.rollback()
    assert inside_globex.fingerprint(inside_globex.acme) == before


@pytest.mark.parametrize("write", ["new", "moved", "deleted"])
def test_a_foreign_row_does_not_pass_a_flush(world: World, write: str) -> None:
    with world.app.app_context(), unit_of_work(world.globex.workspace_id):
        own = db.session.get_one(EndUser, world.globex.end_user_id)
        if write == "new":
            db.session.add(EndUser(workspace_id=world.acme.workspace_id))
        else:
            own.workspace_id = world.acme.workspace_id
        if write == "deleted":
            db.session.delete(own)
        with pytest.raises(TenancyError):
            db.session.flush()
        db.session.rollback()


def test_a_new_row_is_stamped(world: World) -> None:
    with world.app.app_context(), unit_of_work(world.globex.workspace_id):
        row = EndUser()
        db.session.add(row)
        db.session.flush()
        assert row.workspace_id == world.globex.workspace_id
        db.session.rollback()


def test_a_session_enters_one_workspace_for_life(world: World) -> None:
    with world.app.app_context(), unit_of_work(world.globex.workspace_id):
        tenancy.enter(world.globex.workspace_id)
        with pytest.raises(TenancyError):
            tenancy.enter(world.acme.workspace_id)


class TestAcrossTenants:
    """The only door, and what happens when it closes."""

    def test_what_was_seen_inside_is_not_served_outside(self, world: World) -> None:
        with world.app.app_context(), unit_of_work(world.globex.workspace_id):
            with across_tenants(reason="test"):
                seen = db.session.get(Project, world.acme.project_id)
                assert seen is not None
            assert db.session.get(Project, world.acme.project_id) is None

    def test_postgres_shuts_it_too(self, world: World) -> None:
        with world.app.app_context(), unit_of_work(world.globex.workspace_id):
            with across_tenants(reason="test"):
                assert self._visible() > 1
            assert self._visible() == 1

    def test_an_error_shuts_it(self, world: World) -> None:
        with world.app.app_context(), unit_of_work(world.globex.workspace_id):
            with pytest.raises(LookupError):
                self._fail_inside()
            assert self._visible() == 1

    def test_an_error_of_postgres_is_told_as_it_was(self, world: World) -> None:
        with world.app.app_context(), unit_of_work(world.globex.workspace_id):
            with pytest.raises(ProgrammingError, match="no_such_table"), across_tenants(reason="test"):
                db.session.execute(text("SELECT * FROM no_such_table"))
            db.session.rollback()
            assert self._visible() == 1

    def test_one_inside_another_leaves_the_outer_open(self, world: World) -> None:
        with world.app.app_context(), unit_of_work():
            with across_tenants(reason="outer"):
                with across_tenants(reason="inner"):
                    assert self._visible() > 1
                assert self._visible() > 1
                assert db.session.get(Project, world.acme.project_id) is not None
            with pytest.raises(TenancyError):
                db.session.get(Project, world.acme.project_id)

    def _fail_inside(self) -> None:
        with across_tenants(reason="test"):
            assert self._visible() > 1
            raise LookupError

    def _visible(self) -> int:
        """How many workspaces' projects raw SQL sees."""
        counted: int = db.session.execute(text("SELECT count(DISTINCT workspace_id) FROM project")).scalar_one()
        return counted


def test_the_next_unit_of_work_knows_nothing_of_the_one_before(world: World) -> None:
    with inside(world.app, world.acme):
        assert db.session.get(Project, world.acme.project_id) is not None
    with inside(world.app, world.globex):
        assert db.session.get(Project, world.acme.project_id) is None
    with world.app.app_context(), unit_of_work():
        assert db.session.execute(text("SELECT current_setting('app.workspace_id', true)")).scalar_one() in (None, "")
