"""What happens while a student takes a quiz: the clock, the answers, and what is kept of them.

Pure: time is passed in, nothing is read or written here; journal.py keeps the events. A sitting
is what its events make of it, so a crash loses nothing that was kept.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from grader.quiz.attempt import PRACTICE, Attempt, Response
from grader.quiz.model import Value
from grader.quiz.paper import Paper, PaperQuestion, deal
from grader.quiz.scoring import is_blank

FACTORS = (1.0, 1.25, 1.33, 1.5, 2.0)
WARNINGS_S = (300.0, 60.0)


class Mode(enum.Enum):
    """What a sitting is for."""

    TEST = "test"  # one attempt, against the clock, no feedback
    PRACTICE = "practice"  # any number of attempts, feedback at once, no clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A reading of the clocks.

    Attributes:
        seconds: Of a clock that only goes forward, also while the machine sleeps.
        boot: Name of the machine's start that `seconds` counts from; empty if unknown.
        wall: Date and time with zone. It may be set back, so only what else fails relies on it.
    """

    seconds: float
    boot: str
    wall: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How an attempt began.

    Attributes:
        dealt_to: Name the paper was dealt to: the student's, in practice with the attempt's number.
        limit_s: Seconds for all, with the accommodation; 0 for no limit.
        factor: Accommodation on the time limit.
        bank_sha256: Of the quiz file; another file is another quiz.
    """

    quiz_id: str
    student: str
    dealt_to: str
    mode: Mode
    number: int
    limit_s: float
    factor: float
    bank_sha256: str
    seed: int
    seconds: float
    boot: str
    started_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer that was given; a blank value takes an earlier one back.

    Attributes:
        at_s: Seconds since the start.
    """

    question_id: str
    value: Value
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The end: handed in, or out of time."""

    at_s: float
    submitted_at: str
    is_timeout: bool = False


Event = Start | Answered | Closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """An attempt as far as it has come.

    Attributes:
        questions: The student's own paper.
        values: Question id to what is answered now.
        firsts: Question id to what was answered first: practice shows both scores.
        opened: When this process began or resumed it.
        opened_at_s: Seconds since the start, then.
        last_s: Seconds since the start of the latest event.
    """

    start: Start
    questions: tuple[PaperQuestion, ...]
    opened: Moment
    opened_at_s: float = 0.0
    last_s: float = 0.0
    values: Mapping[str, Value] = field(default_factory=dict)
    firsts: Mapping[str, Value] = field(default_factory=dict)
    closed: Closed | None = None

    def elapsed_s(self, now: Moment) -> float:
        """Return the seconds since the start, never fewer than were seen before."""
        return max(self.last_s, self.opened_at_s + now.seconds - self.opened.seconds)

    def left_s(self, now: Moment) -> float | None:
        """Return the seconds that are left, 0 at the least; None without a limit."""
        limit = self.start.limit_s
        return max(0.0, limit - self.elapsed_s(now)) if limit else None

    def is_over(self, now: Moment) -> bool:
        """Return whether no answer is accepted any more."""
        return self.closed is not None or self.left_s(now) == 0

    def is_answered(self, question: PaperQuestion) -> bool:
        """Return whether a question has an answer."""
        return not is_blank(self.values.get(question.question_id, ""))

    @property
    def unanswered(self) -> tuple[int, ...]:
        """Places, from 0, of the questions without an answer."""
        return tuple(n for n, q in enumerate(self.questions) if not self.is_answered(q))

    def answer(self, question: PaperQuestion, value: Value, now: Moment) -> Answered | None:
        """Return the event of an answer, to be kept and then applied; None if time is over."""
        if self.is_over(now):
            return None
        at_s = round(self.elapsed_s(now), 3)
        return Answered(question_id=question.question_id, value=value, at_s=at_s)

    def close(self, now: Moment) -> Closed:
        """Return the event that ends it: at the deadline, if that has passed."""
        is_timeout = self.left_s(now) == 0
        at_s, wall = self.elapsed_s(now), now.wall
        if is_timeout:
            at_s = self.start.limit_s
            wall = datetime.fromisoformat(self.start.started_at) + timedelta(seconds=at_s)
        return Closed(
            at_s=round(at_s, 3),
            submitted_at=wall.isoformat(timespec="seconds"),
            is_timeout=is_timeout,
        )

    def after(self, event: Answered | Closed) -> "Sitting":
        """Return the sitting as it is after an event."""
        last_s = max(self.last_s, event.at_s)
        if isinstance(event, Closed):
            return replace(self, closed=event, last_s=last_s)
        values = {**self.values, event.question_id: event.value}
        firsts = dict(self.firsts)
        if not is_blank(event.value):
            firsts.setdefault(event.question_id, event.value)
        return replace(self, values=values, firsts=firsts, last_s=last_s)

    def attempt(self, *, is_first: bool = False) -> Attempt:
        """Return what was answered, every question with its variant, blank ones too.

        Args:
            is_first: Whether the first answer to each question is wanted, not the last.
        """
        values = self.firsts if is_first else self.values
        return Attempt(
            quiz_id=self.start.quiz_id,
            student=self.start.student,
            number=self.start.number,
            started_at=self.start.started_at,
            submitted_at=self.closed.submitted_at if self.closed else "",
            accommodation=self.start.factor,
            source="dlab" if self.start.mode is Mode.TEST else PRACTICE,
            bank_sha256=self.start.bank_sha256,
            seed=self.start.seed,
            responses=tuple(
                Response(
                    question_id=question.question_id,
                    variant=question.variant,
                    value=values.get(question.question_id, ""),
                )
                for question in self.questions
            ),
        )


def begin(
    paper: Paper, student: str, now: Moment, *, mode: Mode, number: int = 1, factor: float = 1.0
) -> Start:
    """Return the event that begins an attempt.

    Args:
        paper: The quiz.
        student: Who takes it.
        now: The clocks.
        mode: Practice has no time limit.
        number: 1 for the first attempt; in practice every attempt has its own paper.
        factor: Accommodation on the time limit, one of FACTORS.
    """
    return Start(
        quiz_id=paper.quiz_id,
        student=student,
        dealt_to=student if number == 1 else f"{student}#{number}",
        mode=mode,
        number=number,
        limit_s=_limit_s(paper, mode, factor),
        factor=factor,
        bank_sha256=paper.sha256,
        seed=paper.seed,
        seconds=now.seconds,
        boot=now.boot,
        started_at=now.wall.isoformat(timespec="seconds"),
    )


def _limit_s(paper: Paper, mode: Mode, factor: float) -> float:
    return round(paper.minutes * 60 * factor, 3) if mode is Mode.TEST else 0.0


def restore(
    paper: Paper, start: Start, events: Iterable[Answered | Closed], now: Moment
) -> Sitting:
    """Return the sitting that a start and what followed make, at this moment.

    Answers to questions that the paper does not have, and answers after the deadline, do not
    count: a journal is a file on the student's machine. The limit is the paper's for that reason.
    """
    start = replace(start, limit_s=_limit_s(paper, start.mode, start.factor))
    questions = deal(paper, start.dealt_to)
    known = {question.question_id for question in questions}
    sitting = Sitting(start=start, questions=questions, opened=now)
    for event in events:
        is_late = bool(start.limit_s) and event.at_s > start.limit_s
        if isinstance(event, Closed) or (event.question_id in known and not is_late):
            sitting = sitting.after(event)
    return replace(sitting, opened_at_s=_elapsed(start, sitting.last_s, now))


def _elapsed(start: Start, last_s: float, now: Moment) -> float:
    """Return the seconds since the start: of the steady clock, if it has not begun anew."""
    if start.boot and start.boot == now.boot:
        return max(last_s, now.seconds - start.seconds)
    began = datetime.fromisoformat(start.started_at)
    return max(last_s, (now.wall - began).total_seconds())
