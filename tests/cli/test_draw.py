"""`--figures`: pictures of what checks looked at, for a student and for a class."""

import json
import sys
from pathlib import Path

import pytest
from conftest import RIGHT, Run, write

pytest.importorskip("matplotlib", reason="matplotlib is not installed: pip install 'dlab[labs]'")
SEEN = '    show_curves("Five squares", {"square": got}, x="number", y="square")\n'
ODD = '    show_images("Odd", got)\n'
HIDDEN_SEEN = '    show_matrix("Random squares", submission.square(x))\n'
WRONG = RIGHT.replace("x * x", "x + x")


def add(path: Path, name: str, anchor: str, lines: str) -> None:
    """Have a check lay something out, before it judges anything."""
    text = path.read_text(encoding="utf-8")
    text = text.replace(
        "import Submission, assert_close", f"import Submission, assert_close, {name}"
    )
    path.write_text(text.replace(anchor, lines + anchor, 1), encoding="utf-8")


@pytest.fixture
def shown(staff_course: Path) -> Path:
    """A course whose checks lay something out."""
    names = "show_curves, show_images"
    public = staff_course / "assignments" / "lab1_tiny" / "checks.py"
    add(public, names, "    assert_close(got, [9.0", SEEN + ODD)
    hidden = staff_course / "autograder_tests" / "lab1_tiny" / "checks.py"
    add(hidden, "show_matrix", "    assert_close(submission.square(x)", HIDDEN_SEEN)
    return staff_course


def pictures(folder: Path) -> list[str]:
    """Return the files below a folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def test_check_draws_and_says_where(shown: Path, desk: Path, check: Run) -> None:
    write(desk / "lab1.py", RIGHT)

    result = check("--figures")

    folder = desk / ".dlab" / "lab1_tiny" / "figures"
    assert result.exit_code == 0, result.output
    assert pictures(folder) == ["square_table-1-five-squares.png"]
    assert (
        "Figures\n"
        "  .dlab/lab1_tiny/figures/square_table-1-five-squares.png\n"
        "  not drawn  square_table: the figure Odd: its shape is (5,), not 3 axes\n"
    ) in result.output


def test_nothing_is_drawn_unasked(shown: Path, desk: Path, check: Run) -> None:
    write(desk / "lab1.py", RIGHT)

    result = check()

    assert result.exit_code == 0
    assert "igure" not in result.output
    assert not (desk / ".dlab" / "lab1_tiny" / "figures").exists()


def test_failed_check_is_drawn_too(shown: Path, desk: Path, check: Run) -> None:
    write(desk / "lab1.py", WRONG)

    result = check("--figures")

    assert result.exit_code == 1
    assert "square_table-1-five-squares.png" in result.output


def test_figures_of_hidden_checks_are_apart(shown: Path, desk: Path, check: Run) -> None:
    write(desk / "lab1.py", RIGHT)

    check("--figures", "--all")

    assert pictures(desk / ".dlab" / "lab1_tiny" / "figures") == [
        "square_table-1-five-squares.png",
        "staff/square_random-1-random-squares.png",
    ]


def test_lab_without_figures_says_so(desk: Path, check: Run) -> None:
    write(desk / "lab1.py", RIGHT)

    assert "No figures: no check laid out any.\n" in check("--figures").output


def test_json_lists_the_files(shown: Path, desk: Path, check: Run) -> None:
    write(desk / "lab1.py", RIGHT)

    result = check("--figures", "--json")

    report = json.loads(result.stdout)
    assert report["figures"] == [".dlab/lab1_tiny/figures/square_table-1-five-squares.png"]
    assert "Not drawn: square_table: the figure Odd: its shape is (5,)" in result.stderr
    assert "figures" not in json.loads(check("--json").stdout)


@pytest.mark.parametrize("command", [("check", "lab1"), ("grade", "lab1", ".")])
def test_missing_matplotlib_is_told_before_anything_runs(
    desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    write(desk / "lab1.py", RIGHT)
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    result = run(*command, "--figures", "--sandbox", "plain")

    assert result.exit_code == 2
    assert result.output == (
        "Error: --figures needs matplotlib. `pip install 'dlab[labs]'` installs it; "
        "without --figures everything works as well.\n"
    )


@pytest.fixture
def class_of_two(desk: Path) -> Path:
    """Two submissions, one of which raises."""
    write(desk / "in" / "ada" / "lab1.py", RIGHT)
    write(desk / "in" / "bob" / "lab1.py", RIGHT.replace("x * x", "1 / 0"))
    return desk


def test_grade_draws_beside_each_result(shown: Path, class_of_two: Path, run: Run) -> None:
    result = run("grade", "lab1", "in", "--sandbox", "plain", "-j", "1", "--figures")

    results = class_of_two / "results" / "lab1_tiny"
    assert result.exit_code == 0, result.output
    assert pictures(results / "ada") == [
        "figures/not_drawn.txt",
        "figures/square_table-1-five-squares.png",
        "figures/staff/square_random-1-random-squares.png",
        "result.json",
    ]
    assert pictures(results / "bob") == ["result.json"]
    assert (results / "ada" / "figures" / "not_drawn.txt").read_text() == (
        "square_table: the figure Odd: its shape is (5,), not 3 axes\n"
    )
    assert (
        "<student>/figures/  2 figures of 1 student; those in staff/ show hidden" in result.output
    )


def test_grade_draws_later_and_never_keeps_old_figures(
    shown: Path, class_of_two: Path, run: Run
) -> None:
    """Unchanged submissions are graded again for their figures, once."""
    grade = ("grade", "lab1", "in", "--sandbox", "plain", "-j", "1", "--json")
    figures = class_of_two / "results" / "lab1_tiny" / "ada" / "figures"

    first = json.loads(run(*grade).stdout)
    second = json.loads(run(*grade, "--figures").stdout)
    third = json.loads(run(*grade, "--figures").stdout)

    assert not any("figures" in report for report in first)
    assert [len(report["figures"]) for report in second] == [2, 0]
    assert third == second
    assert [report["score"] for report in first] == [report["score"] for report in second]
    run(*grade, "--force")
    assert not figures.exists()
