"""Writes a quiz as CSV for spreadsheets and scripts: one row an option or accepted answer.

A text that a spreadsheet would compute gets an apostrophe before it; JSON has texts as they are.
"""

import re
from collections.abc import Iterator

from grader.quiz.export.target import Wish
from grader.quiz.export.xml import legal
from grader.quiz.model import AcceptedNumber, Choice, Matching, Numeric, Question, Quiz, Short
from grader.table import csv_text
from grader.text import inert

ANSWER_FIELDS = ("answer_id", "answer", "share", "tolerance", "match", "feedback", "misconception")
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


def write(quiz: Quiz, wish: Wish) -> bytes:
    """Return the quiz as a file: UTF-8, LF, a comma between fields, a decimal point in numbers."""
    keys = [*_head(quiz, quiz.entries[0].first), *ANSWER_FIELDS]
    rows = [
        [_safe(row.get(key, "")) for key in keys]
        for question in quiz.questions()
        for row in (_head(quiz, question) | answer for answer in _answers(question))
    ]
    return csv_text([keys, *rows]).encode()


def _safe(text: str) -> str:
    r"""Return a text that no spreadsheet takes for a formula; numbers stay numbers."""
    cleaned = legal(text)
    return cleaned if NUMBER.fullmatch(cleaned) else inert(cleaned)


def _head(quiz: Quiz, question: Question) -> dict[str, str]:
    answer = question.answer
    is_multiple = isinstance(answer, Choice) and answer.is_multiple
    return {
        "quiz": quiz.quiz_id,
        "question": question.question_id,
        "variant": str(question.variant),
        "kind": question.kind,
        "scoring": answer.rule.value if isinstance(answer, Choice) and is_multiple else "",
        "points": str(question.points),
        "title": question.title,
        "stem": question.stem,
        "explanation": question.explanation,
        "tags": " ".join(question.tags),
        "pair": question.pair,
        "values": " ".join(f"{name}={value!r}" for name, value in question.values.items()),
    }


def _answers(question: Question) -> Iterator[dict[str, str]]:
    answer = question.answer
    if isinstance(answer, Choice):
        for option in answer.options:
            row = _row(option.option_id, option.text, float(option.is_right))
            yield row | {"feedback": option.feedback, "misconception": option.misconception}
    elif isinstance(answer, Numeric | Short):
        yield from _accepted(answer)
    elif isinstance(answer, Matching):
        yield from _pairs(answer)
    else:
        for place, step in enumerate(answer.steps, 1):
            yield _row(step.step_id, step.text, 1.0) | {"match": str(place)}


def _accepted(answer: Numeric | Short) -> Iterator[dict[str, str]]:
    for accepted in answer.accepted:
        text, tolerance = "", ""
        if isinstance(accepted, AcceptedNumber):
            text, tolerance = repr(accepted.value), repr(accepted.tolerance)
        else:
            text = accepted.text
        yield _row("", text, accepted.share) | {
            "tolerance": tolerance,
            "feedback": accepted.feedback,
            "misconception": accepted.misconception,
        }


def _row(answer_id: str, text: str, share: float) -> dict[str, str]:
    return {"answer_id": answer_id, "answer": text, "share": f"{share:.7g}"}


def _pairs(answer: Matching) -> Iterator[dict[str, str]]:
    """Give each left with its right; a right that belongs to nothing has no left."""
    texts = {right.right_id: right.text for right in answer.rights}
    for left in answer.lefts:
        yield _row(left.left_id, left.text, 1.0) | {"match": texts[left.right_id]}
    used = {left.right_id for left in answer.lefts}
    for right_id, text in texts.items():
        if right_id not in used:
            yield _row(right_id, "", 0.0) | {"match": text}
