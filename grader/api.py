"""What the command line calls. Light to import: each function brings in what it needs itself."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader import __version__
from grader.course import Course, find_course
from grader.model import Lab, Report, Score
from grader.wish import Wish

if TYPE_CHECKING:
    from grader.own import OwnCheck
    from grader.packing import Package
    from grader.progress import Hint, Status
    from grader.stub import Started

__all__ = [
    "Course",
    "Wish",
    "__version__",
    "find_lab",
    "find_path",
    "list_labs",
    "load_course",
    "next_hint",
    "open_check",
    "pack",
    "public_score",
    "report_json",
    "run_doctor",
    "start_lab",
    "status_of",
    "write_package",
]


def load_course(named: str = "") -> Course:
    """Return the course in force, or the one in the folder named by the user."""
    return find_course(Path(), named)


def list_labs(course: Course) -> tuple[Lab, ...]:
    """Read all labs of a course."""
    from grader.labs import lab_ids, read_lab

    return tuple(read_lab(course, lab_id) for lab_id in lab_ids(course))


def find_lab(course: Course, wanted: str) -> Lab:
    """Read the lab with this id or short id."""
    from grader import labs

    return labs.find_lab(course, wanted)


def start_lab(course: Course, wanted: str, into: str = "") -> "Started":
    """Copy a lab's stub and statement; without a folder, where the lab was started before."""
    from grader import progress, stub

    lab = find_lab(course, wanted)
    before = progress.status_of(lab, Path()).folder
    return stub.start_lab(lab, Path(into) if into else before or Path(lab.short_id))


def open_check(course: Course, wanted: str, wish: Wish) -> "OwnCheck":
    """Get ready to check a student's own submission of a lab; use it in a `with` block."""
    from grader import own

    return own.open_check(course, wanted, Path(), wish)


def find_path(lab: Lab, named: str = "") -> Path:
    """Find a student's own submission of a lab."""
    from grader.handin import find_own

    return find_own(lab, Path(), named)


def next_hint(lab: Lab, path: Path, check: str = "") -> "Hint":
    """Return the next hint of a check, or of the first that failed in the last run."""
    from grader import progress

    return progress.next_hint(lab, progress.folder_of(path), check)


def status_of(lab: Lab) -> "Status":
    """Find out where the student stands with a lab."""
    from grader import progress

    return progress.status_of(lab, Path())


def pack(lab: Lab, path: Path) -> "Package":
    """Collect what would be handed in."""
    from grader import packing

    return packing.pack(lab, path)


def write_package(package: "Package", out: str = "") -> tuple[Path, dict[str, Any]]:
    """Write a submission's zip; return where it is, and its manifest."""
    from grader import packing

    target = Path(out or f"{package.lab.lab_id}_submission.zip")
    return target, packing.write_package(package, target)


def public_score(report: Report) -> Score:
    """Add up the public points of a report."""
    from grader import progress

    return progress.public_score(report)


def report_json(report: Report, figures: Sequence[Path] | None = None) -> str:
    """Return a report as it is written to result.json; with the paths of figures, if given."""
    import json

    from grader.result import to_json

    text = to_json(report)
    if figures is None:
        return text
    data = {**json.loads(text), "figures": [str(path) for path in figures]}
    return json.dumps(data, indent=2, sort_keys=True) + "\n"


def run_doctor(course_named: str = "") -> list[tuple[str, bool, str, str]]:
    """Look at this machine; return name, whether it is fine, detail, and how to fix it."""
    from grader import doctor

    return doctor.run(course_named)
