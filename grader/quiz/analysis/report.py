"""What one quiz shows, put together: as much as the number of students allows."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import nan

import numpy as np

from grader.quiz.analysis import items
from grader.quiz.analysis.answers import AnswerRow, Company, Typed, answer_rows, typed_wrong
from grader.quiz.analysis.data import Table
from grader.quiz.analysis.items import Array, Interval
from grader.quiz.analysis.parts import Part, parts
from grader.quiz.attempt import MarkedResponse
from grader.quiz.model import Question, Quiz

GOAL = 0.8  # alpha from which a score may decide something about one student


class Level(enum.Enum):
    """How much may be shown."""

    NOTHING = "nothing"  # fewer than 5 students: it would be about persons
    FACILITY = "facility"  # fewer than 20: a correlation would be noise
    ALL = "all"

    @staticmethod
    def of(count: int) -> "Level":
        """Return the level of a number of students."""
        if count < items.FEWEST:
            return Level.NOTHING
        return Level.FACILITY if count < items.ENOUGH else Level.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantReport:
    """How difficult one variant of a question is; `facility` is NaN for fewer than 5 students."""

    question: Question
    count: int
    facility: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReport:
    """One question; its variants are pooled. What may not be shown is NaN or empty.

    Attributes:
        number: Its place in the quiz, from 1.
        question: Its first variant.
        facility: Mean share of the points.
        rest: Correlation with the points on all other questions.
        upper_lower: D, facility of the upper 27 % less that of the lower.
        alpha_without: The test's alpha if this question were taken out.
        blank: Share of the students who left it blank.
        are_unequal: Whether the variants differ in difficulty by more than chance.
    """

    number: int
    question: Question
    facility: float
    interval: Interval
    blank: float
    rest: float = nan
    rest_interval: Interval = field(default_factory=Interval)
    upper_lower: float = nan
    alpha_without: float = nan
    variants: tuple[VariantReport, ...] = ()
    are_unequal: bool = False
    answers: tuple[AnswerRow, ...] = ()
    parts: tuple[Part, ...] = ()
    typed: tuple[Typed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizReport:
    """One quiz.

    Attributes:
        count: Students.
        mean, sd: Of the scores, percent.
        scores: Students with a score in [0, 10) %, [10, 20) % ... [90, 100] %; empty if few.
        alpha: Cronbach's; equal to KR-20 if `is_kr20`.
        error: Standard error of one student's score, percent points.
        length: How many times as long the test must be for an alpha of 0.8.
        many_blank: Share of the students who left two questions or more without an answer.
    """

    quiz: Quiz
    table: Table
    count: int
    level: Level
    mean: float = nan
    sd: float = nan
    scores: tuple[int, ...] = ()
    alpha: float = nan
    alpha_interval: Interval = field(default_factory=Interval)
    is_kr20: bool = False
    error: float = nan
    length: float = nan
    many_blank: float = nan
    items: tuple[ItemReport, ...] = ()


def report(table: Table) -> QuizReport:
    """Analyse one quiz; see Level for what is left out."""
    count = len(table.students)
    level = Level.of(count)
    if level is Level.NOTHING:
        return QuizReport(quiz=table.quiz, table=table, count=count, level=level)
    marks, scale = table.marks, 100 / table.quiz.points
    percent = marks.sum(axis=1) * scale
    is_all = level is Level.ALL
    alpha = items.cronbach_alpha(marks) if is_all else nan
    return QuizReport(
        quiz=table.quiz,
        table=table,
        count=count,
        level=level,
        mean=float(percent.mean()),
        sd=float(percent.std(ddof=1)),
        scores=_histogram(percent) if is_all else (),
        alpha=alpha,
        alpha_interval=items.alpha_interval(alpha, marks.shape[1], count),
        is_kr20=items.is_binary(marks),
        error=items.standard_error(marks) * scale if is_all else nan,
        length=items.length_needed(alpha, GOAL),
        many_blank=float((table.blanks.sum(axis=1) >= 2).mean()),
        items=_item_reports(table, marks, is_all=is_all),
    )


def _histogram(percent: Array) -> tuple[int, ...]:
    places = np.minimum(np.floor(np.round(percent, 6) / 10), 9).astype(int)
    return tuple(int(count) for count in np.bincount(places, minlength=10))


def _item_reports(table: Table, marks: Array, *, is_all: bool) -> tuple[ItemReport, ...]:
    facility, blanks = items.facility(marks, table.maxima), table.blanks.mean(axis=0)
    found = tuple(
        ItemReport(
            number=place + 1,
            question=entry.first,
            facility=float(facility[place]),
            interval=items.share_interval(float(facility[place]), len(marks)),
            blank=float(blanks[place]),
        )
        for place, entry in enumerate(table.quiz.entries)
    )
    return _completed(table, marks, found) if is_all else found


def _completed(table: Table, marks: Array, found: Sequence[ItemReport]) -> tuple[ItemReport, ...]:
    """Add what a class that is large enough shows."""
    rest, related = items.rest_scores(marks), items.item_rest(marks)
    differences, without = items.upper_lower(marks, table.maxima), items.alpha_if_deleted(marks)
    upper, lower = items.groups(marks.sum(axis=1))
    completed = []
    for place, item in enumerate(found):
        answers = [sitting.marked[place] for sitting in table.sittings]
        company = Company(rest=rest[:, place], upper=upper, lower=lower)
        variants, are_unequal = _variants(answers)
        more = replace(
            item,
            rest=float(related[place]),
            rest_interval=items.correlation_interval(float(related[place]), len(marks)),
            upper_lower=float(differences[place]),
            alpha_without=float(without[place]),
            variants=variants,
            are_unequal=are_unequal,
            answers=answer_rows(answers, company),
            parts=parts(answers),
            typed=typed_wrong(answers),
        )
        completed.append(more)
    return tuple(completed)


def _variants(answers: Sequence[MarkedResponse]) -> tuple[tuple[VariantReport, ...], bool]:
    """Return the variants that were seen, and whether they differ by more than chance."""
    by_variant: dict[int, list[MarkedResponse]] = {}
    for answer in answers:
        by_variant.setdefault(answer.question.variant, []).append(answer)
    if len(by_variant) < 2:
        return (), False
    found = tuple(
        VariantReport(
            question=seen[0].question,
            count=len(seen),
            facility=_mean(seen) if len(seen) >= items.FEWEST else nan,
        )
        for _, seen in sorted(by_variant.items())
    )
    large = [seen for seen in by_variant.values() if len(seen) >= items.FEWEST]
    means = np.array([_mean(seen) for seen in large])
    counts = np.array([len(seen) for seen in large], dtype=np.float64)
    values = [answer.mark.fraction for seen in large for answer in seen]
    variance = float(np.var(values)) if values else 0.0
    return found, items.differ(means, counts, variance)


def _mean(seen: Sequence[MarkedResponse]) -> float:
    return float(np.mean([answer.mark.fraction for answer in seen]))
