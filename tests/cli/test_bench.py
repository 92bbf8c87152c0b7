"""`dlab bench`: the lectures' numbers beside the reference's."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import Run, write

from cli.main import dlab

YARDSTICKS = '''
"""Yardsticks of lab 1."""

from grader.yardstick import Row


def yardstick_square(solution, dataset, device):
    """The square of three."""
    return [
        Row(what="square(3)", lecture=9.5, measured=solution.square(3.0)),
        Row(what="not on a slide", lecture=None, measured=0.5, unit="points"),
    ]
'''


def hidden(course: Path) -> Path:
    return course / "autograder_tests" / "lab1_tiny" / "yardsticks.py"


def test_lecture_and_reference_stand_side_by_side(staff_course: Path, run: Run) -> None:
    write(hidden(staff_course), YARDSTICKS)

    result = run("bench", "lab1")

    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0].startswith("lab1: The square of three (")
    assert [line.split() for line in lines[1:4]] == [
        ["lecture", "measured", "unit", "what"],
        ["9.5", "9", "square(3)"],
        ["-", "0.5", "points", "not", "on", "a", "slide"],
    ]


def test_json_has_every_row(staff_course: Path, run: Run) -> None:
    write(hidden(staff_course), YARDSTICKS)

    (found,) = json.loads(run("bench", "--json").output)

    assert found["lab_id"] == "lab1_tiny"
    assert [row["lecture"] for row in found["rows"]] == [9.5, None]


def test_without_yardsticks_it_says_so(staff_course: Path, run: Run) -> None:
    result = run("bench")

    assert (result.exit_code, result.output) == (
        0,
        "None of these labs has yardsticks on this dataset.\n",
    )


def test_without_the_solution_it_says_so(course: Path, run: Run) -> None:
    write(hidden(course), YARDSTICKS)

    result = run("bench", "lab1")

    assert result.exit_code != 0
    assert "run the solution of lab1_tiny; it is not here" in result.output


def test_file_that_cannot_be_loaded_is_named(staff_course: Path, run: Run) -> None:
    write(hidden(staff_course), "import no_such_module\n")

    result = run("bench", "lab1")

    assert result.exit_code != 0
    assert "autograder_tests/lab1_tiny/yardsticks.py cannot be loaded" in result.output


def test_a_gpu_that_is_not_there_is_told_in_one_line() -> None:
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("there is a GPU here")

    done = CliRunner().invoke(dlab, ["bench", "lab3", "--device", "cuda"])

    assert done.exit_code == 2
    assert "There is no GPU that torch can use here." in done.stderr
