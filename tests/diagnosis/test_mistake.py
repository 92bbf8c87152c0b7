"""A known mistake is named when it alone explains all values up to the first wrong one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from miniature import copy_course, grade, hidden_folder, results, solution

from grader.diagnosis.mistake import (
    FIT,
    Answer,
    Mistake,
    answer_distance,
    distance,
    read_mistakes,
    recognise,
)
from grader.errors import ContentError
from grader.testing.record import Failure, Observation

WRONG = Failure(headline="f(x) is wrong.")
X = np.array([1.0, -2.0, 3.0])
RULE = r'a mistake says CAUGHT_BY = \("check_id",\) and HINT = "\.\.\." at its top level'


def mistake(name: str, *caught_by: str) -> Mistake:
    """Return a mistake that is nowhere on disk."""
    return Mistake(
        name=name,
        path=Path(f"{name}.py"),
        headline=f"It is {name}.",
        hint=f"Hint of {name}.",
        lecture="lecture 9",
        caught_by=caught_by or ("check",),
        functions=frozenset({"f"}),
    )


def answer(
    *values: object, fails_at: int | None = 0, error: tuple[str, str] | None = None
) -> Answer:
    """Return the answers of a program; the one at `fails_at` is wrong."""
    seen = [
        Observation(what="f(x)", got=value, failure=WRONG if place == fails_at else None)
        for place, value in enumerate(values)
    ]
    return Answer(observations=tuple(seen), error=error)


def named(student: Answer, known: Sequence[tuple[Mistake, Answer]]) -> str:
    """Return the name that is given; empty if none is."""
    found = recognise("check", student, known)
    return found.mistake if found else ""


A, B = mistake("a"), mistake("b")

# One mistake


@pytest.mark.parametrize("noise", [0.0, 1e-12, 0.9e-6])
def test_mistake_that_fits_at_noise_level_is_named(noise: float) -> None:
    known = [(A, answer(X)), (B, answer(2 * X))]

    assert named(answer(X * (1 + noise)), known) == "a"


@pytest.mark.parametrize("noise", [2e-6, 1e-3, 0.5])
def test_near_miss_is_not_named(noise: float) -> None:
    assert named(answer(X * (1 + noise)), [(A, answer(X))]) == ""


@pytest.mark.parametrize(("noise", "name"), [(1e-5, "a"), (1e-4, "")])
def test_single_precision_may_be_noisier(noise: float, name: str) -> None:
    known = [(A, answer(X.astype(np.float32))), (B, answer((2 * X).astype(np.float32)))]

    assert named(answer((X * (1 + noise)).astype(np.float32)), known) == name


def test_nothing_is_named_where_nothing_is_known() -> None:
    assert named(answer(X), []) == ""


def test_name_comes_with_all_that_helps() -> None:
    found = recognise("check", answer(X), [(A, answer(X))])

    assert found is not None
    assert (found.headline, found.hint, found.lecture) == ("It is a.", "Hint of a.", "lecture 9")
    assert found.evidence == "all 3 values agree with this mistake's (difference 0e+00)"


def test_evidence_of_a_single_value_says_so() -> None:
    found = recognise("check", answer(np.float64(2.0)), [(A, answer(2.0))])

    assert found is not None
    assert found.evidence == "the value agrees with this mistake's (difference 0e+00)"


# Several mistakes


def test_mistakes_that_fit_alike_are_not_named() -> None:
    assert named(answer(X), [(A, answer(X)), (mistake("b"), answer(X))]) == ""


def test_among_mistakes_that_fit_alike_the_checks_own_is_named() -> None:
    other = mistake("b", "other", "check")

    assert named(answer(X), [(other, answer(X)), (A, answer(X))]) == "a"


def test_runner_up_that_is_nearly_as_good_forbids_a_name() -> None:
    """The best fits at 8e-7, the next at 2e-6: who knows."""
    known = [(A, answer(X * (1 + 8e-7))), (B, answer(X * (1 + 2e-6)))]

    assert named(answer(X), known) == ""


def test_runner_up_that_is_far_does_not() -> None:
    known = [(A, answer(X * (1 + 8e-7))), (B, answer(X * (1 + 1e-3)))]

    assert named(answer(X), known) == "a"


def test_exact_fit_is_named_beside_a_close_runner_up() -> None:
    assert named(answer(X), [(A, answer(X)), (B, answer(X * (1 + 3e-6)))]) == "a"


def test_values_after_the_first_wrong_one_decide_between_those_that_fit() -> None:
    student = answer(X, X + 1)

    assert named(student, [(A, answer(X, X + 2)), (B, answer(X, X + 1))]) == "b"


def test_values_after_the_first_wrong_one_need_not_agree_of_a_single_one() -> None:
    """What comes later may show a second mistake."""
    assert named(answer(X, X + 1), [(A, answer(X, X + 2))]) == "a"


# Which values count


def test_values_before_the_wrong_one_must_agree_too() -> None:
    student = answer(X, 2 * X, fails_at=1)

    assert named(student, [(A, answer(X + 1e-3, 2 * X, fails_at=1))]) == ""
    assert named(student, [(A, answer(X, 2 * X, fails_at=1))]) == "a"


@pytest.mark.parametrize("fails_at", [0, None])
def test_mistake_that_fails_elsewhere_is_not_named(fails_at: int | None) -> None:
    student = answer(X, X, fails_at=1)

    assert named(student, [(A, answer(X, X, fails_at=fails_at))]) == ""


def test_mistake_that_stops_earlier_is_not_named() -> None:
    student = answer(X, X, fails_at=1)

    assert named(student, [(A, answer(X, fails_at=None, error=("ValueError", "")))]) == ""


# Exceptions


def test_same_exception_is_named() -> None:
    error = ("ValueError", "shapes do not align")
    student = answer(X, fails_at=None, error=error)

    found = recognise("check", student, [(A, answer(X, fails_at=None, error=error))])

    assert found is not None
    assert (found.mistake, found.evidence) == ("a", "the same exception")


@pytest.mark.parametrize(
    "error", [("ValueError", "another text"), ("TypeError", "shapes do not align"), None]
)
def test_other_exception_is_not_named(error: tuple[str, str] | None) -> None:
    student = answer(fails_at=None, error=("ValueError", "shapes do not align"))

    assert named(student, [(A, answer(fails_at=None, error=error))]) == ""


def test_same_exception_of_two_mistakes_is_not_named() -> None:
    """Not even for the check's own: two exceptions are alike more easily than two arrays."""
    error = ("IndexError", "out of range")
    raised = answer(fails_at=None, error=error)

    assert named(raised, [(A, raised), (mistake("b", "other"), raised)]) == ""


def test_same_exception_after_other_values_is_not_named() -> None:
    error = ("ValueError", "x")
    student = answer(X, fails_at=None, error=error)

    assert named(student, [(A, answer(2 * X, fails_at=None, error=error))]) == ""
    assert named(student, [(A, answer(X, X, fails_at=None, error=error))]) == ""


# Distance


@pytest.mark.parametrize(
    ("got", "other", "far"),
    [
        (X, X, 0.0),
        (X, X + 3e-3, 3e-3 / 3.003),
        (2.0, 4.0, 0.5),
        (3, 3.0, 0.0),
        (np.float32(1), 1, 0.0),
        (X, X[:2], np.inf),
        (np.ones((3, 1)), np.ones(3), np.inf),
        (np.zeros(2), np.zeros(2), 0.0),
        (np.full(2, 1e-30), np.zeros(2), np.inf),
        (np.zeros(0), np.zeros(0), 0.0),
        (np.array([np.nan, 1.0]), np.array([np.nan, 1.0]), 0.0),
        (np.array([np.nan, 1.0]), np.array([1.0, 1.0]), np.inf),
        (np.array([np.inf]), np.array([-np.inf]), np.inf),
        (np.array([np.inf]), np.array([np.inf]), 0.0),
        (np.array([np.nan]), np.array([np.inf]), np.inf),
        (np.array([True, False]), np.array([True, True]), 1.0),
        (np.array([1j, 1.0]), np.array([2j, 1.0]), 0.5),
        ((X, 1.0), (X, 2.0), 0.5),
        ([X, X], (X, X), 0.0),
        ((X,), (X, X), np.inf),
        ((), (), 0.0),
        ({"w": X}, {"w": X}, 0.0),
        ({"w": 2.0}, {"w": 4.0}, 0.5),
        ({"w": X}, {"b": X}, np.inf),
        ({}, {}, 0.0),
        ("up", "up", 0.0),
        ("up", "down", np.inf),
        (None, None, 0.0),
        (None, 0, np.inf),
        (X, "up", np.inf),
        (X, (X,), np.inf),
        (np.array(["a"]), np.array(["a"]), 0.0),
        (np.array(["a"]), np.array(["b"]), np.inf),
    ],
)
def test_distance_is_relative_and_infinite_where_nothing_is_alike(
    got: object, other: object, far: float
) -> None:
    assert distance(got, other) == pytest.approx(far)


def test_whole_numbers_beyond_a_float_do_not_break_the_distance() -> None:
    assert distance(2**200, 2**200) == 0.0
    assert distance(2**200, 1) == np.inf


@pytest.mark.parametrize(("got", "other"), [("up", "down"), (3, 4), ("up", 3)])
def test_words_and_counts_fit_exactly_or_not_at_all(got: object, other: object) -> None:
    assert named(answer(got), [(A, answer(got))]) == "a"
    assert named(answer(got), [(A, answer(other))]) == ""


def test_distance_up_to_the_wrong_value_is_the_worst_one() -> None:
    student = answer(X, X, X, fails_at=1)

    found = answer_distance(student, answer(X, X + 3e-3, X + 9, fails_at=1))

    assert found == pytest.approx(3e-3 / 3.003)
    assert found > FIT


# Reading mistakes

GOOD = '"""The sign is wrong.\n\nMore."""\n\nCAUGHT_BY = ("a", "b")\nHINT = "Think."\n'


def write(folder: Path, text: str | bytes) -> Path:
    """Write one mistake and return the folder."""
    mistakes = folder / "autograder_tests" / "lab9_tiny" / "mistakes"
    mistakes.mkdir(parents=True)
    content = text.encode() if isinstance(text, str) else text
    (mistakes / "sign.py").write_bytes(content)
    return mistakes


def test_mistake_is_read_without_running_it(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD + "def f(x):\n    return -x\n\nclass C:\n    pass\n\n1 / 0\n")

    assert read_mistakes(folder) == (
        Mistake(
            name="sign",
            path=folder / "sign.py",
            headline="The sign is wrong.",
            hint="Think.",
            lecture="",
            caught_by=("a", "b"),
            functions=frozenset({"f", "C"}),
        ),
    )


def test_lecture_is_read(tmp_path: Path) -> None:
    (found,) = read_mistakes(write(tmp_path, GOOD + 'LECTURE = "lecture 3"\n'))

    assert found.lecture == "lecture 3"


def test_mistakes_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD)
    for name in ("z", "a"):
        (folder / f"{name}.py").write_text(GOOD)

    assert [found.name for found in read_mistakes(folder)] == ["a", "sign", "z"]


def test_folder_without_mistakes_is_fine(tmp_path: Path) -> None:
    assert read_mistakes(tmp_path / "nowhere") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def f(:\n", r"not valid Python: .*"),
        (b"\x00", r"not valid Python: .*"),
        (b"\xff", r"not valid Python: .*"),
        (GOOD.replace("CAUGHT_BY", "CAUGHT"), rf"{RULE}; CAUGHT_BY is missing\."),
        (GOOD.replace("HINT", "HIND"), rf"{RULE}; HINT is missing\."),
        (GOOD.replace('"Think."', "text()"), rf"{RULE}; these are literals\."),
        (GOOD.replace('("a", "b")', '("a")'), rf"{RULE}; CAUGHT_BY is 'a'\."),
        (GOOD.replace('("a", "b")', "3"), rf"{RULE}; CAUGHT_BY is 3\."),
        (GOOD.replace('("a", "b")', "(1,)"), rf"{RULE}; CAUGHT_BY is \(1,\)\."),
        (
            GOOD.partition("\n\nCAUGHT")[2].join(["CAUGHT", ""]),
            r"the docstring's first line is the headline; it is missing\.",
        ),
    ],
)
def test_broken_mistake_is_told_in_one_line(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    where = r"autograder_tests/lab9_tiny/mistakes/sign\.py"

    with pytest.raises(ContentError, match=rf"^{where}: {message}$"):
        read_mistakes(write(tmp_path, text))


# With a lab around it


def test_mistake_is_named_in_a_report(tmp_path: Path) -> None:
    course = copy_course(tmp_path)
    overlay = (hidden_folder(course) / "mistakes" / "spread_unbiased.py").read_text()

    found = results(grade(course, f"{solution(course)}\n\n{overlay}"))["spread_value"]

    assert found.diagnosis is not None
    assert found.diagnosis.mistake == "spread_unbiased"
    assert found.diagnosis.headline == "The variance is divided by n - 1, not by n."
    assert found.hint == "By what do you divide for two numbers?"
    assert found.lecture == "lecture 9, Moments"


def test_same_mistake_written_otherwise_is_named(tmp_path: Path) -> None:
    course = copy_course(tmp_path)
    other = "def spread(x):\n    m = sum(x) / len(x)\n"
    other += "    return m, sum((v - m) ** 2 for v in x) / (len(x) - 1)\n"

    found = results(grade(course, solution(course) + other))["spread_value"]

    assert found.diagnosis is not None
    assert found.diagnosis.mistake == "spread_unbiased"


def test_unknown_mistake_gets_no_name_of_another(tmp_path: Path) -> None:
    course = copy_course(tmp_path)
    other = "def spread(x):\n    return x.mean(), float(np.median(np.abs(x)))\n"

    found = results(grade(course, solution(course) + other))["spread_value"]

    assert found.diagnosis is None
    assert replace(found, diagnosis=None) == found
