"""Collects the attempts of all files, and says whose they are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import RequestError
from grader.quiz.attempt import Attempt, MarkedAttempt, mark_attempt
from grader.quiz.model import Quiz
from grader.quiz.responses.clock import seconds
from grader.quiz.responses.detect import open_responses, read_responses, read_sheet
from grader.quiz.responses.own import LONGEST_ID
from grader.quiz.responses.sheet import Issue, Reading, Sitting, SourceScore, Wish
from grader.roster import ROUNDED, Roster, as_id
from grader.table import Table
from grader.text import clean, count_of

LEAST_FIT = 0.5  # of a quiz; below it the file is of another one
Bank = Callable[[], Sequence[Quiz]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where the source's score is not ours.

    Attributes:
        question_id: Empty for the whole attempt.
        theirs: As the source wrote it.
        ours: Share of the points by our rules.
    """

    student: str
    question_id: str
    theirs: str
    ours: float

    def __str__(self) -> str:
        """Write it as one line."""
        where = f" {self.question_id}" if self.question_id else ""
        return f"{self.student}{where}: there {self.theirs}, ours {self.ours:.1%}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """How results and roster fit.

    Attributes:
        matched: Students with a result.
        not_in_roster: What stands in the results and is nobody's, with its place.
        without_result: Students without a result.
        ambiguous: What stands in the results and may be several students', with its place.
    """

    matched: tuple[str, ...]
    not_in_roster: tuple[str, ...]
    without_result: tuple[str, ...]
    ambiguous: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What all files gave.

    Attributes:
        sources: Of the files, as in Attempt.source.
        missing: Ids of the questions that a file has in no column.
        compared: How many scores of the sources could be compared with ours.
    """

    attempts: tuple[Attempt, ...]
    sources: tuple[str, ...]
    issues: tuple[Issue, ...]
    notes: tuple[str, ...]
    matched: Matched
    missing: tuple[str, ...]
    differences: tuple[Difference, ...]
    compared: int

    @property
    def not_placed(self) -> int:
        """How many answers were given and earn nothing, since nobody knows what they are."""
        return sum(issue.count for issue in self.issues if issue.is_answer)

    @property
    def is_complete(self) -> bool:
        """Whether everything a student answered has found its place."""
        lost = self.matched.not_in_roster or self.matched.ambiguous
        return not lost and not any(issue.is_blocking for issue in self.issues)


def collect(
    paths: Sequence[Path], quiz: Quiz, wish: Wish, roster: Roster | None, bank: Bank
) -> Collected:
    """Read files of responses.

    Args:
        paths: Files, or folders of answers files.
        quiz: The quiz that was asked.
        wish: What the user said.
        roster: Who is in the course; None to take the ids as they are.
        bank: Gives all quizzes, to name the right one.

    Raises:
        RequestError: If a file cannot be read, or is of another quiz.
    """
    readings = [_read(path, quiz, wish, bank) for path in paths]
    people = _People(roster)
    owned = [entry for reading in readings for entry in people.owned(reading, wish)]
    whole, repeated = _numbered(owned)
    scored = [(mark_attempt(quiz, attempt), scores) for attempt, scores in whole if scores]
    notes = [note for reading in readings for note in reading.notes]
    if repeated:
        verb = "is" if repeated == 1 else "are"
        notes.append(f"{count_of(repeated, 'attempt')} {verb} there twice; counted once")
    return Collected(
        attempts=tuple(attempt for attempt, _ in whole),
        sources=tuple(dict.fromkeys(reading.source for reading in readings)),
        issues=tuple(issue for reading in readings for issue in reading.issues),
        notes=tuple(notes),
        matched=people.matched(),
        missing=tuple(dict.fromkeys(name for one in readings for name in _missing(one, quiz))),
        differences=tuple(d for entry, scores in scored for d in _differences(entry, scores)),
        compared=sum(len(scores) for _, scores in scored),
    )


def _read(path: Path, quiz: Quiz, wish: Wish, bank: Bank) -> Reading:
    found = open_responses(path, wish)
    reading = read_responses(path, found, quiz, wish)
    if reading.names_quiz:
        return reading
    if isinstance(found, Table) and reading.fitness(quiz) < LEAST_FIT and not wish.names_questions:
        raise RequestError(_of_another(found, reading, quiz, wish, bank))
    issues = tuple(
        Issue(
            place=path.name,
            message=f"{name} (line {line} of the quiz) is in no column; "
            "it would be blank for everybody",
        )
        for name, line in _missing(reading, quiz).items()
    )
    return replace(reading, issues=(*reading.issues, *issues))


def _missing(reading: Reading, quiz: Quiz) -> dict[str, int]:
    """Return the questions that a file has in no column, and their lines in the bank."""
    if reading.names_quiz:
        return {}
    entries = (entry for entry in quiz.entries if entry.question_id not in reading.seen)
    return {entry.question_id: entry.first.line for entry in entries}


def _of_another(table: Table, reading: Reading, quiz: Quiz, wish: Wish, bank: Bank) -> str:
    """Say that a file is of another quiz, and of which."""
    others = [other for other in bank() if other.quiz_id != quiz.quiz_id]
    fits = {other.quiz_id: _fitness(table, other, wish) for other in others}
    best = max(fits, key=lambda name: fits[name], default="")
    tail = f"'{best}' fits." if best and fits[best] >= LEAST_FIT else "No quiz of the bank fits."
    answers = f", and {reading.unfit} answers are no option of theirs" if reading.unfit else ""
    return (
        f"{table.name}: these are responses for another quiz: it has {len(reading.seen)} of the "
        f"{len(quiz.entries)} questions of '{quiz.quiz_id}'{answers}. {tail}"
    )


def _fitness(table: Table, quiz: Quiz, wish: Wish) -> float:
    try:
        return read_sheet(table, quiz, replace(wish, mapping={}), is_sample=True).fitness(quiz)
    except RequestError:
        return 0.0


Owned = tuple[Attempt, tuple[SourceScore, ...]]


class _People:
    """Finds out whose a sitting is, and remembers who was found."""

    def __init__(self, roster: Roster | None) -> None:
        self._roster = roster
        self._found: dict[str, None] = {}
        self._unknown: list[str] = []
        self._ambiguous: list[str] = []

    def owned(self, reading: Reading, wish: Wish) -> list[Owned]:
        """Return the attempts whose student is known."""
        column = self._column(reading, wish)
        result = []
        for sitting in reading.sittings:
            student = self._student(sitting, column)
            if student:
                self._found[student] = None
                attempt = replace(sitting.attempt, student=student)
                result.append((attempt, sitting.scores))
        return result

    def matched(self) -> Matched:
        """Return the four lists."""
        people = self._roster.people if self._roster else ()
        absent = [one.student_id for one in people if one.student_id not in self._found]
        return Matched(
            matched=tuple(self._found),
            not_in_roster=tuple(self._unknown),
            without_result=tuple(absent),
            ambiguous=tuple(self._ambiguous),
        )

    def _column(self, reading: Reading, wish: Wish) -> str:
        """Choose the column that says who somebody is: the one the roster knows most of."""
        keys = list(reading.sittings[0].keys) if reading.sittings else [""]
        if not keys:
            raise RequestError(
                f"{reading.sittings[0].place}: no column says who the student is; name one: "
                "--key-column COLUMN"
            )
        if self._roster is None:
            return _without_addresses(reading, keys)
        roster = self._roster

        def known(column: str) -> int:
            return sum(bool(roster.find(s.keys[column])) for s in reading.sittings)

        return max(keys, key=known)

    def _student(self, sitting: Sitting, column: str) -> str:
        key = as_id(sitting.keys[column])
        shown = clean(key, 80)
        if not key:
            self._unknown.append(f"{sitting.place}: the row names no student ('{column}' is empty)")
            return ""
        if self._roster is None:
            if len(key) <= LONGEST_ID and key.isprintable() and not ROUNDED.fullmatch(key):
                return key
            self._unknown.append(f"{sitting.place}: '{shown}' is no student id")
            return ""
        owners = self._roster.find(key)
        if len(owners) == 1:
            return owners[0]
        if owners:
            both = " and ".join(map(repr, owners))
            self._ambiguous.append(f"{sitting.place}: '{shown}' may be {both}")
        else:
            like = self._roster.resembling(key)
            tail = f" (did you mean '{like}'?)" if like else ""
            self._unknown.append(f"{sitting.place}: '{shown}' is not in the roster{tail}")
        return ""


def _without_addresses(reading: Reading, keys: Sequence[str]) -> str:
    """Choose a column without a roster: never one with addresses, which no result may hold."""
    for column in keys:
        if not any("@" in sitting.keys[column] for sitting in reading.sittings):
            return column
    raise RequestError(
        f"{reading.sittings[0].place}: students are named by their addresses only, and no result "
        "holds an address. Say which id belongs to which: --roster FILE, a CSV with the columns "
        "id and email"
    )


def _numbered(owned: Iterable[Owned]) -> tuple[list[Owned], int]:
    """Number a student's attempts by time where the source does not; drop what is there twice."""
    sittings: dict[str, dict[str, Owned]] = {}
    count = 0
    for attempt, scores in owned:
        what = repr((attempt.started_at, attempt.submitted_at, attempt.responses))
        sittings.setdefault(attempt.student, {}).setdefault(what, (attempt, scores))
        count += 1
    whole = [entry for mine in sittings.values() for entry in _in_order(list(mine.values()))]
    return whole, count - len(whole)


def _in_order(mine: Sequence[Owned]) -> list[Owned]:
    numbers = [attempt.number for attempt, _ in mine]
    if len(set(numbers)) == len(numbers):
        return list(mine)
    ordered = sorted(mine, key=lambda one: seconds(one[0].submitted_at or one[0].started_at))
    return [
        (replace(attempt, number=number), scores)
        for number, (attempt, scores) in enumerate(ordered, 1)
    ]


def _differences(marked: MarkedAttempt, scores: Sequence[SourceScore]) -> Iterable[Difference]:
    """Yield where a score of the source is further from ours than rounding explains."""
    fractions = {entry.question.question_id: entry.mark.fraction for entry in marked.marked}
    for score in scores:
        ours = fractions.get(score.question_id, 0.0)
        if not score.question_id:
            ours = marked.points / max(1, marked.quiz.points)
        if abs(ours - score.fraction) > score.slack:
            yield Difference(
                student=marked.attempt.student,
                question_id=score.question_id,
                theirs=score.shown,
                ours=ours,
            )
