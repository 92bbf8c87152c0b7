"""The lab's known mistakes: read from `mistakes/`, recognised by what they would have answered."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from grader.errors import ContentError
from grader.model import Diagnosis
from grader.testing.assertions import is_same
from grader.testing.record import Observation

FIT = 1e-6  # how well a mistake must explain the values, relative to the largest
SINGLE = 30.0  # float32 rounds away this much of a difference: two styles of one mistake differ
FAR = 100.0  # how many times worse the next best must be
RULE = 'a mistake says CAUGHT_BY = ("check_id",) and HINT = "..." at its top level'


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One known wrong answer, an overlay on the solution.

    Attributes:
        headline: One sentence: what the code does instead.
        caught_by: Checks that must catch it; the first is the one that names it.
        functions: What the overlay defines.
    """

    name: str
    path: Path
    headline: str
    hint: str
    lecture: str
    caught_by: tuple[str, ...]
    functions: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Everything a check saw of one program: its values, and the exception that ended it."""

    observations: tuple[Observation, ...]
    error: tuple[str, str] | None = None  # type and message

    @property
    def is_wrong(self) -> bool:
        """Whether the check saw anything wrong."""
        return self.error is not None or self.first_failure < len(self.observations)

    @property
    def first_failure(self) -> int:
        """Return the place of the first value that was wrong; the number of values if none was."""
        failed = (i for i, seen in enumerate(self.observations) if seen.failure)
        return next(failed, len(self.observations))


@cache
def read_mistakes(folder: Path) -> tuple[Mistake, ...]:
    """Read what the mistakes of a lab say of themselves; nothing is executed.

    Raises:
        ContentError: If a file lacks its headline, CAUGHT_BY or HINT.
    """
    return tuple(_read(path) for path in sorted(folder.glob("*.py")))


def _read(path: Path) -> Mistake:
    where = "/".join(path.parts[-4:])  # autograder_tests/<lab id>/mistakes/<name>.py
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError) as error:
        raise ContentError(f"{where}: not valid Python: {error}") from error
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    try:
        caught_by = ast.literal_eval(constants["CAUGHT_BY"])
        hint = str(ast.literal_eval(constants["HINT"]))
        lecture = str(ast.literal_eval(constants["LECTURE"])) if "LECTURE" in constants else ""
    except KeyError as error:
        raise ContentError(f"{where}: {RULE}; {error.args[0]} is missing.") from error
    except ValueError as error:
        raise ContentError(f"{where}: {RULE}; these are literals.") from error
    if not isinstance(caught_by, tuple) or not all(isinstance(name, str) for name in caught_by):
        raise ContentError(f"{where}: {RULE}; CAUGHT_BY is {caught_by!r}.")
    docstring = ast.get_docstring(tree)
    if not docstring:
        raise ContentError(f"{where}: the docstring's first line is the headline; it is missing.")
    defined = (ast.FunctionDef, ast.ClassDef)
    return Mistake(
        name=path.stem,
        path=path,
        headline=docstring.splitlines()[0],
        hint=hint,
        lecture=lecture,
        caught_by=caught_by,
        functions=frozenset(node.name for node in tree.body if isinstance(node, defined)),
    )


def distance(got: object, other: object) -> float:
    """Return how far apart two answers are, relative to the second's largest; inf if unlike.

    Between arrays of float32 a thirtieth counts: after a few steps of training, correct programs in
    different styles are some 1e-5 apart.
    """
    if isinstance(got, tuple | list) and isinstance(other, tuple | list):
        if len(got) != len(other):
            return np.inf
        pairs = zip(got, other, strict=True)
        return max((distance(a, b) for a, b in pairs), default=0.0)
    if isinstance(got, dict) and isinstance(other, dict):
        if set(got) != set(other):
            return np.inf
        return max((distance(got[key], other[key]) for key in got), default=0.0)
    if _is_numeric(got) and _is_numeric(other):
        return _array_distance(np.asarray(got), np.asarray(other))
    return 0.0 if is_same(got, other) else np.inf


def _is_numeric(value: object) -> bool:
    if isinstance(value, int) and abs(value) >= 1 << 63:  # no array holds it
        return False
    return isinstance(value, int | float | np.number) or (
        isinstance(value, np.ndarray) and value.dtype.kind in "fiubc"
    )


def _array_distance(got: np.ndarray, other: np.ndarray) -> float:
    if got.shape != other.shape:
        return np.inf
    finite = np.isfinite(got) & np.isfinite(other)
    with np.errstate(all="ignore"):
        if not np.array_equal(got[~finite], other[~finite], equal_nan=True):
            return np.inf
        if not finite.any():
            return 0.0
        left, right = got[finite].astype(np.complex128), other[finite].astype(np.complex128)
        scale = float(np.max(np.abs(right)))
        error = float(np.max(np.abs(left - right)))
    noise = SINGLE if np.float32 in (got.dtype, other.dtype) else 1.0
    return 0.0 if error == 0.0 else error / scale / noise if scale else np.inf


def answer_distance(student: Answer, mistake: Answer) -> float:
    """Return how far a mistake's answers are from the student's, up to the first wrong one."""
    end = student.first_failure
    if mistake.first_failure != end:
        return np.inf
    if end == len(student.observations):  # the student's code raised
        is_alike = student.error is not None and student.error == mistake.error
        worst = 0.0 if is_alike and len(mistake.observations) == end else np.inf
    elif end == len(mistake.observations):  # the mistake raised where the student's was wrong
        worst = np.inf
    else:
        worst = distance(student.observations[end].got, mistake.observations[end].got)
    for place in range(end):
        if worst == np.inf:
            break
        ours, theirs = student.observations[place].got, mistake.observations[place].got
        worst = max(worst, distance(ours, theirs))
    return worst


def recognise(
    check_id: str, student: Answer, known: Sequence[tuple[Mistake, Answer]]
) -> Diagnosis | None:
    """Name the mistake that explains a wrong answer, if exactly one does.

    Args:
        check_id: Which check the answers are from.
        student: What the check saw of the submission.
        known: What it saw of each mistake, on the same inputs.

    Returns:
        None unless one mistake fits at noise level and the next is far.
    """
    ranked = sorted(
        ((answer_distance(student, answer), mistake, answer) for mistake, answer in known),
        key=lambda entry: (entry[0], entry[1].name),
    )
    fitting = [entry for entry in ranked if entry[0] <= FIT]
    if len(fitting) > 1:
        fitting = _closest_to_the_end(student, fitting)
    is_value = student.first_failure < len(student.observations)
    if len(fitting) > 1 and is_value:  # alike on these inputs: the one this check was written for
        fitting = [entry for entry in fitting if entry[1].caught_by[:1] == (check_id,)]
    if len(fitting) != 1:
        return None
    best, mistake, _ = fitting[0]
    rest = [far for far, other, _ in ranked if other is not mistake and far > FIT]
    if rest and min(rest) < FAR * max(best, 1e-9):
        return None
    return Diagnosis(
        mistake=mistake.name,
        headline=mistake.headline,
        evidence=_evidence(student, best),
        hint=mistake.hint,
        lecture=mistake.lecture,
    )


def _closest_to_the_end(
    student: Answer, fitting: list[tuple[float, Mistake, Answer]]
) -> list[tuple[float, Mistake, Answer]]:
    """Prefer mistakes that also explain the values after the first wrong one."""
    whole = [
        entry
        for entry in fitting
        if len(entry[2].observations) == len(student.observations)
        and all(
            distance(ours.got, theirs.got) <= FIT
            for ours, theirs in zip(student.observations, entry[2].observations, strict=True)
        )
    ]
    return whole or fitting


def _evidence(student: Answer, best: float) -> str:
    end = student.first_failure
    if end == len(student.observations):
        return "the same exception"
    got = student.observations[end].got
    count = got.size if isinstance(got, np.ndarray) else 1
    values = f"all {count} values agree" if count > 1 else "the value agrees"
    return f"{values} with this mistake's (difference {best:.0e})"
