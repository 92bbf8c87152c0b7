"""Canvas' gradebook: fills the one that was exported, or makes a new one.

What decides the form stands in Canvas' importer: which headers it takes, which rows and columns it
skips, and that it goes by ID, SIS User ID, SIS Login ID and then by name.
"""

import re

from grader.course_book import Book
from grader.errors import RequestError
from grader.grades.canvas_fill import fill
from grader.grades.cells import Value, to_csv
from grader.grades.target import GradeWish, Sheet, shown_name, titles

HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS_POSSIBLE = "Points Possible"
_SKIPPED = re.compile(
    r"(current|final|unposted|override)( current| final)? (score|grade|points)", re.IGNORECASE
)
_NUMBERED = re.compile(r"\(\d+\)\s*$")


def write(book: Book, wish: GradeWish) -> Sheet:
    """Write a gradebook for Canvas' import.

    Raises:
        RequestError: If nobody has names and ids, a title would be skipped or taken for another,
            or the gradebook does not have a column or a student.
    """
    return fill(book, wish) if wish.into else _new(book, wish)


def _new(book: Book, wish: GradeWish) -> Sheet:
    rows = [row for row in book.rows if row.cells]
    if not any(row.identity.name for row in rows):
        raise RequestError(
            "Canvas wants names and ids: give --roster with columns id, username and name, or "
            "--into with the gradebook that Canvas exports."
        )
    heads = titles(book.columns, wish)
    for column_id, head in heads.items():
        _refuse_title(column_id, head)
    folded = [shown_name(row.identity).casefold() for row in rows]
    possible = [float(column.max_points) for column in book.columns]
    table: list[list[Value]] = [
        [*HEAD, *heads.values()],
        [f"    {POINTS_POSSIBLE}", "", "", "", "", *possible],
    ]
    for row in rows:
        person = row.identity
        is_shared = folded.count(shown_name(person).casefold()) > 1
        name = f"id {person.student_id}" if is_shared else _safe_name(shown_name(person))
        known: list[Value] = [name or f"id {person.student_id}", person.canvas_id]
        known += [person.student_id, person.username or person.email, person.section]
        table.append([*known, *(row.cells[c].points if c in row.cells else "" for c in heads)])
    remark = "Canvas asks before it makes assignments of these titles that it does not have yet."
    return Sheet(content=to_csv(table), remarks=(remark,))


def _refuse_title(column_id: str, title: str) -> None:
    advice = f"Name it otherwise: --columns '{column_id}:...'."
    if _SKIPPED.search(title):
        raise RequestError(f"Canvas skips a column called '{title}'. {advice}")
    if _NUMBERED.search(title):
        raise RequestError(f"Canvas takes '{title}' for the assignment with that number. {advice}")


def _safe_name(name: str) -> str:
    """Return the name, or nothing if Canvas would take the row for something else."""
    return "" if POINTS_POSSIBLE.casefold() in name.casefold() else name
