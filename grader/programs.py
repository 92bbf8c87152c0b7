"""The programs that staff know of a lab: its reference, second solutions, known mistakes."""

from collections.abc import Sequence
from pathlib import Path

from grader.course import Course
from grader.diagnosis.mistake import Mistake
from grader.errors import ContentError
from grader.model import Lab
from grader.session import Source

REFERENCE = "reference"
SECOND = "second solution "  # before its name
MISTAKE = "mistake "


def reference_of(course: Course, lab: Lab) -> dict[str, Source]:
    """Return the reference under its name.

    Raises:
        ContentError: If the lab has none on this machine.
    """
    path = course.reference(lab.lab_id, lab.file)
    if path is None:
        file = f"solutions/{lab.lab_id}/{lab.file}"
        raise ContentError(f"{file} does not exist; a lab needs a reference.")
    return {REFERENCE: _source(lab, path.read_bytes())}


def second_solutions_of(course: Course, lab: Lab) -> dict[str, Source]:
    """Return the correct solutions in other styles, by name."""
    folder = course.hidden / lab.lab_id / "second_solutions"
    return {SECOND + p.stem: _source(lab, p.read_bytes()) for p in sorted(folder.glob("*.py"))}


def mistakes_of(course: Course, lab: Lab, mistakes: Sequence[Mistake]) -> dict[str, Source]:
    """Return the known mistakes by name: each the reference with a few functions replaced."""
    reference = reference_of(course, lab)[REFERENCE]
    found = {}
    for mistake in mistakes:
        overlay = f"mistake_{mistake.name}.py"
        found[MISTAKE + mistake.name] = Source(
            files={**reference.files, overlay: mistake.path.read_bytes()},
            run=(*reference.run, overlay),
            module=reference.module,
        )
    return found


def _source(lab: Lab, content: bytes) -> Source:
    return Source(files={lab.file: content}, run=(lab.file,), module=Path(lab.file).stem)
