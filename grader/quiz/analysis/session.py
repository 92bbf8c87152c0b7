"""A session: its quizzes, what was gained between two of them, and the mistakes that show."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course import Course
from grader.errors import RequestError
from grader.quiz.analysis.compare import Comparison, compare
from grader.quiz.analysis.data import Table, tabulate
from grader.quiz.analysis.flags import Flag, gain_flags, in_order, quiz_flags
from grader.quiz.analysis.items import FEWEST
from grader.quiz.analysis.misconceptions import Seen, find_misconceptions
from grader.quiz.analysis.report import QuizReport, report
from grader.quiz.archive import read_attempts
from grader.quiz.model import Quiz, Role
from grader.quiz.source import SUFFIX, find_quiz, quiz_paths, read_quiz

ORDER = {Role.PRE: 0, Role.PRACTICE: 1, Role.POST: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How to analyse.

    Attributes:
        out: Results folder: attempts lie in it, and what `dlab grade` found.
        has_late: Whether sittings that ended late count.
        seed: Draws the resampled classes of the intervals.
    """

    out: Path
    has_late: bool = False
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What the answers of a class say.

    Attributes:
        name: The session, or the one quiz.
        quizzes: In the order they were taken.
        comparisons: One of a session with a first and a second test, else none.
        misconceptions: Most frequent in the last quiz first.
        flags: What may be wrong first.
    """

    course: str
    name: str
    seed: int
    quizzes: tuple[QuizReport, ...]
    comparisons: tuple[Comparison, ...]
    misconceptions: tuple[Seen, ...]
    flags: tuple[Flag, ...]


def analyse(course: Course, wanted: str, wish: Wish) -> Analysis:
    """Analyse a quiz, or all quizzes of a session.

    Args:
        course: Has the bank.
        wanted: Id or file of a quiz, or what the ids of a session begin with: `session3`.
        wish: Where the attempts are, and which count.

    Raises:
        RequestError: If there is no such quiz, no attempt, or too few for anything to be shown.
        ContentError: If a file of the bank breaks a rule.
    """
    quizzes = find_quizzes(course, wanted)
    tables = [_table(quiz, wish) for quiz in quizzes]
    _hold_enough(wanted, tables, wish)
    reports = tuple(report(table) for table in tables if table.students)
    comparisons = _comparisons(tables, wish)
    flags = [flag for found in reports for flag in quiz_flags(found)]
    flags += [flag for found in comparisons for flag in gain_flags(found)]
    present = [table for table in tables if table.students]
    return Analysis(
        course=course.title,
        name=wanted.removesuffix(SUFFIX).rpartition("/")[2],
        seed=wish.seed,
        quizzes=reports,
        comparisons=comparisons,
        misconceptions=find_misconceptions(course, present, wish.out),
        flags=in_order(flags),
    )


def find_quizzes(course: Course, wanted: str) -> tuple[Quiz, ...]:
    """Return one quiz, or those of a session in the order they are taken.

    Raises:
        RequestError: If there is none; suggests the nearest name.
    """
    paths = {path.name.removesuffix(SUFFIX): path for path in quiz_paths(course)}
    members = [path for name, path in paths.items() if name.startswith(f"{wanted}-")]
    if wanted in paths or wanted.endswith(SUFFIX):
        return (find_quiz(course, wanted),)
    if not members:
        sessions = {name.rpartition("-")[0] for name in paths if "-" in name}
        near = difflib.get_close_matches(wanted, sorted({*paths, *sessions}), n=1)
        listed = ", ".join(sorted(sessions)) or "no quizzes in this course"
        tail = f"Did you mean '{near[0]}'?" if near else f"There are: {listed}."
        raise RequestError(f"There is no quiz and no session '{wanted}'. {tail}")
    found = sorted(map(read_quiz, members), key=lambda quiz: (ORDER[quiz.role], quiz.quiz_id))
    return tuple(found)


def _table(quiz: Quiz, wish: Wish) -> Table:
    attempts = read_attempts(wish.out, quiz, has_late=wish.has_late)
    return tabulate(quiz, attempts, has_late=wish.has_late)


def _hold_enough(wanted: str, tables: Sequence[Table], wish: Wish) -> None:
    most = max((len(table.students) for table in tables), default=0)
    late = sum(table.late for table in tables)
    if most >= FEWEST:
        return
    tail = f" ({late} more ended late; --with-late counts them)" if late else ""
    if not most:
        raise RequestError(
            f"There are no attempts of '{wanted}' in '{wish.out}'{tail}. `dlab quiz import` puts "
            "them there; --out names another folder."
        )
    raise RequestError(
        f"'{wanted}' has attempts of {most} students{tail}; nothing is shown below {FEWEST}, for "
        "it would be about persons."
    )


def _comparisons(tables: Sequence[Table], wish: Wish) -> tuple[Comparison, ...]:
    pre = [table for table in tables if table.quiz.role is Role.PRE]
    post = [table for table in tables if table.quiz.role is Role.POST]
    if len(pre) != 1 or len(post) != 1:
        return ()
    return (compare(pre[0], post[0], seed=wish.seed),)
