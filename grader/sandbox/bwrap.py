"""The real wall: every worker in a bubblewrap sandbox of its own.

New user, pid, network, ipc, uts and cgroup namespaces; a read-only system; only the packages the
lab allows; private bounded /tmp; no home, no course, an empty environment; seccomp; a memory cgroup
where one may be made. See docs/threat-model.md for what each of these is for, and what is left.
"""

import contextlib
import itertools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from functools import cache

from grader.errors import SandboxError
from grader.model import Protection
from grader.sandbox import bwrap_flags, cgroup, seccomp
from grader.sandbox.backend import PYTHON_FLAGS, STARTUP, WorkerSpec, run_quietly, tree_cpu_seconds
from grader.sandbox.plain import describe_exit
from grader.sandbox.stage import find_stage, find_tool
from grader.text import clean

IN_FORCE = ("files", "network", "processes", "environment", "memory of one process", "disk")
READY = b"\0"  # what the worker says first on bwrap's stderr; from then on its own goes elsewhere
START_UP = f"import os; os.write(2, {READY!r}); os.dup2(1, 2); {STARTUP}"
START_S = 30.0  # a sandbox that is not up by then hangs
KILL_S = 5.0  # the kernel takes milliseconds
NUMBERS = itertools.count()


@cache
def why_unusable() -> str:
    """Return why bubblewrap cannot be used here, or an empty string."""
    if sys.platform != "linux":
        return f"bubblewrap runs on Linux, this is {sys.platform}"
    flags = ["--unshare-all", "--unshare-user", "--disable-userns", "--ro-bind", "/", "/"]
    mounts = ["--size", "4096", "--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev"]  # noqa: S108
    try:
        command = [find_tool("bwrap"), *flags, *mounts, "--", "/bin/true"]
        done = run_quietly([*find_stage().launcher(), *command])
    except SandboxError as error:
        return str(error)
    if done is None:
        return "bwrap hangs or cannot be started"
    return "" if done.returncode == 0 else f"bwrap says: {done.stderr.strip()[:200]}"


class BwrapProcess:
    """A worker in its sandbox."""

    folder = "/tmp/submission"  # noqa: S108  of the sandbox

    def __init__(self, spec: WorkerSpec, connection: socket.socket, output: int) -> None:
        """Start it; returns when Python runs in the sandbox.

        Raises:
            SandboxError: If it does not start, with what bwrap says. Never the submission's fault.
        """
        self.limits = {
            "DATA": spec.memory_mib << 20,
            "NPROC": spec.processes,
            "FSIZE": 64 << 20,
            "NOFILE": 256,
            "CORE": 0,
        }
        self.popen: subprocess.Popen[bytes] | None = None
        self.child, self.init_handle = 0, -1
        self.cgroup = cgroup.Cgroup.create(
            cgroup.new_name(os.getpid(), f"{time.monotonic_ns()}_{next(NUMBERS)}"),
            memory_mib=2 * spec.memory_mib + 64,  # pages of files count too
            pids=2 * spec.processes + 8,
        )
        try:
            self._launch(spec, connection.fileno(), output)
        except OSError as error:
            self.kill()
            raise SandboxError(f"the sandbox could not be started: {error}") from error
        except BaseException:
            self.kill()
            raise

    def _launch(self, spec: WorkerSpec, connection: int, output: int) -> None:
        """Start bwrap; it holds the worker back until the worker is in its cgroup."""
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
            info, their_info = _pipe(ours, theirs)
            their_gate, gate = _pipe(theirs, ours)
            words, their_words = map(ours.enter_context, socket.socketpair())
            command = [*find_stage().launcher(), find_tool("bwrap")]
            passed = [connection, their_info, their_gate]
            for option, content in _contents(spec):
                passed.append(_memory_file(content, theirs))
                command += [option, str(passed[-1])]
            command += ["--info-fd", str(their_info), "--block-fd", str(their_gate), "--"]
            command += [bwrap_flags.python(), *PYTHON_FLAGS, "-c", START_UP]
            self.popen = subprocess.Popen(  # noqa: S603  our own arguments
                [*command, bwrap_flags.SEARCH_PATH, str(connection)],
                env={},  # the sandbox can read it
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=their_words.fileno(),
                pass_fds=passed,
            )
            theirs.close()
            their_words.close()
            self._confine(_child_pid(info))
            with contextlib.suppress(BrokenPipeError):  # it has ended; its words say why
                os.write(gate, b"x")
            _await_python(words)

    def _confine(self, child: int) -> None:
        """Put the sandbox into its cgroup while nothing of the student's runs yet."""
        if not child or self.popen is None:
            return  # it did not start
        self.child = child
        with contextlib.suppress(ProcessLookupError):  # it has ended; its words say why
            self.init_handle = os.pidfd_open(child)
        if self.cgroup:
            self.cgroup.add(self.popen.pid)
            self.cgroup.add(child)

    def is_running(self) -> bool:
        """Whether bwrap is alive; it ends with the worker."""
        return self.popen is not None and self.popen.poll() is None

    def cpu_seconds(self, pid: int) -> float:
        """CPU seconds of the whole sandbox, from the kernel."""
        if self.cgroup and (seconds := self.cgroup.cpu_seconds()) is not None:
            return seconds
        return time.clock_gettime((~pid << 3) | 2) + tree_cpu_seconds(self.child, pid)

    def end_reason(self) -> str:
        """Name the exit code, the signal, or the memory limit."""
        if self.cgroup and self.cgroup.was_oom_killed():
            return "it used more memory than the lab allows"
        return describe_exit(self.popen) if self.popen else "it did not start"

    def kill(self) -> None:
        """End everything in the sandbox and wait until it is gone.

        Its init first: the kernel takes all others along, and bwrap then ends by itself. The other
        way round init is left to whoever adopts orphans, in a container often to no one.
        """
        handle, self.init_handle = self.init_handle, -1
        if handle >= 0:  # a handle, not a number: the number may be another's by now
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            _wait_for_end(handle)
            os.close(handle)
        if self.popen:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(KILL_S if handle >= 0 else 0)
            self.popen.kill()  # nothing happens if it has ended
            self.popen.wait()
        group, self.cgroup = self.cgroup, None
        if group:
            group.remove()


def _contents(spec: WorkerSpec) -> list[tuple[str, bytes]]:
    """Return what bwrap reads from descriptors: arguments (the sandbox can read argv), filter."""
    contents = [("--args", "\0".join((*bwrap_flags.arguments(spec), "")).encode())]
    code = seccomp.filter_bytes()
    return [*contents, ("--seccomp", code)] if code else contents


def _pipe(reader: contextlib.ExitStack, writer: contextlib.ExitStack) -> tuple[int, int]:
    """Make a pipe whose ends are closed with these stacks."""
    ends = os.pipe()
    reader.callback(os.close, ends[0])
    writer.callback(os.close, ends[1])
    return ends


def _memory_file(content: bytes, owner: contextlib.ExitStack) -> int:
    """Return a descriptor from which the content can be read once."""
    number = os.memfd_create("dlab")
    owner.callback(os.close, number)
    os.write(number, content)
    os.lseek(number, 0, os.SEEK_SET)
    return number


def _child_pid(descriptor: int) -> int:
    """Read the pid of the sandbox's init as the host sees it; 0 if bwrap did not start."""
    content, deadline = b"", time.monotonic() + START_S
    while b"}" not in content:
        ready, _, _ = select.select([descriptor], [], [], max(deadline - time.monotonic(), 0))
        piece = os.read(descriptor, 4096) if ready else b""
        if not piece:
            return 0
        content += piece
    with contextlib.suppress(ValueError, KeyError):
        return int(json.loads(content)["child-pid"])
    return 0


def _await_python(words: socket.socket) -> None:
    """Wait until the worker says that it runs; anything else that is said is an error's text.

    Raises:
        SandboxError: If it ends or hangs instead.
    """
    said = b""
    words.settimeout(START_S)
    try:
        while not said.endswith(READY):
            piece = words.recv(4096)
            if not piece:
                text = clean(said.decode(errors="replace").strip(), 500) or "it says nothing"
                raise SandboxError(f"the sandbox could not be started: {text}")
            said += piece
    except TimeoutError as error:
        raise SandboxError(f"the sandbox did not start within {START_S:g} seconds") from error


def _wait_for_end(handle: int) -> None:
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    poll.poll(KILL_S * 1000)


class BwrapBackend:
    """Runs workers under bubblewrap."""

    def __init__(self) -> None:
        """Find out which of the walls that depend on the machine are there."""
        cgroup.remove_stale()
        optional = {
            "system calls": seccomp.filter_bytes() is not None,
            "memory of all processes together": cgroup.is_available(),
        }
        self.protection = Protection(
            backend="bwrap",
            in_force=(*IN_FORCE, *(name for name, there in optional.items() if there)),
            missing=tuple(name for name, there in optional.items() if not there),
        )

    def start(self, spec: WorkerSpec, connection: socket.socket, output: int) -> BwrapProcess:
        """Start a worker."""
        return BwrapProcess(spec, connection, output)
