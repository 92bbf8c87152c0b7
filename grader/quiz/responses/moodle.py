r"""Reads Moodle's responses report, CSV or JSON, of any version and in any language.

Columns are told by where they stand: names and identity, state, start, end, duration, the grade
(`Grade/10.00`), then per question one to three columns whose headers end in its number. What is in
the cells is text as Moodle shows it: seen in downloads of Moodle 4.2 and 5.0, and read in its
`qtype_*_question::summarise_response` and `quiz_last_responses_table`.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.errors import RequestError
from grader.quiz.responses.match import Style
from grader.quiz.responses.sheet import NOWHERE, Column, Sheet
from grader.roster import HEADINGS, squeezed
from grader.table import Row, Table

STYLE = Style(name="Moodle", separators=(";",), arrow=" -> ", cut=10, blank="-")
NUMBERED = re.compile(r"(?P<word>[^\d/]*[^\d/.,\s])\s*(?P<number>\d{1,3})")
NUMBER_FIRST = re.compile(r"(?P<number>\d{1,3})\s*[.:]?\s*(?P<word>[^\d/]+)")
GRADE = re.compile(r"[^/]+/\s*(?P<most>\d+(?:[.,]\d+)?)")
JSON_TOTAL = "sumgrades"
JSON_GRADE = re.compile(r"[a-z]+(?P<digits>\d{2,})")
GRADES_REPORT = re.compile(r".*\d+\s*/\s*\d+[.,]\d+")
QUESTION_WORDS = ("question", "frage", "pregunta", "domanda", "vraag", "quest\u00e3o", "fr\u00e5ga")
RIGHT_WORDS = ("right", "richtig", "bonne", "correct", "risposta corr", "juist", "resposta corr")
BEFORE_GRADE = 4  # state, started, completed, duration
NAMES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """The numbered columns of one question."""

    number: int
    places: tuple[int, ...]


def is_moodle(table: Table) -> bool:
    """Return whether a table looks like a responses report."""
    blocks = _blocks(table.head)
    return bool(blocks) and _grade_at(table, blocks) >= 0


def read_moodle(table: Table, knows: Callable[[str], bool]) -> Sheet:
    """Tell the columns apart.

    Args:
        table: The report.
        knows: Whether a text is the text of a question of the quiz.

    Raises:
        RequestError: If it is no responses report.
    """
    blocks = _blocks(table.head)
    if not blocks:
        raise RequestError(f"{table.name}: {_why_not(table)}")
    grade = _grade_at(table, blocks)
    answers = _answers_at(table, blocks, knows)
    kept, notes = _finished(table, grade)
    columns = tuple(
        Column(
            name=table.head[block.places[answers.response]],
            answer=block.places[answers.response],
            text_at=block.places[answers.question] if answers.question >= 0 else NOWHERE,
            order=order,
        )
        for order, block in enumerate(blocks)
    )
    return Sheet(
        source="moodle",
        table=replace(table, rows=kept),
        style=STYLE,
        columns=columns,
        keys=_keys(table, blocks, grade),
        started=grade - 3 if grade >= BEFORE_GRADE else NOWHERE,
        submitted=grade - 2 if grade >= BEFORE_GRADE else NOWHERE,
        score=grade,
        possible=_most_points(table, grade),
        asked=len(columns),
        notes=notes,
    )


def _why_not(table: Table) -> str:
    if any(GRADES_REPORT.fullmatch(name) for name in table.head):
        return "this is Moodle's grades report; download the quiz's 'Responses' report."
    return (
        "this is no responses report of Moodle: no column is numbered like 'Response 1'. "
        "Name the columns: --map 'COLUMN=QUESTION-ID'"
    )


def _blocks(head: Sequence[str]) -> tuple[_Block, ...]:
    """Return the numbered columns at the end of the header, question by question."""
    numbers = [_number(name) for name in head]
    starts = [place for place, number in enumerate(numbers) if number == 1]
    after_grade = [place for place in starts if place and _is_grade(head[place - 1])]
    if not starts:
        return ()
    places: dict[int, list[int]] = {}
    for place in range((after_grade or starts)[0], len(head)):
        places.setdefault(numbers[place], []).append(place)
    found = [_Block(number=number, places=tuple(at)) for number, at in places.items()]
    sizes = {len(block.places) for block in found}
    is_whole = [block.number for block in found] == list(range(1, len(found) + 1))
    return tuple(found) if is_whole and len(sizes) == 1 and max(sizes) <= 3 else ()


def _number(name: str) -> int:
    match = NUMBERED.fullmatch(name.strip()) or NUMBER_FIRST.fullmatch(name.strip())
    return int(match["number"]) if match else 0


def _grade_at(table: Table, blocks: Sequence[_Block]) -> int:
    """Return where the grade stands: it is the last column before the answers."""
    place = blocks[0].places[0] - 1
    return place if place >= 0 and _is_grade(table.head[place]) else NOWHERE


def _is_grade(name: str) -> bool:
    return name == JSON_TOTAL or bool(GRADE.fullmatch(name) or JSON_GRADE.fullmatch(name))


def _most_points(table: Table, place: int) -> float:
    if place < 0:
        return 0.0
    match = GRADE.fullmatch(table.head[place])
    return float(match["most"].replace(",", ".")) if match else _json_most(table, place)


def _json_most(table: Table, place: int) -> float:
    """Read `grade1000`: JSON has no header, only its letters and digits; values tell decimals."""
    match = JSON_GRADE.fullmatch(table.head[place])
    if match is None:
        return 0.0
    cells = (row.cells[place].strip() for row in table.rows)
    graded = [cell for cell in cells if re.fullmatch(r"\d+[.,]\d+", cell)]
    decimals = max((len(re.split("[.,]", cell)[1]) for cell in graded), default=0)
    return float(match["digits"]) / 10.0**decimals


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """Where in a block the question and the response stand."""

    question: int
    response: int


def _answers_at(table: Table, blocks: Sequence[_Block], knows: Callable[[str], bool]) -> _Answers:
    """Tell (question,) response(, right answer) apart: Moodle's order never changes."""
    size = len(blocks[0].places)
    if size == 1:
        return _Answers(question=NOWHERE, response=0)
    if size == 3:
        return _Answers(question=0, response=1)
    heads = [table.head[place].casefold() for place in blocks[0].places]
    if heads[0].startswith(QUESTION_WORDS):
        return _Answers(question=0, response=1)
    if heads[1].startswith(RIGHT_WORDS):
        return _Answers(question=NOWHERE, response=0)
    first = [row.cells[block.places[0]] for row in table.rows[:20] for block in blocks]
    if any(knows(cell) for cell in first):
        return _Answers(question=0, response=1)
    return _Answers(question=NOWHERE, response=0)


def _keys(table: Table, blocks: Sequence[_Block], grade: int) -> tuple[int, ...]:
    """Return the identity columns, the best first; never the names, which stand first."""
    end = grade - BEFORE_GRADE if grade >= BEFORE_GRADE else blocks[0].places[0]
    places = range(min(NAMES, max(0, end - 1)), end)
    return tuple(sorted(places, key=lambda place: _rank(table.head[place])))


def _rank(name: str) -> int:
    if squeezed(name) in HEADINGS["username"]:
        return 1
    return 0 if squeezed(name) in HEADINGS["student_id"] else 2


def _finished(table: Table, grade: int) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Leave out the average at the end, who never began, and attempts that are still open."""
    if grade < BEFORE_GRADE:
        return table.rows, ()
    kept, open_rows = [], []
    for row in table.rows:
        started, ended = (row.cells[grade - back].strip() for back in (3, 2))
        if started in ("", "-"):
            continue  # the average, or somebody without an attempt
        if ended in ("", "-"):
            open_rows.append(row)
        else:
            kept.append(row)
    if not open_rows:
        return tuple(kept), ()
    note = f"{table.place(open_rows[0])}: the attempt is not finished; left out"
    more = f" (and {len(open_rows) - 1} more)" if len(open_rows) > 1 else ""
    return tuple(kept), (note + more,)


def json_table(text: str, name: str) -> Table:
    """Return the JSON download as a table: `[[{...}, ...]]`.

    Raises:
        RequestError: If it is no such download, or has no records.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"{name} is damaged JSON; download it again.") from error
    sheets = data if isinstance(data, list) else []
    records = [record for sheet in sheets if isinstance(sheet, list) for record in sheet]
    if not records and all(isinstance(sheet, list) for sheet in sheets):
        raise RequestError(f"{name} has no rows: there is nobody in it.")
    if not records or not all(isinstance(record, dict) and record for record in records):
        raise RequestError(f"{name} is JSON, and no responses report of Moodle.")
    head = tuple(map(str, records[0]))
    rows = []
    for number, record in enumerate(records, 1):
        if tuple(record) != head:
            raise RequestError(f"{name}: record {number} has other keys than the first.")
        rows.append(Row(line=number, cells=tuple(_cell(value) for value in record.values())))
    return Table(name=name, head=head, rows=tuple(rows))


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
