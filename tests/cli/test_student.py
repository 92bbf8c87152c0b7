"""labs, start, hint, status, submit, doctor: what a student does around `dlab check`."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from cli.setting import Setting
from grader.api import load_course
from grader.handin import read_handin
from grader.labs import read_lab

Run = Callable[..., Result]
HALF = "def square(x):\n    return x * abs(x)\n\ndef mean(x):\n    return x.mean()\n"


def test_labs_lists_labs_with_points(run: Run) -> None:
    result = run("labs")

    assert result.exit_code == 0
    assert "A miniature course" in result.stdout
    assert "lab1  5       3       Squares and means" in result.stdout


def test_labs_of_one_lab_lists_hidden_goals(run: Run) -> None:
    result = run("labs", "lab1")

    assert "2       hidden      square_random  square: random arrays" in result.stdout
    assert "3 checks, 5 points. Your file: lab1.py." in result.stdout


def test_labs_json_parses(run: Run) -> None:
    (lab,) = json.loads(run("labs", "--json").stdout)

    assert lab["lab_id"] == "lab1_tiny"
    assert [check["points"] for check in lab["checks"]] == [2, 1, 2]


def test_start_copies_stub_and_statement_only(run: Run, desk: Path) -> None:
    result = run("start", "lab1")

    assert result.exit_code == 0
    assert sorted(path.name for path in (desk / "lab1").iterdir()) == ["README.md", "lab1.py"]
    assert "Next: edit lab1/lab1.py, then\n      dlab check lab1\n" in result.stdout


def test_start_overwrites_nothing(run: Run, desk: Path) -> None:
    (desk / "lab1").mkdir()
    (desk / "lab1" / "lab1.py").write_text("my work")

    result = run("start", "lab1")

    assert (desk / "lab1" / "lab1.py").read_text() == "my work"
    assert "Kept   lab1/lab1.py: it was there already" in result.stdout
    assert "Copied lab1/README.md" in result.stdout


def test_start_inside_the_labs_folder_makes_no_second_one(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("start", "lab1")
    monkeypatch.chdir(desk / "lab1")

    result = run("start", "lab1")

    assert "Kept   lab1.py" in result.stdout
    assert not (desk / "lab1" / "lab1").exists()


def test_start_into_says_the_folder_in_the_next_step(run: Run, desk: Path) -> None:
    result = run("start", "lab1", "--into", "work/week1")

    assert (desk / "work" / "week1" / "lab1.py").is_file()
    assert "dlab check lab1 work/week1" in result.stdout


def test_start_where_nothing_can_be_written_exits_2(run: Run, desk: Path) -> None:
    (desk / "work").write_text("a file")

    result = run("start", "lab1", "--into", "work")

    assert result.exit_code == 2
    assert "Error: work cannot be written: File exists." in result.stderr


def test_start_without_a_stub_exits_3(run: Run, course: Path) -> None:
    (course / "assignments" / "lab1_tiny" / "lab1.py").unlink()

    result = run("start", "lab1")

    assert result.exit_code == 3
    assert "assignments/lab1_tiny/lab1.py does not exist." in result.stderr


def test_hint_before_any_run_says_what_comes_first(run: Run, desk: Path) -> None:
    (desk / "lab1.py").write_text(HALF)

    result = run("hint", "lab1")

    assert result.exit_code == 2
    assert "There is no run of lab1 yet. `dlab check lab1` comes first." in result.stderr


def test_hints_go_on_from_what_the_run_has_shown(run: Run, check: Run, desk: Path) -> None:
    (desk / "lab1.py").write_text(HALF)
    assert "Hint: What is -3 times -3?" in check().stdout

    second, again = run("hint", "lab1"), run("hint", "lab1")

    assert "square_table: hint 2 of 2\n  A number times itself." in second.stdout
    assert "Read: lecture 1, Products" in second.stdout
    assert "You have seen all hints of this check." not in second.stdout
    assert "You have seen all hints of this check." in again.stdout


def test_hints_of_an_unwritten_function_start_with_the_first(run: Run, check: Run) -> None:
    run("start", "lab1")
    check()

    result = run("hint", "lab1")

    assert "square_table: hint 1 of 2\n  What is -3 times -3?" in result.stdout
    assert "Next: try again, or dlab hint lab1 square_table" in result.stdout


def test_diagnosed_hint_comes_before_the_labs(
    run: Run, check: Run, desk: Path, staff_course: Path
) -> None:
    (desk / "lab1.py").write_text(HALF.replace("x * abs(x)", "x + x"))
    check()

    result = run("hint", "lab1")

    assert "square_table: hint 2 of 3\n  What is -3 times -3?" in result.stdout


def test_hint_of_a_named_check_takes_a_part_of_its_name(run: Run) -> None:
    run("start", "lab1")

    result = run("hint", "lab1", "mean")

    assert "mean_table: hint 1 of 1\n  How many numbers are there?" in result.stdout
    assert "Read: lecture 1: numbers" in result.stdout


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("square", "'square' could be square_table, square_random."),
        ("cube", "lab1 has no check 'cube'. There are: square_table, mean_table"),
    ],
)
def test_hint_of_an_unclear_check_exits_2(wanted: str, text: str, run: Run) -> None:
    run("start", "lab1")

    result = run("hint", "lab1", wanted)

    assert result.exit_code == 2
    assert text in result.stderr


def test_hint_of_a_check_without_hints_says_what_to_read(run: Run) -> None:
    run("start", "lab1")

    result = run("hint", "lab1", "square_random")

    assert "square_random has no hints." in result.stdout
    assert "Read: lecture 1: numbers" in result.stdout


def test_nothing_to_hint_at_when_all_passed(run: Run, check: Run, desk: Path) -> None:
    (desk / "lab1.py").write_text(HALF.replace("abs(x)", "x"))
    check()

    result = run("hint", "lab1")

    assert result.exit_code == 0
    assert "Nothing to hint at" in result.stdout


def test_damaged_memory_is_like_none(run: Run, check: Run, desk: Path) -> None:
    (desk / "lab1.py").write_text(HALF)
    check()
    for path in (desk / ".dlab" / "lab1_tiny").iterdir():
        path.write_text("[1, 2")
    (desk / ".dlab" / "lab1_tiny" / "hints.json").write_text("[]")

    assert run("status").exit_code == 0
    assert "There is no run of lab1 yet." in run("hint", "lab1").stderr
    assert "hint 1 of 2" in run("hint", "lab1", "square_table").stdout


def test_status_follows_a_lab_from_start_to_submission(run: Run, check: Run, desk: Path) -> None:
    def status() -> dict[str, object]:
        (entry,) = json.loads(run("status", "--json").stdout)
        return dict(entry)

    assert not status()["is_started"]
    run("start", "lab1")
    assert status()["unwritten"] == ["square", "mean"]
    (desk / "lab1" / "lab1.py").write_text(HALF)
    assert status()["checked_at"] == ""
    check()
    run("submit", "lab1")
    done = status()
    assert (done["public_points"], done["public_max_points"]) == (1, 3)
    assert done["is_checked"]
    assert done["is_submitted"]
    (desk / "lab1" / "lab1.py").write_text(HALF + "# better\n")
    assert not status()["is_checked"]
    assert not status()["is_submitted"]


def test_status_table_marks_what_changed_since(run: Run, check: Run, desk: Path) -> None:
    before = run("status").stdout
    run("start", "lab1")
    started = run("status").stdout
    (desk / "lab1" / "lab1.py").write_text(HALF)
    check()
    (desk / "lab1" / "lab1.py").write_text(HALF + "\n")
    after = run("status").stdout

    assert "lab1  no" in before
    assert "lab1  yes      -" in started
    assert "lab1  yes      1 of 3" in after
    assert "* changed since" in after
    assert "* changed since" not in started


def test_submit_says_what_is_sent_and_what_is_missing(run: Run, desk: Path) -> None:
    run("start", "lab1")
    folder = desk / "lab1"
    (folder / "lab1.py").write_text("def square(x):\n    raise NotImplementedError\n")
    (folder / "helper.py").write_text("")
    (folder / "report.pdf").write_text("")
    (folder / "photos").mkdir()

    result = run("submit", "lab1")

    assert result.exit_code == 0
    assert "helper.py  0 bytes" in result.stdout
    assert "Not sent    photos/, report.pdf" in result.stdout
    assert "Not written square" in result.stdout
    assert "Not there   mean (no such function)" in result.stdout
    assert "Last check  never; dlab check lab1 runs it" in result.stdout
    assert "Wrote lab1_tiny_submission.zip. Nothing has left this machine" in result.stdout


def test_submit_executes_nothing(run: Run, desk: Path) -> None:
    (desk / "lab1.py").write_text("open('trace', 'w')\n1 / 0\n")

    assert run("submit", "lab1").exit_code == 0
    assert not (desk / "trace").exists()


def test_submit_of_broken_python_says_where(run: Run, desk: Path) -> None:
    (desk / "lab1.py").write_text("def square(x)\n    return x\n")

    result = run("submit", "lab1")

    assert result.exit_code == 0
    assert "Broken      lab1.py is not valid Python: line 1: expected ':'" in result.stdout


def test_zip_holds_manifest_and_the_very_submission(run: Run, check: Run, desk: Path) -> None:
    (desk / "lab1.py").write_text(HALF)
    check()
    data = json.loads(run("submit", "lab1", "--json", "--out", "mine.zip").stdout)
    with zipfile.ZipFile(desk / "mine.zip") as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read(".dlab/manifest.json"))
    lab = read_lab(load_course(), "lab1_tiny")
    from_zip = read_handin(desk / "mine.zip", lab, "x")

    assert names == ["lab1.py", ".dlab/manifest.json"]
    assert manifest == data["manifest"]
    assert manifest["lab_id"] == "lab1_tiny"
    assert manifest["files"][0]["size"] == len(HALF)
    assert manifest["last_check"]["public_points"] == 1
    assert manifest["last_check"]["of_these_files"]
    assert from_zip.sha256 == manifest["submission_sha256"]
    assert from_zip.sha256 == read_handin(desk, lab, "x").sha256


def test_submit_says_when_the_last_check_was_of_other_files(
    run: Run, check: Run, desk: Path
) -> None:
    (desk / "lab1.py").write_text(HALF)
    check()
    (desk / "lab1.py").write_text(HALF + "\n")

    result = run("submit", "lab1")

    assert "Last check  1 of 3 public points, of other files" in result.stdout


@pytest.mark.parametrize(("typed", "is_written"), [("y\n", True), ("\n", True), ("n\n", False)])
def test_submit_asks_on_a_terminal(typed: str, is_written: bool, run: Run, desk: Path) -> None:
    (desk / "lab1.py").write_text(HALF)

    result = run("submit", "lab1", setting=Setting(is_interactive=lambda: True), typed=typed)

    assert "Write the zip? [Y/n]" in result.stderr
    assert (desk / "lab1_tiny_submission.zip").exists() is is_written
    assert result.exit_code == (0 if is_written else 1)


def test_submit_with_yes_does_not_ask(run: Run, desk: Path) -> None:
    (desk / "lab1.py").write_text(HALF)

    result = run("submit", "lab1", "--yes", setting=Setting(is_interactive=lambda: True))

    assert result.exit_code == 0
    assert "Write the zip?" not in result.output


def test_submit_replaces_its_own_zip_and_no_other_file(run: Run, desk: Path) -> None:
    (desk / "lab1.py").write_text(HALF)
    (desk / "thesis.zip").write_text("precious")

    assert run("submit", "lab1").exit_code == 0
    assert run("submit", "lab1").exit_code == 0
    refused = run("submit", "lab1", "--out", "thesis.zip")
    assert refused.exit_code == 2
    assert "thesis.zip exists and is not a submission of dlab." in refused.stderr
    assert (desk / "thesis.zip").read_text() == "precious"


def test_submit_into_a_folder_that_is_not_there_exits_2(run: Run, desk: Path) -> None:
    (desk / "lab1.py").write_text(HALF)

    result = run("submit", "lab1", "--out", "nowhere/mine.zip")

    assert result.exit_code == 2
    assert "nowhere/mine.zip cannot be written: No such file or directory." in result.stderr


def test_submit_of_what_cannot_be_graded_exits_2(run: Run, desk: Path) -> None:
    (desk / "work").mkdir()

    result = run("submit", "lab1", "work")

    assert result.exit_code == 2
    assert "work cannot be handed in: lab1.py is missing" in result.stderr


def test_doctor_prints_findings(run: Run) -> None:
    pytest.importorskip("grader.doctor")
    findings = json.loads(run("doctor", "--json").stdout)
    result = run("doctor")

    assert set(findings[0]) == {"name", "ok", "detail", "how_to_fix"}
    assert result.exit_code == (0 if all(finding["ok"] for finding in findings) else 1)
    assert findings[0]["name"] in result.stdout
