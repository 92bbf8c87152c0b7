"""The table as an Excel file: ids stay text, names are never formulas, numbers are numbers."""

import io
from typing import Any

from grader.course_book import Book
from grader.grades.cells import Value
from grader.grades.table import grid
from grader.grades.target import GradeWish, Sheet
from grader.quiz.extra import need

GRADES, COLUMNS = "grades", "columns"
TEXT_FORMAT = "@"


def write(book: Book, wish: GradeWish) -> Sheet:
    """Write a workbook: the table, and a sheet that says what its columns are.

    Raises:
        RequestError: If openpyxl is not installed.
    """
    workbook = need("openpyxl").Workbook()
    grades = workbook.active
    grades.title = GRADES
    _fill(grades, grid(book, wish.picks))
    about: list[list[Value]] = [["column", "title", "kind", "max_points"]]
    about += [[c.column_id, c.title, c.kind.value, float(c.max_points)] for c in book.columns]
    _fill(workbook.create_sheet(COLUMNS), about)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return Sheet(content=buffer.getvalue())


def _fill(sheet: Any, rows: list[list[Value]]) -> None:
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            _set(sheet.cell(line, place), value)
    sheet.freeze_panes = "B2"


def _set(cell: Any, value: Value) -> None:
    if value == "":
        return
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # openpyxl takes a text that begins with = for a formula
        cell.number_format = TEXT_FORMAT
