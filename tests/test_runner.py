"""A whole grading: content that is broken gives no score and says why, nothing else does."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from miniature import copy_course, grade, hidden_folder, open_grader, replace_in, results, solution

from grader.course import Course
from grader.errors import ContentError
from grader.handin import Handin
from grader.model import Check, CheckResult, Outcome
from grader.runner import versions


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The smallest course."""
    return copy_course(tmp_path, "one_function")


def checks(course: Course) -> Path:
    """Return the hidden checks."""
    return hidden_folder(course) / "checks.py"


# Where checks stand


def test_checks_may_stand_in_several_files_and_share_what_is_beside_them(course: Course) -> None:
    hidden = checks(course)
    (hidden.parent / "oracle_lab9.py").write_text(
        "def squared(x):\n    return x * x\n", encoding="utf-8"
    )
    text = hidden.read_text(encoding="utf-8")
    hidden.unlink()
    (hidden.parent / "checks_values.py").write_text(
        "from oracle_lab9 import squared\n" + text, encoding="utf-8"
    )

    assert grade(course, solution(course)).score.is_full
    assert not [name for name in sys.modules if name.startswith("oracle_")]


# Broken content


def not_importable(course: Course) -> None:
    replace_in(checks(course), "import numpy as np", "import no_such_module")


def not_python(course: Course) -> None:
    checks(course).write_text("def test_square_random(:\n")


def renamed(course: Course) -> None:
    replace_in(checks(course), "test_square_random", "test_square_other")


def unknown_fixture(course: Course) -> None:
    replace_in(checks(course), "rng: np.random.Generator", "rng, no_such_fixture")


@pytest.mark.parametrize(
    ("break_it", "outcome", "problem"),
    [
        (not_importable, Outcome.NOT_RUN, "No module named 'no_such_module'"),
        (not_python, Outcome.NOT_RUN, "invalid syntax"),
        (renamed, Outcome.NOT_RUN, "no checks*.py of lab9_tiny has test_square_random"),
        (unknown_fixture, Outcome.BROKEN, "fixture 'no_such_fixture' not found"),
    ],
)
def test_broken_content_gives_no_score_and_says_why(
    course: Course, break_it: Callable[[Course], None], outcome: Outcome, problem: str
) -> None:
    break_it(course)

    report = grade(course, solution(course))

    assert report.score is None
    assert report.problem.startswith("The course's content is broken: check 'square_")
    assert f"is {outcome.value}: no score; " in report.problem
    assert results(report)["square_random"].outcome is outcome
    assert problem in f"{report.problem} {report.remarks}"


def test_broken_content_does_not_spoil_the_public_checks(course: Course) -> None:
    not_python(course)

    assert grade(course, solution(course), hidden=False).score.points == 2


def test_broken_check_shows_its_fault_to_staff_only(course: Course) -> None:
    unknown_fixture(course)

    result = results(grade(course, solution(course)))["square_random"]

    assert result.message == "The check itself failed; this is not your fault. Staff are told."
    assert "no_such_fixture" in result.staff_message
    assert (result.points, result.max_points) == (0, 3)


@pytest.mark.parametrize("folder", ["assignments", "autograder_tests"])
def test_missing_checks_are_refused(course: Course, folder: str) -> None:
    (course.root / folder / "lab9_tiny" / "checks.py").unlink()

    with pytest.raises(ContentError, match=rf"^{folder}/lab9_tiny/checks\.py does not exist\.$"):
        grade(course, solution(course))


def test_check_that_needs_the_reference_is_broken_without_it(course: Course) -> None:
    replace_in(checks(course), "rng: np.random.Generator", "rng, reference")
    text = solution(course)
    (course.solutions / "lab9_tiny" / "lab9.py").unlink()

    report = grade(course, text)

    assert results(report)["square_random"].outcome is Outcome.BROKEN
    assert "needs the reference, which this machine does not have" in str(report.remarks)


# What a check can ask for


def test_checks_see_bars_dataset_and_seed(course: Course) -> None:
    replace_in(checks(course), "rng: np.random.Generator)", "rng, bars, seed)")
    replace_in(checks(course), "x = rng", "assert (dict(bars), seed) == ({}, 5)\n    x = rng")

    assert grade(course, solution(course)).score.is_full


def test_checks_are_read_anew_for_each_grading(course: Course) -> None:
    before = grade(course, solution(course))
    replace_in(checks(course), "x * x, what", "-x * x, what")

    after = grade(course, solution(course))

    assert before.score.is_full
    assert results(after)["square_random"].outcome is Outcome.FAILED


# What stands around


def test_users_pytest_options_do_not_reach_the_grading(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")

    assert grade(course, solution(course)).score.is_full
    assert os.environ["PYTEST_ADDOPTS"] == "--no-such-option"
    assert "PYTEST_DISABLE_PLUGIN_AUTOLOAD" not in os.environ


def test_submission_that_cannot_be_read_is_reported_and_not_run(course: Course) -> None:
    grader = open_grader(course)
    report = grader.grade(Handin(student="ada", problem="lab9.py is missing"))
    grader.close()

    assert (report.score, report.problem) == (None, "lab9.py is missing")
    assert {check.outcome for check in report.checks} == {Outcome.NOT_RUN}


def test_observer_is_told_before_and_after_each_check(course: Course) -> None:
    told: list[tuple[str, str]] = []

    def observe(check: Check, result: CheckResult | None) -> None:
        told.append((check.check_id, result.outcome.value if result else "begins"))

    grader = open_grader(course)
    files = {"lab9.py": solution(course).encode()}
    grader.grade(Handin(student="ada", files=files), observer=observe)
    grader.close()

    assert told == [
        ("square_table", "begins"),
        ("square_table", "passed"),
        ("square_random", "begins"),
        ("square_random", "passed"),
    ]


def test_one_submission_leaves_nothing_to_the_next(course: Course) -> None:
    """What the first breaks in its process is whole for the second."""
    vandal = "import builtins\nbuiltins.abs = None\nimport numpy as np\nnp.square = None\n"
    grader = open_grader(course)
    first = grader.grade(Handin(student="eve", files={"lab9.py": vandal.encode()}))
    text = b"import numpy as np\ndef square(x):\n    return np.square(x) + 0 * abs(x)\n"
    second = grader.grade(Handin(student="ada", files={"lab9.py": text}))
    grader.close()

    assert first.score.points == 0
    assert second.score.is_full


def test_what_was_printed_and_what_is_unusual_is_told_to_staff(course: Course) -> None:
    report = grade(course, f"import subprocess\nprint('hello')\n{solution(course)}")

    assert report.output == "hello\n"
    assert report.remarks == ("review: lab9.py: line 1 imports subprocess",)


def test_versions_name_what_is_missing() -> None:
    found = versions(("numpy", "no-such-package"))

    assert found["no-such-package"] == "missing"
    assert found["numpy"][0].isdigit()


def test_recording_asks_only_what_fails(course: Course) -> None:
    grader = open_grader(course, seed=0, hidden=False)
    recording = grader.record()
    grader.close()

    assert recording.seed == 0
    assert [mistake.name for mistake, _ in recording.answers["square_table"]] == ["doubles"]


def test_mistake_is_named_from_the_recording_where_there_is_no_solution(course: Course) -> None:
    from grader.diagnosis.recording import write_recording
    from grader.labs import find_lab

    grader = open_grader(course, seed=0, hidden=False)
    write_recording(find_lab(course, "lab9").folder / "known_answers.bin", grader.record())
    grader.close()
    (course.solutions / "lab9_tiny" / "lab9.py").unlink()

    text = "def square(x):\n    return 2 * x\n"
    same, other = (results(grade(course, text, seed=seed, hidden=False)) for seed in (0, 1))

    assert same["square_table"].diagnosis.mistake == "doubles"
    assert other["square_table"].diagnosis is None or (
        other["square_table"].diagnosis.mistake != "doubles"
    )
