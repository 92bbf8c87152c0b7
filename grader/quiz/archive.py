"""Where a quiz's attempts stay: OUT/quizzes/<quiz>/, beside the results of the labs.

`attempts.json` is the source: all sittings as they were answered, and which one counts of a student
who sat more than once. `records.jsonl` and `scores.csv` are made of it with the bank as it is now,
and can be made again at any time.
"""

import enum
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import RequestError
from grader.quiz.attempt import Attempt, MarkedAttempt, mark_attempt, records
from grader.quiz.merge import merge, refuse_alike
from grader.quiz.model import Quiz
from grader.result import write_atomically
from grader.table import csv_text
from grader.text import inert

FOLDER = "quizzes"
ATTEMPTS_FILE, RECORDS_FILE, SCORES_FILE = "attempts.json", "records.jsonl", "scores.csv"
SCHEMA = 1
HEAD = ("student", "points", "max_points", "attempt", "submitted_at", "late_s", "source")


class Keep(enum.Enum):
    """Which sitting counts of a student who sat more than once."""

    FIRST = "first"
    LAST = "last"
    BEST = "best"


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What is stored of a quiz.

    Attributes:
        attempts: All sittings, by student and time.
        keep: Which one counts of a student's.
    """

    attempts: tuple[Attempt, ...] = ()
    keep: Keep = Keep.FIRST


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


def plan_storing(
    out: Path,
    course_title: str,
    quiz: Quiz,
    attempts: Sequence[Attempt],
    keep: Keep | None,
    *,
    is_replacing: bool = False,
) -> Plan:
    """Put attempts to those that are there already; the same ones again change nothing.

    Args:
        out: The results folder, as of `dlab grade --out`.
        course_title: Goes into the records.
        quiz: Scores them.
        attempts: Of this quiz.
        keep: Which counts of several of one student, from now on; None to refuse new ones of
            students who have several then.
        is_replacing: Whether what is there is dropped first.

    Raises:
        RequestError: If what is there cannot be read, several are refused, or two ids are one
            student's.
    """
    archive = Archive() if is_replacing else read_archive(out, quiz.quiz_id)
    whole = Archive(
        attempts=merge(archive.attempts, attempts, may_be_several=keep is not None),
        keep=keep or archive.keep,
    )
    marked = choose(quiz, whole)
    lines = (
        json.dumps(record, ensure_ascii=False, sort_keys=True)
        for entry in marked
        for record in records(course_title, entry)
    )
    return Plan(
        folder=out / FOLDER / quiz.quiz_id,
        files={
            ATTEMPTS_FILE: _dump(quiz.quiz_id, whole),
            RECORDS_FILE: _bytes("".join(f"{line}\n" for line in lines)),
            SCORES_FILE: _bytes(scores_csv(quiz, marked)),
        },
        marked=marked,
    )


def choose(quiz: Quiz, archive: Archive, *, has_late: bool = False) -> tuple[MarkedAttempt, ...]:
    """Return the sitting that counts of each student, by student; nothing else decides this.

    Args:
        quiz: Scores them.
        archive: All sittings, by time.
        has_late: Whether one that ended late counts like the others. If not, it stands only for
            a student who has no other: its `late_s` says so.
    """
    sittings: dict[str, list[MarkedAttempt]] = {}
    for attempt in archive.attempts:
        sittings.setdefault(attempt.student, []).append(mark_attempt(quiz, attempt))
    chosen = []
    for name in sorted(sittings):
        timely = [one for one in sittings[name] if has_late or one.attempt.late_s <= 0]
        chosen.append(_kept(timely or sittings[name], archive.keep))
    return tuple(chosen)


def _kept(entries: Sequence[MarkedAttempt], keep: Keep) -> MarkedAttempt:
    if keep is Keep.BEST:
        return max(entries, key=lambda entry: entry.points)
    return entries[-1] if keep is Keep.LAST else entries[0]


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


def _dump(quiz_id: str, archive: Archive) -> bytes:
    """Write one attempt a line, so that a difference is read easily."""
    from pydantic import TypeAdapter

    plain = TypeAdapter(list[Attempt]).dump_python(list(archive.attempts), mode="json")
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False, sort_keys=True) for entry in plain)
    head = {"schema": SCHEMA, "quiz": quiz_id, "keep": archive.keep.value}
    return _bytes(f'{json.dumps(head)[:-1]}, "attempts": [\n{lines}\n]}}\n')


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")  # a lone surrogate could not be read back


def read_attempts(out: Path, quiz: Quiz, *, has_late: bool = False) -> tuple[Attempt, ...]:
    """Read the sittings that count, one a student; see choose.

    Raises:
        RequestError: As read_archive.
    """
    chosen = choose(quiz, read_archive(out, quiz.quiz_id), has_late=has_late)
    return tuple(entry.attempt for entry in chosen)


def read_archive(out: Path, quiz_id: str) -> Archive:
    """Read all sittings of a quiz; none if there is no file.

    Raises:
        RequestError: If the file is there and cannot be read, or has a student under two ids.
    """
    from pydantic import TypeAdapter, ValidationError

    path = out / FOLDER / quiz_id / ATTEMPTS_FILE
    try:
        data = json.loads(path.read_bytes())
        if data["schema"] != SCHEMA or data["quiz"] != quiz_id:
            raise RequestError(f"{path}: this is not a file of attempts of '{quiz_id}'.")
        found = TypeAdapter(tuple[Attempt, ...]).validate_python(data["attempts"], strict=False)
        keep = Keep(data.get("keep", Keep.FIRST))
    except FileNotFoundError:
        return Archive()
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValidationError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise RequestError(
            f"{path} is damaged; move it away and import the responses again."
        ) from error
    refuse_alike((one.student for one in found), str(path))
    return Archive(attempts=found, keep=keep)
