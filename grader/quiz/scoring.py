"""What a response earns. The one place that knows the rules.

Sources: PrairieLearn's documentation of pl-checkbox and pl-order-blocks for the names; Moodle's and
Canvas' own behaviour for `net`.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from grader.quiz.model import (
    Choice,
    Matching,
    Numeric,
    Ordering,
    Question,
    Rule,
    Short,
    Value,
)

SPACES = re.compile(r"[\s\u00a0\u2009\u202f']+")
THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one response earned.

    Attributes:
        fraction: In [0, 1].
        is_blank: Whether nothing was answered: not the same as a wrong answer.
        feedback: The author's words to what was chosen or typed.
        misconceptions: Names of the mistakes that the response shows.
    """

    fraction: float
    is_blank: bool = False
    feedback: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()


def mark(question: Question, value: Value) -> Mark:
    """Score one response.

    Args:
        question: The variant that was answered.
        value: What was answered; ids that the question does not have count as wrong.
    """
    if is_blank(value):
        return Mark(fraction=_of_blank(question), is_blank=True)
    answer = question.answer
    if isinstance(answer, Choice) and isinstance(value, tuple):
        return _mark_choice(answer, frozenset(value))
    if isinstance(answer, Numeric) and isinstance(value, str):
        return _mark_numeric(answer, value)
    if isinstance(answer, Short) and isinstance(value, str):
        return _mark_short(answer, value)
    if isinstance(answer, Matching) and isinstance(value, Mapping):
        right = sum(value.get(left.left_id) == left.right_id for left in answer.lefts)
        return Mark(fraction=right / len(answer.lefts))
    if isinstance(answer, Ordering) and isinstance(value, tuple):
        pairs = zip(answer.steps, value, strict=False)
        return Mark(fraction=sum(s.step_id == v for s, v in pairs) / len(answer.steps))
    return Mark(fraction=0.0)  # of another type: an edited question, or a forged file


def is_blank(value: Value) -> bool:
    """Return whether nothing was answered."""
    if isinstance(value, str):
        return not value.strip()
    return not (any(value.values()) if isinstance(value, Mapping) else value)


def _of_blank(question: Question) -> float:
    answer = question.answer
    if isinstance(answer, Choice) and answer.is_multiple:
        return multiple_fraction(answer.rule, len(answer.right), len(answer.wrong), 0, 0)
    return 0.0


def _mark_choice(answer: Choice, ticked: frozenset[str]) -> Mark:
    chosen = [option for option in answer.options if option.option_id in ticked]
    unknown = len(ticked) - len(chosen)
    right = sum(option.is_right for option in chosen)
    if answer.is_multiple:
        wrong = len(chosen) - right + unknown
        counts = (len(answer.right), len(answer.wrong))
        fraction = multiple_fraction(answer.rule, *counts, right, min(wrong, counts[1]))
    else:
        fraction = float(right == 1 and len(ticked) == 1)
    return Mark(
        fraction=fraction,
        feedback=tuple(option.feedback for option in chosen if option.feedback),
        misconceptions=tuple(o.misconception for o in chosen if o.misconception),
    )


def multiple_fraction(rule: Rule, right: int, wrong: int, hits: int, slips: int) -> float:
    """Apply a rule for questions with several right options.

    Args:
        rule: See model.Rule.
        right: Right options, c; at least one.
        wrong: Wrong options, w.
        hits: Right options that were ticked, t.
        slips: Wrong options that were ticked, f.
    """
    if rule is Rule.ALL:
        return float(hits == right and slips == 0)
    if rule is Rule.NET:
        return max(0.0, (hits - slips) / right)
    if rule is Rule.BALANCED:
        return max(0.0, hits / right - (slips / wrong if wrong else 0.0))
    if rule is Rule.EACH:
        return 1.0 - (right - hits + slips) / (right + wrong)
    return hits / right * hits / (hits + slips) if hits else 0.0


def _mark_numeric(answer: Numeric, typed: str) -> Mark:
    marks = [_mark_number(answer, number) for number in readings(typed)]
    return max(marks, key=lambda found: found.fraction, default=Mark(fraction=0.0))


def readings(typed: str) -> list[float]:
    """Return what a typed number may mean: 2,303 is 2303 here and 2.303 elsewhere; or nothing."""
    number = read_number(typed)
    if number is None:
        return []
    plain = SPACES.sub("", typed)
    is_ambiguous = THOUSANDS.fullmatch(plain) and plain.count(",") == 1 and "." not in plain
    return [number, float(plain.replace(",", "."))] if is_ambiguous else [number]


def _mark_number(answer: Numeric, number: float) -> Mark:
    for accepted in answer.accepted:
        slack = 4 * math.ulp(max(abs(accepted.value), accepted.tolerance))  # 0.3 - 0.2 is not 0.1
        if abs(number - accepted.value) <= accepted.tolerance + slack:
            return Mark(
                fraction=accepted.share,
                feedback=(accepted.feedback,) if accepted.feedback else (),
                misconceptions=(accepted.misconception,) if accepted.misconception else (),
            )
    return Mark(fraction=0.0)


def read_number(typed: str) -> float | None:
    """Read a number as people type it: `1792`, `1 792`, `1,792`, `0,622`, `1.5e6`, `3 x 10^4`.

    A comma before groups of three digits separates thousands, unless the number begins with a
    zero; any other single comma is a decimal comma; a percent sign is dropped. What was read is
    shown to the student. `2,303` is scored as 2303 or 2.303, whichever is right.

    Returns:
        The number, or None if it is none or not finite.
    """
    text = SPACES.sub("", typed).replace("\u2212", "-").replace("\u00d7", "x")
    text = re.sub(r"(?<=\d)[x*]10(\^|\*\*)(?=[-+]?\d)", "e", text)
    text = re.sub(r"^([-+]?)10(\^|\*\*)(?=[-+]?\d)", r"\g<1>1e", text)
    text = text.removesuffix("%")
    if THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if not NUMBER.fullmatch(text) or len(text) > 40:
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def _mark_short(answer: Short, typed: str) -> Mark:
    plain = normalise_text(typed)
    for accepted in answer.accepted:
        if normalise_text(accepted.text) == plain:
            return Mark(
                fraction=accepted.share,
                feedback=(accepted.feedback,) if accepted.feedback else (),
                misconceptions=(accepted.misconception,) if accepted.misconception else (),
            )
    return Mark(fraction=0.0)


def normalise_text(text: str) -> str:
    """Return a text without what does not count: case, spaces around it and runs of spaces."""
    return " ".join(text.split()).casefold()
