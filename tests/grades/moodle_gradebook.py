"""Moodle's grade import as it was seen to behave, in Moodle 4.2 and 5.0; nothing of dlab in it."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class RefusedError(Exception):
    """The import stops, and nothing is committed."""


@dataclass(frozen=True)
class User:
    """A user of the whole site."""

    idnumber: str
    username: str = ""
    email: str = ""


@dataclass(frozen=True)
class Grade:
    """What a grade item holds for a user."""

    value: float
    feedback: str = ""


NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
Grades = dict[str, dict[str, Grade]]  # by idnumber and item


def import_grades(
    content: bytes, users: Sequence[User], items: Mapping[str, float], *, by: str, version: float
) -> Grades:
    """Import a file whose columns are mapped to the items of the same names.

    Args:
        content: The file.
        users: Of the site.
        items: Maximum by name; there must be a column of each name.
        by: "idnumber", "username" or "email".
        version: 4.2 or 5.0.
    """
    header, *rows = [row for row in _table(content) if row]
    if any(len(row) != len(header) for row in rows):
        raise RefusedError("a row has another number of columns")
    grades: Grades = {}
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        user = _find(users, by, cells[by].strip())
        for item, most in items.items():
            text = cells[item].strip()
            if text in ("", "-"):
                continue
            value = _number(text, most, version)
            feedback = cells.get(f"feedback {item}", "")
            grades.setdefault(user.idnumber, {})[item] = Grade(value, feedback)  # the last wins
    return grades


def _table(content: bytes) -> list[list[str]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16")
    else:  # from a byte that is not UTF-8 to the end of its cell nothing is left
        broken = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
        text = re.sub(r"[\udc80-\udcff][^,\n]*", "", broken)
    return list(csv.reader(io.StringIO(text, newline="")))


def _find(users: Sequence[User], by: str, text: str) -> User:
    has_case = by == "idnumber"
    wanted = text if has_case else text.casefold()
    known = [getattr(user, by) for user in users]
    found = [
        user
        for user, name in zip(users, known, strict=True)
        if text and (name if has_case else name.casefold()) == wanted
    ]
    if len(found) != 1:
        raise RefusedError(f"user mapping error: {text}: {len(found)} users")
    return found[0]


def _number(text: str, most: float, version: float) -> float:
    if not NUMBER.fullmatch(text):
        raise RefusedError(f"supplied grade is invalid: {text}")
    value = float(text)
    if version >= 5 and not 0 <= value <= most:
        raise RefusedError(f"out of range: {text}")
    return min(max(value, 0.0), most)
