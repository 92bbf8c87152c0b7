"""The interface every sandbox backend offers, and the choice between them.

`bwrap` is the real wall; `plain` is a subprocess with limits for a student's own machine. Further
backends (a fork-server inside bwrap, a cluster's containers) implement the same three methods.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from grader.errors import RequestError
from grader.model import Protection

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
STARTUP = (
    "import sys; sys.path[:0] = sys.argv[1].split(':'); "
    "from grader.sandbox.worker import main; main()"
)
# Nothing of the user's or of the current folder is imported. Not -I: it would ignore our own
# PYTHONHASHSEED, and the order of a set, so maybe a score, would change from run to run.
PYTHON_FLAGS = ("-s", "-P", "-S", "-u")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSpec:
    """What a worker needs to start.

    Attributes:
        packages: Distributions it may import, besides the standard library.
        memory_mib: Bound on its data.
        processes: Bound on its processes and threads.
        cpu_s: Bound on the CPU seconds of each process: a backstop for when the grader is gone.
        threads: BLAS and torch threads.
        has_gpu: Whether it may use the GPUs.
    """

    packages: tuple[str, ...]
    memory_mib: int
    processes: int
    cpu_s: int
    threads: int = 1
    has_gpu: bool = False


class Process(Protocol):
    """A started worker."""

    folder: str  # where it may write, as it sees it
    limits: dict[str, int]  # RLIMIT_* it sets on itself before student code

    def is_running(self) -> bool:
        """Whether its main process is alive."""

    def cpu_seconds(self, pid: int) -> float:
        """CPU seconds used so far by the worker `pid` and everything it started."""

    def end_reason(self) -> str:
        """Why it ended, in words, as far as the operating system tells."""

    def kill(self) -> None:
        """End it and everything it started; returns when they are gone."""


class Backend(Protocol):
    """A way of running workers."""

    protection: Protection

    def start(self, spec: WorkerSpec, connection: socket.socket, output: int) -> Process:
        """Start a worker that serves `connection` and prints to the descriptor `output`."""


def environment(threads: int) -> dict[str, str]:
    """Return all that a worker's environment holds."""
    count = str(threads)
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",  # noqa: S108  of the sandbox
        "LANG": "C.UTF-8",
        "TMPDIR": "/tmp",  # noqa: S108  of the sandbox
        "OMP_NUM_THREADS": count,
        "OMP_WAIT_POLICY": "PASSIVE",  # threads that wait by spinning burn an honest CPU budget
        "OPENBLAS_NUM_THREADS": count,
        "MKL_NUM_THREADS": count,
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": "/tmp/mpl",  # noqa: S108
    }


def base_python() -> Path:
    """Return the interpreter behind any virtual environment."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    candidate = Path(sys.base_prefix) / "bin" / name
    return candidate if candidate.exists() else Path(os.path.realpath(sys.executable))


def tree_cpu_seconds(root: int, counted: int) -> float:
    """Add up the CPU time of the processes below `root`, except the one counted exactly.

    The kernel's tick of 10 ms is fine here: an honest worker starts no process at all.
    """
    total, waiting = 0.0, [root]
    while waiting:
        pid = waiting.pop()
        waiting += _children(pid)
        total += _stat_seconds(pid, with_self=pid not in (root, counted))
    return total


def _children(pid: int) -> list[int]:
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return []
    return [int(c) for task in tasks for c in _read(f"/proc/{pid}/task/{task}/children").split()]


def _read(path: str) -> str:
    """Read a small file of the kernel's; empty if the process has ended. Called very often."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return ""
    try:
        return os.read(descriptor, 1 << 16).decode()
    except OSError:
        return ""
    finally:
        os.close(descriptor)


def _stat_seconds(pid: int, *, with_self: bool) -> float:
    """Seconds of a process's waited-for children, and of itself if asked."""
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    ticks = fields[11:15] if with_self else fields[13:15]
    return sum(map(int, ticks)) / TICKS_PER_S


class Mode:
    """What a caller may ask for."""

    AUTO = "auto"
    BWRAP = "bwrap"
    PLAIN = "plain"


@cache
def find_backend(mode: str = Mode.AUTO) -> Backend:
    """Return the strongest backend that works here, or the one asked for.

    Raises:
        RequestError: If bwrap was asked for and does not work here; says why.
    """
    from grader.sandbox import plain

    if mode == Mode.PLAIN:
        return plain.PlainBackend("it was asked for")
    from grader.sandbox import bwrap

    if reason := bwrap.why_unusable():
        if mode == Mode.BWRAP:
            raise RequestError(f"The sandbox cannot be used: {reason}. See `dlab doctor`.")
        return plain.PlainBackend(reason)
    return bwrap.BwrapBackend()


def run_quietly(command: Sequence[str]) -> subprocess.CompletedProcess[str] | None:
    """Run a short probe command; None if it cannot be started or hangs."""
    if shutil.which(command[0]) is None:
        return None
    try:
        return subprocess.run(  # noqa: S603  our own probes
            command, capture_output=True, text=True, timeout=20, check=False, env={}
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
