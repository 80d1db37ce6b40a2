"""The checker has to be able to fail: each history here carries one planted fault, and it must name just that one."""

from collections import Counter

import pytest

from tests.support.checker import Record, Stored, faults
from tests.support.history import History, Screen, Sent


def sent(client_id: str, seq: int, **changes: object) -> Sent:
    told = {"author": "visitor", "kind": "reply", "invoked": 1.0, "acked": 2.0, "conversation": "talk", "seq": seq}
    return Sent(client_id, **(told | changes))


@pytest.fixture
def history() -> History:
    """A visitor writes a and d, an agent notes b and answers c; both have the conversation open."""
    return History(
        sent=[
            sent("a", 1),
            sent("b", 2, author="agent", kind="note"),
            sent("c", 3, author="agent"),
            sent("d", 4),
        ],
        screens=[
            Screen("visitor", "visitor", "talk", ["a", "c", "d"]),
            Screen("agent", "agent", "talk", ["a", "b", "c", "d"]),
        ],
    )


@pytest.fixture
def record() -> Record:
    return Record(
        messages=[
            Stored("talk", 1, "a", "ann"),
            Stored("talk", 2, "b", "ann", author="agent", kind="note"),
            Stored("talk", 3, "c", "ann", author="agent"),
            Stored("talk", 4, "d", "ann"),
        ],
        last_seq={"talk": 4},
        counted={"ann": 2},
        deliveries=Counter(done=2),
    )


def test_a_run_without_faults_is_right(history, record):
    assert faults(history, record).found == {}


def test_an_acknowledged_message_that_is_not_stored_is_lost(history, record):
    history.sent.append(sent("e", 5))

    assert faults(history, record).found == {"lost": ["e"]}


def test_a_message_stored_under_another_number_than_told_is_misnumbered(history, record):
    history.sent[3].seq = 3

    assert faults(history, record).found == {"misnumbered": ["d: told 3, stored as 4"]}


def test_a_retry_that_was_stored_again_is_found(history, record):
    record.messages.append(Stored("other talk", 1, "c", "bob", author="agent"))
    record.last_seq["other talk"] = 1
    history.sent[2].conversation, history.sent[2].seq = "other talk", 1

    assert faults(history, record).found == {"stored_twice": ["c"]}


def test_a_hole_in_the_numbers_is_a_gap(history, record):
    record.messages[3] = Stored("talk", 5, "d", "ann")
    record.last_seq["talk"] = history.sent[3].seq = 5

    assert faults(history, record).found == {"gaps": ["talk: [1, 2, 3, 5] of 5"]}


def test_a_number_that_was_given_twice_is_a_gap(history, record):
    record.messages[3] = Stored("talk", 3, "d", "ann")
    history.sent[3].seq = 3

    assert "gaps" in faults(history, record).found


def test_a_last_number_that_nobody_has_is_a_gap(history, record):
    record.last_seq["talk"] = 5

    assert faults(history, record).found == {"gaps": ["talk: [1, 2, 3, 4] of 5"]}


def test_a_message_missing_on_a_screen_is_unseen(history, record):
    history.screens[1].lines.remove("c")

    assert faults(history, record).found == {"unseen": ["agent: c"]}


def test_a_message_twice_on_a_screen_is_shown_twice(history, record):
    history.screens[0].lines.append("c")

    assert faults(history, record).found == {"shown_twice": ["visitor: c"]}


def test_messages_in_another_order_on_a_screen_are_misplaced(history, record):
    history.screens[1].lines = ["a", "c", "b", "d"]

    assert faults(history, record).found == {"misplaced": ["agent: talk"]}


def test_a_message_on_a_screen_that_is_not_stored_is_invented(history, record):
    history.screens[0].lines.append("z")

    assert faults(history, record).found == {"invented": ["visitor: z"]}


def test_a_private_note_on_a_visitors_screen_is_leaked(history, record):
    history.screens[0].lines.insert(1, "b")

    assert faults(history, record).found == {"leaked": ["visitor: b"]}


def test_a_private_note_on_a_visitors_line_is_leaked(history, record):
    history.overheard.append("visitor 3: a note")

    assert faults(history, record).found == {"leaked": ["visitor 3: a note"]}


def test_a_message_that_was_refused_or_never_acknowledged_is_found(history, record):
    history.sent.append(Sent("e", "visitor", "reply", invoked=1.0, refused="422"))
    history.sent.append(Sent("f", "visitor", "reply", invoked=1.0))

    assert faults(history, record).found == {"refused": ["e: 422"], "unsent": ["f"]}


@pytest.mark.parametrize("counted", [1, 3])
def test_an_effect_that_was_lost_or_happened_twice_is_miscounted(history, record, counted):
    record.counted["ann"] = counted

    assert faults(history, record).found == {"miscounted": [f"ann: {counted} of 2"]}


@pytest.mark.parametrize("state", ["pending", "dead"])
def test_a_delivery_that_was_not_made_is_found(history, record, state):
    record.deliveries[state] += 1

    assert faults(history, record).found == {"undelivered": [f"1 {state}"]}
