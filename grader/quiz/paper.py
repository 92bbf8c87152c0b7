"""What a student receives: a quiz without its keys, and one student's own paper.

The types here have no field a key could be in. Nothing about the key shows in an order either:
options that are not fixed lie in the order of their ids until a paper is dealt.
"""

import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TypeVar

from grader.quiz.model import Choice, Matching, Numeric, Ordering, Question, Quiz, Role

Shuffled = TypeVar("Shuffled")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOption:
    """What can be ticked, put in order, or given to a left side."""

    option_id: str
    text: str
    is_fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLeft:
    """A left side of a matching."""

    left_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperQuestion:
    """A question as it is asked.

    Attributes:
        kind: single, multiple, numeric, short, matching or ordering.
        options: What can be chosen; steps of an ordering, rights of a matching.
        lefts: Of a matching only.
        is_integer: Whether a numeric question wants a whole number.
    """

    question_id: str
    kind: str
    stem: str
    points: int
    variant: int = 0
    options: tuple[PaperOption, ...] = ()
    lefts: tuple[PaperLeft, ...] = ()
    is_integer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperEntry:
    """A place in a quiz; a student sees one of the variants."""

    variants: tuple[PaperQuestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A quiz without its keys, for all students.

    Attributes:
        sha256: The quiz's, see there.
        seed: Deals variants and orders; with the student's name it fixes the student's paper.
    """

    quiz_id: str
    title: str
    entries: tuple[PaperEntry, ...]
    lecture: int = 0
    role: Role = Role.PRACTICE
    minutes: int = 0
    shuffle_questions: bool = True
    shuffle_options: bool = True
    introduction: str = ""
    sha256: str = ""
    seed: int = 0

    @property
    def points(self) -> int:
        """Points of a full test."""
        return sum(entry.variants[0].points for entry in self.entries)


def strip_keys(quiz: Quiz, *, seed: int = 0) -> Paper:
    """Return a quiz without anything that tells a key: no ticks, feedback, tags, titles, values."""
    return Paper(
        quiz_id=quiz.quiz_id,
        title=quiz.title,
        lecture=quiz.lecture,
        role=quiz.role,
        minutes=quiz.minutes,
        shuffle_questions=quiz.shuffle_questions,
        shuffle_options=quiz.shuffle_options,
        introduction=quiz.introduction,
        sha256=quiz.sha256,
        seed=seed,
        entries=tuple(
            PaperEntry(
                variants=tuple(
                    _stripped(question, keeps_order=not quiz.shuffle_options)
                    for question in entry.variants
                )
            )
            for entry in quiz.entries
        ),
    )


def hash_of(paper: Paper) -> str:
    """Return the SHA-256 of a paper: nothing that tells a key goes into it."""
    data = asdict(replace(paper, sha256="", seed=0))
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()


def _stripped(question: Question, *, keeps_order: bool) -> PaperQuestion:
    """Take the key off a question.

    The order of the file tells something: authors like to begin with the right option, and steps
    stand there in the order of the key. Options keep it only where their author wants it.
    """
    answer = question.answer
    options: list[PaperOption] = []
    lefts: tuple[PaperLeft, ...] = ()
    if isinstance(answer, Choice):
        options = [
            PaperOption(option_id=option.option_id, text=option.text, is_fixed=option.is_fixed)
            for option in answer.options
        ]
    elif isinstance(answer, Ordering):
        options = [PaperOption(option_id=step.step_id, text=step.text) for step in answer.steps]
    elif isinstance(answer, Matching):
        options = [PaperOption(option_id=r.right_id, text=r.text) for r in answer.rights]
        lefts = tuple(PaperLeft(left_id=left.left_id, text=left.text) for left in answer.lefts)
    hidden = _keep_fixed(options, sorted(_free(options), key=lambda option: option.option_id))
    return PaperQuestion(
        question_id=question.question_id,
        variant=question.variant,
        kind=question.kind,
        stem=question.stem,
        points=question.points,
        options=tuple(options if keeps_order and isinstance(answer, Choice) else hidden),
        lefts=lefts,
        is_integer=isinstance(answer, Numeric)
        and all(a.tolerance == 0 and a.value.is_integer() for a in answer.accepted),
    )


def _free(options: Sequence[PaperOption]) -> list[PaperOption]:
    return [option for option in options if not option.is_fixed]


def _keep_fixed(options: Sequence[PaperOption], free: Sequence[PaperOption]) -> list[PaperOption]:
    """Put the free options into the places that no fixed one holds."""
    rest = iter(free)
    return [option if option.is_fixed else next(rest) for option in options]


def deal(paper: Paper, student: str) -> tuple[PaperQuestion, ...]:
    """Return one student's own paper: always the same for the same student and seed.

    Args:
        paper: The quiz, for all.
        student: Any name that stays: a student id or a pseudonym.
    """
    questions = [_dealt(paper, entry, student) for entry in paper.entries]
    if paper.shuffle_questions:
        questions = _shuffled(questions, paper, student, "questions")
    return tuple(questions)


def _dealt(paper: Paper, entry: PaperEntry, student: str) -> PaperQuestion:
    name = entry.variants[0].question_id
    question = _generator(paper, student, f"{name}/variant").choice(entry.variants)
    if not paper.shuffle_options and question.kind not in ("ordering", "matching"):
        return question
    free = _shuffled(_free(question.options), paper, student, name)
    return replace(question, options=tuple(_keep_fixed(question.options, free)))


def _shuffled(
    items: Sequence[Shuffled], paper: Paper, student: str, purpose: str
) -> list[Shuffled]:
    return _generator(paper, student, purpose).sample(list(items), len(items))


def _generator(paper: Paper, student: str, purpose: str) -> random.Random:
    text = f"{paper.seed}/{paper.quiz_id}/{student}/{purpose}"
    digest = hashlib.sha256(text.encode()).digest()
    return random.Random(int.from_bytes(digest[:8]))  # noqa: S311  an order, not a secret
