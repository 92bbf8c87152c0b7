"""What Canvas can carry, and how it reads numbers."""

import hashlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TypeVar

from grader.quiz.export.package import decimal, repeated
from grader.quiz.export.target import Wish, refuse
from grader.quiz.expression import show_number
from grader.quiz.markup import images_in, to_text
from grader.quiz.model import (
    AcceptedNumber,
    AcceptedText,
    Answer,
    Choice,
    Entry,
    Matching,
    Numeric,
    Ordering,
    Question,
    Right,
    Rule,
    Short,
)
from grader.quiz.scoring import multiple_fraction, normalise_text

Accepted = TypeVar("Accepted", AcceptedNumber, AcceptedText)
ELSEWHERE = "or export to moodle-xml, qti21 or qti3"


def problems(entry: Entry, wish: Wish) -> Iterator[str]:
    """Give what keeps a question from Canvas, a line each; of variants, only the first's."""
    for question in entry.variants:
        reasons = [*_reasons(question), *([] if wish.whole_points else _of_shares(question))]
        found = [str(refuse(question, "Canvas", reason)) for reason in reasons]
        if found:
            yield from found
            return


def _reasons(question: Question) -> Iterator[str]:
    answer = question.answer
    if isinstance(answer, Choice):
        yield from _of_choice(answer)
    elif isinstance(answer, Numeric):
        yield from _of_number(answer)
    elif isinstance(answer, Short):
        yield from _of_text(answer)
    elif isinstance(answer, Matching):
        yield from _of_matching(answer)
    elif isinstance(answer, Ordering):
        yield f"has no ordering in Classic Quizzes; match steps with places instead, {ELSEWHERE}"


def _of_choice(answer: Choice) -> Iterator[str]:
    if repeated(option.option_id for option in answer.options):
        yield "needs options that differ; two are the same"
    if answer.is_multiple and not is_net(answer):
        yield (
            f"scores ticked options by 'net' only, not by '{answer.rule.value}'; "
            f"write {{scoring=net}}, {ELSEWHERE}"
        )


def is_net(answer: Choice) -> bool:
    """Return whether a rule gives for this question what `net` gives, whatever is ticked."""
    right, wrong = len(answer.right), len(answer.wrong)

    def fraction(rule: Rule, hits: int, slips: int) -> float:
        return multiple_fraction(rule, right, wrong, hits, slips)

    return all(
        abs(fraction(answer.rule, hits, slips) - fraction(Rule.NET, hits, slips)) < 1e-9
        for hits in range(right + 1)
        for slips in range(wrong + 1)
    )


def _of_number(answer: Numeric) -> Iterator[str]:
    for index, key in enumerate(answer.accepted):
        for before in answer.accepted[:index]:
            gap = abs(before.value - key.value)
            if before.share < key.share == 1 and gap <= before.tolerance + key.tolerance:
                yield (
                    f"would give all points for {show_number(before.value)}, which is within the "
                    f"tolerance of {show_number(key.value)}; put the key first, or make it smaller"
                )


def _of_text(answer: Short) -> Iterator[str]:
    if repeated(normalise_text(accepted.text) for accepted in answer.accepted):
        yield "needs answers that differ; two are the same but for case and spaces"


def _of_shares(question: Question) -> Iterator[str]:
    answer = question.answer
    shares: list[tuple[str, float]] = []
    if isinstance(answer, Numeric):
        shares = [(show_number(accepted.value), accepted.share) for accepted in answer.accepted]
    elif isinstance(answer, Short):
        shares = [(f"'{accepted.text}'", accepted.share) for accepted in answer.accepted]
    parts = [f"{what} earns {100 * share:g} %" for what, share in shares if 0 < share < 1]
    if parts:
        yield (
            f"knows no part of the points for a number or a text ({', '.join(parts)}); "
            f"--whole-points gives none for it, or write (0%) there, {ELSEWHERE}"
        )


def _of_matching(answer: Matching) -> Iterator[str]:
    if any(images_in(right.text) for right in answer.rights):
        yield f"shows the right side in a menu, without images; put them on the left, {ELSEWHERE}"
    elif repeated(menu_text(right) for right in answer.rights):
        yield "shows the right side in a menu of plain text, in which two entries are the same"
    if repeated(left.left_id for left in answer.lefts):
        yield "needs rows that differ; two left sides are the same"


def menu_text(right: Right) -> str:
    """Return the right side of a matching as Canvas shows it: a line of plain text."""
    return " ".join(to_text(right.text).split())


def is_true_false(answer: Answer) -> bool:
    """Return whether a choice is Canvas' own true/false question."""
    if not isinstance(answer, Choice) or answer.is_multiple:
        return False
    return sorted(normalise_text(option.text) for option in answer.options) == ["false", "true"]


def keys(accepted: Sequence[Accepted]) -> tuple[Accepted, ...]:
    """Return the answers that earn all points."""
    return tuple(answer for answer in accepted if answer.share == 1)


def numbers(ids: Sequence[str]) -> dict[str, str]:
    """Return for each id a whole number that Canvas can keep; the same wherever the id stands."""
    found: dict[str, str] = {}
    taken: set[int] = set()
    for one in sorted(ids):
        number = int.from_bytes(hashlib.sha256(one.encode()).digest()[:3]) + 1
        while number in taken:
            number += 1
        taken.add(number)
        found[one] = str(number)
    return found


def bounds(key: AcceptedNumber) -> tuple[Decimal, Decimal, Decimal]:
    """Return the least number that is accepted, the key, and the greatest."""
    value, tolerance = Decimal(decimal(key.value)), Decimal(decimal(key.tolerance))
    return value - tolerance, value, value + tolerance


def is_read_as_digits(low: Decimal, exact: Decimal, high: Decimal) -> bool:
    """Return whether Canvas would take a margin for a number of significant digits.

    It does if the margin is 5, 0.5, 0.05 ...; 0.96 is then wrong for a key of 1.0 +- 0.05.
    Source: instructure/canvas-lms, qti_exporter, numeric_interaction.rb, get_canvas_answers.
    """
    ends = [f"{bound:f}".replace("0", "").replace(".", "").endswith("5") for bound in (low, high)]
    digits = (high - low).normalize().as_tuple().digits
    return all(ends) and digits == (1,) and exact - low == high - exact
