"""Takes a quiz: opens what there is, keeps every answer, writes what is handed in."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from grader.errors import RequestError
from grader.quiz.attempt import MarkedAttempt, dump_attempt, mark_attempt
from grader.quiz.journal import Journal, moment, open_journal
from grader.quiz.model import Quiz, Value
from grader.quiz.paper import Paper, PaperQuestion
from grader.quiz.scoring import Mark, mark
from grader.quiz.sitting import Mode, Moment, Sitting, Start, begin, restore
from grader.result import write_atomically

KINDS = ("single", "multiple", "numeric", "short", "matching", "ordering")
NAME = re.compile(r"\w[\w.-]{0,99}")
LONGEST_STUDENT = 80
MOST_OPTIONS = 26  # they are named by letters
PRACTISING = "practice"  # whoever practises, where nobody needs to know

Clock = Callable[[], Moment]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeWish:
    """What the command line asks for.

    Attributes:
        student: Empty if it was not said.
        factor: Accommodation; None keeps that of an attempt which goes on.
        folder: Where journal and answers file lie.
    """

    student: str
    mode: Mode
    factor: float | None = None
    folder: Path = Path()


@dataclass(slots=True)
class Taking:
    """A quiz that is being taken.

    Attributes:
        quiz: With keys, in practice only.
        is_resumed: Whether it was begun earlier.
    """

    paper: Paper
    quiz: Quiz | None
    sitting: Sitting
    journal: Journal
    clock: Clock
    answers_path: Path
    is_resumed: bool

    def answer(self, question: PaperQuestion, value: Value) -> bool:
        """Keep an answer; returns whether it came in time."""
        event = self.sitting.answer(question, value, self.clock())
        if event is None:
            return False
        self.journal.write(event)
        self.sitting = self.sitting.after(event)
        return True

    def close(self) -> None:
        """End it: from now on nothing changes; a test's answers file is written."""
        if self.sitting.closed is None:
            event = self.sitting.close(self.clock())
            self.journal.write(event)
            self.sitting = self.sitting.after(event)
        if self.is_test:
            write_atomically(self.answers_path, dump_attempt(self.sitting.attempt()))

    @property
    def is_test(self) -> bool:
        """Whether it is handed in; practice is the student's own."""
        return self.sitting.start.mode is Mode.TEST

    @property
    def is_over(self) -> bool:
        """Whether no answer is accepted any more."""
        return self.sitting.is_over(self.clock())

    @property
    def left_s(self) -> float | None:
        """Seconds left; None without a limit."""
        return self.sitting.left_s(self.clock())

    def mark(self, question: PaperQuestion, value: Value) -> Mark:
        """Score one answer; in practice only."""
        keyed = self.quiz and self.quiz.find(question.question_id, question.variant)
        if not keyed:
            raise RequestError(f"The quiz file has no key for '{question.question_id}'.")
        return mark(keyed, value)

    def marked(self, *, is_first: bool = False) -> MarkedAttempt | None:
        """Score the attempt, by last or by first answers; None where there is no key."""
        return (
            mark_attempt(self.quiz, self.sitting.attempt(is_first=is_first)) if self.quiz else None
        )


@contextmanager
def open_taking(
    paper: Paper,
    quiz: Quiz | None,
    wish: TakeWish,
    *,
    ask_student: Callable[[], str] = lambda: PRACTISING,
    clock: Clock = moment,
) -> Iterator[Taking]:
    """Begin a quiz, or take up one that was begun and not handed in.

    Args:
        paper: What is asked.
        quiz: The same with keys; needed for practice, not looked at in a test.
        wish: Who takes it, and how.
        ask_student: Called for the student's id if a new attempt needs one.
        clock: Reads the clocks.

    Raises:
        RequestError: If it was handed in already, belongs to another student or another version
            of the quiz, or a file cannot be used.
    """
    check_paper(paper)
    answers_path = wish.folder / f"{paper.quiz_id}.answers.json"
    with open_journal(wish.folder / f"{paper.quiz_id}.journal.jsonl") as journal:
        start, events = journal.last()
        if start is None:
            _refuse_used(journal, answers_path, wish)
        else:
            _refuse_other(start, paper, wish, journal.path)
        now = clock()
        sitting = restore(paper, start, events, now) if start else None
        is_resumed = sitting is not None
        if sitting is None or (sitting.closed and wish.mode is Mode.PRACTICE):
            start = begin(
                paper,
                _student(start, wish, ask_student),
                clock(),
                mode=wish.mode,
                number=start.number + 1 if start else 1,
                factor=wish.factor or 1.0,
            )
            journal.write(start)
            sitting, is_resumed = restore(paper, start, (), clock()), False
        yield Taking(
            paper=paper,
            quiz=quiz if wish.mode is Mode.PRACTICE else None,
            sitting=sitting,
            journal=journal,
            clock=clock,
            answers_path=answers_path,
            is_resumed=is_resumed,
        )


def _student(start: Start | None, wish: TakeWish, ask: Callable[[], str]) -> str:
    return check_student(wish.student or (start.student if start else "") or ask())


def _refuse_used(journal: Journal, answers_path: Path, wish: TakeWish) -> None:
    """Refuse what cannot be the beginning of an attempt."""
    if journal.remarks:
        raise RequestError(
            f"{journal.path}: its first line is damaged, so the attempt cannot go on. Keep the "
            "file for whoever gave you the test; --out DIR begins in another folder."
        )
    if answers_path.exists() and wish.mode is Mode.TEST:
        raise RequestError(
            f"{answers_path} is there already: a test has one attempt. If it is not yours, "
            "--out DIR takes the test in another folder."
        )


def _refuse_other(start: Start, paper: Paper, wish: TakeWish, path: Path) -> None:
    """Refuse to go on with the attempt of somebody else, or of another quiz."""
    elsewhere = "--out DIR takes it in another folder."
    if (start.quiz_id, start.bank_sha256, start.seed) != (paper.quiz_id, paper.sha256, paper.seed):
        raise RequestError(f"{path} was begun with another version of the quiz. {elsewhere}")
    if wish.student not in ("", start.student):
        raise RequestError(f"{path} belongs to student '{start.student}'. {elsewhere}")
    if start.mode is not wish.mode:
        raise RequestError(f"{path} was begun as {start.mode.value}. {elsewhere}")
    if wish.factor not in (None, start.factor):
        raise RequestError(
            f"{path} was begun with --time-factor {start.factor:g}, which stays. Leave it out."
        )


def check_student(student: str) -> str:
    """Return a student's id without the spaces around it.

    Raises:
        RequestError: If it is empty, too long, or not one line of text.
    """
    student = student.strip()
    if not student:
        raise RequestError("The student is missing: --student NUMBER says who takes the test.")
    if len(student) > LONGEST_STUDENT or not student.isprintable():
        raise RequestError(f"A student's id is one line of at most {LONGEST_STUDENT} characters.")
    return student


def check_paper(paper: Paper) -> Paper:
    """Return a paper that can be asked.

    Raises:
        RequestError: If it is damaged; names the first thing that is wrong.
    """
    problem = _problem(paper)
    if problem:
        raise RequestError(f"The quiz file is damaged: {problem}. Ask for it again.")
    return paper


def _problem(paper: Paper) -> str:
    if not NAME.fullmatch(paper.quiz_id):  # files are named after it
        return "its id is no name"
    if not paper.entries or not all(entry.variants for entry in paper.entries):
        return "a question is missing"
    if not 0 <= paper.minutes <= 600:
        return "its time limit is not from 0 to 600 minutes"
    questions = [question for entry in paper.entries for question in entry.variants]
    return next((text for text in map(_problem_of, questions) if text), "")


def _problem_of(question: PaperQuestion) -> str:
    name = f"question '{question.question_id}'"
    if question.kind not in KINDS:
        return f"{name} is of an unknown kind"
    has_options = question.kind not in ("numeric", "short")
    if has_options and not 2 <= len(question.options) <= MOST_OPTIONS:
        return f"{name} has {len(question.options)} options"
    return f"{name} has no rows" if question.kind == "matching" and not question.lefts else ""
