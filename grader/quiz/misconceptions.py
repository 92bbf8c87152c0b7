"""The mistakes that quizzes and labs share: one name, wherever it shows."""

import tomllib

from grader.course import Course
from grader.errors import ContentError

FILE_NAME = "misconceptions.toml"


def read_misconceptions(course: Course) -> dict[str, str]:
    """Return name to headline of every mistake a quiz may name.

    Those of the bank's own file, and the known mistakes of all labs.

    Raises:
        ContentError: If the bank's file breaks a rule, or repeats the name of a lab's mistake.
    """
    path = course.quizzes / FILE_NAME
    shown = f"{path.parent.name}/{path.name}"
    own: dict[str, str] = {}
    if path.is_file():
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ContentError(f"{shown}: it is not TOML: {error}.") from error
        for name, entry in raw.items():
            if not isinstance(entry, dict) or not isinstance(entry.get("headline"), str):
                raise ContentError(f"{shown}: [{name}] needs a line 'headline = \"...\"'.")
            own[name] = entry["headline"]
    labs = lab_mistakes(course)
    if twice := sorted(own.keys() & labs.keys()):
        raise ContentError(
            f"{shown}: '{twice[0]}' is a mistake of {labs[twice[0]]} already; take it out here."
        )
    return own | {name: _headline(course, lab, name) for name, lab in labs.items()}


def for_students(course: Course) -> dict[str, str]:
    """Return the same with the lab that a mistake is known from.

    Raises:
        ContentError: As `read_misconceptions`.
    """
    labs = lab_mistakes(course)
    return {
        name: f"{headline} Known from {labs[name]}." if name in labs else headline
        for name, headline in read_misconceptions(course).items()
    }


def _headline(course: Course, lab_id: str, name: str) -> str:
    """Return what the file of a lab's mistake begins with."""
    text = (course.hidden / lab_id / "mistakes" / f"{name}.py").read_text(encoding="utf-8")
    words = text.split('"""')[1:2]
    return " ".join(words[0].partition("\n\n")[0].split()) if words else f"a mistake of {lab_id}"


def lab_mistakes(course: Course) -> dict[str, str]:
    """Return name to lab of the known mistakes of all labs."""
    paths = sorted(course.hidden.glob("*/mistakes/*.py"))
    return {path.stem: path.parent.parent.name for path in reversed(paths)}
