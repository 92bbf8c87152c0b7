"""Finds where this process may make control groups.

Version 1 is used where memory and pids are mounted so and may be written (root, in most
containers). Version 2 is written after the kernel's Documentation/admin-guide/cgroup-v2.rst and
systemd's "Control Group APIs and Delegation"; it is NOT TESTED on a machine with a delegated group.
There, start dlab as `systemd-run --user --scope -p Delegate=yes dlab ...`.
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MIB = 1 << 20
OWN_LEAF = "dlab-grader"  # where version 2 wants the grader itself; not a worker's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where this process may make groups.

    Attributes:
        folders: Controller ("memory", "pids", "cpuacct") to the folder that groups are made in.
            One and the same folder for all in version 2.
        is_v2: Whether this is version 2, whose files have other names and units.
    """

    folders: dict[str, Path]
    is_v2: bool


@cache
def find_place() -> Place | None:
    """Return where groups may be made, tried once per process, or None."""
    for candidate in (_place_v1, _place_v2):
        place = candidate()
        if place is not None and _is_writable(place):
            return place
    return None


def _place_v1() -> Place | None:
    """Return our own groups of version 1, so that limits above us go on to hold."""
    own, folders = _own_groups(), {}
    for root, mount_point, kind, options in _mounts():
        if kind != "cgroup":
            continue
        for controller in {"memory", "pids", "cpuacct"} & set(options.split(",")):
            folders[controller] = _below(Path(mount_point), root, own.get(controller, "/"))
    return Place(folders=folders, is_v2=False) if {"memory", "pids"} <= folders.keys() else None


def _place_v2() -> Place | None:
    """Return our own group of version 2 if it is delegated to us. NOT TESTED, see the top."""
    for root, mount_point, kind, _ in _mounts():
        if kind != "cgroup2":
            continue
        own = _below(Path(mount_point), root, _own_groups().get("", "/"))
        base = own.parent if own.name == OWN_LEAF else own
        with contextlib.suppress(OSError):
            if _delegates(base):
                return Place(folders=dict.fromkeys(("memory", "pids"), base), is_v2=True)
    return None


def _delegates(base: Path) -> bool:
    """Have a group hand memory and pids on to its children.

    A group that does so may hold no process itself, so the grader moves into a leaf of its own; if
    others are there too, the kernel refuses.
    """
    wanted = {"memory", "pids"}
    if wanted <= set((base / "cgroup.subtree_control").read_text().split()):
        return True
    if not wanted <= set((base / "cgroup.controllers").read_text().split()):
        return False
    leaf = base / OWN_LEAF
    leaf.mkdir(exist_ok=True)
    write_value(leaf / "cgroup.procs", os.getpid())
    try:
        write_value(base / "cgroup.subtree_control", "+memory +pids")
    except OSError:
        write_value(base / "cgroup.procs", os.getpid())
        leaf.rmdir()
        raise
    return True


def _is_writable(place: Place) -> bool:
    """Make and remove a group: permission bits alone do not tell."""
    name = f"dlab-{os.getpid()}-probe{threading.get_ident()}"  # two threads may ask at once
    probes = {controller: base / name for controller, base in place.folders.items()}
    try:
        for probe in dict.fromkeys(probes.values()):
            probe.mkdir()
        write_value(probes["pids"] / "pids.max", 1)
        write_value(probes["memory"] / f"memory.{'max' if place.is_v2 else 'limit_in_bytes'}", MIB)
    except OSError:
        return False
    finally:
        for probe in dict.fromkeys(probes.values()):
            with contextlib.suppress(OSError):
                probe.rmdir()
    return True


def _mounts() -> Iterator[tuple[str, str, str, str]]:
    """Yield root, mount point, type and options of each mount. Source: proc_pid_mountinfo(5)."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/mountinfo").read_text().splitlines():
            fields = line.split(" ")
            kind, _, options = fields[fields.index("-") + 1 :]
            yield fields[3], fields[4], kind, options


def _own_groups() -> dict[str, str]:
    """Map each controller to this process's group; version 2 has the controller "".

    Source: cgroups(7).
    """
    own = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            own.update(dict.fromkeys(controllers.split(","), path))
    return own


def _below(mount_point: Path, root: str, group: str) -> Path:
    """Return a group's folder where only the part of the hierarchy below `root` is mounted."""
    if not Path(group).is_relative_to(root):  # a container that sees paths of its host
        return mount_point
    return mount_point / Path(group).relative_to(root)


def write_value(path: Path, value: int | str) -> None:
    """Write a value into a file that exists already: cgroup files cannot be made or emptied."""
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, str(value).encode())
    finally:
        os.close(descriptor)
