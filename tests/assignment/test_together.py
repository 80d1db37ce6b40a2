"""Many visitors at once and several workers, as processes and as threads: each conversation is given to one member,
within the caps."""

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from chatapp.common.db import db
from chatapp.jobs import drain, queues
from chatapp.messages import services as messages
from chatapp.messages.models import Message
from chatapp.team import services as team
from tests.assignment.queue import loads, waiting_count
from tests.factories import Company, inside, make_company, make_team
from tests.support import processes

PROCESSES = 4
WORKERS = 4
PATIENCE = 300


def _company(app: Flask, **rule: object) -> Company:
    company = make_company(app)
    everybody = [company.members[role] for role in ("owner", "admin", "agent")]
    with inside(app, company) as it:
        # Not only to those who are online: on a slow machine their presence would end before the test does.
        teams = [make_team(f"Team {number}", *everybody, only_online=False, **rule) for number in range(2)]
        it.project.team_id = teams[0].id
    return company


def _rush(app: Flask, company: Company, visitors: int, *, to_both: bool) -> None:
    """They write at once, while the workers and the clock hand out; to two teams of the same people, if told so."""

    def write(number: int) -> None:
        with inside(app, company) as it:
            began = it.another_conversation()
            if number % 2 and to_both:
                messages.move(began, to=it.teams[2], by=it.member("owner"))

    def work(number: int) -> None:
        with app.app_context():
            drain.drain(str(company.workspace_id))
            if number % 2:
                queues.sweep()

    with ThreadPoolExecutor(WORKERS * 2) as pool:
        done = [*pool.map(write, range(visitors // 2), timeout=PATIENCE)]
        jobs = [pool.submit(work, number) for number in range(WORKERS)]
        done += pool.map(write, range(visitors // 2, visitors), timeout=PATIENCE)
        for job in jobs:
            job.result(PATIENCE)
        list(pool.map(work, range(WORKERS), timeout=PATIENCE))
    assert len(done) == visitors


def _serve(app: Flask, _number: int, company: Company, visitors: int) -> None:
    """A process's part: its visitors write, while it hands out whatever waits, theirs and those of the others."""

    def write() -> None:
        for _ in range(visitors):
            with inside(app, company) as it:
                it.another_conversation()

    def work() -> None:
        with app.app_context():
            drain.drain(str(company.workspace_id))

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        while wait([writing], timeout=0.05).not_done:
            work()
        writing.result()
    work()
    with app.app_context():
        queues.sweep()


def test_two_hundred_at_once_are_given_once_and_evenly_by_several_processes(app: Flask) -> None:
    company = _company(app, assignment="round_robin")
    with processes.at_work(app, PROCESSES, _serve, company, 200 // PROCESSES) as started:
        pass
    assert [one.exitcode for one in started] == [0] * PROCESSES
    _are_given_once_and_evenly(app, company, 200)


def test_the_least_busy_are_given_once_and_evenly(app: Flask) -> None:
    company = _company(app, assignment="least_busy")
    _rush(app, company, 30, to_both=False)
    _are_given_once_and_evenly(app, company, 30)


def _are_given_once_and_evenly(app: Flask, company: Company, visitors: int) -> None:
    assert waiting_count(app, company) == 0
    counts = sorted(loads(app, company).values())
    assert sum(counts) == visitors
    assert counts[-1] - counts[0] <= 1
    with inside(app, company):
        lines = select(func.count(Message.id)).where(Message.kind == "activity").group_by(Message.conversation_id)
        assert db.session.scalars(lines).all() == [1] * visitors


def test_caps_hold_across_teams_however_many_hand_out(app: Flask) -> None:
    company = _company(app, assignment="round_robin", capacity=7)
    _rush(app, company, 30, to_both=True)
    assert sorted(loads(app, company).values()) == [7, 7, 7]
    assert waiting_count(app, company) == 30 - 21


def test_whoever_is_removed_while_it_is_handed_out_keeps_nothing(app: Flask) -> None:
    company = _company(app, assignment="round_robin")
    with inside(app, company) as it:
        for _ in range(40):
            it.another_conversation()
    together = Barrier(WORKERS)

    def work(number: int) -> None:
        together.wait(PATIENCE)
        if number:
            with app.app_context():
                drain.drain(str(company.workspace_id))
        else:
            while loads(app, company).get(company.members["agent"], 0) < 3:
                pass
            with inside(app, company) as it:
                team.remove(company.members["agent"], heir_id=None, by=it.member("owner"))

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS), timeout=PATIENCE))
    with app.app_context():
        drain.drain(str(company.workspace_id))
        queues.sweep()
    assert waiting_count(app, company) == 0
    counts = loads(app, company)
    assert counts.keys() == {company.members["owner"], company.members["admin"]}
    assert sum(counts.values()) == 40
