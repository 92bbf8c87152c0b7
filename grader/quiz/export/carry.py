"""What exporters share: refusals are collected, rules become weights, numbers are exact."""

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from grader.errors import ContentError
from grader.quiz.export.target import refuse
from grader.quiz.export.xml import legal
from grader.quiz.model import AcceptedNumber, AcceptedText, Choice, Question, Quiz, Rule, Short
from grader.quiz.scoring import multiple_fraction

Made = TypeVar("Made")
CLOSE = 1e-9  # two fractions nearer than this are the same


def convert(quiz: Quiz, make: Callable[[Question], Made]) -> list[list[Made]]:
    """Make something of every variant of every question.

    Returns:
        For each place of the quiz what its variants became.

    Raises:
        ContentError: Everything that was refused, a line each; of a question with several variants
            the first.
    """
    made: list[list[Made]] = []
    refusals: list[str] = []
    for entry in quiz.entries:
        group: list[Made] = []
        try:
            for question in entry.variants:
                group.append(make(question))  # noqa: PERF401  the last one tried is named below
        except ContentError as error:
            refusals.append(_named(entry.variants[len(group)], str(error)))
        made.append(group)
    if refusals:
        raise ContentError("\n".join(refusals))
    return made


def _named(question: Question, message: str) -> str:
    """Name the question in what was raised by something that does not know it, such as an image."""
    name = question.variant_id
    return message if message.startswith(name) else f"{name} (line {question.line}): {message}"


def hold_choice(question: Question, answer: Choice, target: str) -> None:
    """Refuse a choice that can be won by nobody, or by everybody.

    Raises:
        ContentError: If it has fewer than two options or not as many right ones as it should.
    """
    if len(answer.options) < 2:
        raise refuse(question, target, "wants at least two options; add one")
    if not answer.right:
        raise refuse(question, target, "wants a right option; mark it with [x]")
    if not answer.is_multiple and len(answer.right) > 1:
        raise refuse(
            question, target, "wants one right option of a single choice; write {type=multiple}"
        )


def hold_texts(question: Question, texts: Sequence[str], target: str, what: str) -> None:
    """Refuse texts that are empty or there twice: they vanish, or answers cannot be told apart.

    Raises:
        ContentError: Naming the text.
    """
    for text in texts:
        if not text.strip():
            raise refuse(question, target, f"drops {what} without a text; write one")
        if texts.count(text) > 1:
            shown = text if len(text) <= 40 else f"{text[:40]}…"
            raise refuse(question, target, f"cannot tell two equal {what}s apart: '{shown}'")


def hold_full_share(
    question: Question, accepted: Sequence[AcceptedNumber | AcceptedText], target: str
) -> None:
    """Refuse answers of which none earns all points.

    Raises:
        ContentError: Nobody could win the question.
    """
    if not any(answer.share == 1 for answer in accepted):
        raise refuse(question, target, "wants an answer that earns all points; take its (..%) off")


def hold_typed(question: Question, answer: Short, target: str) -> None:
    """Refuse short answers that nobody could win or type, or that are there twice.

    Raises:
        ContentError: Naming the text.
    """
    hold_full_share(question, answer.accepted, target)
    texts = [accepted.text for accepted in answer.accepted]
    hold_texts(question, texts, target, "answer")
    for text in texts:
        if legal(text) != text or "\n" in text:
            raise refuse(question, target, f"cannot carry the control character in {text!r}")


def option_weights(answer: Choice) -> tuple[float, float] | None:
    """Return what a tick on a right and on a wrong option adds, if that is all a rule does.

    The sum, cut off at 0 and 1, is then the fraction for every set of ticks.

    Returns:
        The two weights, or None for a rule that is no such sum.
    """
    right, wrong = len(answer.right), len(answer.wrong)
    add = 1 / right
    subtract = multiple_fraction(answer.rule, right, wrong, right, 1) - 1 if wrong else 0.0

    def total(hits: int, slips: int) -> float:
        return min(1.0, max(0.0, hits * add + slips * subtract))

    return (add, subtract) if _agrees(answer, total) else None


def same_as(answer: Choice, rule: Rule) -> bool:
    """Return whether another rule gives the same for every set of ticks on these options."""
    counts = len(answer.right), len(answer.wrong)
    return _agrees(answer, lambda hits, slips: multiple_fraction(rule, *counts, hits, slips))


def _agrees(answer: Choice, fraction: Callable[[int, int], float]) -> bool:
    right, wrong = len(answer.right), len(answer.wrong)
    return all(
        abs(fraction(hits, slips) - multiple_fraction(answer.rule, right, wrong, hits, slips))
        < CLOSE
        for hits in range(right + 1)
        for slips in range(wrong + 1)
    )


def decimal(question: Question, value: float, target: str) -> str:
    """Write a number with a decimal point: no exponent, comma or percent sign; exact.

    Raises:
        ContentError: If it is not finite.
    """
    if not math.isfinite(value):
        raise refuse(question, target, f"cannot carry the number {value}; correct the answer")
    text = format(Decimal(repr(float(value))), "f")
    return text.removesuffix(".0") if text != "-0.0" else "0"
