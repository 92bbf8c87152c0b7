"""Lets bwrap reach what only root may reach, such as an interpreter below /root.

Root does not start bwrap as root (a limit on processes does not hold for root) but as nobody, who
can mount for the sandbox only what nobody can reach. So root mounts such folders where nobody can,
in a mount namespace of dlab's own: no one else sees it, and when the grader ends it is gone.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.errors import SandboxError

NOBODY = 65534
PLACES = ("/mnt", "/media", "/srv", "/var/tmp", "/tmp")  # noqa: S108  covered, never written to


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What comes before bwrap, and where folders are for it.

    Attributes:
        targets: Folder that is hidden from nobody, to where it is mounted.
        namespace: Descriptor of the mount namespace, or -1 if none is needed.
    """

    targets: Mapping[str, str]
    namespace: int = -1

    def path(self, path: str | Path) -> str:
        """Return where a file is for bwrap."""
        for source, target in self.targets.items():
            if Path(path).is_relative_to(source):
                return os.path.join(target, os.path.relpath(path, source)).removesuffix("/.")
        return str(path)

    def launcher(self) -> list[str]:
        """Return the command before bwrap; empty for an ordinary user."""
        if os.geteuid() != 0:
            return []
        drop = [find_tool("setpriv"), f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        if self.namespace < 0:
            return [*drop, "--"]
        # by our pid: a descriptor that is passed on would end up with the student
        place = f"/proc/{os.getpid()}/fd/{self.namespace}"
        return [find_tool("nsenter"), f"--mount={place}", "--", *drop, "--"]


@cache
def find_stage() -> Stage:
    """Make what this machine needs, once per process.

    Raises:
        SandboxError: If root may not mount here, or a tool is not installed.
    """
    if os.geteuid() != 0:
        return Stage(targets={})
    sources = _sources()
    hidden = [source for source in sources if not _is_reachable(Path(source))]
    if not hidden:
        return Stage(targets={})
    place = next(place for place in PLACES if _is_free(place, sources))
    targets = {source: f"{place}/{number}" for number, source in enumerate(hidden)}
    return Stage(targets=targets, namespace=_mount(place, targets))


def find_tool(name: str) -> str:
    """Return the path of a program: bwrap is started with an empty environment, without PATH.

    Raises:
        SandboxError: If it is not installed.
    """
    path = shutil.which(name)
    if path is None:
        raise SandboxError(f"the program '{name}' is not installed")
    return path


def _sources() -> list[str]:
    """Return the folders that hold what a sandbox needs: interpreter, packages, worker."""
    package_root = Path(__file__).resolve().parents[2]
    folders = {sys.base_prefix, str(package_root)}
    folders |= {entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages"))}
    return sorted(folder for folder in folders if os.path.isdir(folder))


def _is_reachable(path: Path) -> bool:
    """Whether others may enter the folder and all above it."""
    paths = {*(path, *path.parents), *(real := path.resolve(), *real.parents)}
    return all(folder.stat().st_mode & 0o001 for folder in paths)


def _is_free(place: str, sources: Iterable[str]) -> bool:
    """Whether nothing that is needed lies below the place."""
    real = [Path(source).resolve() for source in sources]
    return os.path.isdir(place) and not any(path.is_relative_to(place) for path in real)


def _mount(place: str, targets: Mapping[str, str]) -> int:
    """Mount the folders in a new namespace and return a descriptor that keeps it."""
    steps = [f"mount -t tmpfs -o mode=755,size=64k dlab {place}"]
    for source, target in targets.items():
        steps += [f"mkdir {target}", f"mount --rbind {shlex.quote(source)} {target}"]
    script = " && ".join([*steps, "echo ready", "read _"])  # until we hold the namespace
    command = [find_tool("unshare"), "--mount", "--propagation", "private", "--"]
    process = subprocess.Popen(  # noqa: S603  our own arguments
        [*command, "/bin/sh", "-c", script],
        env={"PATH": os.environ.get("PATH", os.defpath)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        if process.stdout and process.stdout.readline() == b"ready\n":
            return os.open(f"/proc/{process.pid}/ns/mnt", os.O_RDONLY)
        words = process.stderr.read() if process.stderr else b""
    said = words.decode(errors="replace").strip()[:200]
    raise SandboxError(f"{min(targets)} cannot be shown to the sandbox: {said}")
