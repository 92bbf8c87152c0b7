"""All answers and checks as a table: a row each."""

import json
from typing import Any

from grader.course_book import Book
from grader.grades.cells import Value, to_csv
from grader.grades.lines import flat
from grader.grades.target import GradeWish, Sheet

KEYS = (
    *("course", "quiz", "role", "student", "attempt", "item", "variant", "response", "blank"),
    *("fraction", "points", "max_points", "started_at", "submitted_at", "late_s"),
    *("accommodation", "source", "bank_sha256"),
)


def write(book: Book, wish: GradeWish) -> Sheet:
    """Write CSV; a response that is more than a text is JSON, numbers are as exact as they are."""
    rows: list[list[Value]] = [list(KEYS)]
    rows += [[_cell(record[key]) for key in KEYS] for record in flat(book)]
    return Sheet(content=to_csv(rows, wish.spreadsheet))


def _cell(value: Any) -> Value:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")  # no reader of CSV takes it
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else json.dumps(value, ensure_ascii=False)
