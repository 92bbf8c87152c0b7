"""Reads result files and stored responses into a course's book."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.course import Course
from grader.course_book import (
    Book,
    Cell,
    Column,
    Gap,
    GapKind,
    Kind,
    Record,
    Row,
    choose_columns,
    rounded,
)
from grader.errors import RequestError
from grader.gradebook import is_content_broken
from grader.model import NOTHING_HANDED_IN, CheckResult, Report
from grader.quiz.archive import ATTEMPTS_FILE, FOLDER, read_attempts
from grader.quiz.attempt import Attempt, MarkedAttempt, mark_attempt, records
from grader.quiz.model import Quiz
from grader.quiz.source import find_quiz
from grader.result import FILE_NAME, read_result
from grader.roster import Identity, as_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One column with all that is in it, by student."""

    column: Column
    order: tuple[int, int]
    cells: Mapping[str, Cell]
    gaps: Mapping[str, Gap]
    absent: tuple[str, ...] = ()
    remarks: tuple[str, ...] = field(default=())


def read_book(
    course: Course,
    out: Path,
    *,
    only: Sequence[str] = (),
    has_late: bool = False,
) -> Book:
    """Read all results of a course.

    Args:
        course: Has the labs' titles, and the bank that quizzes are scored with as it is now.
        out: The folder `dlab grade` and `dlab quiz import` write to.
        only: Ids of the columns wanted, also short; all labs and tests if empty, no practice.
        has_late: Whether sittings that ended after the deadline count.

    Raises:
        RequestError: If there is nothing, or a file cannot be what it says.
        ContentError: If a quiz of the bank is broken.
    """
    labs = _lab_paths(out)
    quizzes = sorted(path.parent.name for path in out.glob(f"{FOLDER}/*/{ATTEMPTS_FILE}"))
    if not labs and not quizzes:
        raise RequestError(
            f"There are no results in '{out}'. `dlab grade` and `dlab quiz import` make them."
        )
    wanted = choose_columns([*sorted(labs), *quizzes], only)
    parts = [read_lab_part(course, lab_id, labs[lab_id]) for lab_id in labs if lab_id in wanted]
    tests = [
        quiz_part(
            course.title, quiz, read_attempts(out, quiz, has_late=has_late), has_late=has_late
        )
        for quiz in (find_quiz(course, name) for name in quizzes if name in wanted)
    ]
    parts += [part for part in tests if only or part.column.kind is not Kind.PRACTICE]
    if not parts:
        raise RequestError(f"'{out}' holds practice only; name what you want with --only.")
    return _bind(course.title, sorted(parts, key=lambda part: (*part.order, part.column.column_id)))


def _lab_paths(out: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in sorted(out.glob(f"*/*/{FILE_NAME}")):
        found.setdefault(path.parent.parent.name, []).append(path)
    return found


def _bind(title: str, parts: Sequence[Part]) -> Book:
    students = sorted({name for part in parts for name in (*part.cells, *part.gaps, *part.absent)})
    rows = tuple(
        Row(
            identity=Identity(student_id=name),
            cells={p.column.column_id: p.cells[name] for p in parts if name in p.cells},
            gaps={p.column.column_id: p.gaps[name] for p in parts if name in p.gaps},
        )
        for name in students
    )
    remarks = [remark for part in parts for remark in part.remarks]
    return Book(
        course=title,
        columns=tuple(part.column for part in parts),
        rows=rows,
        remarks=(*remarks, *_lost_zeros(students)),
    )


def _lost_zeros(students: Sequence[str]) -> list[str]:
    """Say which students may be one, of whose number a spreadsheet dropped the zeros."""
    whole = {name.lstrip("0"): name for name in students if name.startswith("0")}
    return [
        f"'{name}' and '{whole[name]}' may be one student; they are two rows."
        for name in students
        if name in whole
    ]


# Labs


def read_lab_part(course: Course, lab_id: str, paths: Sequence[Path]) -> Part:
    """Read one lab's results."""
    reports: dict[str, Report] = {}
    for path in paths:
        report = read_result(path)
        if report.lab_id != lab_id:
            raise RequestError(f"{path}: this is a result of '{report.lab_id}'; move it there.")
        name = as_id(report.student)
        if name in reports:
            times = f"{reports[name].graded_at or '?'} and {report.graded_at or '?'}"
            raise RequestError(
                f"{path}: there is another result of '{name}' in {lab_id}, spelled with other "
                f"characters; graded {times}. Delete one."
            )
        reports[name] = report
    column = _lab_column(course, lab_id, list(reports.values()))
    cells = {name: _lab_cell(course, report) for name, report in reports.items() if report.score}
    absent = [name for name, r in reports.items() if r.problem == NOTHING_HANDED_IN]
    gaps = {
        name: _lab_gap(report)
        for name, report in reports.items()
        if not report.score and name not in absent
    }
    versions = {report.lab_version for report in reports.values() if report.score}
    remarks = [f"{lab_id}: scored with {len(versions)} versions of the lab; grade all again."]
    return Part(
        column=column,
        order=(0, 0),
        cells=cells,
        gaps=gaps,
        absent=tuple(absent),
        remarks=tuple(remarks[: len(versions) > 1]),
    )


def _lab_column(course: Course, lab_id: str, reports: Sequence[Report]) -> Column:
    from grader.labs import lab_ids, read_lab

    lab = read_lab(course, lab_id) if lab_id in lab_ids(course) else None
    maxima = {report.score.max_points: report.student for report in reports if report.score}
    if len(maxima) > 1:
        found = ", ".join(f"{most} for '{name}'" for most, name in sorted(maxima.items()))
        raise RequestError(f"{lab_id}: the maximum differs: {found}. Grade the whole class again.")
    possible = sum(check.points for check in lab.checks) if lab else 0
    return Column(
        column_id=lab_id,
        title=lab.title if lab else lab_id,
        kind=Kind.LAB,
        max_points=next(iter(maxima), possible),
    )


def _lab_gap(report: Report) -> Gap:
    is_ours = is_content_broken([report])
    kind = GapKind.WITHHELD if is_ours else GapKind.NOT_GRADED
    return Gap(kind=kind, reason=report.problem or "a check of the course failed")


def _lab_cell(course: Course, report: Report) -> Cell:
    assert report.score is not None
    lost = [check for check in report.checks if check.points < check.max_points]
    shown = "; ".join(f"{check.title} ({check.points} of {check.max_points})" for check in lost)
    head = f"Score {report.score.points}/{report.score.max_points}"
    return Cell(
        points=float(report.score.points),
        comment=f"{head}. Points were lost in: {' '.join(shown.split())}" if lost else head,
        records=tuple(_lab_records(course.title, report)),
    )


def _lab_records(title: str, report: Report) -> Iterable[Record]:
    return (_lab_record(title, report, check) for check in report.checks)


def _lab_record(title: str, report: Report, check: CheckResult) -> Record:
    """Return a check as attempt.records has an answer; the response is how the check ended."""
    return {
        "course": title,
        "quiz": report.lab_id,
        "role": Kind.LAB.value,
        "student": report.student,
        "attempt": 1,
        "item": check.check_id,
        "variant": 0,
        "response": check.outcome.value,
        "blank": False,
        "fraction": round(check.points / max(1, check.max_points), 9),
        "points": check.points,
        "max_points": check.max_points,
        "started_at": "",
        "submitted_at": "",
        "late_s": 0.0,
        "accommodation": 1.0,
        "source": "dlab-grade",
        "bank_sha256": report.lab_version,
    }


# Quizzes


def quiz_part(course: str, quiz: Quiz, attempts: Sequence[Attempt], *, has_late: bool) -> Part:
    """Score a quiz's sittings, one a student, with the bank as it is now."""
    marked = {as_id(attempt.student): mark_attempt(quiz, attempt) for attempt in attempts}
    late = [name for name, one in marked.items() if one.attempt.late_s > 0 and not has_late]
    counted = {name: one for name, one in marked.items() if name not in late}
    kind = Kind(quiz.role.value)
    return Part(
        column=Column(column_id=quiz.quiz_id, title=quiz.title, kind=kind, max_points=quiz.points),
        order=(1 + quiz.lecture, list(Kind).index(kind)),
        cells={name: _quiz_cell(course, one) for name, one in counted.items()},
        gaps={name: Gap(kind=GapKind.LATE, reason="ended after the deadline") for name in late},
        remarks=_quiz_remarks(quiz, counted.values()),
    )


def _quiz_cell(course: str, marked: MarkedAttempt) -> Cell:
    points = rounded(marked.points)
    return Cell(
        points=points,
        comment=f"Score {points:.10g}/{marked.quiz.points}",
        records=tuple(records(course, marked)),
    )


def _quiz_remarks(quiz: Quiz, counted: Iterable[MarkedAttempt]) -> tuple[str, ...]:
    other = sum(one.attempt.bank_sha256 not in ("", quiz.sha256) for one in counted)
    remark = (
        f"{quiz.quiz_id}: {other} papers were made from another version of the file; "
        "all are scored with the key of today."
    )
    return (remark,) if other else ()
