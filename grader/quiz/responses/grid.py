"""Questions that a source asks in several columns: the rows of a grid in Google Forms."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader.quiz.attempt import Response
from grader.quiz.model import Matching, Ordering, Question
from grader.quiz.responses.match import Fit
from grader.quiz.responses.phrase import Phrases, make_phrases, shapes
from grader.quiz.scoring import is_blank
from grader.text import clean


def part_fit(question: Question, part: str, text: str) -> Fit:
    """Read one row of a grid: the right of a left side, or the place of a step.

    Args:
        question: A matching or an ordering.
        part: The row's own text: a left side, or a step.
        text: What was ticked in it.

    Returns:
        Left id to right id, or step id to its place; `settle` makes an order of all places.
    """
    answer = question.answer
    if not text:
        return Fit(value={})
    if isinstance(answer, Matching):
        left = _named([(entry.left_id, entry.text) for entry in answer.lefts]).find(part)
        right = _named([(entry.right_id, entry.text) for entry in answer.rights]).find(text)
        if left and right:
            return Fit(value={left[0]: right[0]})
    elif isinstance(answer, Ordering):
        step = _named([(entry.step_id, entry.text) for entry in answer.steps]).find(part)
        number = text.rstrip(".").lstrip("0")
        if step and number in _places(answer):
            return Fit(value={step[0]: number})
    shown, row = clean(text, 60), clean(part, 60)
    return Fit(value=shown, reason=f"'{shown}' is no answer to its row '{row}'")


def _named(entries: Sequence[tuple[str, str]]) -> Phrases:
    return make_phrases(
        (level, shape, (name,))
        for name, text in entries
        for level, shape in enumerate(shapes(text))
    )


def _places(answer: Ordering) -> list[str]:
    return [str(number) for number in range(1, len(answer.steps) + 1)]


def joined(old: Response, new: Response) -> Response:
    """Put two rows of a grid together; a row that could not be read wins, and earns nothing."""
    if is_blank(new.value) or isinstance(old.value, str):
        return old
    if is_blank(old.value) or not isinstance(new.value, Mapping):
        return new
    before = old.value if isinstance(old.value, Mapping) else {}
    return replace(new, value={**before, **new.value})


def settle(response: Response, question: Question) -> Response:
    """Turn places of steps into an order; a place that no step or two steps have stays open."""
    answer, value = question.answer, response.value
    if not isinstance(answer, Ordering) or not isinstance(value, Mapping):
        return response
    order = []
    for place in _places(answer):
        steps = [step for step, given in value.items() if given == place]
        order.append(steps[0] if len(steps) == 1 else "")
    return replace(response, value=tuple(order) if value else ())
