"""Moodle's grade import (a CSV that is mapped to existing grade items by hand).

What decides the form was seen in Moodle 4.2 and 5.0: a comma in a number or an unknown id refuses
the whole file, a score above the maximum is cut down in silence, of two rows of a student the last
wins, an apostrophe before a text is kept.
"""

from grader.course_book import Book, Column, Row
from grader.grades.cells import Value, to_csv
from grader.grades.target import GradeWish, Sheet, shown_name, titles
from grader.text import one_line


def write(book: Book, wish: GradeWish) -> Sheet:
    """Write one row for each student with a score: ids, scores, and what to say about each."""
    rows = [row for row in book.rows if row.cells]
    names = {column.column_id: column.column_id for column in book.columns}
    heads = titles(book.columns, wish, names)
    has_username = any(row.identity.username for row in rows)
    has_email = any(row.identity.email for row in rows)
    header: list[Value] = ["idnumber", "fullname"]
    header += ["username"] * has_username + ["email"] * has_email
    for head in heads.values():
        header += [head, f"feedback {head}"]
    table: list[list[Value]] = [header]
    for row in rows:
        person = row.identity
        cells: list[Value] = [person.student_id, shown_name(person)]
        cells += [person.username] * has_username + [person.email] * has_email
        table.append([*cells, *(part for column in book.columns for part in _pair(row, column))])
    most = ", ".join(f"{heads[column.column_id]}: {column.max_points}" for column in book.columns)
    remark = f"The grade items must exist in Moodle with these maximum grades: {most}."
    return Sheet(content=to_csv(table), remarks=(remark,))


def _pair(row: Row, column: Column) -> tuple[Value, Value]:
    """Return a score and its comment; Moodle takes an empty cell for no grade, not for 0."""
    cell = row.cells.get(column.column_id)
    return (cell.points, one_line(cell.comment)) if cell else ("", "")
