"""All answers and checks as JSON Lines: the canonical result, one object each."""

import json
from collections.abc import Iterator
from typing import Any

from grader.course_book import Book
from grader.grades.target import GradeWish, Sheet


def write(book: Book, wish: GradeWish) -> Sheet:
    """Write JSON Lines."""
    lines = [json.dumps(r, ensure_ascii=False, allow_nan=False) + "\n" for r in flat(book)]
    return Sheet(content="".join(lines).encode("utf-8", "backslashreplace"))


def flat(book: Book) -> Iterator[dict[str, Any]]:
    """Yield the records in the order of the table, each under the row's own id."""
    for row in book.rows:
        for column in book.columns:
            if column.column_id in row.cells:
                for record in row.cells[column.column_id].records:
                    yield {**record, "student": row.identity.student_id}
