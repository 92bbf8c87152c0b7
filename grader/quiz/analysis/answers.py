"""What was chosen and typed: a row for each option, known mistake, other answer, and blank."""

import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.quiz.analysis.items import Array, Interval, correlation, correlation_interval
from grader.quiz.attempt import MarkedResponse
from grader.quiz.model import (
    AcceptedNumber,
    AcceptedText,
    Choice,
    Matching,
    Numeric,
    Ordering,
    Question,
    Short,
)
from grader.quiz.scoring import mark, normalise_text, read_number
from grader.text import clean

FUNCTIONAL = 0.05  # share below which a distractor is dead
TYPED_SHARE = 0.1  # of those who saw the variant; below, a wrong number is a slip
TYPED_NUMBERS, TYPED_WORDS = 3, 5  # students who typed it; words could tell who typed them
OTHER, BLANK, UNREADABLE = "other", "blank", "unreadable"
LONGEST_TEXT = 60
LARGEST_WHOLE = 1e12
FEW_TYPED = 3  # of the most frequent wrong answers are shown


class Kind(enum.Enum):
    """What a row of the table is about."""

    KEY = "key"
    DISTRACTOR = "distractor"  # an option that students see
    MISTAKE = "mistake"  # a wrong answer the author listed; students do not see it
    OTHER = "other"  # any other wrong answer
    BLANK = "blank"  # nothing was answered: not the same as wrong


class Verdict(enum.Enum):
    """What a distractor does."""

    WORKS = "works"  # enough choose it, and rather the weak
    DEAD = "dead"  # hardly anybody chooses it
    MISLEADS = "misleads"  # rather the strong choose it, by more than chance
    UNCLEAR = "unclear"  # enough choose it, and not rather the weak
    NONE = ""  # no distractor


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """An answer, and who gave it.

    Attributes:
        label: Markdown of the option; what was typed, of the first variant.
        count: Students who gave it; several options may be ticked by one student.
        share: Of all students.
        rest: Correlation of giving it with the rest score.
        upper, lower: Shares in the upper and in the lower group.
    """

    label: str
    kind: Kind
    count: int
    share: float
    rest: float
    interval: Interval
    upper: float
    lower: float
    misconception: str = ""

    @property
    def verdict(self) -> Verdict:
        """Whether a distractor functions: at least 5 % choose it, and rather weak students."""
        if self.kind is not Kind.DISTRACTOR:
            return Verdict.NONE
        if self.share < FUNCTIONAL:
            return Verdict.DEAD
        if self.rest < 0:
            return Verdict.WORKS
        return Verdict.MISLEADS if self.interval.low > 0 else Verdict.UNCLEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A wrong answer that several typed and that the author has not listed.

    Attributes:
        question: The variant.
        seen: Students who saw the variant.
    """

    question: Question
    text: str
    count: int
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who the students are, for the answers to one item.

    Attributes:
        rest: Points on all other items, (students,).
        upper, lower: Weights of the groups, (students,), each summing to 1.
    """

    rest: Array
    upper: Array
    lower: Array


def answer_rows(answers: Sequence[MarkedResponse], company: Company) -> tuple[AnswerRow, ...]:
    """Return what was answered; nothing for matchings and orderings, which have parts.

    Args:
        answers: To one item, of all students; several variants may be among them.
        company: The same students in the same order.
    """
    first = min((answer.question for answer in answers), key=lambda question: question.variant)
    if isinstance(first.answer, Matching | Ordering):
        return ()
    given = [_given(answer) for answer in answers]
    named = _named(first)
    rows = [
        _row(label, kind, misconception, np.array([key in g for g in given], float), company)
        for key, label, kind, misconception in named
    ]
    seldom = {BLANK, OTHER, UNREADABLE}
    return tuple(r for r, name in zip(rows, named, strict=True) if r.count or name[0] not in seldom)


def _row(label: str, kind: Kind, misconception: str, chosen: Array, company: Company) -> AnswerRow:
    rest = correlation(chosen, company.rest)
    return AnswerRow(
        label=label,
        kind=kind,
        count=int(chosen.sum()),
        share=float(chosen.mean()),
        rest=rest,
        interval=correlation_interval(rest, len(chosen)),
        upper=float(chosen @ company.upper),
        lower=float(chosen @ company.lower),
        misconception=misconception,
    )


def _named(question: Question) -> list[tuple[str, str, Kind, str]]:
    """Return key, label, kind and misconception of each row, in the author's order."""
    answer = question.answer
    rows: list[tuple[str, str, Kind, str]] = []
    if isinstance(answer, Choice):
        for option in answer.options:
            kind = Kind.KEY if option.is_right else Kind.DISTRACTOR
            rows.append((option.option_id, option.text, kind, option.misconception))
        rows.append(
            (OTHER, "an option that this version of the file does not have", Kind.OTHER, "")
        )
    elif isinstance(answer, Numeric | Short):
        for number, accepted in enumerate(_accepted(answer)):
            kind = Kind.MISTAKE if accepted.misconception or accepted.share < 1 else Kind.KEY
            rows.append((str(number), _label(accepted), kind, accepted.misconception))
        if isinstance(answer, Numeric):
            rows.append((UNREADABLE, "something that is no number", Kind.OTHER, ""))
        rows.append((OTHER, "another answer", Kind.OTHER, ""))
    rows.append((BLANK, "no answer", Kind.BLANK, ""))
    return rows


def _accepted(answer: Numeric | Short) -> tuple[AcceptedNumber | AcceptedText, ...]:
    return answer.accepted


def _label(accepted: AcceptedNumber | AcceptedText) -> str:
    return number_text(accepted.value) if isinstance(accepted, AcceptedNumber) else accepted.text


def number_text(number: float) -> str:
    """Return a number as one writes it: whole numbers in full, others with six digits."""
    is_whole = number.is_integer() and abs(number) < LARGEST_WHOLE
    return (f"{number:.0f}" if is_whole else f"{number:.6g}").replace("-", "\u2212")


def _given(answer: MarkedResponse) -> frozenset[str]:
    """Return the keys of the rows that a response counts for."""
    if answer.mark.is_blank:
        return frozenset({BLANK})
    made, value = answer.question.answer, answer.response.value
    if isinstance(made, Choice):
        known = {option.option_id for option in made.options}
        ticked = frozenset(value) if isinstance(value, tuple) else frozenset({OTHER})
        return frozenset(key if key in known else OTHER for key in ticked)
    if isinstance(made, Numeric | Short):
        place = _place(answer.question, value if isinstance(value, str) else "")
        if place >= 0:
            return frozenset({str(place)})
        is_number = isinstance(made, Short) or read_number(str(value)) is not None
        return frozenset({OTHER if is_number else UNREADABLE})
    return frozenset()


def _place(question: Question, typed: str) -> int:
    """Return which of the listed answers was typed; -1 if none was. The scorer decides."""
    made = question.answer
    if not isinstance(made, Numeric | Short):
        return -1
    for number, accepted in enumerate(_accepted(made)):
        alone = replace(question, answer=_only(accepted))
        if mark(alone, typed).fraction == 1.0:
            return number
    return -1


def _only(accepted: AcceptedNumber | AcceptedText) -> Numeric | Short:
    """Return an answer that accepts this and nothing else, for all points."""
    if isinstance(accepted, AcceptedNumber):
        return Numeric(accepted=(replace(accepted, share=1.0),))
    return Short(accepted=(replace(accepted, share=1.0),))


def typed_wrong(answers: Sequence[MarkedResponse]) -> tuple[Typed, ...]:
    """Return the most frequent wrong answers that the author has not listed, variant by variant.

    Only those of several students: a rare text could tell who typed it.
    """
    variants: dict[int, list[MarkedResponse]] = {}
    for answer in answers:
        variants.setdefault(answer.question.variant, []).append(answer)
    found: list[Typed] = []
    for seen in variants.values():
        question = seen[0].question
        if not isinstance(question.answer, Numeric | Short):
            continue
        fewest = TYPED_NUMBERS if isinstance(question.answer, Numeric) else TYPED_WORDS
        texts = Counter(filter(None, map(_other_text, seen)))
        found += [
            Typed(question=question, text=text, count=count, seen=len(seen))
            for text, count in texts.items()
            if count >= max(fewest, TYPED_SHARE * len(seen))
        ]
    found.sort(key=lambda typed: (-typed.count, typed.question.variant, typed.text))
    return tuple(found[:FEW_TYPED])


def _other_text(answer: MarkedResponse) -> str:
    """Return a wrong answer that is not listed, written in one way; empty if it is listed."""
    value = answer.response.value
    if answer.mark.is_blank or not isinstance(value, str) or _place(answer.question, value) >= 0:
        return ""
    if isinstance(answer.question.answer, Short):
        return clean(normalise_text(value), LONGEST_TEXT)
    number = read_number(value)
    return "" if number is None else number_text(number)
