"""bwrap's arguments: which namespaces a sandbox has, and which files it sees.

Verified by `grader.sandbox.selftest`, which tries to get past each of them.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from glob import glob
from pathlib import Path

from grader.sandbox import packages
from grader.sandbox.backend import WorkerSpec, base_python, environment
from grader.sandbox.plain import WORKER_FILES
from grader.sandbox.stage import NOBODY, find_stage

MIB = 1 << 20
SHM_MIB, TMP_MIB = 16, 64
SEARCH_PATH = "/w:/site"  # of the worker: the wire format, then the packages of the lab
GPUS = "/dev/nvidia*"
WORKER_PARTS = (*WORKER_FILES, "__pycache__")
MASKED = ("/usr/local", "/usr/share/doc", "/usr/src", "/usr/lib*/python*/*-packages")


@cache
def arguments(spec: WorkerSpec) -> tuple[str, ...]:
    """Return bwrap's arguments; the order matters, later mounts cover earlier ones."""
    names = ["--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"]
    names += ["--new-session", "--uid", str(NOBODY), "--gid", str(NOBODY), "--hostname", "sandbox"]
    names += ["--cap-drop", "ALL", "--clearenv"]
    for key, value in environment(spec.threads).items():
        names += ["--setenv", key, value]
    mounts = [*_system(), *_python(), *_packages(spec.packages), *_worker()]
    mounts += ["--proc", "/proc", "--dev", "/dev"]
    for device in sorted(glob(GPUS)) if spec.has_gpu else ():
        mounts += ["--dev-bind", device, device]
    mounts += ["--size", str(SHM_MIB * MIB), "--tmpfs", "/dev/shm"]  # noqa: S108  of the sandbox
    mounts += ["--size", str(TMP_MIB * MIB), "--tmpfs", "/tmp"]  # noqa: S108
    mounts += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]  # noqa: S108
    return (*names, *mounts)


def python() -> str:
    """Return the interpreter's path in the sandbox."""
    return str(base_python()) if _is_in_usr() else f"/rt/bin/{base_python().name}"


def _system() -> Iterator[str]:
    yield from ["--ro-bind", "/usr", "/usr"]
    for folder in ("/lib", "/lib64", "/bin"):
        if os.path.islink(folder):
            yield from ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            yield from ["--ro-bind", folder, folder]
    for folder in ("/etc/alternatives", "/etc/fonts"):  # Debian's BLAS; what matplotlib asks for
        if os.path.isdir(folder):
            yield from ["--ro-bind", folder, folder]
    yield from _mask(path for pattern in MASKED for path in glob(pattern))


def _mask(folders: Iterable[str]) -> Iterator[str]:
    """Put an empty folder over each."""
    for folder in folders:
        if os.path.isdir(folder) and not os.path.islink(folder):
            yield from ["--tmpfs", folder, "--remount-ro", folder]


def _python() -> Iterator[str]:
    """Bind an interpreter that does not live in /usr; hide what is installed beside it."""
    if _is_in_usr():
        return
    prefix = sys.base_prefix
    for folder in ("bin", "lib", "lib64"):
        if os.path.isdir(f"{prefix}/{folder}"):
            yield from _bind(f"{prefix}/{folder}", f"/rt/{folder}")
    for folder in glob(f"{prefix}/lib*/python*/*-packages"):
        target = "/rt" + folder.removeprefix(prefix)
        yield from ["--tmpfs", target, "--remount-ro", target]
    yield from ["--setenv", "LD_LIBRARY_PATH", "/rt/lib"]


def _is_in_usr() -> bool:
    return sys.base_prefix == "/usr"


def _packages(distributions: Sequence[str]) -> Iterator[str]:
    for name, path in packages.importable_files(distributions).items():
        yield from _bind(path, f"/site/{name}")


def _worker() -> Iterator[str]:
    here = Path(__file__).resolve().parent
    yield from _bind(here.parent / "__init__.py", "/w/grader/__init__.py")
    for name in WORKER_PARTS:
        if (here / name).exists():
            yield from _bind(here / name, f"/w/grader/sandbox/{name}")


def _bind(source: str | Path, target: str) -> list[str]:
    return ["--ro-bind", find_stage().path(source), target]
