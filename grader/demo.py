"""Plans the demo: what students see of every lab, and a class that is graded."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from grader.batch import Batch, plan_batch
from grader.course import Course
from grader.diagnosis.mistake import read_mistakes
from grader.errors import RequestError
from grader.labs import find_lab
from grader.model import Lab, Report
from grader.programs import MISTAKE, mistakes_of

if TYPE_CHECKING:
    from grader.quiz.analysis.session import Analysis

CLASS = Path("examples", "class")
ANSWERS = Path("examples", "quizzes")
SESSION = "session2"
DESK = "desk"  # where the checked submissions are copied to: a check leaves notes beside its files
WANTED = (CLASS.parts[0], "solutions", "autograder_tests")
LABS = ("lab1", "lab2")
WRONG = {"lab1": "ivo", "lab2": "bram"}
RIGHT = {"lab1": "cleo", "lab2": "hedy"}
SOLO = {  # a known mistake of each further lab, checked as a submission
    "lab3": "softmax_before_the_loss",
    "lab4": "lecture3_flipped_kernel",
    "lab5": "gate_order_ifog",
    "lab6": "pca_not_centred",
    "lab7": "saturating_always",
}


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
        _of_class(course, lab, choice[lab], out, is_right=choice is RIGHT)
        for lab in LABS
        for choice in (WRONG, RIGHT)
    ]
    scenes += [_of_mistake(course, lab, mistake, out) for lab, mistake in SOLO.items()]
    batches = tuple(
        plan_batch(course, lab, course.root / CLASS, out=out, jobs=jobs) for lab in LABS
    )
    return Demo(scenes=tuple(scenes), batches=batches)


def _of_class(course: Course, wanted: str, student: str, out: Path, *, is_right: bool) -> Scene:
    lab = find_lab(course, wanted)
    content = (course.root / CLASS / student / lab.lab_id / lab.file).read_bytes()
    folder = _put_on_desk(lab, content, out / DESK / student)
    return Scene(lab=lab, student=student, folder=folder, is_right=is_right)


def _of_mistake(course: Course, wanted: str, mistake: str, out: Path) -> Scene:
    lab = find_lab(course, wanted)
    known = read_mistakes(course.hidden / lab.lab_id / "mistakes")
    source = mistakes_of(course, lab, known)[MISTAKE + mistake]
    folder = _put_on_desk(lab, source.text, out / DESK / mistake)
    return Scene(lab=lab, student="", folder=folder, is_right=False)


def _put_on_desk(lab: Lab, content: bytes, place: Path) -> Path:
    folder = place / lab.lab_id
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / lab.file).write_bytes(content)
    except OSError as error:
        raise RequestError(f"The demo cannot write {folder / lab.file}: {error}.") from error
    return folder


def analyse_answers(course: Course, out: Path) -> "Analysis":
    """Take in what the class answered to the tests of one session, and analyse it.

    Raises:
        RequestError: If something is not installed, or `out` cannot be written.
    """
    from grader.quiz.analysis.session import Wish as AnalysisWish
    from grader.quiz.analysis.session import analyse
    from grader.quiz.archive import plan_storing
    from grader.quiz.responses.collect import collect
    from grader.quiz.responses.sheet import Wish
    from grader.quiz.source import find_quiz

    for path in sorted((course.root / ANSWERS).glob(f"{SESSION}-*.moodle.csv")):
        quiz = find_quiz(course, path.name.partition(".")[0])
        found = collect([path], quiz, Wish(), None, list)
        plan_storing(out, course.title, quiz, found.attempts, None).write()
    return analyse(course, SESSION, AnalysisWish(out=out))


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
