"""From a folder of results to a file of grades: what `dlab export` does."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.course import Course
from grader.course_book import fill_missing
from grader.errors import RequestError
from grader.grades.cells import Spreadsheet
from grader.grades.gather import read_book
from grader.grades.join import Joined, join, unjoined
from grader.grades.target import (
    GradeWish,
    Target,
    find_target,
    refuse_what_does_not_apply,
    write_grades,
)
from grader.result import write_atomically
from grader.roster import read_roster
from grader.table import read_content

FOLDER = "grades"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be exported.

    Attributes:
        out: The results folder.
        target: A key of target.TARGETS.
        now: With a zone.
        file: Where to write; None for a file of the target's name in the results folder.
        roster: Who takes the course; None to take the results' ids as they are.
        into: A gradebook to fill.
        only: Ids of the columns wanted; all if empty.
        picks: See GradeWish.
        has_late: Whether sittings that ended after the deadline count.
        is_zero_missing: Whether missing work counts as 0.
        allow_missing: Whether students who are not known are left out.
    """

    out: Path
    target: str
    now: datetime
    file: Path | None = None
    roster: Path | None = None
    into: Path | None = None
    only: tuple[str, ...] = ()
    picks: tuple[tuple[str, str], ...] = ()
    spreadsheet: Spreadsheet = Spreadsheet.NONE
    has_late: bool = False
    is_zero_missing: bool = False
    allow_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written.

    Attributes:
        remarks: For staff, one line each.
    """

    path: Path
    target: str
    joined: Joined
    remarks: tuple[str, ...]


def export_grades(course: Course, order: Order) -> Exported:
    """Write a course's grades. If anything is wrong, nothing is written.

    Raises:
        RequestError: If there are no results, a student is not on the roster, or the target cannot
            carry what is asked for.
        ContentError: If a quiz of the bank is broken.
    """
    target = find_target(order.target)
    wish = _wish(order)
    refuse_what_does_not_apply(order.target, target, wish)
    if order.is_zero_missing and target.is_answers:
        raise RequestError(
            f"'{order.target}' holds answers; --missing-as-zero applies to scores only."
        )
    book = read_book(course, order.out, only=order.only, has_late=order.has_late)
    joined = join(book, read_roster(order.roster)) if order.roster else unjoined(book)
    if joined.problems() and not order.allow_missing:
        raise RequestError("\n".join(joined.problems()))
    whole = fill_missing(joined.book) if order.is_zero_missing else joined.book
    if not any(row.cells for row in whole.rows):
        raise RequestError(f"There is no score in '{order.out}' to export.")
    sheet = write_grades(order.target, whole, wish)
    path = order.file or order.out / FOLDER / _name(order, target)
    try:
        write_atomically(path, sheet.content)
    except OSError as error:
        raise RequestError(f"{path} cannot be written: {error.strerror}.") from error
    return Exported(
        path=path, target=order.target, joined=joined, remarks=(*book.remarks, *sheet.remarks)
    )


def _wish(order: Order) -> GradeWish:
    content = read_content(order.into) if order.into else b""
    if order.into and not content:
        raise RequestError(f"{order.into.name} is empty; download it again.")
    return GradeWish(
        now=order.now,
        picks=order.picks,
        spreadsheet=order.spreadsheet,
        into=content,
        into_name=order.into.name if order.into else "",
        allow_missing=order.allow_missing,
    )


def _name(order: Order, target: Target) -> str:
    is_plain = order.spreadsheet is Spreadsheet.NONE
    stem = order.target if is_plain else f"{order.target}-{order.spreadsheet.value}"
    return f"{stem}.{target.suffix}"
