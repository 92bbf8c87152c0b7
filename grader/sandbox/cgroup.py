"""One control group per worker: the only bound on the memory of all its processes together.

Resource limits bound single processes; five processes, or files in /tmp, get past them. A group
also counts the CPU time of every process that was ever in it, and names all that are left at the
end.

`cgroup_place` finds where a group may be made. What is particular to version 2 is NOT TESTED on a
machine whose controllers are there; see that module.
"""

import contextlib
import os
import re
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from grader.errors import SandboxError
from grader.sandbox.cgroup_place import MIB, find_place, write_value

REMOVE_TRIES, REMOVE_PAUSE_S = 2000, 0.001  # two seconds: killed processes need a moment to go
WORKER_NAME = re.compile(r"dlab-(\d+)-(\d+)-\w+")  # pid namespace, pid in it, then anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Cgroup:
    """The group of one worker.

    Attributes:
        folders: Controller to the group's folder.
        is_v2: As in Place.
    """

    folders: dict[str, Path]
    is_v2: bool

    @classmethod
    def create(cls, name: str, memory_mib: int, pids: int) -> Self | None:
        """Make an empty group with limits.

        Args:
            name: From `new_name`: only such groups are found by `remove_stale`. Not in use.
            memory_mib: Bound on the memory of all processes together in MiB, files in /tmp
                included; swap does not extend it.
            pids: Bound on processes and threads together, also for root.

        Returns:
            The group, or None if this process may not make one.

        Raises:
            SandboxError: If it may, but could not this time: a limit that was promised is never
                left out silently.
        """
        place = find_place()
        if place is None:
            return None
        group = cls(
            folders={controller: folder / name for controller, folder in place.folders.items()},
            is_v2=place.is_v2,
        )
        try:
            group._make(memory_mib * MIB, pids)
        except FileExistsError as error:  # another's: nothing of it may be killed
            raise SandboxError(f"there is a control group '{name}' already") from error
        except OSError as error:
            group.remove()
            raise SandboxError(f"no control group could be made: {error.strerror}") from error
        return group

    def _make(self, memory: int, pids: int) -> None:
        for folder in self._distinct():
            folder.mkdir()
        write_value(self.folders["pids"] / "pids.max", pids)
        folder = self.folders["memory"]
        if self.is_v2:
            write_value(folder / "memory.max", memory)
            _write_if_there(folder / "memory.swap.max", 0)
            return
        write_value(folder / "memory.limit_in_bytes", memory)
        _write_if_there(folder / "memory.memsw.limit_in_bytes", memory)  # memory and swap together

    def _distinct(self) -> list[Path]:
        return list(dict.fromkeys(self.folders.values()))

    def add(self, pid: int) -> None:
        """Put a process into the group; what it starts from now on will be in it too.

        Children that it has already are not moved. A process that has ended is no error.

        Raises:
            SandboxError: If the process is alive and could not be moved.
        """
        try:
            for folder in self._distinct():
                write_value(folder / "cgroup.procs", pid)
        except ProcessLookupError:
            return
        except OSError as error:
            message = f"a worker could not be put into its control group: {error.strerror}"
            raise SandboxError(message) from error

    def cpu_seconds(self) -> float | None:
        """Return the CPU time of all processes that ever were in the group, or None if unknown.

        It counts from when a process was added, goes on counting for children that have ended, and
        is exact once the processes sleep.
        """
        with contextlib.suppress(OSError, KeyError, ValueError):
            if self.is_v2:
                return _read_table(self.folders["memory"] / "cpu.stat")["usage_usec"] / 1e6
            return int((self.folders["cpuacct"] / "cpuacct.usage").read_text()) / 1e9
        return None

    def peak_memory_mib(self) -> float | None:
        """Return the most memory that was used at once in MiB, or None if unknown."""
        name = "memory.peak" if self.is_v2 else "memory.max_usage_in_bytes"
        with contextlib.suppress(OSError, ValueError):
            return int((self.folders["memory"] / name).read_text()) / MIB
        return None

    def was_oom_killed(self) -> bool:
        """Return whether the kernel has killed a process of the group for its memory."""
        name = "memory.events" if self.is_v2 else "memory.oom_control"
        with contextlib.suppress(OSError, ValueError):
            return _read_table(self.folders["memory"] / name).get("oom_kill", 0) > 0
        return False

    def remove(self) -> None:
        """Kill what is left in the group and remove it; a group that is gone is no error.

        A group that cannot be removed for two seconds is left to `remove_stale`.
        """
        for _ in range(REMOVE_TRIES):
            if self.remove_if_empty():
                return
            self._kill()
            time.sleep(REMOVE_PAUSE_S)

    def remove_if_empty(self) -> bool:
        """Remove the group unless it has processes; return whether it is gone."""
        removed = [_remove_folder(folder) for folder in self._distinct()]
        return all(removed)

    def _kill(self) -> None:
        _write_if_there(self.folders["pids"] / "pids.max", 0)  # it cannot fork faster than we kill
        for folder in self._distinct():
            if not _write_if_there(folder / "cgroup.kill", 1):  # version 2, from Linux 5.14
                _kill_each(folder)


def is_available() -> bool:
    """Return whether this process may make groups."""
    return find_place() is not None


def new_name(pid: int, rest: str) -> str:
    """Name the group of a worker so that others can tell whether its grader still runs.

    Args:
        pid: The grader's.
        rest: Letters, digits and underscores that tell its groups apart.
    """
    return f"dlab-{_pid_namespace()}-{pid}-{rest}"


def remove_stale() -> int:
    """Remove the groups of graders that no longer run, with what is left in them.

    Only those of our own pid namespace: a container that shares the control groups cannot see
    whether the graders of another one live, nor whether a group that looks empty is about to be
    entered.

    Returns:
        How many groups were removed.
    """
    place = find_place()
    if place is None:
        return 0
    names = {path.name for folder in set(place.folders.values()) for path in folder.glob("dlab-*")}
    stale = [name for name in names if _is_stale(name)]
    for name in stale:
        folders = {controller: folder / name for controller, folder in place.folders.items()}
        Cgroup(folders=folders, is_v2=place.is_v2).remove()
    return len(stale)


def _is_stale(name: str) -> bool:
    match = WORKER_NAME.fullmatch(name)
    return match is not None and int(match[1]) == _pid_namespace() and not _is_alive(int(match[2]))


def _pid_namespace() -> int:
    return os.stat("/proc/self/ns/pid").st_ino


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


# Files of a group


def _write_if_there(path: Path, value: int) -> bool:
    try:
        write_value(path, value)
    except OSError:
        return False
    return True


def _read_table(path: Path) -> dict[str, int]:
    """Read lines of a key and a number."""
    lines = [line.split() for line in path.read_text().splitlines()]
    return {key: int(value) for key, value in lines}


def _pids(folder: Path) -> set[int]:
    try:
        return {int(line) for line in (folder / "cgroup.procs").read_text().split()}
    except OSError:
        return set()


def _kill_each(folder: Path) -> None:
    """Kill the processes of a group; a number that has become another's in between is spared."""
    for pid in _pids(folder) - {0, os.getpid()}:
        try:
            handle = os.pidfd_open(pid)
        except OSError:
            continue
        with contextlib.suppress(OSError):
            if pid in _pids(folder):
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        os.close(handle)


def _remove_folder(folder: Path) -> bool:
    """Remove a group if it has no processes; return whether it is gone."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
