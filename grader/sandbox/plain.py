"""The fallback: a subprocess with limits, for a student's own machine.

It protects against accidents (a crash, an endless loop, a flood of output), not against a student
who wants to cheat: files, network and other processes are within reach.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import weakref
from pathlib import Path

from grader.model import Protection
from grader.sandbox.backend import (
    PYTHON_FLAGS,
    STARTUP,
    WorkerSpec,
    base_python,
    environment,
    tree_cpu_seconds,
)

WORKER_FILES = ("__init__.py", "wire.py", "worker.py")
MISSING = ("files", "network", "processes", "memory of all processes together")


class PlainProcess:
    """A worker in a process group of its own."""

    def __init__(self, spec: WorkerSpec, connection: socket.socket, output: int) -> None:
        """Start it."""
        self.folder = tempfile.mkdtemp(prefix="dlab-")
        self._cleanup = weakref.finalize(self, _remove, self.folder)
        self.limits = {"DATA": spec.memory_mib << 20, "CORE": 0, "FSIZE": 64 << 20, "NOFILE": 256}
        number = connection.fileno()
        self.popen = subprocess.Popen(
            [
                str(base_python()),
                *PYTHON_FLAGS,
                "-c",
                STARTUP,
                search_path(self.folder),
                str(number),
            ],
            env={**environment(spec.threads), "HOME": self.folder, "TMPDIR": self.folder},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[number],
            cwd=self.folder,
            start_new_session=True,
        )

    def is_running(self) -> bool:
        """Whether its main process is alive."""
        return self.popen.poll() is None

    def cpu_seconds(self, pid: int) -> float:
        """CPU seconds of the worker, read from the kernel where it tells."""
        if sys.platform != "linux":  # no clock of another process: wall time is an upper bound
            return time.monotonic()
        return time.clock_gettime((~pid << 3) | 2) + tree_cpu_seconds(self.popen.pid, pid)

    def end_reason(self) -> str:
        """Name the exit code or the signal."""
        return describe_exit(self.popen)

    def kill(self) -> None:
        """Kill the process group; a process that left the group escapes (this is `plain`)."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        self._cleanup()


def describe_exit(process: subprocess.Popen[bytes]) -> str:
    """Put an exit code into words; a process that has just closed its socket gets a second."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(1)
    code = process.returncode
    if code is None:
        return "it closed its connection"
    if code < 0 or code > 128:
        number = -code if code < 0 else code - 128
        with contextlib.suppress(ValueError):
            return f"killed by signal {signal.Signals(number).name}"
    return f"exit code {code}"


def search_path(folder: str) -> str:
    """Return the worker's module search path: a copy of its own files, then what is installed.

    A copy, because the files stand in the course's folder: its path leads to the solutions.
    """
    here, copy = Path(__file__).resolve().parent, Path(folder, ".worker")
    (copy / "grader").mkdir(parents=True)
    shutil.copy2(here.parent / "__init__.py", copy / "grader")
    target = copy / "grader" / "sandbox"
    (target / "__pycache__").mkdir(parents=True)
    for name in WORKER_FILES:
        shutil.copy2(here / name, target)
        for compiled in here.glob(f"__pycache__/{Path(name).stem}.*"):  # spares compiling them
            shutil.copy2(compiled, target / "__pycache__")
    installed = [entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))]
    return ":".join([str(copy), *installed])


def _remove(folder: str) -> None:
    """Remove a worker's folder; one nested too deep for Python stays."""
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)


class PlainBackend:
    """Runs workers as plain subprocesses."""

    def __init__(self, reason: str) -> None:
        """Say why nothing stronger is used."""
        self.protection = Protection(
            backend="plain",
            in_force=("own process", "time limits", "memory of one process", "output limit"),
            missing=(*MISSING, f"no bubblewrap: {reason}"),
        )

    def start(self, spec: WorkerSpec, connection: socket.socket, output: int) -> PlainProcess:
        """Start a worker."""
        return PlainProcess(spec, connection, output)
