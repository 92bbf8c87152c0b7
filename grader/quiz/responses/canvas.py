r"""Reads the student analysis of a Canvas classic quiz.

A row begins with who it was; then each question has two columns: `<number>: <its text>` with the
answer, and the points that it was worth with the points that were given. Read in Canvas' own
`student_analysis.rb`: texts without tags, several answers joined by commas, a comma in an answer
as `\,`, pairs as `left=>right`. A random question of a group has its own columns.
"""

import re

from grader.errors import RequestError
from grader.quiz.responses.given import read_points
from grader.quiz.responses.match import Style
from grader.quiz.responses.sheet import NOWHERE, Column, Sheet
from grader.table import Table

STYLE = Style(name="Canvas", separators=(",",), is_escaped=True, arrow="=>")
QUESTION = re.compile(r"\d+:\s*(?P<text>.*)", re.DOTALL)
KEY_HEADS = ("sis_id", "id")
AFTER = 3  # n correct, n incorrect, score


def is_canvas(table: Table) -> bool:
    """Return whether a table looks like a student analysis."""
    return bool(_questions(table)) and len(table.head) >= _questions(table)[-1] + 2 + AFTER


def _questions(table: Table) -> list[int]:
    """Return where questions stand: `<number>: <text>`, and beside it its points."""
    head = table.head
    return [
        place
        for place in range(len(head) - 1)
        if QUESTION.fullmatch(head[place]) and read_points(head[place + 1]) is not None
    ]


def read_canvas(table: Table) -> Sheet:
    """Tell the columns apart.

    Raises:
        RequestError: If it is no student analysis, or of an anonymous survey.
    """
    places = _questions(table)
    if not places:
        raise RequestError(
            f"{table.name} is no student analysis of a Canvas classic quiz: no column is like "
            "'1234: question text' with its points beside it. New Quizzes write another report; "
            "export it as CSV and name its columns: --map 'COLUMN=QUESTION-ID'"
        )
    columns = tuple(_column(table, place, order) for order, place in enumerate(places))
    names = [name.casefold() for name in table.head[: places[0]]]
    keys = tuple(names.index(name) for name in KEY_HEADS if name in names)
    if not keys and not names:
        raise RequestError(f"{table.name} is an anonymous survey: it names no students.")
    return Sheet(
        source="canvas",
        table=table,
        style=STYLE,
        columns=columns,
        keys=keys or ((1,) if len(names) > 1 else ()),  # name, id, ... in any language
        submitted=_submitted(names),
        score=len(table.head) - 1,
        possible=0.0,  # the points of all columns, which groups make too many
        asked=len(columns),
    )


def _column(table: Table, place: int, order: int) -> Column:
    match = QUESTION.fullmatch(table.head[place])
    return Column(
        name=table.head[place],
        answer=place,
        text=match["text"].strip() if match else "",
        points_at=place + 1,
        possible=read_points(table.head[place + 1]) or 0.0,
        order=order,
    )


def _submitted(names: list[str]) -> int:
    if "submitted" in names:
        return names.index("submitted")
    return len(names) - 1 if names else NOWHERE
