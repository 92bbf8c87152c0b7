"""The targets grades can be written for, and what they share."""

import difflib
import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from grader.course_book import Book, Column, find_column
from grader.errors import RequestError
from grader.grades.cells import Spreadsheet
from grader.roster import Identity
from grader.text import one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeWish:
    """What whoever exports asked for.

    Attributes:
        picks: Pairs of a column and its heading. A table has these columns, in this order; an LMS
            gets all, and these under other headings.
        into: Content of the gradebook that is filled; empty to make a new one.
        into_name: What messages call it.
        now: When a score is said to be given; with a zone.
        allow_missing: Whether students whom the gradebook does not have are left out.
    """

    now: datetime
    picks: tuple[tuple[str, str], ...] = ()
    spreadsheet: Spreadsheet = Spreadsheet.NONE
    into: bytes = b""
    into_name: str = ""
    allow_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file with grades, and what staff should know of it."""

    content: bytes
    remarks: tuple[str, ...] = ()


class Exporter(Protocol):
    """A module of this package that writes one target."""

    def write(self, book: Book, wish: GradeWish) -> Sheet:
        """Write a file, or refuse what it cannot carry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A kind of file.

    Attributes:
        module: In this package, with the function `write`.
        suffix: Of the file.
        is_answers: Whether it holds answers and checks; otherwise scores.
    """

    module: str
    suffix: str
    summary: str
    is_answers: bool = False


TARGETS: Mapping[str, Target] = {
    "csv": Target(module="table", suffix="csv", summary="a row a student"),
    "xlsx": Target(module="workbook", suffix="xlsx", summary="the same, for Excel"),
    "long": Target(
        module="long", suffix="csv", summary="a row an answer or check", is_answers=True
    ),
    "jsonl": Target(
        module="lines", suffix="jsonl", summary="the same as JSON Lines", is_answers=True
    ),
    "moodle": Target(module="moodle", suffix="csv", summary="Moodle's grade import"),
    "canvas": Target(module="canvas", suffix="csv", summary="Canvas' gradebook"),
    "brightspace": Target(module="brightspace", suffix="csv", summary="D2L's grade import"),
    "lti-ags": Target(module="ags", suffix="jsonl", summary="scores to post, for LTI tools"),
}


def find_target(name: str) -> Target:
    """Return a target by name.

    Raises:
        RequestError: If there is none; suggests the nearest.
    """
    if name in TARGETS:
        return TARGETS[name]
    near = difflib.get_close_matches(name.lower(), TARGETS, n=1)
    tail = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(TARGETS)}."
    raise RequestError(f"Grades cannot be written for '{name}'. {tail}")


def write_grades(name: str, book: Book, wish: GradeWish) -> Sheet:
    """Write a book for a target.

    Raises:
        RequestError: If there is no such target, or it cannot carry the book.
    """
    target = find_target(name)
    refuse_what_does_not_apply(name, target, wish)
    exporter = cast(Exporter, importlib.import_module(f"grader.grades.{target.module}"))
    return exporter.write(book, wish)


def refuse_what_does_not_apply(name: str, target: Target, wish: GradeWish) -> None:
    """Refuse an option that would be ignored.

    Raises:
        RequestError: If there is one.
    """
    if wish.into and name != "canvas":
        raise RequestError(f"--into fills a gradebook of Canvas; '{name}' makes a new file.")
    if wish.spreadsheet is not Spreadsheet.NONE and name not in ("csv", "long"):
        why = "is safe for spreadsheets as it is" if name == "xlsx" else "is read by programs"
        raise RequestError(f"--for is for csv and long; '{name}' {why}.")
    if wish.picks and target.is_answers:
        raise RequestError(f"--columns does not apply to '{name}': its columns are fixed.")


def titles(
    columns: Sequence[Column], wish: GradeWish, own: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the heading of each column in an LMS.

    Args:
        columns: Of the book.
        wish: Its picks go first.
        own: Heading by column id where nothing is picked; the column's title if not given.

    Raises:
        RequestError: If a pick names no column, or two columns get one heading.
    """
    known = [column.column_id for column in columns]
    picked = {find_column(known, key): heading for key, heading in wish.picks}
    found = {
        column.column_id: one_line(
            picked.get(column.column_id) or (own or {}).get(column.column_id) or column.title
        )
        for column in columns
    }
    seen: dict[str, str] = {}
    for column_id, title in found.items():
        other = seen.setdefault(title.casefold(), column_id)
        if other != column_id:
            raise RequestError(
                f"{other} and {column_id} are both called '{title}'; "
                f"name one with --columns '{column_id}:...'."
            )
    return found


def shown_name(person: Identity) -> str:
    """Return a student's name as one line."""
    return one_line(person.name)
