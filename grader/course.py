"""Finds the course in force: the nearest course.toml, else DLAB_COURSE, else the wheel's own."""

import difflib
import os
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import ContentError, RequestError

PACKAGED = Path(__file__).resolve().parent / "default_course"
KEYS = ("schema", "title", "grading")
GRADING_KEYS = ("seed",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Where a course's files are.

    Attributes:
        root: The folder of course.toml.
        seed: Grading seed: it draws the inputs of every check. Students' own checks use another.
    """

    root: Path
    title: str
    seed: int

    @property
    def assignments(self) -> Path:
        """What students get."""
        return self.root / "assignments"

    @property
    def solutions(self) -> Path:
        """The references; absent on a student's machine."""
        return self.root / "solutions"

    @property
    def hidden(self) -> Path:
        """Hidden checks and mistakes; absent on a student's machine."""
        return self.root / "autograder_tests"

    @property
    def quizzes(self) -> Path:
        """The question bank, keys and all; absent on a student's machine."""
        return self.root / "quizzes"

    def reference(self, lab_id: str, file: str) -> Path | None:
        """Return the lab's reference if this machine has it."""
        path = self.solutions / lab_id / file
        return path if path.is_file() else None


def find_course(start: Path, explicit: str = "") -> Course:
    """Find the course in force.

    Args:
        start: Where to begin looking upwards.
        explicit: A folder named by the user; wins over everything.

    Raises:
        RequestError: If the named folder has no course.toml, or there is none anywhere.
        ContentError: If course.toml breaks a rule.
    """
    if explicit:
        return _read(Path(explicit), f"--course {explicit}")
    for folder in (start, *start.resolve().parents):
        if (folder / "course.toml").is_file():
            return _read(folder, str(folder))
    if named := os.environ.get("DLAB_COURSE", ""):
        return _read(Path(named), f"DLAB_COURSE={named}")
    for folder in (PACKAGED, PACKAGED.parents[1]):  # installed from a wheel, or in editable mode
        if (folder / "course.toml").is_file():
            return _read(folder, "the installed course")
    raise RequestError("There is no course: no course.toml here or above. Set DLAB_COURSE.")


def _read(root: Path, named_by: str) -> Course:
    path = root / "course.toml"
    if not path.is_file():
        raise RequestError(f"{named_by}: there is no course.toml in that folder.")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(f"course.toml: not valid TOML: {error}") from error
    _refuse_unknown(raw, KEYS, "")
    if raw.get("schema", 1) != 1:
        raise ContentError(f"course.toml: schema must be 1, not {raw['schema']!r}.")
    title, grading = raw.get("title", root.resolve().name), raw.get("grading", {})
    if not isinstance(title, str):
        raise ContentError(f"course.toml: title must be text in quotes, not {title!r}.")
    if not isinstance(grading, dict):
        raise ContentError("course.toml: grading must be a table: write [grading].")
    _refuse_unknown(grading, GRADING_KEYS, "grading.")
    seed = grading.get("seed", 1)
    if type(seed) is not int or seed < 0:
        rule = "must be a whole number, 0 or more"
        raise ContentError(f"course.toml: grading.seed {rule}, not {seed!r}.")
    return Course(root=root.resolve(), title=title, seed=seed)


def _refuse_unknown(table: Iterable[str], known: Sequence[str], prefix: str) -> None:
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            tail = f"write '{near[0]}'" if near else f"known are {', '.join(known)}"
            raise ContentError(f"course.toml: {prefix}{key} is not a known key; {tail}.")
