"""A lab that the engine has never seen: a folder of data is all it takes."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from miniature import copy_course, grade, hidden_folder, results, solution

from cli.main import dlab
from grader.calibrate import calibrate, write_calibration
from grader.course import Course
from grader.errors import RequestError
from grader.labs import find_lab
from grader.model import Outcome, Score
from grader.sandbox.backend import find_backend
from grader.validate import Plan, Validator

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The miniature course."""
    return copy_course(tmp_path)


# Graded


def test_right_submission_gets_all_points(course: Course) -> None:
    report = grade(course, solution(course))

    assert report.score == Score(points=15, max_points=15)
    assert {check.outcome for check in report.checks} == {Outcome.PASSED}
    assert report.problem == ""


def test_partly_wrong_submission_gets_the_rest(course: Course) -> None:
    text = f"{solution(course)}\ndef spread(x):\n    return x.mean(), x.std()\n"

    report = grade(course, text)

    assert report.score == Score(points=11, max_points=15)
    assert results(report)["spread_value"].outcome is Outcome.FAILED


def test_stub_gets_nothing(course: Course) -> None:
    stub = (course.assignments / "lab9_tiny" / "lab9.py").read_text()

    assert grade(course, stub).score == Score(points=0, max_points=15)


def test_report_says_what_was_graded_and_how(course: Course) -> None:
    report = grade(course, solution(course), seed=3)

    assert (report.student, report.lab_id, report.files) == ("ada", "lab9_tiny", ("lab9.py",))
    assert (report.dataset, report.device, report.seed) == ("digits", "cpu", 3)
    assert set(report.versions) == {"python", "platform", "numpy"}
    assert len(report.lab_version) == 12


def test_measured_values_stand_beside_their_thresholds(course: Course) -> None:
    (measured,) = results(grade(course, solution(course)))["digits_accuracy"].measured

    assert measured.name == "accuracy on test digits"
    assert measured.threshold == 0.8
    assert measured.value > 0.8


def test_same_seed_gives_the_same_measurements(course: Course) -> None:
    first, second = (results(grade(course, solution(course), seed=4)) for _ in range(2))

    assert first["digits_accuracy"].measured == second["digits_accuracy"].measured


def test_other_seed_gives_other_inputs(course: Course) -> None:
    first, second = (results(grade(course, solution(course), seed=seed)) for seed in (4, 5))

    assert first["digits_accuracy"].measured != second["digits_accuracy"].measured


def test_public_checks_can_run_alone(course: Course) -> None:
    report = grade(course, solution(course), hidden=False)

    assert report.score == Score(points=2, max_points=2)


def test_checks_can_be_chosen(course: Course) -> None:
    report = grade(course, solution(course), only=("spread", "table"))

    assert list(results(report)) == ["square_table", "spread_value"]


def test_checks_come_in_the_order_of_the_rubric(course: Course) -> None:
    expected = [check.check_id for check in find_lab(course, "lab9").checks]

    assert list(results(grade(course, solution(course)))) == expected


# Proved and calibrated


def test_lab_keeps_all_promises(course: Course) -> None:
    validator = Validator(
        course=course,
        lab=find_lab(course, "lab9"),
        backend=find_backend("plain"),
        plan=Plan(seeds=(1,), value_seeds=(), threads=(1,)),
        progress=lambda _: None,
    )

    assert validator.run().broken == []


def test_bar_is_measured(course: Course) -> None:
    lab = find_lab(course, "lab9")

    (found,) = calibrate(course, lab, seeds=3, jobs=1, mode="plain", progress=lambda _: None)
    path = write_calibration(course, lab, [found])

    assert (found.check_id, found.dataset, found.bar) == ("digits_accuracy", "digits", 0.8)
    assert 0.6 < found.proposed < 0.9
    assert "classify_one_class" not in found.blind
    assert path == hidden_folder(course) / "calibration.json"
    assert '"proposed"' in path.read_text()


def test_lab_without_a_bar_has_nothing_to_calibrate(tmp_path: Path) -> None:
    course = copy_course(tmp_path, "one_function")

    with pytest.raises(
        RequestError,
        match=r"^lab9_tiny has no training check with a bar: nothing to calibrate\.$",
    ):
        calibrate(
            course, find_lab(course, "lab9"), seeds=3, jobs=1, mode="plain", progress=lambda _: None
        )


# And nothing of it is in the engine


def test_engine_does_not_mention_the_lab() -> None:
    names = ("lab9", "classify", "nearest mean", "square_table")
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("grader", "cli")
        for path in (ROOT / folder).rglob("*.py")
    )

    assert [name for name in names if name in code] == []


def test_command_line_grades_the_lab(course: Course, tmp_path: Path) -> None:
    path = tmp_path / "lab9.py"
    path.write_text(solution(course))
    args = ["--course", str(course.root), "check", "lab9", str(path), "--sandbox", "plain"]

    result = CliRunner().invoke(dlab, args)

    assert result.exit_code == 0
    assert "Public: 2 of 2 points." in result.stdout
