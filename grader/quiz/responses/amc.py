"""Reads the CSV of Auto Multiple Choice: scanned papers, with the boxes that were ticked.

It has the name of the exam's copy, the student under `A:<key>`, name and mark, a column of points
for each question under its title, and, if the export's option `ticked` was set, beside it
`TICKED:<title>`: `0;1;0`, or letters `AC`, in the order in which the options stand in the file.
"""

import re
from dataclasses import replace

from grader.errors import RequestError
from grader.quiz.model import Choice, Question
from grader.quiz.responses.given import read_points
from grader.quiz.responses.match import Finder, Style
from grader.quiz.responses.sheet import Column, Sheet
from grader.table import Row, Table

STYLE = Style(name="AMC", has_ids=True)
TICKED = "TICKED:"
KEY = "A:"
ZEROS = re.compile(r"[01](\s*;\s*[01])*")
LETTERS = re.compile(r"[A-Z]*")
MARK = 3  # after exam, key and name


def is_amc(table: Table) -> bool:
    """Return whether a table looks like an export of AMC."""
    has_key = table.head[1].startswith(KEY)
    return has_key or any(name.startswith(TICKED) for name in table.head)


def read_amc(table: Table, finder: Finder) -> Sheet:
    """Tell the columns apart, and put the options' ids where the ticks are.

    Raises:
        RequestError: If the export has points and no ticks.
    """
    places = [place for place, name in enumerate(table.head) if name.startswith(TICKED)]
    if not places:
        raise RequestError(
            f"{table.name} has points but no answers: export it from AMC again with the option "
            "'ticked' set to '01' or 'AB'."
        )
    keys = [place for place, name in enumerate(table.head) if name.startswith(KEY)]
    columns = tuple(
        Column(
            name=table.head[place],
            answer=place,
            text=table.head[place].removeprefix(TICKED).strip(),
            order=order,
        )
        for order, place in enumerate(places)
    )
    present = [row for row in table.rows if _has_paper(row, places)]
    rows = tuple(_with_options(row, columns, finder) for row in present)
    left_out = len(table.rows) - len(rows)
    notes = (f"{table.name}: {left_out} students without a paper; left out",) if left_out else ()
    return Sheet(
        source="amc",
        table=replace(table, rows=rows),
        style=STYLE,
        columns=columns,
        keys=tuple(keys),
        asked=len(columns),
        notes=notes,
    )


def _has_paper(row: Row, places: list[int]) -> bool:
    """Return whether a row is of a paper: an absent student has no ticks and no mark."""
    has_ticks = any(row.cells[place].strip() for place in places)
    return has_ticks or read_points(row.cells[MARK] if len(row.cells) > MARK else "") is not None


def _with_options(row: Row, columns: tuple[Column, ...], finder: Finder) -> Row:
    """Write the options that were ticked where the ticks stood."""
    cells = list(row.cells)
    for column in columns:
        question = finder.find(column.text)
        if question is not None:
            cells[column.answer] = _ticked(cells[column.answer].strip(), question)
    return Row(line=row.line, cells=tuple(cells))


def _ticked(cell: str, question: Question) -> str:
    """Return the ids of the ticked options; the cell itself if it is not understood."""
    answer = question.answer
    if not isinstance(answer, Choice):
        return cell
    count = len(answer.options)
    if ZEROS.fullmatch(cell) and len(marks := cell.replace(" ", "").split(";")) == count:
        ticks = [number for number, mark in enumerate(marks) if mark == "1"]
    elif LETTERS.fullmatch(cell) and all(ord(letter) - ord("A") < count for letter in cell):
        ticks = [ord(letter) - ord("A") for letter in cell]
    else:
        return f"ticks {cell[:60]}"
    return ";".join(answer.options[number].option_id for number in dict.fromkeys(ticks))
