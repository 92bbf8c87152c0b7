"""The miniature course of `tests/courses/tiny`, copied to where a test may change it."""

import shutil
from dataclasses import replace
from pathlib import Path

from grader.course import Course, find_course
from grader.examine import Examiner
from grader.handin import Handin
from grader.labs import find_lab
from grader.model import (
    Check,
    CheckResult,
    Lab,
    Limits,
    Outcome,
    Protection,
    Report,
    Score,
    Visibility,
)
from grader.runner import Grader, Options
from grader.sandbox.backend import find_backend
from grader.session import Session, Source

COURSES = Path(__file__).resolve().parent / "courses"


def copy_course(folder: Path, name: str = "tiny") -> Course:
    """Copy a course into a test's own folder and read it."""
    root = folder / "course"
    shutil.copytree(COURSES / name, root, ignore=shutil.ignore_patterns("__pycache__"))
    return find_course(root, str(root))


def lab_toml(course: Course) -> Path:
    """Return the lab's description."""
    return course.assignments / "lab9_tiny" / "lab.toml"


def hidden_folder(course: Course) -> Path:
    """Return where hidden checks and mistakes are."""
    return course.hidden / "lab9_tiny"


def replace_in(path: Path, old: str, new: str) -> None:
    """Replace one piece of a file; it must be there once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def open_grader(course: Course, **options: object) -> Grader:
    """Return a grader of the lab without a sandbox; the caller closes it."""
    return Grader(
        course=course,
        lab=find_lab(course, "lab9"),
        backend=find_backend("plain"),
        options=replace(Options(seed=5), **options),
    )


def grade(course: Course, text: str, **options: object) -> Report:
    """Grade one submission."""
    grader = open_grader(course, **options)
    try:
        return grader.grade(Handin(student="ada", files={"lab9.py": text.encode()}))
    finally:
        grader.close()


def solution(course: Course) -> str:
    """Return the text of the reference."""
    return (course.solutions / "lab9_tiny" / "lab9.py").read_text(encoding="utf-8")


def results(report: Report) -> dict[str, CheckResult]:
    """Return a report's results by check."""
    return {check.check_id: check for check in report.checks}


def make_check(check_id: str = "a", points: int = 1, **known: object) -> Check:
    """Return a rubric line."""
    values = {"title": check_id, "visibility": Visibility.PUBLIC, **known}
    return Check(check_id=check_id, points=points, **values)  # type: ignore[arg-type]  # by name


def make_lab(**known: object) -> Lab:
    """Return a lab that is nowhere on disk."""
    values = {
        "lab_id": "lab9_tiny",
        "title": "Tiny",
        "file": "lab9.py",
        "folder": Path("nowhere"),
        "packages": ("numpy",),
        "datasets": (),
        "lectures": (),
        "functions": {"square": "array"},
        "checks": (make_check(),),
        "limits": Limits(check_cpu_s=1, import_cpu_s=2, memory_mib=512),
        "bars": {},
        **known,
    }
    return Lab(**values)  # type: ignore[arg-type]  # by name


def make_report(student: str = "ada", points: int | None = 3, **known: object) -> Report:
    """Return a report; without points, one that could not be graded."""
    values = {
        "dlab_version": "1",
        "lab_id": "lab9_tiny",
        "lab_version": "v",
        "submission_sha256": "0" * 64,
        "files": ("lab9.py",),
        "dataset": "",
        "device": "cpu",
        "seed": 1,
        "protection": Protection(backend="plain", in_force=("time limits",)),
        "score": None if points is None else Score(points=points, max_points=5),
        **known,
    }
    return Report(student=student, **values)  # type: ignore[arg-type]  # by name


def make_result(check_id: str = "a", outcome: Outcome = Outcome.PASSED, points: int = 1):
    """Return the result of a check."""
    earned = points if outcome is Outcome.PASSED else 0
    return CheckResult(check_id=check_id, outcome=outcome, points=earned, max_points=points)


def make_session(lab: Lab, text: str, *, is_bounded: bool = True) -> Session:
    """Return a session of one submission; the caller closes it."""
    files = {lab.file: text.encode()}
    source = Source(files=files, run=(lab.file,), module=Path(lab.file).stem)
    return Session(
        backend=find_backend("plain"),
        lab=lab,
        sources={"submission": source, "reference": source},
        seed=5,
        is_bounded=is_bounded,
    )


def make_examiner(session: Session, staff: Session | None = None) -> Examiner:
    """Return an examiner that knows no mistakes."""
    return Examiner(session=session, staff=staff, mistakes=(), memory={})
