"""Matchings and orderings, row by row: what is right, and what stands there instead."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan

from grader.quiz.attempt import MarkedResponse
from grader.quiz.model import Matching, Ordering


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A row of a matching or a step of an ordering.

    Attributes:
        place: Of a step, from 1; 0 of a row of a matching.
        share: Students who have it right.
        wrong: What the others put there most often; empty if nobody erred.
        wrong_share: Students who did, of all.
    """

    label: str
    share: float
    wrong: str = ""
    wrong_share: float = 0.0
    place: int = 0


def parts(answers: Sequence[MarkedResponse]) -> tuple[Part, ...]:
    """Return the rows of a matching or the steps of an ordering, in the first variant's words."""
    first = min((answer.question for answer in answers), key=lambda question: question.variant)
    made = first.answer
    if isinstance(made, Matching):
        texts: Mapping[str, str] = {right.right_id: right.text for right in made.rights}
        return tuple(
            _part(
                left.text, left.right_id, [_cell(answer, left.left_id) for answer in answers], texts
            )
            for left in made.lefts
        )
    if isinstance(made, Ordering):
        texts = {step.step_id: step.text for step in made.steps}
        rows = (
            _part(step.text, step.step_id, [_at(answer, place) for answer in answers], texts)
            for place, step in enumerate(made.steps)
        )
        return tuple(replace(row, place=place) for place, row in enumerate(rows, 1))
    return ()


def _cell(answer: MarkedResponse, left_id: str) -> str:
    value = answer.response.value
    return str(value.get(left_id, "")) if isinstance(value, Mapping) else ""


def _at(answer: MarkedResponse, place: int) -> str:
    value = answer.response.value
    return value[place] if isinstance(value, tuple) and place < len(value) else ""


def _part(label: str, right: str, given: Sequence[str], texts: Mapping[str, str]) -> Part:
    wrong = Counter(key for key in given if key != right and key in texts)
    most = min(wrong.items(), key=lambda pair: (-pair[1], pair[0]), default=("", 0))
    return Part(
        label=label,
        share=sum(key == right for key in given) / len(given) if given else nan,
        wrong=texts.get(most[0], ""),
        wrong_share=most[1] / len(given) if given else 0.0,
    )
