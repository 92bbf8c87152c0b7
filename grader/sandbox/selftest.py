"""Tries to get past the walls of a sandbox, with real attacks, and tells which ones held."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import SandboxError, SubmissionError, WorkerCrashError
from grader.sandbox.backend import Backend, WorkerSpec, base_python
from grader.sandbox.client import Budget, Worker

SPEC = WorkerSpec(packages=("numpy",), memory_mib=192, processes=16, cpu_s=60)
TOGETHER = (5, 128)  # processes and MiB of each: over the 448 MiB that SPEC allows for all
OUTPUT_LIMIT, FLOOD_MIB = 1 << 16, 8
BUDGET = Budget(cpu_s=20)
PROBES = Path(__file__).with_name("probes.py")
SECRET = "DLAB_SELFTEST"  # noqa: S105  name of a variable of the grader's that no one may see
OUTPUT = "output limit"  # every backend has it
OWN_FOLDERS = ("/tmp", "/dev/shm")  # noqa: S108  of the sandbox
OTHER_FOLDERS = ("/", "/usr", "/usr/bin", "/dev", "/proc", "/w", "/w/grader", "/site", "/rt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the attacks on one wall managed to do.

    Attributes:
        wall: Name of the wall, as in `Protection`.
        tried: How many attacks there were.
        broken: What they managed to do, in words; empty if the wall held.
    """

    wall: str
    tried: int
    broken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attack:
    """A function of probes.py and its arguments; `is_fatal` if it may cost the worker its life."""

    wall: str
    function: str
    args: tuple[object, ...] = ()
    is_fatal: bool = False


def try_walls(backend: Backend, guarded: Sequence[Path] = ()) -> tuple[Finding, ...]:
    """Attack every wall that a backend claims to have.

    Args:
        backend: What is tested.
        guarded: Folders that a submission must not be able to list, such as the course.

    Returns:
        One finding for each wall.

    Raises:
        SandboxError: If no worker starts.
    """
    claimed = [*backend.protection.in_force, OUTPUT]
    found: dict[str, list[str]] = {}
    tried: dict[str, int] = {}
    with _bait() as bait, _worker(backend) as first, _worker(backend) as second:
        folders = [str(folder) for folder in (*guarded, PROBES.parents[2] / "grader")]
        if "files" in claimed:
            _call(second, Attack("files", "leave_file", (list(OWN_FOLDERS), bait.token)))
        plan = [(first, attack) for attack in _attacks(bait, folders)]
        plan += [(second, attack) for attack in _fatal_attacks()]
        for worker, attack in plan:
            if attack.wall in claimed:
                tried[attack.wall] = tried.get(attack.wall, 0) + 1
                found.setdefault(attack.wall, []).extend(_call(worker, attack))
        daemon = _leave_daemon(first, bait.token) if "processes" in claimed else []
        found[OUTPUT] = _flood(first)
        if "processes" in claimed:
            tried["processes"] += 1
            found["processes"] += [*bait.losses(), *daemon, *_find_daemon(bait.token)]
    walls = dict.fromkeys((*(wall for wall in claimed if wall in found), OUTPUT))
    return tuple(
        Finding(wall=wall, tried=tried.get(wall, 1), broken=tuple(found[wall])) for wall in walls
    )


def _attacks(bait: "Bait", folders: list[str]) -> list[Attack]:
    return [
        Attack("files", "read_file", (str(bait.file),)),
        Attack("files", "list_folders", ([str(bait.folder), *folders],)),
        Attack("files", "write_outside", ([str(bait.folder), *OTHER_FOLDERS],)),
        Attack("files", "find_file", (list(OWN_FOLDERS), bait.token)),
        Attack("network", "connect", (bait.port, bait.token)),
        Attack("network", "find_route"),
        Attack("processes", "see_processes"),
        Attack("processes", "end_process", (bait.victim.pid,)),
        Attack("environment", "read_environment", (bait.token,)),
        Attack("system calls", "call_kernel"),
        Attack("system calls", "open_vsock"),
        Attack("disk", "fill_disk", ([*OWN_FOLDERS, "/", "/dev"], 128)),
        Attack("memory of one process", "take_memory", (SPEC.memory_mib + 64,)),
    ]


def _fatal_attacks() -> list[Attack]:
    return [
        Attack("processes", "fork_many", (4 * SPEC.processes,)),
        Attack("memory of all processes together", "take_memory_together", TOGETHER, is_fatal=True),
    ]


# What the grader puts out, so that there is something to get at


@dataclass(frozen=True, slots=True)
class Bait:
    """A file, a server, a process and a variable of the grader's."""

    token: str
    folder: Path
    server: socket.socket
    victim: "subprocess.Popen[bytes]"

    @property
    def file(self) -> Path:
        """The file nobody may read."""
        return self.folder / "secret.txt"

    @property
    def port(self) -> int:
        """The TCP port nobody may connect to."""
        return int(self.server.getsockname()[1])

    def losses(self) -> list[str]:
        """Return what we see ourselves, whatever the probes say."""
        return [] if self.victim.poll() is None else ["a process of the grader was ended"]


@contextlib.contextmanager
def _bait() -> Iterator[Bait]:
    token = f"dlab-{secrets.token_hex(8)}"
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dlab-selftest-")))
        folder.chmod(0o777)
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        if sys.platform == "linux":
            abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
            abstract.bind("\0" + token)
            abstract.listen()
        waits = [str(base_python()), "-I", "-S", "-c", "input()"]
        victim = subprocess.Popen(waits, stdin=subprocess.PIPE)  # noqa: S603  our own
        stack.enter_context(victim)
        stack.callback(victim.kill)
        os.environ[SECRET] = token
        stack.callback(os.environ.pop, SECRET, None)
        bait = Bait(token=token, folder=folder, server=server, victim=victim)
        bait.file.write_text(token)
        bait.file.chmod(0o644)
        yield bait


@contextlib.contextmanager
def _worker(backend: Backend) -> Iterator[Worker]:
    """Start a worker that has the probes loaded."""
    worker = Worker(backend, SPEC, output_limit=OUTPUT_LIMIT)
    try:
        worker.connect(lab="selftest", allowed=(), budget=BUDGET)
        _load(worker)
        yield worker
    finally:
        if worker.connection.fileno() >= 0:
            worker.close()


def _load(worker: Worker) -> None:
    files = {PROBES.name: PROBES.read_bytes()}
    try:
        worker.load(files, list(files), name="probes", module="probes", alone=False, budget=BUDGET)
    except SubmissionError as error:
        raise SandboxError(f"the self-test could not be loaded: {error}") from error


# Judging


def _call(worker: Worker, attack: Attack) -> list[str]:
    """Run a probe and return what it managed to do; a wall that cannot be tried did not hold."""
    try:
        answer = worker.call(
            attack.function, attack.args, {}, module="probes", seed=0, budget=BUDGET
        )
    except WorkerCrashError as error:
        return [] if attack.is_fatal else [f"{attack.function} could not be tried: {error}"]
    except (SandboxError, SubmissionError) as error:
        return [f"{attack.function} could not be tried: {error}"]
    if not isinstance(answer, list):
        return [f"{attack.function} gave no list"]
    return [str(entry) for entry in answer]


def _leave_daemon(worker: Worker, token: str) -> list[str]:
    """Have a process left behind that outlives its parent and its session."""
    problems = _call(worker, Attack("processes", "leave_process", (_seconds(token),)))
    if not problems and not find_processes(_seconds(token)):
        return ["leave_process could not be tried: its process is not seen"]
    return problems


def _find_daemon(token: str) -> list[str]:
    """Look for it once the worker has ended, and end it."""
    pids = find_processes(_seconds(token))
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return ["left a process behind"] if pids else []


def _seconds(token: str) -> str:
    """Return an argument of `sleep` that only this daemon has."""
    return f"600.{int(token.removeprefix('dlab-'), 16)}"


def _flood(worker: Worker) -> list[str]:
    """Have output flooded, end the worker, and see how much was kept."""
    problems = _call(worker, Attack(OUTPUT, "flood", (FLOOD_MIB,)))
    kept = len(worker.close())
    return problems if kept <= OUTPUT_LIMIT + 100 else [*problems, f"{kept} characters were kept"]


def find_processes(argument: str) -> list[int]:
    """Return the processes of the machine whose last argument is this."""
    found, wanted = [], b"\0" + argument.encode() + b"\0"
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if Path("/proc", name, "cmdline").read_bytes().endswith(wanted):
                found.append(int(name))
    return found
