"""Where a quiz's attempts stay: OUT/quizzes/<quiz>/, beside the results of the labs.

`attempts.json` is the source: the sittings that count, as they were answered. `records.jsonl` and
`scores.csv` are made of it with the bank as it is now, and can be made again at any time.
"""

import enum
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import RequestError
from grader.quiz.attempt import Attempt, MarkedAttempt, mark_attempt, records
from grader.quiz.model import Quiz
from grader.quiz.responses.clock import seconds
from grader.result import write_atomically
from grader.roster import as_id
from grader.table import csv_text
from grader.text import inert

FOLDER = "quizzes"
ATTEMPTS_FILE, RECORDS_FILE, SCORES_FILE = "attempts.json", "records.jsonl", "scores.csv"
SCHEMA = 1
LISTED = 3
HEAD = ("student", "points", "max_points", "attempt", "submitted_at", "late_s", "source")


class Keep(enum.Enum):
    """Which sitting counts of a student who sat more than once."""

    FIRST = "first"
    LAST = "last"
    BEST = "best"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What storing would write.

    Attributes:
        folder: The quiz's own.
        files: Name to content.
        marked: The attempts that count after it, by student.
    """

    folder: Path
    files: Mapping[str, bytes]
    marked: tuple[MarkedAttempt, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything there is not as it would be written."""
        return any(_content(self.folder / name) != data for name, data in self.files.items())

    def write(self) -> Path:
        """Write what differs, each file at once; return the folder."""
        for name, data in self.files.items():
            if _content(self.folder / name) != data:
                write_atomically(self.folder / name, data)
        return self.folder


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def store_attempts(
    out: Path,
    course_title: str,
    quiz: Quiz,
    attempts: Sequence[Attempt],
    keep: Keep | None = Keep.FIRST,
) -> Path:
    """Put attempts to those that are there already; the same ones again change nothing.

    Args:
        out: The results folder, as of `dlab grade --out`.
        course_title: Goes into the records.
        quiz: Scores them.
        attempts: Of this quiz.
        keep: Which counts of several of one student; None to refuse several.

    Returns:
        The quiz's folder.

    Raises:
        RequestError: If what is there cannot be read, or a student has several and keep is None.
    """
    return plan_storing(out, course_title, quiz, attempts, keep).write()


def plan_storing(
    out: Path,
    course_title: str,
    quiz: Quiz,
    attempts: Sequence[Attempt],
    keep: Keep | None,
) -> Plan:
    """Work out what `store_attempts` would write, and write nothing."""
    pool = {**_sittings(read_attempts(out, quiz.quiz_id)), **_sittings(attempts)}
    marked = _chosen([mark_attempt(quiz, attempt) for attempt in pool.values()], keep)
    lines = (
        json.dumps(record, ensure_ascii=False, sort_keys=True)
        for entry in marked
        for record in records(course_title, entry)
    )
    return Plan(
        folder=out / FOLDER / quiz.quiz_id,
        files={
            ATTEMPTS_FILE: _dump(quiz.quiz_id, [entry.attempt for entry in marked]),
            RECORDS_FILE: _bytes("".join(f"{line}\n" for line in lines)),
            SCORES_FILE: _bytes(scores_csv(quiz, marked)),
        },
        marked=marked,
    )


def _sittings(attempts: Sequence[Attempt]) -> dict[tuple[str, str, str, int], Attempt]:
    """Index sittings by who, from where and when; those of one minute by their order."""
    index: dict[tuple[str, str, str, int], Attempt] = {}
    counts: Counter[tuple[str, str, str]] = Counter()
    for attempt in attempts:
        when = attempt.started_at or attempt.submitted_at or f"#{attempt.number}"
        key = (attempt.student, attempt.source, when)
        index[*key, counts[key]] = attempt
        counts[key] += 1
    return index


def _chosen(marked: Iterable[MarkedAttempt], keep: Keep | None) -> tuple[MarkedAttempt, ...]:
    """Return one sitting a student, by student.

    Raises:
        RequestError: If a student has several and `keep` is None; names them and their times.
    """
    sittings: dict[str, list[MarkedAttempt]] = {}
    for entry in sorted(marked, key=_when):
        sittings.setdefault(entry.attempt.student, []).append(entry)
    several = {name: entries for name, entries in sittings.items() if len(entries) > 1}
    if several and keep is None:
        raise RequestError(_several(several))
    return tuple(_kept(sittings[name], keep) for name in sorted(sittings))


def _when(entry: MarkedAttempt) -> tuple[float, int, str]:
    attempt = entry.attempt
    moment = seconds(attempt.submitted_at or attempt.started_at)
    return moment, attempt.number, attempt.source


def _kept(entries: Sequence[MarkedAttempt], keep: Keep | None) -> MarkedAttempt:
    if keep is Keep.BEST:
        return max(entries, key=lambda entry: entry.points)
    return entries[-1] if keep is Keep.LAST else entries[0]


def _several(several: Mapping[str, Sequence[MarkedAttempt]]) -> str:
    shown = []
    for name, entries in list(several.items())[:LISTED]:
        times = (entry.attempt.submitted_at or f"no. {entry.attempt.number}" for entry in entries)
        shown.append(f"{name} ({', '.join(times)})")
    more = f" and {len(several) - LISTED} more" if len(several) > LISTED else ""
    return (
        f"{len(several)} students have several attempts: {'; '.join(shown)}{more}. "
        "Say which one counts: --keep first, last or best"
    )


def scores_csv(quiz: Quiz, marked: Sequence[MarkedAttempt]) -> str:
    """Return one row a student: points in all and for each question, empty where it was blank."""
    rows: list[list[object]] = [[*HEAD, *(entry.question_id for entry in quiz.entries)]]
    for entry in marked:
        attempt = entry.attempt
        cells = [
            "" if one.mark.is_blank and not one.points else f"{round(one.points, 6):g}"
            for one in entry.marked
        ]
        head = (inert(attempt.student), f"{entry.points:g}", quiz.points, attempt.number)
        tail = (inert(attempt.submitted_at), f"{attempt.late_s:g}", inert(attempt.source))
        rows.append([*head, *tail, *cells])
    return csv_text(rows)


def _dump(quiz_id: str, attempts: Sequence[Attempt]) -> bytes:
    """Write one attempt a line, so that a difference is read easily."""
    from pydantic import TypeAdapter

    plain = TypeAdapter(list[Attempt]).dump_python(list(attempts), mode="json")
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False, sort_keys=True) for entry in plain)
    head = json.dumps({"schema": SCHEMA, "quiz": quiz_id})[:-1]
    return _bytes(f'{head}, "attempts": [\n{lines}\n]}}\n')


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")  # a lone surrogate could not be read back


def read_attempts(out: Path, quiz_id: str) -> tuple[Attempt, ...]:
    """Read the attempts of a quiz, one a student; none if there is no file.

    Raises:
        RequestError: If the file is there and cannot be read, or has two of one student.
    """
    from pydantic import TypeAdapter, ValidationError

    path = out / FOLDER / quiz_id / ATTEMPTS_FILE
    try:
        data = json.loads(path.read_bytes())
        if data["schema"] != SCHEMA or data["quiz"] != quiz_id:
            raise RequestError(f"{path}: this is not a file of attempts of '{quiz_id}'.")
        found = TypeAdapter(list[Attempt]).validate_python(data["attempts"], strict=False)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValidationError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise RequestError(
            f"{path} is damaged; move it away and import the responses again."
        ) from error
    for name, count in Counter(as_id(one.student) for one in found).items():
        if count > 1:
            raise RequestError(f"{path}: '{name}' is there twice; move it away and import again.")
    return tuple(found)
