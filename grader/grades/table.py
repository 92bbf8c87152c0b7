"""A table for people and for programs: a row a student, a column a lab or quiz."""

from collections.abc import Callable, Mapping, Sequence

from grader.course_book import Book, Row, find_column
from grader.errors import RequestError
from grader.grades.cells import Value, to_csv
from grader.grades.target import GradeWish, Sheet, shown_name

IDENTITY: Mapping[str, Callable[[Row], str]] = {
    "id": lambda row: row.identity.student_id,
    "name": lambda row: shown_name(row.identity),
    "username": lambda row: row.identity.username,
    "email": lambda row: row.identity.email,
    "section": lambda row: row.identity.section,
}
TOTAL, MAX_TOTAL = "total", "max_total"
HEADINGS = {"id": "student"}  # where a key and its heading differ


def write(book: Book, wish: GradeWish) -> Sheet:
    """Write CSV."""
    return Sheet(content=to_csv(grid(book, wish.picks), wish.spreadsheet))


def grid(book: Book, picks: Sequence[tuple[str, str]] = ()) -> list[list[Value]]:
    """Return the header and a row a student; a score that is not known is an empty text.

    A total is empty while a score of the student is withheld or late: it would not be the total.

    Args:
        book: In its order.
        picks: Pairs of a key and a heading; all columns that hold anything if empty.

    Raises:
        RequestError: If a key is none of a book.
    """
    chosen = list(picks) or _defaults(book)
    known = [column.column_id for column in book.columns]
    keys = [key if key in _special() else _grade_key(known, key) for key, _ in chosen]
    rows: list[list[Value]] = [[heading for _, heading in chosen]]
    return rows + [[_value(book, row, key) for key in keys] for row in book.rows]


def _special() -> tuple[str, ...]:
    return (*IDENTITY, TOTAL, MAX_TOTAL)


def _grade_key(known: Sequence[str], key: str) -> str:
    try:
        return find_column(known, key)
    except RequestError as error:
        raise RequestError(f"--columns: {error} Or one of {', '.join(_special())}.") from error


def _defaults(book: Book) -> list[tuple[str, str]]:
    told = [key for key in IDENTITY if any(IDENTITY[key](row) for row in book.rows)]
    keys = ["id", *(key for key in told if key != "id")]
    keys += [column.column_id for column in book.columns]
    return [(key, HEADINGS.get(key, key)) for key in [*keys, TOTAL, MAX_TOTAL]]


def _value(book: Book, row: Row, key: str) -> Value:
    if key in IDENTITY:
        return IDENTITY[key](row)
    if key == MAX_TOTAL:
        return float(book.max_points)
    if key == TOTAL:
        return "" if row.total is None or not row.cells else row.total
    return row.cells[key].points if key in row.cells else ""
