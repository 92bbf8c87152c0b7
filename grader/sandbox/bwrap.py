"""The real wall: every worker in a bubblewrap sandbox of its own.

New user, pid, network, ipc, uts and cgroup namespaces; a read-only system; only the packages the lab
allows; private bounded /tmp; no home, no course, an empty environment; seccomp; a memory cgroup where
one may be made. See docs/threat-model.md for what each of these is for, and what is left.
"""

import contextlib
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from grader.errors import SandboxError
from grader.model import Protection
from grader.sandbox import cgroup, packages, seccomp
from grader.sandbox.backend import (
    STARTUP,
    WorkerSpec,
    base_python,
    environment,
    run_quietly,
    tree_cpu_seconds,
)
from grader.sandbox.plain import describe_exit

NOBODY = 65534
WORKER_FILES = ("__init__.py", "wire.py", "worker.py", "__pycache__")
MASKED = ("/usr/lib/python3/dist-packages", "/usr/local/lib", "/usr/share/doc", "/usr/src")
IN_FORCE = ("files", "network", "processes", "environment", "memory of one process", "disk")


@cache
def why_unusable() -> str:
    """Return why bubblewrap cannot be used here, or an empty string."""
    if sys.platform != "linux":
        return f"bubblewrap runs on Linux, this is {sys.platform}"
    probe = ["bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--ro-bind", "/", "/"]
    done = run_quietly([*_as_nobody(), *probe, "--", "/bin/true"])
    if done is None:
        return "bubblewrap is not installed (Debian, Ubuntu: apt-get install bubblewrap)"
    return "" if done.returncode == 0 else f"bwrap says: {done.stderr.strip()[:200]}"


def _as_nobody() -> list[str]:
    """Return what makes root an ordinary user: the limit on processes does not hold for root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]


@cache
def _stages() -> dict[str, str]:
    """Map folders that an ordinary user cannot reach to where root will mount them for bwrap."""
    if os.geteuid() != 0:
        return {}
    sources = {sys.base_prefix, str(Path(__file__).resolve().parents[2])}
    sources |= {str(Path(path).parent) for path in packages.importable_files(("numpy",)).values()}
    hidden = sorted(source for source in sources if not _is_reachable(Path(source)))
    root = tempfile.mkdtemp(prefix="dlab-stage-")
    os.chmod(root, 0o755)  # noqa: S103  only mount points; each is mounted in a private namespace
    stages = {}
    for number, source in enumerate(hidden):
        stages[source] = f"{root}/{number}"
        os.mkdir(stages[source])
    return stages


def _is_reachable(path: Path) -> bool:
    """Whether others may enter the folder and all above it."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _staged(path: str | Path) -> str:
    for source, stage in _stages().items():
        if str(path) == source or str(path).startswith(source + "/"):
            return stage + str(path)[len(source) :]
    return str(path)


def _launcher() -> list[str]:
    """Return the command before bwrap: nothing, or root's private mounts and the drop to nobody."""
    if not _stages():
        return _as_nobody()
    mounts = [f"mount --bind {shlex.quote(a)} {shlex.quote(b)}" for a, b in _stages().items()]
    script = " && ".join([*mounts, f'exec {shlex.join(_as_nobody())} "$@"'])
    return ["unshare", "--mount", "--propagation", "private", "--", "/bin/sh", "-c", script, "sh"]


def _bind(source: str | Path, target: str) -> list[str]:
    return ["--ro-bind", _staged(source), target]


@cache
def _arguments(spec: WorkerSpec) -> tuple[str, ...]:
    """Return bwrap's arguments; the order matters, later mounts cover earlier ones."""
    names = ["--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"]
    names += ["--new-session", "--uid", str(NOBODY), "--gid", str(NOBODY), "--hostname", "sandbox"]
    names += ["--cap-drop", "ALL", "--clearenv"]
    for key, value in environment(spec.threads).items():
        names += ["--setenv", key, value]
    mounts = [*_system(), *_python(), *_packages(spec.packages), *_worker()]
    mounts += ["--proc", "/proc", "--dev", "/dev"]
    mounts += ["--size", str(16 << 20), "--tmpfs", "/dev/shm", "--size", str(64 << 20)]  # noqa: S108
    mounts += ["--tmpfs", "/tmp", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]  # noqa: S108
    return (*names, *mounts)


def _system() -> Iterator[str]:
    yield from ["--ro-bind", "/usr", "/usr"]
    for folder in ("lib", "lib64", "bin"):
        if os.path.isdir(f"/{folder}"):
            yield from ["--symlink", f"usr/{folder}", f"/{folder}"]
    for folder in MASKED:
        if os.path.isdir(folder):
            yield from ["--tmpfs", folder, "--remount-ro", folder]


def _python() -> Iterator[str]:
    """Bind an interpreter that does not live in /usr; hide what is installed beside it."""
    if not _is_in_usr():
        yield from _bind(sys.base_prefix, "/rt")
        library = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
        if os.path.isdir(f"{sys.base_prefix}/{library}"):
            yield from ["--tmpfs", f"/rt/{library}", "--remount-ro", f"/rt/{library}"]
        yield from ["--setenv", "LD_LIBRARY_PATH", "/rt/lib"]


def _is_in_usr() -> bool:
    return sys.base_prefix == "/usr"


def _packages(distributions: Sequence[str]) -> Iterator[str]:
    for name, path in packages.importable_files(distributions).items():
        yield from _bind(path, f"/site/{name}")


def _worker() -> Iterator[str]:
    here = Path(__file__).resolve().parent
    yield from _bind(here.parent / "__init__.py", "/w/grader/__init__.py")
    for name in WORKER_FILES:
        if (here / name).exists():
            yield from _bind(here / name, f"/w/grader/sandbox/{name}")


def _memory_file(content: bytes) -> int:
    """Return a descriptor from which the content can be read once."""
    number = os.memfd_create("dlab")
    os.write(number, content)
    os.lseek(number, 0, os.SEEK_SET)
    return number


class BwrapProcess:
    """A worker in its sandbox."""

    folder = "/tmp/submission"  # noqa: S108  of the sandbox

    def __init__(self, spec: WorkerSpec, connection: socket.socket, output: int) -> None:
        """Start it."""
        self.limits = {
            "DATA": spec.memory_mib << 20,
            "NPROC": spec.processes,
            "FSIZE": 64 << 20,
            "NOFILE": 256,
            "CORE": 0,
        }
        self.cgroup = cgroup.Cgroup.create(
            f"dlab-{os.getpid()}-{time.monotonic_ns()}",
            memory_mib=2 * spec.memory_mib + 64,  # pages of files count too
            pids=2 * spec.processes + 8,
        )
        self.child, self.init_handle = 0, -1
        self._launch(spec, connection, output)

    def _launch(self, spec: WorkerSpec, connection: socket.socket, output: int) -> None:
        """Start bwrap; it holds the worker back until the worker is in its cgroup."""
        info_read, info_write = os.pipe()
        gate_read, gate_write = os.pipe()
        passed = [_memory_file("\0".join(_arguments(spec)).encode() + b"\0")]
        command = [*_launcher(), "bwrap", "--args", str(passed[0])]
        command += ["--info-fd", str(info_write), "--block-fd", str(gate_read)]
        if code := seccomp.filter_bytes():
            passed.append(_memory_file(code))
            command += ["--seccomp", str(passed[-1])]
        python = str(base_python()) if _is_in_usr() else f"/rt/bin/{base_python().name}"
        number = connection.fileno()
        command += ["--", python, "-I", "-S", "-u", "-c", STARTUP, "/w:/site", str(number)]
        passed += [info_write, gate_read]
        try:
            self.popen = subprocess.Popen(  # noqa: S603  our own arguments
                command,
                env={"PATH": os.environ.get("PATH", "/usr/bin:/bin")} if _launcher() else {},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=[number, *passed],
            )
            for descriptor in passed:
                os.close(descriptor)
            passed.clear()
            self._confine(_child_pid(info_read))
            os.write(gate_write, b"x")
        finally:
            for descriptor in [info_read, gate_write, *passed]:
                os.close(descriptor)

    def _confine(self, child: int) -> None:
        """Put the sandbox into its cgroup while nothing of the student's runs yet."""
        self.child = child
        if not child:
            return  # bwrap did not start; what it said is in the output
        self.init_handle = os.pidfd_open(child)
        if self.cgroup:
            try:
                self.cgroup.add(self.popen.pid)
                self.cgroup.add(child)
            except SandboxError:
                self.kill()
                raise

    def is_running(self) -> bool:
        """Whether bwrap is alive; it ends with the worker."""
        return self.popen.poll() is None

    def cpu_seconds(self, pid: int) -> float:
        """CPU seconds of the whole sandbox, from the kernel."""
        if self.cgroup and (seconds := self.cgroup.cpu_seconds()) is not None:
            return seconds
        return time.clock_gettime((~pid << 3) | 2) + tree_cpu_seconds(self.child, pid)

    def end_reason(self) -> str:
        """Name the exit code, the signal, or the memory limit."""
        if self.cgroup and self.cgroup.was_oom_killed():
            return "it used more memory than the lab allows"
        return describe_exit(self.popen)

    def kill(self) -> None:
        """End everything in the sandbox: its init takes the others along."""
        if self.popen.poll() is None:
            self.popen.kill()
        if self.init_handle >= 0:  # a handle, not a number: the number may be another's by now
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.init_handle, signal.SIGKILL)
            os.close(self.init_handle)
            self.init_handle = -1
        self.popen.wait()
        if self.cgroup:
            self.cgroup.remove()
            self.cgroup = None


def _child_pid(descriptor: int) -> int:
    """Read the pid of the sandbox's init as the host sees it; 0 if bwrap did not start."""
    content = b""
    while b"}" not in content and (piece := os.read(descriptor, 4096)):
        content += piece
    with contextlib.suppress(ValueError, KeyError):
        return int(json.loads(content)["child-pid"])
    return 0


class BwrapBackend:
    """Runs workers under bubblewrap."""

    def __init__(self) -> None:
        """Find out which of the walls that depend on the machine are there."""
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
