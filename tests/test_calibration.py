"""Bars rest on what was measured: the summary is right, and the committed rows can be repeated."""

import json
import math
from importlib.util import find_spec
from pathlib import Path
from statistics import stdev

import pytest
from miniature import copy_course, hidden_folder

from grader.calibrate import Calibration, Spread, _judge, calibrate, upper_bound, write_calibration
from grader.calibration_page import as_markdown, as_png
from grader.course import find_course
from grader.labs import find_lab, lab_ids
from grader.programs import MISTAKE, REFERENCE
from grader.trials import Place, open_trials

ROOT = Path(__file__).resolve().parent.parent
CORRECT = [0.970, 0.972, 0.968, 0.971, 0.969, 0.970]


def calibration(**known: object) -> Calibration:
    """Return a small calibration."""
    values = {
        "check_id": "train_accuracy",
        "metric": "test accuracy",
        "dataset": "digits",
        "bar": 0.95,
        "is_limit": False,
        "proposed": 0.96,
        "false_fail": 1e-6,
        "false_fail_bound": 0.037,
        "blind": ("train_no_shuffle",),
        "untouched": ("softmax_twice",),
        "spreads": (
            Spread(program=REFERENCE, values=tuple(CORRECT)),
            Spread(program=f"{MISTAKE}train_ascends", values=(0.1, None)),
        ),
        "versions": {"numpy": "2.4"},
        **known,
    }
    return Calibration(**values)


# The summary


def test_share_that_misses_looks_to_the_right_side() -> None:
    spread = Spread(program="x", values=(0.1, 0.5, None, 0.9))

    assert spread.share_missing(0.5, is_limit=False) == 0.5
    assert spread.share_missing(0.5, is_limit=True) == 0.5
    assert spread.share_missing(0.05, is_limit=False) == 0.25
    assert spread.share_missing(1.0, is_limit=True) == 0.25


def test_bar_is_proposed_six_deviations_below() -> None:
    proposed, false_fail = _judge(CORRECT, 0.95, is_limit=False)

    assert proposed == pytest.approx(0.97 - 6 * stdev(CORRECT), abs=0.005)
    assert 0 < false_fail < 1e-3


def test_limit_is_judged_by_its_logarithm() -> None:
    errors = [0.0004, 0.0007, 0.0017, 0.0005, 0.0009, 0.0006]

    proposed, false_fail = _judge(errors, 0.01, is_limit=True)

    assert 0.005 < proposed < 0.05
    assert 0 < false_fail < 0.01
    assert _judge(errors, 0.001, is_limit=True)[1] > 0.1


def test_bar_at_the_mean_is_missed_half_the_time() -> None:
    assert _judge(CORRECT, 0.97, is_limit=False)[1] == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize(("bar", "false_fail"), [(8, 0.0), (9, 1.0)])
def test_values_that_are_all_alike_reach_the_bar_or_do_not(bar: float, false_fail: float) -> None:
    assert _judge([8.0] * 20, bar, is_limit=False) == (8.0, false_fail)


@pytest.mark.parametrize(
    ("missed", "runs", "bound"), [(0, 80, 0.0368), (1, 80, 0.0579), (5, 10, 0.7776), (3, 3, 1.0)]
)
def test_bound_is_the_exact_one(missed: int, runs: int, bound: float) -> None:
    """Clopper and Pearson's, from published tables."""
    assert upper_bound(missed, runs) == pytest.approx(bound, abs=2e-3)


# The page


def test_table_says_what_the_bar_rests_on() -> None:
    text = as_markdown("Backprop by hand", [calibration()])

    assert "# Calibration: Backprop by hand, digits" in text
    assert "Bar: at least **0.95** (proposed 0.96)" in text
    assert "two in a row with 1.0e-12" in text
    assert "| reference | 6 | 0.97 | 0.001291 | 0.968 | 0.972 | 0% |" in text
    assert "| mistake train_ascends | 1 | 0.1 | 0 | 0.1 | 0.1 | 100% |" in text
    assert "cannot see 1 of them: train_no_shuffle." in text


@pytest.mark.parametrize("is_limit", [False, True])
def test_figure_is_drawn(is_limit: bool) -> None:
    pytest.importorskip("matplotlib")

    assert as_png("Backprop by hand", [calibration(is_limit=is_limit)]).startswith(b"\x89PNG")


# Measuring


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[Calibration, list[str]]:
    """The calibration of the miniature lab, and the names of the files it wrote."""
    pytest.importorskip("matplotlib")
    course = copy_course(tmp_path_factory.mktemp("calibrated"))
    lab = find_lab(course, "lab9")
    (found,) = calibrate(course, lab, seeds=3, jobs=1, mode="plain", progress=lambda _: None)
    path = write_calibration(course, lab, [found])
    return found, sorted(file.name for file in hidden_folder(course).glob(f"{path.stem}.*"))


def test_calibration_writes_data_table_and_figure(
    measured: tuple[Calibration, list[str]],
) -> None:
    assert measured[1] == ["calibration.json", "calibration.md", "calibration.png"]


def test_mistake_outside_the_training_is_told_apart(
    measured: tuple[Calibration, list[str]],
) -> None:
    found, _ = measured
    programs = [spread.program for spread in found.spreads]

    assert "keeps_sign" in found.untouched or "loses_sign" in found.untouched
    assert f"{MISTAKE}classify_one_class" in programs
    assert not {f"{MISTAKE}{name}" for name in found.untouched} & set(programs)


def test_other_seeds_give_other_values(measured: tuple[Calibration, list[str]]) -> None:
    (reference, *_) = measured[0].spreads

    assert len(set(reference.values)) > 1


def test_only_mistakes_that_name_the_check_are_run_if_asked(tmp_path: Path) -> None:
    course = copy_course(tmp_path)
    lab = find_lab(course, "lab9")

    (found,) = calibrate(
        course,
        lab,
        seeds=4,
        jobs=1,
        mode="plain",
        named_only=True,
        mistake_seeds=2,
        progress=lambda _: None,
    )

    runs = {spread.program: len(spread.values) for spread in found.spreads}
    assert {name for name in runs if name.startswith(MISTAKE)} == {f"{MISTAKE}classify_one_class"}
    assert (runs[REFERENCE], runs[f"{MISTAKE}classify_one_class"]) == (4, 2)
    assert found.untouched == ()


# What is committed

COURSE = find_course(ROOT, str(ROOT))
FILES = [
    COURSE.hidden / lab_id / "calibration.json"
    for lab_id in lab_ids(COURSE)
    if (COURSE.hidden / lab_id / "calibration.json").is_file()
]
AGAIN = 2  # seeds


def read(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["calibrations"]


def lab_of(path: Path) -> str:
    return path.parent.name


@pytest.mark.parametrize("path", FILES, ids=lab_of)
def test_bar_in_force_is_the_one_that_was_measured(path: Path) -> None:
    """And a correct program misses it twice in a row once in a thousand runs at the most."""
    lab = find_lab(COURSE, lab_of(path))
    for entry in read(path):
        assert entry["bar"] in lab.bars[entry["dataset"]].values(), entry["metric"]
        assert entry["false_fail"] ** 2 <= 1e-3, entry["metric"]
        assert entry["false_fail_bound"] ** 2 <= 8e-3, entry["metric"]
        correct = [s for s in entry["spreads"] if not s["program"].startswith(MISTAKE)]
        assert len(correct) >= 4
        assert sum(len(spread["values"]) for spread in correct) >= 40


@pytest.mark.parametrize("path", FILES, ids=lab_of)
def test_committed_rows_can_be_repeated(path: Path) -> None:
    """On any machine within the spread; with the same versions it is the same to the last bit."""
    lab = find_lab(COURSE, lab_of(path))
    missing = [name for name in lab.packages if not find_spec(name)]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: pip install 'dlab[labs]'")
    place = Place(root=str(COURSE.root), lab_id=lab.lab_id, dataset="", mode="plain")
    trials = open_trials(place)
    try:
        for check_id in {entry["check_id"] for entry in read(path)}:
            again = trials.measure(check_id, REFERENCE, range(5001, 5001 + AGAIN))
            for entry in (e for e in read(path) if e["check_id"] == check_id):
                values = entry["spreads"][0]["values"]
                width = 4 * stdev(values) + 1e-9
                for old, new in zip(values, again, strict=False):
                    assert math.isclose(new[entry["metric"]].value, old, abs_tol=width)
    finally:
        trials.close()
