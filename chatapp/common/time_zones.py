"""Time zones as people choose them: every one by its city, grouped by region, with what the clock there is ahead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from chatapp.common.clock import now

UTC = "UTC"
_REGIONS = {
    "Africa": _l("Africa"),
    "America": _l("America"),
    "Antarctica": _l("Antarctica"),
    "Arctic": _l("Arctic"),
    "Asia": _l("Asia"),
    "Atlantic": _l("Atlantic"),
    "Australia": _l("Australia"),
    "Europe": _l("Europe"),
    "Indian": _l("Indian Ocean"),
    "Pacific": _l("Pacific"),
}
_MINUTES_OF_HOUR = 60


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """The name of every zone that may be chosen: `UTC`, and those of a region and a city."""
    return frozenset(name for name in available_timezones() if name == UTC or name.partition("/")[0] in _REGIONS)


def known(name: str | None) -> str:
    """The zone that a browser names, or `UTC` if nobody knows it."""
    return name if name in zones() else UTC


def choices() -> Mapping[str, list[tuple[str, str]]]:
    """For a select in the reader's language: region → (name, words), by city."""
    hour = now().replace(minute=0, second=0, microsecond=0).isoformat()
    cities = _cities(str(get_locale() or "en"), hour)
    return {str(_l("Everywhere")): [(UTC, UTC)]} | {str(_REGIONS[region]): found for region, found in cities.items()}


@lru_cache(maxsize=8)
def _cities(locale: str, _hour: str) -> dict[str, list[tuple[str, str]]]:
    """Made once an hour, for half the world changes its clocks twice a year."""
    names = Locale.parse(locale).time_zones
    found: dict[str, list[tuple[str, str]]] = {region: [] for region in _REGIONS}
    for zone in zones() - {UTC}:
        region, _slash, rest = zone.partition("/")
        city = names.get(zone, {}).get("city") or rest.replace("_", " ").replace("/", ", ")
        found[region].append((zone, f"{city} ({offset(zone)})"))
    return {region: sorted(cities, key=lambda city: city[1].casefold()) for region, cities in found.items()}


def offset(zone: str) -> str:
    """What the clock there is ahead of UTC now: `UTC+02:00`."""
    ahead = now().astimezone(ZoneInfo(zone)).utcoffset()
    minutes = int(ahead.total_seconds() // 60) if ahead else 0
    hours, rest = divmod(abs(minutes), _MINUTES_OF_HOUR)
    return f"UTC{'−' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def day_start(zone: str) -> datetime:
    """When today began there. Where clocks skip midnight, the first moment that there was."""
    here = ZoneInfo(zone)
    return datetime.combine(now().astimezone(here).date(), time.min, here).astimezone(ZoneInfo(UTC))
