"""What dlab remembers beside a student's files, in `.dlab/<lab id>/`. Losing it loses no work."""

import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.errors import RequestError
from grader.handin import find_own, read_handin
from grader.model import Check, Lab, Outcome, Report, Score, Visibility
from grader.result import from_json, to_json, write_atomically
from grader.stub import Look, look_at, waiting_for

FOLDER = ".dlab"
LAST_RUN, LAST_WHOLE_RUN = "last_run.json", "last_whole_run.json"
HINTS, SUBMITTED = "hints.json", "submitted.json"


def folder_of(path: Path) -> Path:
    """Return the folder that holds `.dlab` for a submission given as a file or a folder."""
    return path if path.is_dir() else path.parent


def save_report(folder: Path, report: Report, *, is_whole: bool) -> None:
    """Remember a run; one of all public checks also counts for `dlab status`."""
    for name in (LAST_RUN, LAST_WHOLE_RUN) if is_whole else (LAST_RUN,):
        _write(folder, report.lab_id, name, to_json(report))


def last_report(folder: Path, lab_id: str, name: str = LAST_RUN) -> Report | None:
    """Return the remembered run, or None if there is none that this version can read."""
    try:
        return from_json((folder / FOLDER / lab_id / name).read_bytes())
    except (OSError, RequestError):
        return None


def save_submitted(folder: Path, lab_id: str, facts: dict[str, Any]) -> None:
    """Remember what was put into the last submission's zip."""
    _write(folder, lab_id, SUBMITTED, json.dumps(facts, indent=2, sort_keys=True) + "\n")


def _write(folder: Path, lab_id: str, name: str, text: str) -> None:
    with contextlib.suppress(OSError):  # a folder that is read-only can be checked all the same
        write_atomically(folder / FOLDER / lab_id / name, text)


def _read(folder: Path, lab_id: str, name: str) -> dict[str, Any]:
    try:
        found = json.loads((folder / FOLDER / lab_id / name).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def public_score(report: Report) -> Score:
    """Add up the public points of a report; hidden checks that ran too are left out."""
    public = [entry for entry in report.checks if entry.visibility is Visibility.PUBLIC]
    return Score(
        points=sum(entry.points for entry in public),
        max_points=sum(entry.max_points for entry in public),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One hint of a check.

    Attributes:
        check_id: The check; empty if nothing failed in the last run.
        text: The idea.
        number: Its place, from 1; 0 if the check has no hint.
        total: How many hints the check has.
        is_repeat: Whether all hints had been shown before.
        lecture: What to read again.
    """

    check_id: str = ""
    text: str = ""
    number: int = 0
    total: int = 0
    is_repeat: bool = False
    lecture: str = ""


def next_hint(lab: Lab, folder: Path, wanted: str) -> Hint:
    """Return the next hint of a check, and remember that it was shown.

    Args:
        lab: The lab.
        folder: The submission's folder.
        wanted: A check's id or a part of it; empty for the first that failed in the last run.

    Raises:
        RequestError: If there is no such check, or no run to take the failing check from.
    """
    report = last_report(folder, lab.lab_id)
    check = _named(lab, wanted) if wanted else _first_failing(lab, report)
    if check is None:
        return Hint()
    results = report.checks if report else ()
    result = next((entry for entry in results if entry.check_id == check.check_id), None)
    texts = list(dict.fromkeys(filter(None, [result.hint if result else "", *check.hints])))
    lecture = (result.diagnosis.lecture if result and result.diagnosis else "") or check.lecture
    known = Hint(check_id=check.check_id, total=len(texts), lecture=lecture)
    if not texts:
        return known
    shown = _read(folder, lab.lab_id, HINTS)
    before = shown.get(check.check_id)
    seen = [*before] if isinstance(before, list) else []
    if result and result.hint and not waiting_for(result, lab.functions):
        seen.append(result.hint)  # the run itself has shown it
    fresh = [text for text in texts if text not in seen]
    text = fresh[0] if fresh else texts[-1]
    shown[check.check_id] = list(dict.fromkeys([*seen, text]))
    _write(folder, lab.lab_id, HINTS, json.dumps(shown, indent=2, sort_keys=True) + "\n")
    return Hint(
        check_id=check.check_id,
        text=text,
        number=texts.index(text) + 1,
        total=len(texts),
        is_repeat=not fresh,
        lecture=lecture,
    )


def _named(lab: Lab, wanted: str) -> Check:
    found = [check for check in lab.checks if wanted == check.check_id]
    found = found or [check for check in lab.checks if wanted in check.check_id]
    if len(found) == 1:
        return found[0]
    names = ", ".join(check.check_id for check in found or lab.checks)
    if found:
        raise RequestError(f"'{wanted}' could be {names}.")
    raise RequestError(f"{lab.short_id} has no check '{wanted}'. There are: {names}.")


def _first_failing(lab: Lab, report: Report | None) -> Check | None:
    if report is None:
        raise RequestError(
            f"There is no run of {lab.short_id} yet. `dlab check {lab.short_id}` comes first."
        )
    fine = (Outcome.PASSED, Outcome.SKIPPED)
    failing = [entry.check_id for entry in report.checks if entry.outcome not in fine]
    return next((check for check in lab.checks if check.check_id in failing), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a student stands with one lab.

    Attributes:
        folder: Where the submission is; None if the lab is not started.
        look: Which functions are written.
        report: The last run of all public checks.
        submitted_at: When the last zip was written (ISO 8601); empty if never.
        is_checked: Whether the files are still those of the last run.
        is_submitted: Whether the files are still those of the last zip.
    """

    lab: Lab
    folder: Path | None = None
    look: Look = field(default_factory=Look)
    report: Report | None = None
    submitted_at: str = ""
    is_checked: bool = False
    is_submitted: bool = False


def status_of(lab: Lab, start: Path) -> Status:
    """Find out where a student stands, from the files in the usual places below `start`."""
    try:
        path = find_own(lab, start, "")
    except RequestError:
        return Status(lab=lab)
    folder = folder_of(path)
    handin = read_handin(path, lab, "own")
    report = last_report(folder, lab.lab_id, LAST_WHOLE_RUN)
    submitted = _read(folder, lab.lab_id, SUBMITTED)
    return Status(
        lab=lab,
        folder=folder,
        look=look_at(lab, handin.files.get(lab.file, b"")),
        report=report,
        submitted_at=str(submitted.get("created_at", "")),
        is_checked=report is not None and report.submission_sha256 == handin.sha256,
        is_submitted=submitted.get("submission_sha256") == handin.sha256,
    )
