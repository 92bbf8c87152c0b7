"""A miniature course, and a way to run dlab in it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import dlab
from cli.setting import Setting

COURSE = 'schema = 1\ntitle = "A miniature course"\n'
LAB = """
schema = 1
id = "lab1_tiny"
title = "Squares and means"
file = "lab1.py"
lectures = ["lecture 1: numbers"]
packages = ["numpy"]

[limits]
check_cpu_s = 0.5
import_cpu_s = 1.5
memory_mib = 512
output_kib = 2

[functions]
square = "array"
mean = "number"

[[checks]]
id = "square_table"
title = "square: values you can work out on paper"
points = 2
visibility = "public"
functions = ["square"]
hints = ["What is -3 times -3?", "A number times itself."]
lecture = "lecture 1, Products"

[[checks]]
id = "mean_table"
title = "mean: of a few numbers"
points = 1
visibility = "public"
functions = ["mean"]
hints = ["How many numbers are there?"]

[[checks]]
id = "square_random"
title = "square: random arrays"
points = 2
visibility = "hidden"
functions = ["square"]
needs = ["square_table"]
"""
PUBLIC = '''
"""Public checks."""

import numpy as np

from grader.testing import Submission, assert_close


def test_square_table(submission: Submission) -> None:
    """Five squares."""
    got = submission.square(np.array([-3.0, -1.0, 0.0, 2.0, 5.0]))
    assert_close(got, [9.0, 1.0, 0.0, 4.0, 25.0], what="square([-3, -1, 0, 2, 5])")


def test_mean_table(submission: Submission) -> None:
    """One mean."""
    got = submission.mean(np.array([1.0, 2.0, 6.0]))
    assert_close(got, 3.0, what="mean([1, 2, 6])")
'''
HIDDEN = '''
"""Hidden checks."""

import numpy as np

from grader.testing import Submission, assert_close


def test_square_random(submission: Submission, rng: np.random.Generator) -> None:
    """Random squares."""
    x = rng.normal(size=(3, 5))
    assert_close(submission.square(x), x * x, what="square(x)")
'''
STUB = '''"""Lab 1: squares and means."""

import numpy as np


def square(x):
    """Square every number."""
    raise NotImplementedError("lab1_tiny: square")


def mean(x):
    """Return the mean of the numbers."""
    raise NotImplementedError("lab1_tiny: mean")
'''
RIGHT = '''"""Lab 1: squares and means."""

import numpy as np


def square(x):
    """Square every number."""
    return x * x


def mean(x):
    """Return the mean of the numbers."""
    return float(np.mean(x))
'''
DOUBLES = '''"""Every number is doubled instead of squared."""

CAUGHT_BY = ("square_table", "square_random")
HINT = "What does 3 become, and what should it become?"
LECTURE = "lecture 1, Powers"


def square(x):
    return x + x
'''

Run = Callable[..., Result]


def write(path: Path, text: str) -> Path:
    """Write a file and the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course as students have it: no solution, no hidden checks."""
    root = tmp_path / "course"
    write(root / "course.toml", COURSE)
    folder = root / "assignments" / "lab1_tiny"
    for name, text in (("lab.toml", LAB), ("checks.py", PUBLIC), ("lab1.py", STUB)):
        write(folder / name, text)
    write(folder / "README.md", "# Squares and means\n")
    return root


@pytest.fixture
def staff_course(course: Path) -> Path:
    """The same course as staff have it."""
    write(course / "solutions" / "lab1_tiny" / "lab1.py", RIGHT)
    write(course / "autograder_tests" / "lab1_tiny" / "checks.py", HIDDEN)
    write(course / "autograder_tests" / "lab1_tiny" / "mistakes" / "doubles.py", DOUBLES)
    return course


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder a student works in; dlab runs there."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def run(course: Path, desk: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run dlab on the miniature course, 80 columns wide, without a terminal."""
    monkeypatch.setenv("DLAB_COURSE", str(course))
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "FORCE_COLOR", "DLAB_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*args: str, setting: Setting | None = None, typed: str | None = None) -> Result:
        return CliRunner().invoke(dlab, args, obj=setting, input=typed, prog_name="dlab")

    return invoke


@pytest.fixture
def check(run: Run) -> Run:
    """Run `dlab check` in a plain process, which works on every machine."""

    def invoke(*args: str, setting: Setting | None = None) -> Result:
        return run("check", "lab1", "--sandbox", "plain", *args, setting=setting)

    return invoke
