"""Quiet hours and digests go by the clock on the member's wall, also on the nights when it is changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chatapp.notifications.quiet import end_of_quiet, next_digest

NIGHT = {"zone": "Europe/Madrid", "start": 22 * 60, "end": 7 * 60}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "end"),
    [
        ("2026-11-26T20:59", None),  # 21:59 on the wall
        ("2026-11-26T21:00", "2026-11-27T06:00"),
        ("2026-11-27T05:59", "2026-11-27T06:00"),
        ("2026-11-27T06:00", None),
        ("2026-03-29T00:30", "2026-03-29T05:00"),  # the night that is an hour shorter
        ("2026-10-25T00:30", "2026-10-25T06:00"),  # and the one that is an hour longer
    ],
)
def test_the_night_ends_when_the_wall_says_so(at: str, end: str | None) -> None:
    assert end_of_quiet(utc(at), **NIGHT) == (utc(end) if end else None)  # type: ignore[arg-type]


def test_quiet_may_lie_within_a_day() -> None:
    noon = {"zone": "UTC", "start": 12 * 60, "end": 14 * 60}
    assert end_of_quiet(utc("2026-11-26T13:00"), **noon) == utc("2026-11-26T14:00")  # type: ignore[arg-type]
    assert end_of_quiet(utc("2026-11-26T15:00"), **noon) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("how_often", "after", "digest"),
    [
        ("off", "2026-11-26T06:00", None),
        ("daily", "2026-11-26T06:59", "2026-11-26T07:00"),
        ("daily", "2026-11-26T07:00", "2026-11-27T07:00"),
        ("daily", "2026-03-28T12:00", "2026-03-29T06:00"),  # summer begins in that night
        ("weekly", "2026-11-26T12:00", "2026-11-30T07:00"),
        ("weekly", "2026-11-30T07:00", "2026-12-07T07:00"),
    ],
)
def test_digests_come_at_eight(how_often: str, after: str, digest: str | None) -> None:
    found = next_digest(utc(after), zone="Europe/Madrid", how_often=how_often)
    assert found == (utc(digest) if digest else None)
