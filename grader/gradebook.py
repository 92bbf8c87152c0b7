"""The class's table: an index over result files that can be rebuilt from them at any time."""

import difflib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from grader.errors import RequestError
from grader.model import CONTENT_BROKEN, NOTHING_HANDED_IN, CheckResult, Outcome, Report
from grader.result import FILE_NAME, read_result, write_atomically
from grader.table import csv_text
from grader.text import inert

SCORES_FILE, SUMMARY_FILE, SOURCES_FILE = "scores.csv", "summary.json", "sources.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A mistake and who makes it.

    Attributes:
        mistake: Name of the mistake or pattern.
        headline: What the code does instead.
        students: Whose code shows it.
        checks: Where it shows.
    """

    mistake: str
    headline: str
    students: tuple[str, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What an instructor wants to know of a class at one glance."""

    graded: int
    not_graded: tuple[str, ...]
    mean_points: float
    median_points: float
    max_points: int
    outcomes: dict[str, int]
    topics: tuple[Topic, ...]


def absent(reports: Sequence[Report]) -> tuple[str, ...]:
    """Return the students who handed in nothing."""
    return tuple(r.student for r in reports if r.problem == NOTHING_HANDED_IN)


def not_graded(reports: Sequence[Report]) -> tuple[str, ...]:
    """Return the students who handed in something that could not be graded."""
    missing = absent(reports)
    return tuple(r.student for r in reports if r.score is None and r.student not in missing)


def is_content_broken(reports: Sequence[Report]) -> bool:
    """Whether a check of ours failed, so that a score was withheld."""
    return any(
        check.outcome is Outcome.BROKEN for report in reports for check in report.checks
    ) or any(report.problem.startswith(CONTENT_BROKEN) for report in reports)


def scores_csv(reports: Sequence[Report]) -> str:
    """Return the table as CSV: nothing in it depends on time, machine load or order of grading."""
    checks = _all_checks(reports)
    rows: list[list[object]] = [["student", "points", "max_points", "problem", *checks]]
    for report in sorted(reports, key=lambda report: report.student):
        score = report.score
        results = {check.check_id: check for check in report.checks}
        points = ["" if score is None else score.points, "" if score is None else score.max_points]
        cells = [_cell(results.get(check_id)) for check_id in checks]
        rows.append([inert(report.student), *points, inert(report.problem), *cells])
    return csv_text(rows)


def _cell(result: CheckResult | None) -> str:
    if result is None or result.outcome is Outcome.NOT_RUN:
        return ""
    return str(result.points)


def _all_checks(reports: Sequence[Report]) -> list[str]:
    """Return the checks of all reports in the order of the rubric."""
    seen: dict[str, None] = {}
    for report in reports:
        seen.update(dict.fromkeys(check.check_id for check in report.checks))
    return list(seen)


def summarise(reports: Sequence[Report]) -> Summary:
    """Count scores, outcomes and mistakes."""
    scores = [report.score.points for report in reports if report.score]
    possible = [report.score.max_points for report in reports if report.score]
    outcomes = Counter(c.outcome.value for report in reports if report.score for c in report.checks)
    return Summary(
        graded=len(scores),
        not_graded=tuple(sorted(r.student for r in reports if r.score is None)),
        mean_points=round(mean(scores), 2) if scores else 0.0,
        median_points=float(median(scores)) if scores else 0.0,
        max_points=max(possible, default=0),
        outcomes=dict(sorted(outcomes.items())),
        topics=find_topics(reports),
    )


def find_topics(reports: Sequence[Report]) -> tuple[Topic, ...]:
    """Return the diagnosed mistakes, most frequent first.

    Not those of submissions without a single point: constants agree with many a mistake by chance.
    """
    students: dict[str, set[str]] = {}
    checks: dict[str, set[str]] = {}
    headlines: dict[str, str] = {}
    for report in (report for report in reports if report.score and report.score.points):
        for check in report.checks:
            if check.diagnosis:
                name = check.diagnosis.mistake
                headlines.setdefault(name, check.diagnosis.headline)
                students.setdefault(name, set()).add(report.student)
                checks.setdefault(name, set()).add(check.check_id)
    ranked = sorted(headlines, key=lambda name: (-len(students[name]), name))
    return tuple(
        Topic(
            mistake=name,
            headline=headlines[name],
            students=tuple(sorted(students[name])),
            checks=tuple(sorted(checks[name])),
        )
        for name in ranked
    )


def write_gradebook(
    folder: Path, reports: Sequence[Report], sources: Mapping[str, str] | None = None
) -> None:
    """Write scores.csv, summary.json and, where submissions came from, sources.json.

    Args:
        folder: A lab's results folder.
        reports: All of the class.
        sources: Path of each student's submission.
    """
    from pydantic import TypeAdapter

    write_atomically(folder / SCORES_FILE, scores_csv(reports))
    data = TypeAdapter(Summary).dump_python(summarise(reports), mode="json")
    write_atomically(folder / SUMMARY_FILE, json.dumps(data, indent=2, sort_keys=True) + "\n")
    if sources:
        text = json.dumps(sources, indent=2, sort_keys=True) + "\n"
        write_atomically(folder / SOURCES_FILE, text)


def find_source(out: Path, report: Report) -> str:
    """Return where a graded submission was; the student's name if that is not known any more."""
    try:
        sources = json.loads((out / report.lab_id / SOURCES_FILE).read_bytes())
        return str(sources[report.student])
    except (OSError, ValueError, KeyError, TypeError):
        return report.student


def find_results(out: Path, student: str, lab_id: str = "") -> tuple[Report, ...]:
    """Read one student's results, of one lab or of all.

    Raises:
        RequestError: If there is none; suggests the nearest student.
    """
    paths = sorted(out.glob(f"{lab_id or '*'}/*/{FILE_NAME}"))
    if not paths:
        raise RequestError(f"There are no results in '{out}'. `dlab grade` makes them.")
    found = tuple(read_result(path) for path in paths if path.parent.name == student)
    if found:
        return found
    known = sorted({path.parent.name for path in paths})
    near = difflib.get_close_matches(student, known, n=1)
    tail = f"Did you mean '{near[0]}'?" if near else f"There are {len(known)} students."
    raise RequestError(f"There is no result of student '{student}' in '{out}'. {tail}")
