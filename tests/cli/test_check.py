"""`dlab check`: exit codes, options, watching, colour, and what is remembered."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from cli.exit import code_of_error
from cli.render_check import wall_in_words
from cli.setting import Setting
from grader.errors import (
    ContentError,
    DlabError,
    RequestError,
    SandboxError,
    SubmissionError,
    WorkerTimeoutError,
)
from grader.model import Protection

ROOT = Path(__file__).parents[2]
RIGHT = "def square(x):\n    return x * x\n\ndef mean(x):\n    return x.mean()\n"
WRONG = RIGHT.replace("x * x", "x + x")
HALF = RIGHT.replace("x * x", "x * abs(x)")
Run = Callable[..., Result]
ESCAPE = "\x1b["


def save(folder: Path, text: str) -> Path:
    path = folder / "lab1.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_all_points_exit_0(check: Run, desk: Path) -> None:
    save(desk, RIGHT)

    result = check()

    assert result.exit_code == 0
    assert "Public: 3 of 3 points." in result.stdout
    assert result.stderr == ""


def test_lost_points_exit_1(check: Run, desk: Path) -> None:
    save(desk, HALF)

    result = check()

    assert result.exit_code == 1
    assert "FAIL  0/2  square_table" in result.stdout
    assert "first at  [0]: got -9, expected 9" in result.stdout
    assert "Public: 1 of 3 points." in result.stdout


@pytest.mark.parametrize(
    ("args", "text"),
    [
        (("check", "lab9"), "There is no lab 'lab9'. Did you mean 'lab1'?"),
        (("check", "lab1", "nowhere"), "There is no file or folder 'nowhere'."),
        (("check", "lab1", "-k", "cube"), "No public check of lab1 has 'cube' in its id."),
        (("check", "lab1", "--all"), "This machine has no hidden checks of lab1"),
        (("check", "lab1", "--device", "cuda"), "lab1 computes on the CPU only."),
        (("check", "lab1", "--data", "mnist"), "lab1 has no dataset 'mnist'. It uses none."),
        (("check", "lab1", "--watch", "--json"), "--watch and --json do not go together."),
        (("--course", "nowhere", "check", "lab1"), "there is no course.toml in that folder."),
    ],
)
def test_wrong_usage_exits_2_in_one_line(
    args: tuple[str, ...], text: str, run: Run, desk: Path
) -> None:
    save(desk, RIGHT)

    result = run(*args)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert text in result.stderr
    assert result.stderr.count("\n") == 1


def test_no_submission_says_where_it_looked(run: Run) -> None:
    result = run("check", "lab1")

    assert result.exit_code == 2
    assert "No lab1.py found. Looked for lab1.py, lab1_tiny" in result.stderr
    assert "`dlab start lab1` makes one." in result.stderr


def test_broken_lab_toml_exits_3(check: Run, desk: Path, course: Path) -> None:
    save(desk, RIGHT)
    toml = course / "assignments" / "lab1_tiny" / "lab.toml"
    toml.write_text(toml.read_text().replace("points = 2", 'points = "2"'))

    result = check()

    assert result.exit_code == 3
    assert "lab.toml: checks[0].points (check 'square_table') must be a whole" in result.stderr
    assert [line[:7] for line in result.stderr.splitlines()] == ["Error: "] * 2


def test_checks_that_cannot_be_imported_exit_3(check: Run, desk: Path, course: Path) -> None:
    save(desk, RIGHT)
    (course / "assignments" / "lab1_tiny" / "checks.py").write_text("import no_such_module\n")

    result = check()

    assert result.exit_code == 3
    assert "Not graded:" in result.stdout
    assert "no_such_module" in result.stdout
    assert "for the staff of the course to mend" in result.stdout
    assert "Public:" not in result.stdout


def test_broken_check_exits_3_and_blames_nobody(check: Run, desk: Path, staff_course: Path) -> None:
    save(desk, RIGHT)
    checks = staff_course / "assignments" / "lab1_tiny" / "checks.py"
    checks.write_text(checks.read_text().replace("got = submission.mean", "got = 1 / 0 #"))

    result = check()

    assert result.exit_code == 3
    assert "BROKEN 0/1  mean_table" in result.stdout
    assert "this is not your fault" in result.stdout


def test_folder_without_the_file_exits_4(check: Run, desk: Path) -> None:
    (desk / "work").mkdir()
    (desk / "work" / "lab2.py").write_text(RIGHT)

    result = check("work")

    assert result.exit_code == 4
    assert "Not graded: lab1.py is missing; there is lab2.py." in result.stdout


def test_unexpected_error_of_our_own_exits_4(run: Run, desk: Path, course: Path) -> None:
    """A bug of dlab must never look like lost points."""
    save(desk, RIGHT)
    (course / "assignments" / "lab1_tiny" / "lab.toml").unlink()
    (course / "assignments" / "lab1_tiny" / "lab.toml").mkdir()

    result = run("check", "lab1")

    assert result.exit_code == 4
    assert "dlab itself failed, this is not your fault: IsADirectoryError" in result.stderr


def test_only_runs_what_is_chosen_and_is_not_the_whole_run(check: Run, desk: Path) -> None:
    save(desk, RIGHT)

    result = check("-k", "mean")

    assert result.exit_code == 0
    assert "square_table" not in result.stdout
    assert "These checks: 1 of 1 points." in result.stdout
    assert (desk / ".dlab" / "lab1_tiny" / "last_run.json").is_file()
    assert not (desk / ".dlab" / "lab1_tiny" / "last_whole_run.json").exists()


def test_all_runs_hidden_checks_and_hides_their_inputs(
    check: Run, desk: Path, staff_course: Path
) -> None:
    save(desk, RIGHT.replace("x * x", "x * x * (1 + (x % 1 != 0))"))

    result = check("--all")

    assert result.exit_code == 1
    assert "FAIL  0/2  square_random" in result.stdout
    assert "first at" not in result.stdout
    assert "Hidden: 0 of 2 points." in result.stdout


def test_hidden_check_waits_for_what_it_needs(check: Run, desk: Path, staff_course: Path) -> None:
    save(desk, HALF)

    result = check("--all")

    assert "SKIP  0/2  square_random" in result.stdout
    assert "Not run: it needs square_table, which did not pass." in result.stdout


def test_known_mistake_is_named(check: Run, desk: Path, staff_course: Path) -> None:
    save(desk, WRONG)

    result = check()

    assert "Looks like: Every number is doubled instead of squared." in result.stdout
    assert "Hint: What does 3 become, and what should it become?" in result.stdout
    assert "Read: lecture 1, Powers" in result.stdout


def test_json_is_the_report_and_nothing_else(check: Run, desk: Path) -> None:
    save(desk, HALF)

    result = check("--json", "--seed", "7")
    report = json.loads(result.stdout)

    assert result.exit_code == 1
    assert result.stderr == ""
    assert report["score"] == {"points": 1, "max_points": 3}
    assert (report["seed"], report["device"]) == (7, "cpu")
    assert [entry["outcome"] for entry in report["checks"]] == ["failed", "passed"]


def test_verbose_shows_prints_without_control_characters(check: Run, desk: Path) -> None:
    save(desk, RIGHT.replace("return x * x", "print('hi \\x1b[2J there'); return x * x"))

    result = check("--verbose")

    assert "Your code printed 1 line:" in result.stdout
    assert "  | hi \ufffd[2J there" in result.stdout


def test_output_is_bounded(check: Run, desk: Path) -> None:
    save(desk, RIGHT.replace("return x * x", "print('a\\n' * 10**6); return x * x"))

    result = check("--verbose")

    assert result.exit_code == 0
    assert "more, not shown." in result.stdout
    assert len(result.stdout) < 5000


def test_zip_and_file_of_another_name_are_checked(check: Run, run: Run, desk: Path) -> None:
    save(desk, RIGHT)
    run("submit", "lab1")
    (desk / "mine.py").write_text(RIGHT)

    assert check("lab1_tiny_submission.zip").exit_code == 0
    assert check("mine.py").exit_code == 0


def test_read_only_folder_is_checked_all_the_same(check: Run, desk: Path) -> None:
    save(desk, RIGHT)
    (desk / ".dlab").write_text("in the way")

    assert check().exit_code == 0


def test_course_option_stands_in_the_commands_to_repeat(run: Run, desk: Path, course: Path) -> None:
    save(desk, HALF)

    result = run("--course", "../course", "check", "lab1", "--sandbox", "plain")

    assert "dlab --course ../course check lab1 -k square_table" in result.stdout


def test_path_stands_in_the_commands_to_repeat(check: Run, desk: Path) -> None:
    (desk / "my work").mkdir()
    save(desk / "my work", HALF)

    result = check("my work")

    assert "Only this: dlab check lab1 'my work' -k square_table" in result.stdout
    assert "Stuck? dlab hint lab1 --path 'my work'\n" in result.stdout


@pytest.mark.parametrize(
    ("variables", "args", "is_colored"),
    [
        ({"FORCE_COLOR": "1"}, (), True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, (), False),
        ({"FORCE_COLOR": "1"}, ("--no-color",), False),
        ({}, (), False),
    ],
)
def test_color_is_off_when_it_should_be(
    variables: dict[str, str],
    args: tuple[str, ...],
    is_colored: bool,
    run: Run,
    desk: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save(desk, RIGHT)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    result = run(*args, "check", "lab1", "--sandbox", "plain")

    assert (f"{ESCAPE}32m" in result.stdout) is is_colored


def test_watch_runs_again_after_a_change_and_ends_with_ctrl_c(check: Run, desk: Path) -> None:
    path = save(desk, HALF)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            save(desk, RIGHT)
            os.utime(path, ns=(1, 1))  # however coarse the clock of this file system is
        if len(waits) == 4:
            raise KeyboardInterrupt

    result = check("--watch", setting=Setting(wait=wait))

    assert waits == [0.3] * 4
    assert re.findall(r"Public: (\d) of 3", result.stdout) == ["1", "3"]
    assert result.exit_code == 0
    assert result.stderr.endswith("Stopped.\n")


def test_watch_survives_a_file_that_is_gone_for_a_moment(check: Run, desk: Path) -> None:
    path = save(desk, RIGHT)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            raise KeyboardInterrupt
        path.unlink()

    result = check("--watch", setting=Setting(wait=wait))

    assert result.exit_code == 4
    assert "Not graded: lab1.py is missing" in result.stdout


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_measured_values_are_shown_with_their_threshold(
    check: Run, desk: Path, course: Path
) -> None:
    save(desk, RIGHT)
    checks = course / "assignments" / "lab1_tiny" / "checks.py"
    change(checks, "assert_close", "assert_at_least")
    change(checks, 'got, 3.0, what="mean([1, 2, 6])"', 'got, 2.5, what="mean", unit="apples"')
    change(checks, "got, [9.0, 1.0, 0.0, 4.0, 25.0]", "got.max(), 4.0")

    result = check()

    assert result.exit_code == 0
    assert "mean: 3 apples (at least 2.5 apples)" in result.stdout


def test_many_hidden_checks_are_named_by_topic(check: Run, desk: Path, course: Path) -> None:
    save(desk, RIGHT)
    toml = course / "assignments" / "lab1_tiny" / "lab.toml"
    line = '[[checks]]\nid = "more_{0}"\ntitle = "topic {1}: {0}"\npoints = 1\n'
    more = "".join(line.format(i, i // 2) + 'visibility = "hidden"\n' for i in range(4))
    toml.write_text(toml.read_text() + more)

    result = check()

    assert "Hidden: 5 checks, 6 points, about: square, topic 0, topic 1." in result.stdout
    assert "(dlab labs lab1 lists them.)" in result.stdout


def test_lab_without_hidden_checks_says_nothing_about_them(
    check: Run, desk: Path, course: Path
) -> None:
    save(desk, RIGHT)
    change(course / "assignments" / "lab1_tiny" / "lab.toml", '"hidden"', '"public"')
    checks = course / "assignments" / "lab1_tiny" / "checks.py"
    change(
        checks,
        "def test_mean_table",
        "def test_square_random(submission: Submission) -> None:"
        "\n    test_square_table(submission)\n\n\ndef test_mean_table",
    )

    result = check()

    assert "Public: 5 of 5 points." in result.stdout
    assert "Hidden" not in result.stdout


def test_lab_without_public_checks_exits_2(check: Run, desk: Path, course: Path) -> None:
    save(desk, RIGHT)
    change(course / "assignments" / "lab1_tiny" / "lab.toml", '"public"', '"hidden"')

    result = check()

    assert result.exit_code == 2
    assert "lab1 has no public check: it is graded after you hand in." in result.stderr


def test_cuda_without_a_gpu_exits_2(check: Run, desk: Path, course: Path) -> None:
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    save(desk, RIGHT)
    toml = course / "assignments" / "lab1_tiny" / "lab.toml"
    change(toml, '["numpy"]', '["numpy", "torch"]')

    result = check("--device", "cuda")

    assert result.exit_code == 2
    assert "There is no GPU that torch can use here." in result.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DlabError, 4),
        (RequestError, 2),
        (ContentError, 3),
        (SubmissionError, 4),
        (SandboxError, 4),
        (WorkerTimeoutError, 4),
    ],
)
def test_every_kind_of_error_has_its_exit_code(error: type[DlabError], code: int) -> None:
    assert code_of_error(error("x")) == code


def test_unknown_backend_is_described_by_what_is_in_force() -> None:
    protection = Protection(backend="cloud", in_force=("no network", "no files"))

    assert wall_in_words(protection) == "Runs in cloud: no network, no files."


def test_traceback_of_our_own_fault_is_shown_on_request(
    run: Run, desk: Path, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(desk, RIGHT)
    (course / "assignments" / "lab1_tiny" / "lab.toml").unlink()
    (course / "assignments" / "lab1_tiny" / "lab.toml").mkdir()
    monkeypatch.setenv("DLAB_TRACEBACK", "1")

    result = run("check", "lab1")

    assert "Traceback (most recent call last)" in result.stderr
    assert result.exit_code == 4


def command(*args: str) -> list[str]:
    return [sys.executable, "-m", "cli.main", *args]


def environment(course: Path, **more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    return {**kept, "PYTHONPATH": str(ROOT), "DLAB_COURSE": str(course), "COLUMNS": "80", **more}


def test_ctrl_c_during_a_check_exits_130(desk: Path, course: Path) -> None:
    save(desk, RIGHT.replace("return x * x", "\n    while True: pass"))
    toml = course / "assignments" / "lab1_tiny" / "lab.toml"
    toml.write_text(toml.read_text().replace("check_cpu_s = 0.5", "check_cpu_s = 100"))
    process = subprocess.Popen(
        command("check", "lab1", "--sandbox", "plain"),
        env=environment(course),
        cwd=desk,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  a job in the background ignores it
    )
    assert process.stdout
    while process.stdout.readline().strip():  # until the header is complete
        pass
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)

    assert process.returncode == 130
    assert errors == "Interrupted.\n"


def test_ascii_terminal_gets_escapes_instead_of_an_error(desk: Path, course: Path) -> None:
    save(desk, HALF)
    toml = course / "assignments" / "lab1_tiny" / "lab.toml"
    toml.write_text(toml.read_text().replace("-3 times -3", "(-3)²"), encoding="utf-8")
    done = subprocess.run(
        command("check", "lab1", "--sandbox", "plain"),
        env=environment(course, PYTHONIOENCODING="ascii"),
        cwd=desk,
        capture_output=True,
        timeout=60,
    )

    assert done.returncode == 1
    assert b"What is (-3)\\xb2?" in done.stdout
    assert done.stdout.isascii()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_terminal_shows_what_is_running_and_removes_it(desk: Path, course: Path) -> None:
    import pty

    save(desk, RIGHT)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command("check", "lab1", "--sandbox", "plain"),
        env=environment(course, TERM="xterm"),
        cwd=desk,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    pieces = []
    while piece := _read(ours):
        pieces.append(piece)
    os.close(ours)
    text = b"".join(pieces).decode()

    assert process.wait(timeout=60) == 0
    assert "running square_table ..." in text
    assert f"\r{ESCAPE}2K" in text.partition("running mean_table ...")[2]


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 1 << 16)
    except OSError:  # Linux says so when the other end is closed
        return b""
