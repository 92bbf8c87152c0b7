"""What a form says, held against what was asked and what is saved already. Pure functions.

Fields of the question at place 3: `q3`; `q3.<left id>` of a matching; `q3.1`, `q3.2`, ... of an
ordering; and `was3`: the answer that the page showed when it was sent. An answer counts as changed
if it differs from that, so a page that came up empty, or an old one in a second window, replaces
nothing; one that was emptied on purpose does.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from grader.quiz.model import Value
from grader.quiz.paper import PaperQuestion
from grader.quiz.scoring import is_blank, readings
from grader.quiz.typed import shown_number
from grader.text import clean

Form = Mapping[str, Sequence[str]]
LONGEST = 200  # characters of a typed answer
OTHER_FIELDS = frozenset({"do"})


class ForgedError(Exception):
    """A form that our page cannot have sent."""


def blank_of(question: PaperQuestion) -> Value:
    """Return the answer of who has not answered."""
    if question.kind in ("numeric", "short"):
        return ""
    return {} if question.kind == "matching" else ()


def canonical(value: Value) -> str:
    """Return an answer as text: equal answers, equal texts."""
    plain = value if isinstance(value, str | Mapping) else list(value)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_canonical(text: str) -> Value:
    """Return the answer that a text stands for.

    Raises:
        ValueError: If it stands for none.
    """
    raw: Any = json.loads(text)
    if isinstance(raw, str):
        return raw
    if isinstance(raw, list) and all(isinstance(entry, str) for entry in raw):
        return tuple(raw)
    if isinstance(raw, dict) and all(isinstance(entry, str) for entry in raw.values()):
        return raw
    raise ValueError("not an answer")


def changes(questions: Sequence[PaperQuestion], form: Form) -> dict[str, Value]:
    """Return what a form changes, by question id.

    Args:
        questions: The student's own, in the order in which they are shown.
        form: The fields of all questions, or of some.

    Raises:
        ForgedError: If it has fields or ids that the page does not have.
    """
    names = {field for place, q in enumerate(questions, 1) for field in fields_of(q, place)}
    if not form.keys() <= names | OTHER_FIELDS:
        raise ForgedError("unknown field")
    changed = {}
    for place, question in enumerate(questions, 1):
        if not any(field in form for field in fields_of(question, place)):
            continue
        value = _read(question, place, form)
        if canonical(value) != _single(form, f"was{place}", canonical(blank_of(question))):
            changed[question.question_id] = value
    return changed


def fields_of(question: PaperQuestion, place: int) -> tuple[str, ...]:
    """Return the names of a question's fields."""
    if question.kind == "matching":
        own = tuple(f"q{place}.{left.left_id}" for left in question.lefts)
    elif question.kind == "ordering":
        own = tuple(f"q{place}.{number}" for number in range(1, len(question.options) + 1))
    else:
        own = (f"q{place}",)
    return (*own, f"was{place}")


def _single(form: Form, field: str, default: str = "") -> str:
    found = form.get(field, (default,))
    if len(found) != 1:
        raise ForgedError("field twice")
    return found[0]


def _read(question: PaperQuestion, place: int, form: Form) -> Value:
    if question.kind in ("numeric", "short"):
        return _typed(_single(form, f"q{place}"))
    if question.kind == "matching":
        return _read_matching(question, place, form)
    if question.kind == "ordering":
        fields = fields_of(question, place)[:-1]
        steps = tuple(_known(question, _single(form, field)) for field in fields)
        return steps if any(steps) else ()
    ticked = {_known(question, entry) for entry in form.get(f"q{place}", ())} - {""}
    if question.kind == "single" and len(ticked) > 1:
        raise ForgedError("two options of one")
    return tuple(option.option_id for option in question.options if option.option_id in ticked)


def _read_matching(question: PaperQuestion, place: int, form: Form) -> Value:
    pairs = {
        left.left_id: _known(question, _single(form, f"q{place}.{left.left_id}"))
        for left in question.lefts
    }
    return {left: right for left, right in pairs.items() if right}


def _known(question: PaperQuestion, option_id: str) -> str:
    if option_id and option_id not in {option.option_id for option in question.options}:
        raise ForgedError("unknown option")
    return option_id


def _typed(text: str) -> str:
    if len(text) > LONGEST:
        raise ForgedError("too long")
    return " ".join(clean(text, LONGEST).split())


def read_as(question: PaperQuestion, value: Value) -> str:
    """Say how a typed number was understood; empty for other questions and without an answer."""
    if question.kind != "numeric" or not isinstance(value, str) or is_blank(value):
        return ""
    shown = shown_number(question, value)
    if not shown:
        return "This is not read as a number."
    if question.is_integer and not readings(value)[0].is_integer():
        return f"Read as {shown}; a whole number is asked for."
    return f"Read as {shown}."
