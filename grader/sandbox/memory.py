"""A process's memory, read from the kernel; None where the kernel does not tell."""

import contextlib
import re
from dataclasses import dataclass

RESET_PEAK = "5"  # proc(5), clear_refs


@dataclass(slots=True)
class Peak:
    """What a block of calls needed in bytes above what was held before; None if unknown."""

    bytes: int | None = None


def resident_bytes(pid: int) -> int | None:
    """Return how much memory a process holds now."""
    return _read(pid, "VmRSS")


def peak_bytes(pid: int) -> int | None:
    """Return the most a process has held since `forget_peak`, or since its start."""
    return _read(pid, "VmHWM")


def forget_peak(pid: int) -> bool:
    """Begin a new peak at what a process holds now; return whether the kernel can."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/clear_refs", "w") as file:
        file.write(RESET_PEAK)
        return True
    return False


def _read(pid: int, name: str) -> int | None:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/status", encoding="utf-8") as file:
        found = re.search(rf"^{name}:\s+(\d+) kB$", file.read(), re.MULTILINE)
        return int(found[1]) << 10 if found else None
    return None
