"""Reads the times that an LMS writes, where they can mean one thing only."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grader.errors import RequestError

FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %I:%M:%S %p",
    "%Y/%m/%d %H:%M:%S",
    "%d %B %Y %I:%M %p",
    "%d %B %Y %I:%M:%S %p",
    "%d %B %Y %H:%M",
    "%d %B %Y %H:%M:%S",
)
OFFSET = re.compile(r"\s*(?:GMT|UTC|Z)?\s*(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?$")
UTC_END = re.compile(r"\s*(?:GMT|UTC|Z)$")
SLASHED = re.compile(r"(?P<a>\d{1,2})[/.](?P<b>\d{1,2})[/.](?P<year>\d{4})(?P<rest>.*)")
MONTHS = 12
LONGEST = 60


def find_zone(name: str) -> tzinfo | None:
    """Return a time zone by its name; None, the machine's own, for an empty name.

    Raises:
        RequestError: If there is none of this name.
    """
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RequestError(
            f"There is no time zone '{name}'; it is written as in 'Europe/Berlin' or 'UTC'."
        ) from error


def read_time(text: str, zone: tzinfo | None) -> str:
    """Return a time as ISO 8601 with a zone; empty if it cannot be read for certain.

    Args:
        text: As the source wrote it: `21 November 2026  12:01 AM`, `2026-11-21 10:15:00 UTC`, ...
            4/10/2026 is left out: it is in April for some and in October for others.
        zone: Where the source says none; None for the machine's.
    """
    plain = " ".join(text.replace("\u202f", " ").split())
    offset: tzinfo | None = None
    if (found := OFFSET.search(plain)) and ":" in plain[: found.start()]:
        size = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
        if size >= timedelta(days=1):
            return ""
        offset = timezone(size if found["sign"] == "+" else -size)
        plain = plain[: found.start()]
    elif found := UTC_END.search(plain):
        offset, plain = UTC, plain[: found.start()]
    moment = _moment(_ordered(plain))
    if moment is None:
        return ""
    try:
        aware = moment.replace(tzinfo=offset or zone) if offset or zone else moment.astimezone()
        return aware.isoformat()
    except (OverflowError, ValueError, OSError):
        return ""


def seconds(time: str) -> float:
    """Return when a time of ours was, to sort by; 0 if it is unknown."""
    try:
        return datetime.fromisoformat(time).timestamp() if time else 0.0
    except (ValueError, OverflowError, OSError):
        return 0.0


def _ordered(text: str) -> str:
    """Turn 21/11/2026 and 11/21/2026 round; what could be both stays unread."""
    match = SLASHED.fullmatch(text)
    if match is None:
        return text
    first, second = int(match["a"]), int(match["b"])
    if (first > MONTHS) == (second > MONTHS) and first != second:
        return text
    day, month = (first, second) if first > MONTHS else (second, first)
    return f"{match['year']}/{month:02}/{day:02}{match['rest']}"


def _moment(text: str) -> datetime | None:
    if len(text) > LONGEST or ":" not in text:
        return None
    for form in FORMATS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None
