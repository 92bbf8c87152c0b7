"""The course's table: students by labs and quizzes.

Derived from result files and stored responses alone: it is never kept, and can be made at any time.
"""

import difflib
import enum
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from grader.errors import RequestError
from grader.roster import Identity, is_printable

Record = Mapping[str, Any]  # one answer or one check, with the keys of attempt.records


class Kind(enum.Enum):
    """What a column is about, in the order of the table."""

    LAB = "lab"
    PRE = "pre"
    POST = "post"
    PRACTICE = "practice"


class GapKind(enum.Enum):
    """Why there is work and no score. Such a cell is empty, whatever is asked for."""

    WITHHELD = "withheld"  # our own check failed: nobody knows the score yet
    NOT_GRADED = "not graded"  # a person has to look at what was handed in
    LATE = "late"  # every sitting ended after the deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A lab or a quiz.

    Attributes:
        max_points: Of a full answer, the same for all students.
    """

    column_id: str
    title: str
    kind: Kind
    max_points: int

    @property
    def short_id(self) -> str:
        """The part before the first underscore."""
        return shorten(self.column_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A score.

    Attributes:
        points: At most two decimals.
        comment: For the student; begins with "Score", never with text of somebody else's choosing.
        records: What it is made of, one entry an answer or a check.
        is_missing: Whether nothing was handed in and the 0 stands for that.
    """

    points: float
    comment: str = ""
    records: tuple[Record, ...] = ()
    is_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Why there is no score, in words for staff."""

    kind: GapKind
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one student has, by column id. Work that is missing is in neither table."""

    identity: Identity
    cells: Mapping[str, Cell] = field(default_factory=dict)
    gaps: Mapping[str, Gap] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of this student."""
        return not self.cells and not self.gaps

    @property
    def total(self) -> float | None:
        """Return the sum of the scores; None while one of them is not known."""
        if self.gaps:
            return None
        return rounded(math.fsum(cell.points for cell in self.cells.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The table. One that could do harm in a gradebook cannot be made.

    Attributes:
        course: Its title.
        remarks: What staff should know, one line each.
    """

    course: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse scores outside their bounds, and students or columns that are there twice."""
        _refuse_doubles("column", [column.column_id for column in self.columns])
        _refuse_doubles("student", [row.identity.student_id for row in self.rows])
        maxima = {column.column_id: column.max_points for column in self.columns}
        for row in self.rows:
            for column_id, cell in row.cells.items():
                _refuse_bad_points(row.identity.student_id, column_id, cell, maxima[column_id])

    @property
    def max_points(self) -> int:
        """Points of one who has everything right."""
        return sum(column.max_points for column in self.columns)


def shorten(column_id: str) -> str:
    """Return the part of a lab's id before the first underscore; a quiz's id has none."""
    return column_id.split("_", 1)[0]


def rounded(points: float) -> float:
    """Round to two decimals, halves up: what every gradebook can hold."""
    return float(Decimal(repr(float(points))).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _refuse_doubles(what: str, ids: Iterable[str]) -> None:
    seen: dict[str, str] = {}
    for text in ids:
        if not text or not is_printable(text):
            raise RequestError(f"The {what} id {text!r} cannot be written to a table: rename it.")
        if other := seen.get(text.casefold(), ""):
            raise RequestError(
                f"The {what} ids '{other}' and '{text}' are the same to a gradebook: keep one."
            )
        seen[text.casefold()] = text


def _refuse_bad_points(student: str, column_id: str, cell: Cell, most: int) -> None:
    if not 0 <= cell.points <= most:  # not a number is refused too
        raise RequestError(
            f"{column_id}: '{student}' has {cell.points:g} of {most} points; a score is from 0 to "
            "its maximum. Grade it again."
        )
    if cell.points != rounded(cell.points):
        raise RequestError(f"{column_id}: {cell.points!r} has more than two decimals.")


def choose_columns(known: Sequence[str], only: Sequence[str]) -> tuple[str, ...]:
    """Return the ids that are asked for, in the order of `known`; all if nothing is.

    Raises:
        RequestError: If one is not there; suggests the nearest.
    """
    wanted = {find_column(known, name) for name in only}
    return tuple(name for name in known if name in wanted or not only)


def find_column(known: Sequence[str], name: str) -> str:
    """Return the column with this id or short id.

    Raises:
        RequestError: If there is none, or more than one.
    """
    matches = [column_id for column_id in known if name in (column_id, shorten(column_id))]
    if len(matches) == 1 or name in matches:
        return name if name in matches else matches[0]
    if matches:
        raise RequestError(f"'{name}' could be {' or '.join(matches)}. Write the whole id.")
    near = difflib.get_close_matches(name, [*known, *map(shorten, known)], n=1)
    tail = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(known)}."
    raise RequestError(f"There are no results of '{name}'. {tail}")


def fill_missing(book: Book) -> Book:
    """Return the book with 0 where nothing was handed in; what is not known stays empty."""
    zeros = {
        column.column_id: Cell(
            points=0.0, comment=f"Score 0/{column.max_points}: nothing handed in", is_missing=True
        )
        for column in book.columns
    }

    def filled(row: Row) -> Row:
        missing = {key: zero for key, zero in zeros.items() if key not in row.gaps}
        return replace(row, cells={**missing, **row.cells})

    return replace(book, rows=tuple(map(filled, book.rows)))
