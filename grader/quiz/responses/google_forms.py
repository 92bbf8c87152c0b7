"""Reads the responses of a Google Form: of its sheet, or downloaded as CSV.

The first column is the time, in any language; then e-mail address or user name, the score
(`8 / 10`), and a column for each question under its title, in a download from the form itself with
`[Score]` and `[Feedback]` beside it. The rows of a grid are columns `title [row]`.
"""

import re
from dataclasses import replace

from grader.errors import RequestError
from grader.quiz.responses.clock import read_time
from grader.quiz.responses.given import FRACTION
from grader.quiz.responses.match import Finder, Style
from grader.quiz.responses.sheet import NOWHERE, Column, Sheet
from grader.table import Table

STYLE = Style(name="Google Forms", separators=(",", ";"), arrow=" -> ")
TIME_HEADS = ("timestamp", "zeitstempel", "horodateur", "marca temporal", "tijdstempel")
SCORE_HEADS = ("score", "total score", "punktzahl", "punkte", "puntuaci\u00f3n", "punteggio")
SIDE = re.compile(r"(?P<title>.*)\[(?P<side>[^\[\]]*)\]", re.DOTALL)
DIGITS = re.compile(r"\d{4}.*\d:\d\d|\d[./]\d.*\d:\d\d")
MARKS = ("score", "feedback")


def is_google_forms(table: Table) -> bool:
    """Return whether a table looks like the responses of a form."""
    head = table.head[0].casefold()
    return head in TIME_HEADS or bool(
        DIGITS.match(table.rows[0].cells[0]) and read_time(table.rows[0].cells[0], None)
    )


def read_google_forms(table: Table, finder: Finder) -> Sheet:
    """Tell the columns apart.

    Args:
        table: The responses.
        finder: Of the quiz: it knows which title with `[...]` is an id, which a grid's row.

    Raises:
        RequestError: If there is no column but the time.
    """
    score = _score_at(table)
    keys = tuple(place for place in range(1, len(table.head)) if _is_key(table, place))
    places = [p for p in range(1, len(table.head)) if p not in (score, *keys) and table.head[p]]
    if not places:
        raise RequestError(f"{table.name} has no question: only times and addresses.")
    columns = (_column(table, place, finder) for place in places)
    found = tuple(column for column in columns if column is not None)
    return Sheet(
        source="google-forms",
        table=table,
        style=STYLE,
        columns=tuple(replace(column, order=order) for order, column in enumerate(found)),
        keys=keys,
        submitted=0,
        score=score,
        asked=len(found),
    )


def _is_key(table: Table, place: int) -> bool:
    """Return whether a column holds addresses, or is called as Forms calls it."""
    cells = [row.cells[place].strip() for row in table.rows[:50]]
    given = [cell for cell in cells if cell]
    is_address = bool(given) and all(re.fullmatch(r"[^@\s]+@[^@\s]+", cell) for cell in given)
    return is_address or table.head[place].casefold() in ("username", "email address", "student id")


def _score_at(table: Table) -> int:
    """Return where the total stands: before the questions, `8 / 10` in every row."""
    for place in range(1, min(4, len(table.head))):
        cells = [row.cells[place].strip() for row in table.rows[:50]]
        given = [cell for cell in cells if cell]
        if table.head[place].casefold() in SCORE_HEADS:
            return place
        if given and all(FRACTION.fullmatch(cell) for cell in given):
            return place
    return NOWHERE


def _column(table: Table, place: int, finder: Finder) -> Column | None:
    name = table.head[place]
    match = SIDE.fullmatch(name)
    if match is None or finder.is_id(match["side"]):
        return _plain(table, place)
    side, title = match["side"].strip(), match["title"].strip()
    if side.casefold() in MARKS and title in table.head:
        return None  # beside its question
    variants = finder.variants(title)
    if variants and variants[0].kind in ("matching", "ordering"):
        return Column(name=name, answer=place, text=title, part=side)
    return _plain(table, place)


def _plain(table: Table, place: int) -> Column:
    name = table.head[place]
    beside = f"{name} [score]".casefold()
    heads = [head.casefold() for head in table.head]
    points_at = heads.index(beside) if beside in heads else NOWHERE
    return Column(name=name, answer=place, text=name, points_at=points_at)
