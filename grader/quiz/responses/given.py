"""What the source itself gave for an attempt, to compare with our own marks."""

import re
from collections.abc import Iterator

from grader.quiz.responses.sheet import Column, Sheet, SourceScore
from grader.table import Row

FRACTION = re.compile(r"(?P<points>-?[\d.,]+)\s*/\s*(?P<possible>[\d.,]+)")
POINTS = re.compile(r"-?\d{1,9}([.,](?P<decimals>\d{1,12}))?")
MOODLE_SLACK = 1e-4  # its fractions are written with five decimals of a percent


def total_of(sheet: Sheet, row: Row) -> Iterator[SourceScore]:
    """Yield the score of a whole attempt, if the file has it."""
    yield from _score(sheet.cell(row, sheet.score), sheet.possible, "")


def points_of(sheet: Sheet, column: Column, question_id: str, row: Row) -> Iterator[SourceScore]:
    """Yield the score of one question, if the file has it."""
    yield from _score(sheet.cell(row, column.points_at), column.possible, question_id)


def _score(text: str, possible: float, question_id: str) -> Iterator[SourceScore]:
    match = FRACTION.fullmatch(text)
    points = read_points(match["points"] if match else text)
    most = (read_points(match["possible"]) if match else None) or possible
    if points is None or not most:
        return
    decimals = POINTS.fullmatch((match["points"] if match else text).strip())
    step: float = 10.0 ** -len((decimals and decimals["decimals"]) or "00")
    yield SourceScore(
        question_id=question_id,
        fraction=points / most,
        slack=0.51 * step / most + MOODLE_SLACK,
        shown=text,
    )


def read_points(text: str) -> float | None:
    """Read points as an LMS writes them; None if it is no such number."""
    plain = text.strip()
    return float(plain.replace(",", ".")) if POINTS.fullmatch(plain) else None
