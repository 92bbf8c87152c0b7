"""The walls of bubblewrap, each with a submission that tries to get past it."""

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.errors import ContentError, SandboxError, SubmissionError
from grader.sandbox import bwrap, cgroup
from grader.sandbox.backend import Backend, environment, find_backend
from grader.sandbox.bwrap import BwrapProcess
from grader.sandbox.selftest import Finding, try_walls
from grader.sandbox.stage import Stage, find_stage
from tests.sandbox.walls import Start, below, call, starting, traces

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(bool(bwrap.why_unusable()), reason=bwrap.why_unusable())


@pytest.fixture(scope="module")
def backend() -> Backend:
    return find_backend("bwrap")


@pytest.fixture
def start(backend: Backend) -> Iterator[Start]:
    with starting(backend) as function:
        yield function


@pytest.fixture
def fake_bwrap(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that everybody may enter, first on PATH, for a program that is called bwrap."""
    find_stage()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        yield Path(folder)


def write_program(folder: Path, script: str) -> None:
    (folder / "bwrap").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "bwrap").chmod(0o755)


# The attacks


@pytest.fixture(scope="module")
def findings(backend: Backend) -> dict[str, Finding]:
    return {finding.wall: finding for finding in try_walls(backend, [ROOT])}


@pytest.mark.parametrize(
    "wall",
    [
        "files",
        "network",
        "processes",
        "environment",
        "disk",
        "system calls",
        "memory of one process",
        "memory of all processes together",
        "output limit",
    ],
)
def test_wall_holds(wall: str, findings: dict[str, Finding], backend: Backend) -> None:
    if wall in backend.protection.missing:
        pytest.skip(f"this machine cannot have it: {wall}")

    assert findings[wall].broken == ()


def test_every_wall_that_is_claimed_is_attacked(
    findings: dict[str, Finding], backend: Backend
) -> None:
    assert set(backend.protection.in_force) <= set(findings)


@pytest.mark.parametrize("module", ["pytest", "click", "pydantic", "grader.model", "cli.main"])
def test_only_what_the_lab_allows_is_there(start: Start, module: str) -> None:
    """Also for a submission that takes our import hook away."""
    worker = start(f"import sys\nsys.meta_path.pop(0)\ndef get():\n    import {module}")

    with pytest.raises(SubmissionError) as caught:
        call(worker, "get")

    assert caught.value.kind == "ModuleNotFoundError"


def test_worker_has_no_descriptor_but_its_own(start: Start) -> None:
    source = """
import os
def look():
    names = os.listdir("/proc/self/fd")
    paths = [f"/proc/self/fd/{name}" for name in names]
    return [os.readlink(path) for path in paths if os.path.lexists(path)]
"""
    kinds = [str(link).partition(":")[0] for link in call(start(source), "look")]

    assert sorted(kinds) == ["/dev/null", "pipe", "pipe", "socket"]


def test_environment_is_ours_alone(start: Start) -> None:
    source = "import os\ndef look():\n    return dict(os.environ)"
    seen = call(start(source), "look")

    assert isinstance(seen, dict)
    expected = {
        **environment(1),
        **({"LD_LIBRARY_PATH": "/rt/lib"} if sys.base_prefix != "/usr" else {}),
    }
    seen.pop("PWD", None)  # bwrap's own, of the sandbox
    seen.pop("LC_CTYPE", None)  # Python's own (PEP 538)
    assert seen == expected


def test_init_of_the_sandbox_tells_nothing_of_the_host(start: Start) -> None:
    """SANDBOX.md, finding 6: /proc/1 is bwrap's own, in spite of --clearenv."""
    source = "def look(name):\n    return open(f'/proc/1/{name}').read()"
    worker = start(source)

    assert call(worker, "look", "environ") == ""
    assert str(ROOT) not in str(call(worker, "look", "cmdline"))
    assert sys.base_prefix == "/usr" or sys.base_prefix not in str(call(worker, "look", "cmdline"))


def test_folders_beside_the_interpreter_are_empty(start: Start) -> None:
    source = """
import glob, os
def look():
    places = [*glob.glob("/usr/lib*/python*/*-packages"), *glob.glob("/rt/lib*/python*/*-packages")]
    return [entry for place in ["/usr/local", *places] for entry in os.listdir(place)]
"""
    assert call(start(source), "look") == []


def test_order_of_sets_is_the_same_in_every_worker(start: Start) -> None:
    source = "def draw():\n    return hash('lab')"

    assert call(start(source), "draw") == call(start(source), "draw")


# Processes, control group, CPU time

FORKS = """
import os, signal
def fork(count):
    for _ in range(count):
        if os.fork() == 0:
            signal.pause()
def burn(seconds):
    if os.fork() == 0:
        while os.times().user < seconds:
            pass
        os._exit(0)
    os.wait()
"""


def process_of(worker: object) -> BwrapProcess:
    process = worker.process  # type: ignore[attr-defined]  # a Worker's
    assert isinstance(process, BwrapProcess)
    return process


def test_every_process_is_in_the_control_group(start: Start) -> None:
    if not cgroup.is_available():
        pytest.skip("control groups may not be made here (no root, no delegated group)")
    worker = start(FORKS)
    call(worker, "fork", 3)
    process = process_of(worker)
    everything = below(process.popen.pid)

    assert len(everything) == 6  # bwrap, its init, the worker, three children
    for folder in process.cgroup.folders.values():
        assert set(map(int, (folder / "cgroup.procs").read_text().split())) == everything


def test_cpu_time_of_children_counts(start: Start) -> None:
    worker = start(FORKS)
    before = worker.cpu_seconds()
    call(worker, "burn", 0.3)

    assert worker.cpu_seconds() - before >= 0.3


def test_nothing_is_left_after_close(start: Start) -> None:
    start(FORKS).close()  # what is made once per process is there now
    before = traces()
    worker = start(FORKS)
    call(worker, "fork", 3)
    process = process_of(worker)
    everything = below(process.popen.pid)
    folders = list(process.cgroup.folders.values()) if process.cgroup else []
    worker.close()

    assert traces() == before
    assert [pid for pid in everything if os.path.exists(f"/proc/{pid}")] == []
    assert [folder for folder in folders if folder.exists()] == []


def test_sandbox_ends_with_a_grader_that_is_killed() -> None:
    script = """
import os, sys
from grader.sandbox.backend import find_backend
from tests.sandbox.walls import below, starting
with starting(find_backend("bwrap")) as start:
    worker = start("")
    print(*below(worker.process.popen.pid), flush=True)
    input()
"""
    grader = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with grader:
        pids = list(map(int, grader.stdout.readline().split()))
        handles = [os.pidfd_open(pid) for pid in pids]
        grader.send_signal(signal.SIGKILL)
        ended = [select.select([handle], [], [], 10)[0] == [handle] for handle in handles]
        for handle in handles:
            os.close(handle)

    assert len(pids) == 3
    assert all(ended)


# A bwrap that does not start


def refuse(start: Start) -> str:
    """Return the error of a start that fails, after seeing that it leaves nothing."""
    before = traces()
    with pytest.raises(SandboxError) as caught:
        start("")

    assert traces() == before
    return str(caught.value)


def test_bwrap_that_fails_is_told_in_its_own_words(start: Start, fake_bwrap: Path) -> None:
    write_program(fake_bwrap, "echo 'bwrap: no luck today' >&2; exit 1")

    assert refuse(start) == "the sandbox could not be started: bwrap: no luck today"


def test_bwrap_that_fails_late_is_told_in_its_own_words(start: Start, fake_bwrap: Path) -> None:
    """When a mount fails, bwrap has already told its child's pid."""
    real = shutil.which("bwrap", path=os.defpath)
    write_program(fake_bwrap, f'exec {real} --ro-bind /not/there /x "$@"')

    assert "Can't find source path /not/there" in refuse(start)


def test_bwrap_that_dies_silently_is_told(start: Start, fake_bwrap: Path) -> None:
    write_program(fake_bwrap, "kill -9 $$")

    assert refuse(start) == "the sandbox could not be started: it says nothing"


def test_bwrap_that_hangs_is_ended(
    start: Start, fake_bwrap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bwrap, "START_S", 0.2)
    write_program(fake_bwrap, "exec sleep 600")

    assert refuse(start) == "the sandbox did not start within 0.2 seconds"


def test_python_that_fails_is_told_in_its_own_words(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bwrap, "START_UP", "import there_is_no_such_module")

    assert "No module named 'there_is_no_such_module'" in refuse(start)


def test_missing_package_is_no_sandbox_error(backend: Backend) -> None:
    """It is staff's to install it; the message says how."""
    with starting(backend) as start, pytest.raises(ContentError, match="is not installed"):
        start("", packages=("numpy", "there-is-no-such-package"))


# The stage


def test_stage_maps_what_is_below_a_hidden_folder() -> None:
    stage = Stage(targets={"/root/py": "/mnt/0"})

    assert stage.path("/root/py") == "/mnt/0"
    assert stage.path("/root/py/lib/x.so") == "/mnt/0/lib/x.so"
    assert stage.path("/root/python") == "/root/python"


def test_stage_is_seen_by_no_one_else() -> None:
    stage = find_stage()
    mounts = Path("/proc/self/mountinfo").read_text()

    assert [target for target in stage.targets.values() if f" {target} " in mounts] == []
