"""Brightspace's (D2L's) grade import."""

from grader.course_book import Book
from grader.errors import RequestError
from grader.grades.cells import Value, to_csv
from grader.grades.target import GradeWish, Sheet, titles

END = "End-of-Line Indicator"
POINTS = " Points Grade"


def write(book: Book, wish: GradeWish) -> Sheet:
    """Write one row for each student with a score; ids begin with # so that they stay text.

    Raises:
        RequestError: If a title would be read as another kind of column.
    """
    rows = [row for row in book.rows if row.cells]
    heads = titles(book.columns, wish)
    for column_id, head in heads.items():
        if any(sign in head for sign in '<>"/\\|;,') or head.endswith(" Grade"):
            raise RequestError(
                f"Brightspace has no grade item called '{head}'; name it as it is there: "
                f"--columns '{column_id}:...'."
            )
    has_username = any(row.identity.username for row in rows)
    header: list[Value] = ["OrgDefinedId", *["Username"] * has_username]
    table: list[list[Value]] = [[*header, *(f"{head}{POINTS}" for head in heads.values()), END]]
    for row in rows:
        person = row.identity
        ids: list[Value] = [f"#{person.student_id}"]
        ids += [f"#{person.username}" if person.username else ""] * has_username
        scores = [row.cells[c].points if c in row.cells else "" for c in heads]
        table.append([*ids, *scores, "#"])
    most = ", ".join(f"{heads[column.column_id]}: {column.max_points}" for column in book.columns)
    return Sheet(
        content=to_csv(table),
        remarks=(f"The grade items must have these maximum points in Brightspace: {most}.",),
    )
