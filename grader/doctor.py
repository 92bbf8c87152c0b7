"""Looks at this machine: what it can do, what is missing, and how to get it."""

import importlib.util
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from grader import __version__
from grader.course import Course, find_course
from grader.datasource import find_source
from grader.datastore import State, inspect
from grader.errors import DlabError
from grader.model import Lab
from grader.sandbox.backend import Backend, find_backend, run_quietly
from grader.text import clean

MIB, GIB = 1 << 20, 1 << 30
MIN_PYTHON = (3, 11)
MIN_DISK, MIN_MEMORY = 500 * MIB, 2 * GIB
GUIDE = "docs/threat-model.md says how"
# What bwrap's words mean; the first that is found in them counts.
REMEDIES = (
    ("not installed", "apt-get install bubblewrap (Fedora: dnf install bubblewrap)"),
    ("runs on Linux", "grade on Linux; on Windows WSL2 is one"),
    ("nknown option", "install bubblewrap 0.8 or newer: Debian 12, Ubuntu 24.04 have it"),
    ("uid map", f"on Ubuntu 24.04 load an AppArmor profile for bwrap: {GUIDE}"),
    ("RTM_NEWADDR", f"on Ubuntu 24.04 load an AppArmor profile for bwrap: {GUIDE}"),
    ("mount proc", f"in a container start it with other security options: {GUIDE}"),
    ("namespace", f"allow user namespaces: {GUIDE}; in a container that is a security option"),
)
WALL_REMEDIES = {
    "memory of all processes together": "as root, or: systemd-run --user --scope "
    "-p Delegate=yes dlab grade ...",
    "system calls": "dlab has a filter for x86_64 and aarch64 only; grade on such a machine",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, whether it is fine, what it is, and how to mend it."""

    name: str
    is_fine: bool
    detail: str
    how_to_fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What was found of the course; without one there are no labs."""

    course: Course | None = None
    labs: tuple[Lab, ...] = ()

    def gradable(self) -> tuple[Lab, ...]:
        """Return the labs whose hidden checks and reference this machine has."""
        return tuple(lab for lab in self.labs if self.course and _is_gradable(self.course, lab))


def run(course_named: str = "") -> list[tuple[str, bool, str, str]]:
    """Look at everything.

    Args:
        course_named: Folder of a course; empty for the course in force.

    Returns:
        Name, whether it is fine, detail, and how to mend it, in the order to read them.
    """
    findings: list[Finding] = []
    content = _look_at_course(course_named, findings)
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _versions,
        lambda: _packages(content.labs),
        _machine,
        lambda: _content(content),
        lambda: _sandbox(content),
    )
    entries = [entry for look in looks for entry in look()] + findings
    return [
        (entry.name, entry.is_fine, clean(entry.detail, 500), entry.how_to_fix) for entry in entries
    ]


# Versions


def _versions() -> Iterator[Finding]:
    is_new = sys.version_info >= MIN_PYTHON
    yield Finding(
        "Python", is_new, platform.python_version(), "install Python 3.11 or newer, then dlab"
    )
    yield Finding("dlab", True, __version__)  # noqa: FBT003  a field of a record


def _packages(labs: Sequence[Lab]) -> Iterator[Finding]:
    """Compare what is installed with what dlab's own metadata ask for."""
    try:
        lines = [Requirement(line) for line in requires("dlab") or []]
    except PackageNotFoundError:
        yield Finding("packages", False, "dlab is not installed", "pip install dlab")  # noqa: FBT003
        return
    wanted = {package for lab in labs for package in lab.packages}
    for line in lines:
        if line.marker is None or line.marker.evaluate({"extra": ""}):
            yield _package(line, "pip install --upgrade dlab", is_needed=True)
        elif line.marker.evaluate({"extra": "labs"}):
            yield _package(line, 'pip install "dlab[labs]"', is_needed=line.name in wanted)


def _package(line: Requirement, command: str, *, is_needed: bool) -> Finding:
    try:
        there = version(line.name)
    except PackageNotFoundError:
        need = "a lab needs it" if is_needed else "no lab of this course needs it"
        return Finding(line.name, not is_needed, f"not installed; {need}", command)
    is_fine = line.specifier.contains(there, prereleases=True)
    detail = there if is_fine else f"{there}; dlab needs {line.specifier}"
    return Finding(line.name, is_fine, detail, command)


# The machine


def _machine() -> Iterator[Finding]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield Finding("cores", True, f"{cores}")  # noqa: FBT003  a field of a record
    free = _free_memory()
    if free is not None:
        detail = f"{free / GIB:.1f} GiB free"
        advice = "close what you do not need, and grade with --jobs 1"
        yield Finding("memory", free >= MIN_MEMORY, detail, advice)
    for name, folder in (("disk", os.curdir), ("temporary files", tempfile.gettempdir())):
        room = shutil.disk_usage(folder).free
        detail = f"{room / GIB:.1f} GiB free in {os.path.realpath(folder)}"
        yield Finding(name, room >= MIN_DISK, detail, "make room: 0.5 GiB at least")
    yield Finding("GPU", True, _gpus() or "none seen; the labs run on the CPU")  # noqa: FBT003


def _free_memory() -> int | None:
    """Return free bytes, or None where the operating system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        return next(int(x.split()[1]) << 10 for x in lines if x.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError, IndexError):
        return None


def _gpus() -> str:
    """Name the GPUs without importing torch, which takes a second."""
    path = shutil.which("nvidia-smi")
    done = run_quietly([path, "--query-gpu=name", "--format=csv,noheader"]) if path else None
    if done is None or done.returncode != 0:
        return ""
    names = ", ".join(done.stdout.split("\n")).strip(", ")
    has_torch = importlib.util.find_spec("torch") is not None
    return names + ("" if has_torch else "; torch is not installed, so nothing uses it")


# The course


def _look_at_course(named: str, problems: list[Finding]) -> Content:
    """Read course and labs; what cannot be read is a finding, not the end."""
    from grader.labs import lab_ids, read_lab

    labs: list[Lab] = []
    try:
        course = find_course(Path(), named)
        names = lab_ids(course)
    except (DlabError, OSError) as error:
        advice = "go to the course's folder, or name it: dlab --course DIR doctor"
        problems.append(Finding("course", False, str(error), advice))  # noqa: FBT003
        return Content()
    for name in names:
        try:
            labs.append(read_lab(course, name))
        except (DlabError, OSError) as error:
            advice = f"mend the file; `dlab validate {name}` looks at the rest"
            problems.append(Finding(name, False, str(error), advice))  # noqa: FBT003
    return Content(course=course, labs=tuple(labs))


def _is_gradable(course: Course, lab: Lab) -> bool:
    from grader.labs import check_paths

    has_checks = bool(check_paths(course.hidden / lab.lab_id))
    return has_checks and course.reference(lab.lab_id, lab.file) is not None


def _content(content: Content) -> Iterator[Finding]:
    course, labs = content.course, content.labs
    if course is None:
        return
    advice = "the course has no labs: see docs/writing-a-lab.md"
    detail = f"{course.title}, {len(labs)} labs, in {course.root.resolve()}"
    yield Finding("course", bool(labs), detail, advice)
    gradable = content.gradable()
    ready = ", ".join(lab.short_id for lab in gradable) or "no lab"
    which = "every lab" if labs and len(gradable) == len(labs) else ready
    detail = f"this machine can check every lab and grade {which}"
    if not gradable:
        detail += ": it has no hidden checks, as on a student's machine"
    yield Finding("checks", True, detail)  # noqa: FBT003  a field of a record
    for name in dict.fromkeys(name for lab in labs for name in lab.datasets):
        yield _dataset(name, is_needed=any(lab.datasets[:1] == (name,) for lab in labs))


def _dataset(name: str, *, is_needed: bool) -> Finding:
    """Read a dataset's files; without one that is no lab's first, every lab can be checked."""
    source = find_source(name)
    holding = inspect(source)
    if holding.state is State.MISSING and not is_needed:
        detail = f"not here; every lab runs without it. `dlab data fetch {name}` downloads it"
        return Finding(f"dataset {name}", True, detail)  # noqa: FBT003
    if holding.problem:
        advice = "install dlab again: pip install --force-reinstall dlab"
        if not source.is_embedded:
            advice = f"dlab data fetch {name}, or set DLAB_DATA to a folder that holds its files"
        return Finding(f"dataset {name}", False, holding.problem, advice)  # noqa: FBT003
    return Finding(f"dataset {name}", True, f"verified, in {holding.paths[0].parent}")  # noqa: FBT003


# The sandbox


def _sandbox(content: Content) -> Iterator[Finding]:
    """Attack the sandbox from inside, one finding a wall."""
    from grader.sandbox.selftest import try_walls

    backend = find_backend()
    grades = bool(content.gradable())
    yield _backend(backend, grades=grades)
    guarded = [content.course.root.resolve()] if content.course else []
    try:
        walls = try_walls(backend, guarded)
    except (DlabError, OSError) as error:
        advice = "see what it says; without a worker nothing can be checked"
        yield Finding("self-test", False, str(error), advice)  # noqa: FBT003
        return
    for wall in walls:
        attacks = "1 attack" if wall.tried == 1 else f"{wall.tried} attacks"
        detail = f"held against {attacks}" if not wall.broken else "; ".join(wall.broken)
        held = "" if not wall.broken else "DID NOT HOLD: "
        advice = f"do not grade here; please report it. {GUIDE.capitalize()} to go on in a VM"
        yield Finding(f"wall: {wall.wall}", not wall.broken, held + detail, advice)
    for name in backend.protection.missing:
        if backend.protection.backend != "plain":
            yield Finding(f"wall: {name}", not grades, "not there", WALL_REMEDIES.get(name, GUIDE))


def _backend(backend: Backend, *, grades: bool) -> Finding:
    """Say what stands between a submission and this machine; a student needs no more than plain."""
    protection = backend.protection
    if protection.backend != "plain":
        return Finding("sandbox", True, protection.backend)  # noqa: FBT003
    *lacking, why = protection.missing
    remedy = next((advice for words, advice in REMEDIES if words in why), GUIDE)
    enough = "grade only what you trust" if grades else "enough for your own code"
    detail = f"{why}. No wall around: {', '.join(lacking)}; {enough}"
    return Finding("sandbox", not grades, f"plain, {detail}", remedy)
