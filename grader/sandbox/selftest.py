"""Tries to get past the walls of a sandbox, with real attacks, and tells which ones held."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.errors import SandboxError, SubmissionError, WorkerCrashError
from grader.sandbox.backend import Backend, WorkerSpec
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
        _call(second, Attack("files", "leave_file", (list(OWN_FOLDERS), bait.token)))
        plan = [(first, attack) for attack in _attacks(bait, folders)]
        plan += [(second, attack) for attack in _fatal_attacks()]
        for worker, attack in plan:
            if attack.wall in claimed:
                tried[attack.wall] = tried.get(attack.wall, 0) + 1
                found.setdefault(attack.wall, []).extend(_call(worker, attack))
        left, found[OUTPUT] = _end(first, bait.token)
        if "processes" in claimed:
            found["processes"] += [*bait.losses(), *left]
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
        abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        abstract.bind("\0" + token)
        abstract.listen()
        victim = subprocess.Popen([shutil.which("sleep") or "sleep", "600"])  # noqa: S603  our own
        stack.callback(victim.wait)
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
        files = {PROBES.name: PROBES.read_bytes()}
        worker.load(files, list(files), name="probes", module="probes", alone=False, budget=BUDGET)
        yield worker
    finally:
        if worker.connection.fileno() >= 0:
            worker.close()


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


def _end(worker: Worker, token: str) -> tuple[list[str], list[str]]:
    """Have a daemon left behind and output flooded, then end the worker.

    Returns:
        What broke the wall around processes, and what broke the limit on output.
    """
    seconds = f"600.{int(token.removeprefix('dlab-'), 16)}"  # a name that only this one has
    left = _call(worker, Attack("processes", "leave_process", (seconds,)))
    if not left and not find_processes(seconds):
        left = ["leave_process could not be tried: its process is not seen"]
    flooded = _call(worker, Attack(OUTPUT, "flood", (FLOOD_MIB,)))
    printed = worker.close()
    if len(printed) > OUTPUT_LIMIT + 100:
        flooded.append(f"{len(printed)} characters were kept")
    for pid in find_processes(seconds):
        left.append("left a process behind")
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return left, flooded


def find_processes(argument: str) -> list[int]:
    """Return the processes of the machine whose last argument is this."""
    found, wanted = [], b"\0" + argument.encode() + b"\0"
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if Path("/proc", name, "cmdline").read_bytes().endswith(wanted):
                found.append(int(name))
    return found
