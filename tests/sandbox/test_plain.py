"""What `plain` keeps in, and what it does not: there the attacks of the self-test get through.

The second half is also what shows that the attacks are real: a probe that nothing could make
succeed would prove nothing about bubblewrap.
"""

import importlib.util
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from grader.errors import SubmissionError, WorkerCrashError, WorkerTimeoutError
from grader.sandbox.backend import Backend, environment, find_backend
from grader.sandbox.selftest import find_processes, try_walls
from tests.sandbox.walls import PROBES, Start, call, starting, traces

ROOT = Path(__file__).resolve().parents[2]
PROBE_SOURCE = PROBES.read_text(encoding="utf-8")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="plain needs POSIX")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def backend() -> Backend:
    return find_backend("plain")


@pytest.fixture
def start(backend: Backend) -> Iterator[Start]:
    with starting(backend) as function:
        yield function


# What it keeps in


def test_what_it_claims_holds(backend: Backend) -> None:
    broken = [finding for finding in try_walls(backend) if finding.broken]

    assert broken == []


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        ("os._exit(3)", "exit code 3"),
        ("os.abort()", "killed by signal SIGABRT"),
        ("os.kill(os.getpid(), 9)", "killed by signal SIGKILL"),
        ("ctypes.string_at(0)", "killed by signal SIGSEGV"),
    ],
)
def test_end_of_the_process_is_named(start: Start, ending: str, words: str) -> None:
    worker = start(f"import os, ctypes\ndef end():\n    {ending}")

    with pytest.raises(WorkerCrashError, match=words):
        call(worker, "end")


def test_endless_loop_ends(start: Start) -> None:
    worker = start("def loop():\n    while True:\n        pass")

    with pytest.raises(WorkerTimeoutError, match=r"used more than 0\.2 CPU seconds"):
        call(worker, "loop", cpu_s=0.2)


def test_memory_of_one_process_is_bounded(start: Start) -> None:
    worker = start("def take():\n    return len(bytearray(300 << 20))")

    with pytest.raises(SubmissionError) as caught:
        call(worker, "take")

    assert caught.value.kind == "MemoryError"


def test_output_is_bounded_and_kept(start: Start) -> None:
    worker = start("def talk():\n    print('first'); print('x' * (4 << 20))")
    call(worker, "talk")
    printed = worker.close()

    assert printed.startswith("first\nxxx")
    assert len(printed) < 70_000
    assert printed.endswith("more bytes were dropped]")


@on_linux
def test_nothing_is_left_after_close(start: Start) -> None:
    start("").close()  # what is made once per process is there now
    before = traces()
    worker = start("import os, signal\nif os.fork() == 0:\n    signal.pause()")
    folder = Path(worker.process.folder)
    worker.close()

    assert traces() == before
    assert not folder.exists()


def test_environment_is_ours_alone(start: Start) -> None:
    worker = start("import os\ndef look():\n    return dict(os.environ)")
    seen = call(worker, "look")

    assert isinstance(seen, dict)
    folder = worker.process.folder
    seen.pop("LC_CTYPE", None)  # Python's own (PEP 538)
    seen.pop("__CF_USER_TEXT_ENCODING", None)  # macOS's own
    assert seen == {**environment(1), "HOME": folder, "TMPDIR": folder}


def test_order_of_sets_is_the_same_in_every_worker(start: Start) -> None:
    source = "def draw():\n    return hash('lab')"

    assert call(start(source), "draw") == call(start(source), "draw")


@on_linux
def test_memory_of_the_grader_is_unreadable() -> None:
    if os.geteuid() == 0:
        pytest.skip("nothing is unreadable for root")
    script = """
import os
from grader.sandbox.backend import find_backend
from grader.sandbox.client import protect_own_memory
from tests.sandbox.walls import call, starting
protect_own_memory()
source = '''
def look(pid):
    opened = []
    for name in ("mem", "environ", "maps"):
        try:
            open(f"/proc/{pid}/{name}", "rb").read(1)
        except PermissionError:
            continue
        opened.append(name)
    return opened
'''
with starting(find_backend("plain")) as start:
    print(call(start(source), "look", os.getpid()))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert (done.stdout, done.stderr) == ("[]\n", "")


# What it does not keep in: here the attacks get through


@on_linux
def test_files_are_within_reach(start: Start, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("expected values")
    worker = start(PROBE_SOURCE)

    assert call(worker, "read_file", str(secret)) == [f"read 15 characters of {secret}"]
    assert call(worker, "list_folders", [str(tmp_path)]) == [f"listed 1 entries of {tmp_path}"]
    assert call(worker, "write_outside", [str(tmp_path)]) == [f"wrote into {tmp_path}"]
    call(worker, "leave_file", [str(tmp_path)], "message")
    assert call(start(PROBE_SOURCE), "find_file", [str(tmp_path)], "message") == [
        f"found {tmp_path}/message"
    ]


@on_linux
def test_network_is_within_reach(start: Start) -> None:
    name = f"dlab-test-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        local.bind("\0" + name)
        local.listen()
        reached = call(start(PROBE_SOURCE), "connect", server.getsockname()[1], name)

    assert reached == [
        "connected to a TCP port of the grader",
        "connected to a unix socket of the grader",
    ]


@on_linux
def test_other_processes_are_within_reach(start: Start) -> None:
    worker = start(PROBE_SOURCE)
    victim = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with victim:
        assert call(worker, "end_process", victim.pid) == [f"ended process {victim.pid}"]

    assert victim.returncode == -signal.SIGKILL
    assert call(worker, "see_processes") != []


@on_linux
def test_number_of_processes_is_unbounded(start: Start) -> None:
    assert call(start(PROBE_SOURCE), "fork_many", 64) == ["had 65 processes"]


@on_linux
def test_memory_of_all_processes_is_unbounded(start: Start) -> None:
    assert call(start(PROBE_SOURCE), "take_memory_together", 3, 100) == [
        "took 300 MiB in 3 processes"
    ]


@on_linux
def test_disk_is_unbounded(start: Start, tmp_path: Path) -> None:
    assert call(start(PROBE_SOURCE), "fill_disk", [str(tmp_path)], 96) == ["wrote 96 MiB"]


@on_linux
def test_system_calls_are_not_refused(start: Start) -> None:
    reached = call(start(PROBE_SOURCE), "call_kernel")

    assert isinstance(reached, list)
    assert {"ptrace was not refused", "memfd_create was not refused"} <= set(reached)


@on_linux
def test_daemon_escapes(start: Start) -> None:
    """It also holds our end of its output open; `close` returns all the same."""
    worker = start(PROBE_SOURCE)
    seconds = f"600.{os.getpid()}"
    call(worker, "leave_process", seconds)
    worker.close()
    pids = find_processes(seconds)
    handles = [os.pidfd_open(pid) for pid in pids]
    for handle in handles:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
        select.select([handle], [], [], 10)
        os.close(handle)

    assert len(pids) == 1


def test_environment_probe_sees_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """`plain` keeps the environment clean, so this probe is shown its variable here."""
    monkeypatch.setenv("DLAB_TEST", "a-secret")

    assert "found it in its own environment" in _probes().read_environment("a-secret")


def _probes() -> ModuleType:
    spec = importlib.util.spec_from_file_location("probes", PROBES)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
