"""Plans the demo: what students see of every lab, and a class that is graded."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from grader.batch import Batch, plan_batch
from grader.course import Course
from grader.errors import RequestError
from grader.labs import find_lab
from grader.model import Lab, Report

CLASS = Path("examples", "class")
DESK = "desk"  # where the checked submissions are copied to: a check leaves notes beside its files
WANTED = (CLASS.parts[0], "solutions", "autograder_tests")
LABS = ("lab1", "lab2")
WRONG = {"lab1": "ivo", "lab2": "bram"}
RIGHT = {"lab1": "cleo", "lab2": "hedy"}
SOLO = Path("examples", "solo")  # one submission of each further lab


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One submission that is checked as its student would.

    Attributes:
        student: Who of the class made it; empty for nobody.
    """

    lab: Lab
    student: str
    folder: Path
    is_right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demo shows, in this order.

    Attributes:
        scenes: Submissions of single students.
        batches: The class, one batch a lab.
    """

    scenes: tuple[Scene, ...]
    batches: tuple[Batch, ...]


def plan_demo(course: Course, *, out: Path, jobs: int | None = None) -> Demo:
    """Find the sample class and put the single submissions on a desk of their own.

    Args:
        course: The course in force.
        out: Results and the desk go here; the repository itself is not written to.
        jobs: Submissions at once; default: one a core.

    Raises:
        RequestError: If the course has no sample class or no solutions, or out cannot be written.
    """
    if missing := [name for name in WANTED if not (course.root / name).is_dir()]:
        raise RequestError(
            f"The demo needs dlab's repository; the course in {course.root} has no "
            f"{' and no '.join(missing)}. Clone it and run `dlab demo` in there."
        )
    scenes = [
        _put_on_desk(course, CLASS / choice[lab], lab, out, is_right=choice is RIGHT)
        for lab in LABS
        for choice in (WRONG, RIGHT)
    ]
    scenes += [
        _put_on_desk(course, SOLO, folder.name, out, is_right=False)
        for folder in sorted((course.root / SOLO).iterdir())
    ]
    batches = tuple(
        plan_batch(course, lab, course.root / CLASS, out=out, jobs=jobs) for lab in LABS
    )
    return Demo(scenes=tuple(scenes), batches=batches)


def _put_on_desk(course: Course, whose: Path, wanted: str, out: Path, *, is_right: bool) -> Scene:
    lab = find_lab(course, wanted)
    source = course.root / whose / lab.lab_id / lab.file
    folder = out / DESK / whose.name / lab.lab_id
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / lab.file)
    except OSError as error:
        raise RequestError(f"The demo cannot copy {source} to {folder}: {error}.") from error
    student = whose.name if whose.parent == CLASS else ""
    return Scene(lab=lab, student=student, folder=folder, is_right=is_right)


def missing_packages(lab: Lab) -> list[str]:
    """Return what the lab needs and this machine lacks."""
    return [name for name in lab.packages if find_spec(name) is None]


def find_surprises(batch: Batch, reports: Sequence[Report]) -> tuple[Report, ...]:
    """Return the submissions that were handed in and could not be graded: none are expected."""
    return tuple(
        report
        for report in reports
        if report.score is None and (batch.folder / report.student / batch.lab.lab_id).is_dir()
    )
