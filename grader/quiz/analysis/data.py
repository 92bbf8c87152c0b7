"""From attempts to matrices: which sittings count, and what they earned."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.quiz.analysis.items import Array
from grader.quiz.attempt import Attempt, MarkedAttempt, mark_attempt
from grader.quiz.model import Quiz


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The sittings of one quiz that count, one a student, ordered by student.

    Attributes:
        sittings: Scored anew with the bank as it is now.
        late: Sittings that ended after the deadline, not counted unless asked for.
        late_mean: Their mean share of the points; 0 if there is none.
        has_late: Whether they are counted all the same.
        other_version: Counted sittings whose paper was made from another version of the file.
        strangers: Answers of counted sittings to questions that the quiz does not have any more.
    """

    quiz: Quiz
    sittings: tuple[MarkedAttempt, ...]
    late: int = 0
    late_mean: float = 0.0
    has_late: bool = False
    other_version: int = 0
    strangers: int = 0

    @property
    def students(self) -> tuple[str, ...]:
        """Who sat, in the order of the rows."""
        return tuple(sitting.attempt.student for sitting in self.sittings)

    @property
    def maxima(self) -> Array:
        """Points of a full answer to each item, (items,)."""
        return np.array([entry.first.points for entry in self.quiz.entries], dtype=np.float64)

    @property
    def marks(self) -> Array:
        """Points earned, (students, items)."""
        rows = [[entry.points for entry in sitting.marked] for sitting in self.sittings]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.quiz.entries))

    @property
    def blanks(self) -> Array:
        """1 where nothing was answered, (students, items)."""
        rows = [[entry.mark.is_blank for entry in sitting.marked] for sitting in self.sittings]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.quiz.entries))


def tabulate(quiz: Quiz, attempts: Sequence[Attempt], *, has_late: bool) -> Table:
    """Score the sittings, and tell those that count.

    Args:
        quiz: As it is now: a key that was corrected counts for all.
        attempts: Of this quiz, one a student.
        has_late: Whether sittings that ended late count like the others.
    """
    ordered = sorted(attempts, key=lambda attempt: attempt.student)
    marked = [mark_attempt(quiz, attempt) for attempt in ordered]
    late = [sitting for sitting in marked if sitting.attempt.late_s > 0]
    counted = tuple(sitting for sitting in marked if has_late or sitting.attempt.late_s <= 0)
    known = {entry.question_id for entry in quiz.entries}
    return Table(
        quiz=quiz,
        sittings=counted,
        late=len(late),
        late_mean=_mean_share(late),
        has_late=has_late,
        other_version=sum(_is_other(sitting.attempt, quiz) for sitting in counted),
        strangers=sum(
            response.question_id not in known
            for sitting in counted
            for response in sitting.attempt.responses
        ),
    )


def _is_other(attempt: Attempt, quiz: Quiz) -> bool:
    return bool(attempt.bank_sha256) and attempt.bank_sha256 != quiz.sha256


def _mean_share(sittings: Sequence[MarkedAttempt]) -> float:
    shares = [sitting.points / max(1, sitting.quiz.points) for sitting in sittings]
    return float(np.mean(shares)) if shares else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """Two tests of the same students, item by item.

    Attributes:
        places: Of each pair: number of the item in the first test and in the second.
        before, after: Share of each item's points, (students, pairs), same students in a row.
        weights: Points of each pair, (pairs,).
        dropped: Students who took only one of the two.
        left_out: Questions of both tests without a twin in the other.
    """

    places: tuple[tuple[int, int], ...]
    before: Array
    after: Array
    weights: Array
    dropped: int
    left_out: int


def match(pre: Table, post: Table) -> Twins:
    """Match students by their ids, and questions by `pair=`."""
    places = _twins(pre.quiz, post.quiz)
    both = sorted(set(pre.students) & set(post.students))
    before = _rows(pre, both)[:, [one for one, _ in places]]
    after = _rows(post, both)[:, [other for _, other in places]]
    count = len(pre.quiz.entries) + len(post.quiz.entries)
    return Twins(
        places=places,
        before=before,
        after=after,
        weights=pre.maxima[[one for one, _ in places]],
        dropped=len(set(pre.students) ^ set(post.students)),
        left_out=count - 2 * len(places),
    )


def _twins(pre: Quiz, post: Quiz) -> tuple[tuple[int, int], ...]:
    """Return the places of questions that name each other, each question once."""
    numbers = {entry.question_id: number for number, entry in enumerate(post.entries)}
    back = {entry.first.pair: entry.question_id for entry in post.entries if entry.first.pair}
    found: list[tuple[int, int]] = []
    for number, entry in enumerate(pre.entries):
        twin = entry.first.pair if entry.first.pair in numbers else back.get(entry.question_id, "")
        if twin and all(numbers[twin] != other for _, other in found):
            found.append((number, numbers[twin]))
    return tuple(found)


def _rows(table: Table, students: Sequence[str]) -> Array:
    """Return the shares of the points of some students, (students, items)."""
    numbers = {student: number for number, student in enumerate(table.students)}
    shares = table.marks / table.maxima
    return np.asarray(shares[[numbers[student] for student in students], :], dtype=np.float64)
