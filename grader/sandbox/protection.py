"""What protects the machine, after a self-test; it is run once and remembered until a reboot.

A self-test takes seconds, so grading asks here. Remembered is only that every wall held, together
with all that this depends on; a wall that did not hold is tried anew each time, until it is mended.
"""

import contextlib
import hashlib
import json
import os
import platform
import shutil
import stat
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from grader import __version__
from grader.model import Protection
from grader.sandbox.backend import Backend, run_quietly
from grader.sandbox.selftest import Finding, try_walls

NOT_HELD = " (did not hold in the self-test)"
MAX_SIZE = 1 << 16


def protection_of(backend: Backend) -> Protection:
    """Return which walls of a backend are in force, after a self-test.

    Args:
        backend: `plain` is not tested: it claims no wall.

    Raises:
        SandboxError: If no worker starts.
    """
    claimed = backend.protection
    if claimed.backend == "plain":
        return claimed
    facts = _facts(claimed)
    if _remembered() == facts:
        return claimed
    tested = judge(claimed, try_walls(backend))
    if tested == claimed:
        _remember(facts)
    return tested


def judge(claimed: Protection, findings: Sequence[Finding]) -> Protection:
    """Take the walls that did not hold out of what is in force.

    A wall that was claimed and not tried is not in force either.
    """
    held = {finding.wall for finding in findings if not finding.broken}
    broken = {finding.wall for finding in findings if finding.broken}
    lost = [wall for wall in claimed.in_force if wall not in held]
    lost += sorted(broken.difference(claimed.in_force))
    return replace(
        claimed,
        in_force=tuple(wall for wall in claimed.in_force if wall in held),
        missing=(*claimed.missing, *(wall + NOT_HELD for wall in lost)),
    )


def _facts(claimed: Protection) -> dict[str, str]:
    """Return all that the outcome of a self-test depends on."""
    return {
        "dlab": __version__,
        "sources": _sources_sha256(),
        "walls": ", ".join(claimed.in_force),
        "python": f"{sys.version} {sys.base_prefix} {sys.prefix}",
        "kernel": f"{platform.release()} {platform.version()} {platform.machine()}",
        "boot": _text("/proc/sys/kernel/random/boot_id"),
        "bwrap": _version(claimed.backend),
        "user": str(os.geteuid()),
        "container": _link("/proc/self/ns/mnt") + _link("/proc/self/ns/user"),
        "confinement": _text("/proc/self/attr/current") + _seccomp_mode(),
    }


@cache
def _sources_sha256() -> str:
    """Return a digest of the sandbox's own code and of its filters."""
    digest = hashlib.sha256()
    folder = Path(__file__).resolve().parent
    for path in sorted([*folder.glob("*.py"), *folder.glob("filters/*.bpf")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _version(program: str) -> str:
    path = shutil.which(program) or ""
    done = run_quietly([path, "--version"]) if path else None
    return f"{path} {done.stdout.strip()}" if done else path


def _text(path: str) -> str:
    with contextlib.suppress(OSError):
        return Path(path).read_text(errors="replace").strip("\0\n")
    return ""


def _link(path: str) -> str:
    with contextlib.suppress(OSError):
        return os.readlink(path)
    return ""


def _seccomp_mode() -> str:
    lines = _text("/proc/self/status").splitlines()
    return " ".join(line for line in lines if line.startswith(("Seccomp", "NoNewPrivs", "CapBnd")))


# The file


def memory_path() -> Path:
    """Return where it is remembered: the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    root = Path(base) if os.path.isabs(base) else Path.home() / ".cache"
    return root / "dlab" / "selftest.json"


def _remembered() -> Mapping[str, object] | None:
    """Return the facts of the last self-test in which all walls held; None unless beyond doubt."""
    try:
        descriptor = os.open(memory_path(), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            is_ours = status.st_uid == os.geteuid() and not status.st_mode & 0o022
            if not is_ours or not stat.S_ISREG(status.st_mode) or status.st_size > MAX_SIZE:
                return None
            known = json.loads(file.read(MAX_SIZE))
    except (OSError, ValueError, RecursionError, RuntimeError):  # RuntimeError: there is no home
        return None
    return known if isinstance(known, dict) else None


def _remember(facts: Mapping[str, str]) -> None:
    """Write the facts in one step; where nothing can be written, the next run tests again."""
    with contextlib.suppress(OSError, RuntimeError):
        path = memory_path()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".selftest.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(facts, file, indent=1)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
            raise
