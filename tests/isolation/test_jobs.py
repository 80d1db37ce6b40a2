"""Jobs and commands carry their tenant: a delivery's id from another workspace is nobody's."""

from uuid import UUID

from sqlalchemy import select

from chatapp.common import outbox
from chatapp.common.db import db
from chatapp.common.outbox import OutboxDelivery
from chatapp.jobs.drain import deliver, drain
from tests.factories import Company, inside, make_company
from tests.isolation.world import World


def pending(world: World, company: Company) -> list[UUID]:
    with inside(world.app, company):
        return list(db.session.scalars(select(OutboxDelivery.id).where(OutboxDelivery.state == "pending")))


def test_a_job_does_not_touch_another_workspace_s_delivery(world: World) -> None:
    theirs = pending(world, world.acme)
    assert theirs
    with world.untouched(world.acme) as changed, world.app.app_context():
        for delivery_id in theirs:
            deliver(world.globex.workspace_id, delivery_id)
    assert changed == []


def test_draining_one_workspace_leaves_the_others_work_alone(world: World) -> None:
    initech = make_company(world.app, "initech")
    assert pending(world, initech)
    with world.untouched(world.acme) as changed, world.app.app_context():
        drain(str(initech.workspace_id))
    assert (changed, pending(world, initech)) == ([], [])


def test_leasing_takes_hold_of_one_s_own_work_only(world: World) -> None:
    with inside(world.app, world.globex):
        leased = outbox.lease_due(1000)
    assert not set(leased) & set(pending(world, world.acme))
