"""Figures: what checks lay out becomes files, and grades stay what they are."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from miniature import copy_course, grade, hidden_folder, make_check, open_grader, replace_in
from miniature import solution as solution_of

from grader.errors import RequestError
from grader.figures import _slug, draw, remove_figures, require_matplotlib, save_figures
from grader.handin import Handin
from grader.model import Visibility
from grader.testing import show_curves, show_images, show_matrix, show_points
from grader.testing.exhibit import Exhibit, Exhibition, make_points
from grader.testing.record import recording

pytest.importorskip("matplotlib", reason="matplotlib is not installed: pip install 'dlab[labs]'")
PNG = b"\x89PNG\r\n\x1a\n"
HIDDEN = make_check("secret", visibility=Visibility.HIDDEN)


def laid_out() -> list[Exhibit]:
    """Return exhibits of every kind, and the odd ones that are known."""
    rng = np.random.default_rng(0)
    with recording() as recorder:
        show_curves("Loss $x_1$ of lab", {"_a": [1.0, np.nan, 0.1], "b$": [2.0]})
        show_curves("Noisy", {"loss": rng.normal(size=3000)}, x="step")
        show_curves("Nearly nothing", {"a": [np.nan] * 300 + [1.0]})
        show_curves("Far apart", {"a": [1e-30, 1e30], "b": [-1e30, 0.0]})
        show_images("Ünïcode 漢字", rng.random((64, 28, 28)), captions=["$", "\\frac{", "x" * 50])
        show_images("Flat", np.zeros((1, 1, 1)))
        show_images("Odd", [[[0, np.nan, 1e30]] * 64])
        show_matrix("Counts", rng.integers(0, 9, (10, 10)))
        show_matrix("Odd numbers", [[0.25, np.nan, -1e30]])
        show_matrix("Large", rng.random((64, 64)))
        show_points("Points", rng.normal(size=(900, 2)), centers=[[0, 0], [1e30, 0]])
        show_points("One", [[1e30, -1e30]])
    with recording() as more:
        show_images("Wide", np.zeros((2, 8, 8)), columns=64)
        show_images("Tall " * 40, np.zeros((40, 8, 8)), columns=1)
    assert recorder.remarks + more.remarks == []
    return recorder.exhibits + more.exhibits


@pytest.mark.parametrize("exhibit", laid_out(), ids=lambda exhibit: exhibit.title)
def test_every_exhibit_can_be_drawn(exhibit: Exhibit) -> None:
    """Also with warnings as errors, as in all of these tests."""
    picture = draw(exhibit)

    assert picture.startswith(PNG)
    assert len(picture) < 1 << 19


def test_same_exhibit_gives_same_bytes() -> None:
    exhibit = laid_out()[0]

    assert draw(exhibit) == draw(exhibit)


def test_files_are_named_after_check_and_title(tmp_path: Path) -> None:
    seen = {
        "a": Exhibition(exhibits=tuple(laid_out()[:2])),
        "secret": Exhibition(exhibits=(laid_out()[7],), remarks=("the figure x: is odd",)),
    }

    drawn = save_figures(tmp_path / "figures", (make_check("a"), HIDDEN), seen)

    names = [path.relative_to(tmp_path / "figures").as_posix() for path in drawn.paths]
    assert names == ["a-1-loss-x-1-of-lab.png", "a-2-noisy.png", "staff/secret-1-counts.png"]
    assert [_slug("漢字"), _slug("word " * 20), _slug("x" * 90)] == [
        "figure",
        "word-" * 7 + "word",
        "x" * 40,
    ]
    assert drawn.remarks == ("secret: the figure x: is odd",)
    assert all(path.read_bytes().startswith(PNG) for path in drawn.paths)


def test_files_of_an_earlier_run_are_replaced_and_nothing_else(tmp_path: Path) -> None:
    checks = (make_check("a"), make_check("a-1"))
    seen = {"a": Exhibition(exhibits=tuple(laid_out()[:2]))}
    save_figures(tmp_path, checks, seen)
    (tmp_path / "a-notes.png").write_text("mine")

    save_figures(tmp_path, checks, {"a": Exhibition(exhibits=(laid_out()[7],))})

    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["a-1-counts.png", "a-notes.png"]


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "figures").write_text("a file")

    drawn = save_figures(
        tmp_path / "figures", (make_check("a"),), {"a": Exhibition(exhibits=(laid_out()[7],))}
    )

    assert drawn.paths == ()
    assert "a: a-1-counts.png was not drawn: " in drawn.remarks[0]


def test_removing_leaves_what_is_not_ours(tmp_path: Path) -> None:
    folder = tmp_path / "figures"
    seen = {name: Exhibition(exhibits=(laid_out()[7],)) for name in ("a", "secret")}
    save_figures(folder, (make_check("a"), HIDDEN), seen)
    (folder / "notes.md").write_text("mine")

    remove_figures(folder)

    assert [path.name for path in folder.iterdir()] == ["notes.md"]


def test_missing_matplotlib_is_named_with_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    with pytest.raises(RequestError, match=r"--figures needs matplotlib. `pip install 'dlab\[labs"):
        require_matplotlib()


def test_drawing_needs_no_pyplot_and_importing_no_matplotlib() -> None:
    code = (
        "import sys, grader.runner, grader.figures as f; print('matplotlib' in sys.modules);"
        "from grader.testing.exhibit import make_matrix;"
        "f.draw(make_matrix('t', [[1]], '', '')); print('matplotlib.pyplot' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", "False"]


SHOWS = """
    show_matrix("Squares", submission.square(np.ones((2, 3))))
    show_images("Odd", submission.square(x))
"""


def test_grading_fills_exhibitions_and_gives_the_same_result(tmp_path: Path) -> None:
    course = copy_course(tmp_path)
    before = grade(course, solution_of(course), only=("square_random",))
    checks = hidden_folder(course) / "checks.py"
    anchor = '    assert_close(submission.square(x), x * x, what="square(x)")\n'
    replace_in(checks, anchor, anchor + SHOWS)
    replace_in(
        checks, "    Submission,\n    assert", "    Submission, show_images, show_matrix, assert"
    )
    grader = open_grader(course, only=("square_random",))
    exhibitions: dict[str, Exhibition] = {}
    handin = Handin(student="ada", files={"lab9.py": solution_of(course).encode()})

    report = grader.grade(handin, exhibitions=exhibitions)

    grader.close()
    seen = exhibitions["square_random"]
    assert [exhibit.title for exhibit in seen.exhibits] == ["Squares"]
    assert seen.remarks == ("the figure Odd: its shape is (3, 5), not 3 axes",)
    assert (report.score, report.remarks) == (before.score, before.remarks)
    assert report.checks[0].outcome is before.checks[0].outcome


def test_points_may_have_names() -> None:
    named = make_points("words", [[0.0, 1.0], [1.0, 0.0]], None, ["deep", "$flying$"])

    assert named.labels == ("deep", "$flying$")
    assert draw(named).startswith(b"\x89PNG")


def test_names_are_left_out_where_they_would_slip_to_another_point() -> None:
    assert make_points("words", [[0.0, np.nan], [1.0, 0.0]], None, ["deep", "flying"]).labels == ()
