"""Grading a folder: every layout, every mess, any number of jobs, and killed at any moment."""

import json
import multiprocessing
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from grader.batch import Batch, find_jobs, grade_folder, plan_batch
from grader.course import Course, find_course
from grader.errors import RequestError
from grader.gradebook import SCORES_FILE
from grader.labs import find_lab
from grader.model import Lab, Report
from grader.result import read_result
from grader.sandbox.backend import Mode

COURSE = Path(__file__).resolve().parent / "courses" / "small"
SOLUTION = COURSE / "solutions" / "lab9_small" / "lab9.py"
STUB = COURSE / "assignments" / "lab9_small" / "lab9.py"
MISTAKES = COURSE / "autograder_tests" / "lab9_small" / "mistakes"
TIMES = ("cpu_s", "wall_s", "graded_at", "measured")
DRIVER = """
import sys
from pathlib import Path

from grader.batch import grade_folder, plan_batch
from grader.course import find_course

root, folder, out, jobs, mode = sys.argv[1:]
batch = plan_batch(
    find_course(Path(root), root), "lab9", Path(folder), out=Path(out), jobs=int(jobs), mode=mode
)
grade_folder(batch, lambda report, is_known: print(report.student, flush=True))
"""
Grade = Callable[..., dict[str, Report]]


@pytest.fixture(scope="module")
def course() -> Course:
    return find_course(COURSE, str(COURSE))


@pytest.fixture(scope="module")
def lab(course: Course) -> Lab:
    return find_lab(course, "lab9")


@pytest.fixture
def grade(course: Course, tmp_path: Path) -> Grade:
    """Grade `submitted` into `results`, or into the folder of a name."""

    def run(
        out: str = "results", *, jobs: int = 1, mode: str = Mode.AUTO, **more: Any
    ) -> dict[str, Report]:
        progress = more.pop("progress", lambda _report, _is_known: None)
        folder = tmp_path / "submitted"
        batch = plan_batch(course, "lab9", folder, out=tmp_path / out, jobs=jobs, mode=mode, **more)
        return {report.student: report for report in grade_folder(batch, progress)}

    return run


@pytest.fixture
def submitted(tmp_path: Path) -> Path:
    folder = tmp_path / "submitted"
    folder.mkdir()
    return folder


def put(folder: Path, source: Path | str = SOLUTION) -> Path:
    """Put a file of the lab into a new folder."""
    folder.mkdir(parents=True)
    text = source.read_text() if isinstance(source, Path) else source
    (folder / "lab9.py").write_text(text)
    return folder


def pack(path: Path, files: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def make_class(folder: Path) -> None:
    """Make a small class: right, unwritten, wrong in several ways, crashing, endless, missing."""
    put(folder / "ada")
    put(folder / "bob", STUB)
    for student, mistake in (("cyd", "doubled"), ("dan", "counts_all"), ("eve", "one_step_short")):
        overlay = (MISTAKES / f"{mistake}.py").read_text()
        put(
            folder / student,
            SOLUTION.read_text() + overlay.replace('"""', "# ", 1).replace('"""', ""),
        )
    put(folder / "flo", "import os\nos._exit(0)\n")
    put(folder / "gus", SOLUTION.read_text() + "\ndef count_above(x, bar):\n    while True: pass\n")
    (folder / "hal").mkdir()


def lasting(report: Report) -> dict[str, Any]:
    """Return all of a report that does not depend on the clock or the machine's load."""
    data = asdict(report)
    kept = {key: value for key, value in data.items() if key not in TIMES}
    kept["checks"] = [
        {key: value for key, value in check.items() if key not in TIMES} for check in data["checks"]
    ]
    return kept


def stored(out: Path) -> dict[str, Any]:
    """Return what a results folder holds, less the times, and the bytes of the table."""
    reports = {path.parent.name: lasting(read_result(path)) for path in out.glob("*/*/result.json")}
    return {"reports": reports, "table": (out / "lab9_small" / SCORES_FILE).read_bytes()}


# Where submissions are found


def test_every_layout_is_understood(submitted: Path, lab: Lab) -> None:
    put(submitted / "ada")
    put(submitted / "bob" / "lab9_small")
    put(submitted / "cyd" / "lab9")
    put(submitted / "dan" / "some" / "folder")
    for name in ("eve", "flo_lab9", "gus-lab9_small", "hal collab9"):
        shutil.copy(SOLUTION, submitted / f"{name}.py")
    pack(submitted / "ivy.zip", {"lab9.py": "x = 1"})
    pack(submitted / "joe_lab9.ZIP", {"joe/lab9.py": "x = 1"})
    for name in ("notes.txt", ".DS_Store", "grades.csv", ".hidden.py"):
        (submitted / name).touch()
    (submitted / "__MACOSX").mkdir()

    found = {job.student: job.paths for job in find_jobs(submitted, lab)}

    names = ["ada", "bob", "cyd", "dan", "eve", "flo", "gus", "hal collab9", "ivy", "joe"]
    assert list(found) == names
    assert found["bob"] == (submitted / "bob" / "lab9_small",)
    assert found["cyd"] == (submitted / "cyd" / "lab9",)


def test_layouts_score_alike(submitted: Path, grade: Grade) -> None:
    text = SOLUTION.read_text()
    put(submitted / "ada")
    put(submitted / "bob" / "lab9_small")
    shutil.copy(SOLUTION, submitted / "cyd_lab9.py")
    pack(submitted / "dan.zip", {"lab9.py": text})
    pack(submitted / "eve.zip", {"eve/work/lab9.py": text, "__MACOSX/._lab9.py": "junk"})

    reports = grade()

    assert [report.score.is_full for report in reports.values() if report.score] == [True] * 5
    assert len({report.submission_sha256 for report in reports.values()}) == 1


def test_folder_that_is_not_there_is_refused(tmp_path: Path, lab: Lab) -> None:
    with pytest.raises(RequestError, match=r"^There is no folder '.*/nowhere'\.$"):
        find_jobs(tmp_path / "nowhere", lab)


def test_folder_without_submissions_is_refused(submitted: Path, lab: Lab) -> None:
    (submitted / "notes.txt").touch()

    with pytest.raises(RequestError, match=r"holds no submission: expected <student>/lab9_small/"):
        find_jobs(submitted, lab)


# What students hand in


def test_mess_is_told_in_one_line_each_and_the_rest_goes_on(submitted: Path, grade: Grade) -> None:
    put(submitted / "ada")
    (submitted / "bob").mkdir()
    put(submitted / "cyd").joinpath("lab9.py").rename(submitted / "cyd" / "mine.py")
    (submitted / "dan.zip").write_bytes(b"PK\x03\x04 and no more")
    put(submitted / "eve")
    shutil.copy(SOLUTION, submitted / "eve.py")
    (submitted / "flo").symlink_to(SOLUTION.parent)
    (submitted / "gus").symlink_to(SOLUTION.parents[1])  # holds lab9_small/lab9.py: the solution
    (submitted / "hal.py").symlink_to(SOLUTION)
    (submitted / "ivy.py").symlink_to(submitted / "nowhere")
    put(submitted / "joe" / "a")
    put(submitted / "joe" / "b")
    (submitted / "kim").mkdir()
    (submitted / "kim" / "lab9.py").mkdir()
    (submitted / "lea\n\x1b[2Jtwo lines").mkdir()
    os.mkdir(os.fsencode(submitted) + b"/max-caf\xe9")
    put(submitted / "zoe")

    reports = grade(jobs=2)

    problems = {student: report.problem for student, report in reports.items()}
    link = "is a symbolic link; a submission holds real files"
    assert problems == {
        "ada": "",
        "bob": "lab9.py is missing; there is no file that is graded",
        "cyd": "lab9.py is missing; there is mine.py",
        "dan": "dan.zip is not a readable zip: File is not a zip file",
        "eve": "two submissions: eve and eve.py; keep one",
        "flo": f"flo {link}",
        "gus": f"gus {link}",
        "hal": f"hal.py {link}",
        "ivy": f"ivy.py {link}",
        "joe": "lab9.py stands there twice: a/lab9.py and b/lab9.py",
        "kim": "lab9.py is missing; there is no file that is graded",
        "lea \ufffd[2Jtwo lines": "lab9.py is missing; there is no file that is graded",
        "max-caf\\udce9": "lab9.py is missing; there is no file that is graded",
        "zoe": "",
    }
    full = [student for student, report in reports.items() if report.score and report.score.is_full]
    assert full == ["ada", "zoe"]
    assert [report.score for report in reports.values() if report.problem] == [None] * 12


def test_file_that_may_not_be_read_is_a_problem(submitted: Path, grade: Grade) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (put(submitted / "ada") / "lab9.py").chmod(0)

    assert grade()["ada"].problem == "ada cannot be read: Permission denied"


# What is kept


def test_result_is_where_it_is_looked_for(submitted: Path, grade: Grade, tmp_path: Path) -> None:
    put(submitted / "ada")

    reports = grade()

    assert (
        read_result(tmp_path / "results" / "lab9_small" / "ada" / "result.json") == reports["ada"]
    )
    assert (
        (tmp_path / "results" / "lab9_small" / SCORES_FILE)
        .read_text()
        .splitlines()[1]
        .startswith("ada,10,10,")
    )


def test_unchanged_submissions_are_not_graded_again(submitted: Path, grade: Grade) -> None:
    for student in ("ada", "bob", "cyd"):
        put(submitted / student)
    (submitted / "dan").mkdir()
    first = grade()
    put(submitted / "eve")
    (submitted / "bob" / "lab9.py").write_text(STUB.read_text())
    seen: dict[str, bool] = {}

    again = grade(progress=lambda report, is_known: seen.update({report.student: is_known}))

    assert seen == {"ada": True, "bob": False, "cyd": True, "dan": False, "eve": False}
    assert again["ada"] == first["ada"]
    assert again["bob"].score is not None
    assert again["bob"].score.points == 0


@pytest.mark.parametrize("change", [{"seed": 5}, {"force": True}, {"mode": Mode.PLAIN}])
def test_what_can_change_a_score_makes_it_be_graded_again(
    submitted: Path, grade: Grade, change: dict[str, Any]
) -> None:
    put(submitted / "ada", STUB)
    before = grade()
    seen = []

    grade(progress=lambda _report, is_known: seen.append(is_known), **change)

    is_same = before["ada"].protection.backend == change.get("mode")  # no better sandbox here
    assert seen == [is_same]


def test_result_that_cannot_be_read_is_made_again(
    submitted: Path, grade: Grade, tmp_path: Path
) -> None:
    put(submitted / "ada", STUB)
    grade()
    path = tmp_path / "results" / "lab9_small" / "ada" / "result.json"
    path.write_text(path.read_text()[:100])

    assert lasting(grade()["ada"]) == lasting(read_result(path))


def test_results_that_cannot_be_written_are_told(
    submitted: Path, grade: Grade, tmp_path: Path
) -> None:
    put(submitted / "ada", STUB)
    (tmp_path / "results").write_text("a file, not a folder")

    with pytest.raises(RequestError, match=r"^Results cannot be written to .*/results: "):
        grade()


# Any number of jobs, any order


def test_jobs_and_order_change_nothing(submitted: Path, grade: Grade, tmp_path: Path) -> None:
    make_class(submitted)

    grade("one", jobs=1)
    grade("two", jobs=2)

    assert stored(tmp_path / "one") == stored(tmp_path / "two")


def test_each_mistake_of_a_class_is_named(submitted: Path, grade: Grade) -> None:
    """What one submission did leaves no trace in the diagnosis of the next."""
    make_class(submitted)

    reports = grade()

    named = {
        student: {check.diagnosis.mistake for check in report.checks if check.diagnosis}
        for student, report in reports.items()
    }
    expected = {"cyd": {"doubled"}, "dan": {"counts_all"}, "eve": {"one_step_short"}}
    assert {student: found for student, found in named.items() if found} == expected


# Killed


def test_killed_grader_costs_a_retry(submitted: Path, grade: Grade) -> None:
    for student in ("ada", "bob", "cyd", "dan"):
        put(submitted / student)
    killed = []

    def kill_once(_report: Report, _is_known: object) -> None:
        if not killed:
            killed.extend(multiprocessing.active_children())
            killed[0].kill()

    reports = grade(progress=kill_once)

    assert len(killed) == 1
    assert [report.score.is_full for report in reports.values() if report.score] == [True] * 4


def test_submission_that_kills_its_grader_costs_only_itself(submitted: Path, grade: Grade) -> None:
    """Without a sandbox it can; nothing else is lost."""
    put(submitted / "ada")
    put(submitted / "bob", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n")
    put(submitted / "cyd")

    reports = grade(mode=Mode.PLAIN)

    assert reports["bob"].problem == "our fault: the grader's own process ended or hung twice on it"
    assert reports["bob"].score is None
    assert [reports[student].problem for student in ("ada", "cyd")] == ["", ""]


def start_batch(folder: Path, out: Path, *, jobs: int = 2) -> "subprocess.Popen[str]":
    """Grade in a process group of its own."""
    arguments = [str(COURSE), str(folder), str(out), str(jobs), Mode.AUTO]
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def kill_after(batch: "subprocess.Popen[str]", seconds: float) -> bool:
    """Kill the whole group at a moment; return whether it was still running."""
    try:
        batch.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(batch.pid, signal.SIGKILL)
        batch.wait()
        return True
    finally:
        if batch.stdout:
            batch.stdout.close()
    return False


def check_killed_batches(tmp_path: Path, moments: int) -> None:
    folder = tmp_path / "submitted"
    make_class(folder)
    started = time.monotonic()
    assert not kill_after(start_batch(folder, tmp_path / "whole"), 120)
    duration_s = time.monotonic() - started
    whole = stored(tmp_path / "whole")
    rng = random.Random(20)

    killed = 0
    for number in range(moments):
        out = tmp_path / f"killed{number}"
        killed += kill_after(start_batch(folder, out), rng.random() * duration_s)
        assert not kill_after(start_batch(folder, out), 120)

        assert stored(out) == whole
    assert killed >= moments // 2


def test_killed_batch_resumes_to_the_same_results(tmp_path: Path) -> None:
    check_killed_batches(tmp_path, moments=2)


@pytest.mark.long
def test_batch_killed_at_twenty_moments_resumes_to_the_same_results(tmp_path: Path) -> None:
    check_killed_batches(tmp_path, moments=20)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_nothing_survives_a_killed_batch(tmp_path: Path) -> None:
    """Only the first process is killed; its graders, sandboxes and workers go by themselves."""
    folder = tmp_path / "submitted"
    put(folder / "ada")
    for student in ("bob", "cyd", "dan"):
        put(folder / student, "import time\ntime.sleep(600)\n")
    batch = start_batch(folder, tmp_path / "results", jobs=1)
    assert batch.stdout
    assert batch.stdout.readline() == "ada\n"
    handles = [os.pidfd_open(pid) for pid in descendants(batch.pid)]

    batch.kill()
    batch.wait()
    batch.stdout.close()

    poll = select.poll()
    for handle in handles:
        poll.register(handle, select.POLLIN)
    gone: set[int] = set()
    deadline = time.monotonic() + 20
    while len(gone) < len(handles) and time.monotonic() < deadline:
        for handle, _ in poll.poll(1000):
            gone.add(handle)
            poll.unregister(handle)
    for handle in handles:
        os.close(handle)
    assert len(handles) >= 2
    assert gone == set(handles)


def descendants(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        folder = Path(f"/proc/{waiting.pop()}/task")
        children = [
            int(child)
            for task in folder.iterdir()
            for child in (task / "children").read_text().split()
        ]
        found += children
        waiting += children
    return found


def test_finished_batch_holds_only_results(submitted: Path, grade: Grade, tmp_path: Path) -> None:
    """Results are written in one step: no half file is ever there to be read."""
    make_class(submitted)
    grade(jobs=2)

    names = {path.name for path in (tmp_path / "results").rglob("*") if path.is_file()}
    assert names == {"result.json", SCORES_FILE, "sources.json", "summary.json"}
    for path in (tmp_path / "results").rglob("*.json"):
        json.loads(path.read_text())


def test_batch_is_described_whole(course: Course, tmp_path: Path) -> None:
    """What the user leaves out comes from the course and the machine."""
    batch = plan_batch(course, "lab9", tmp_path, out=tmp_path / "out")

    assert isinstance(batch, Batch)
    assert batch.options.seed == course.seed
    assert batch.jobs >= 1
    assert batch.result_path("ada") == tmp_path / "out" / "lab9_small" / "ada" / "result.json"
