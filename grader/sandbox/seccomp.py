"""The seccomp filter of this machine: which system calls a sandboxed process may not make.

The programs lie in `filters/`, one per architecture, written by `tools/build_seccomp.py`.
"""

import platform
import sys
from functools import cache
from pathlib import Path

FILTERS = Path(__file__).resolve().parent / "filters"


@cache
def filter_bytes() -> bytes | None:
    """Return the BPF program for `bwrap --seccomp`, or None where there is none.

    A 32-bit Python on a 64-bit kernel gets none: its system calls are another architecture's, and
    the filter would kill it.
    """
    path = FILTERS / f"{platform.machine()}.bpf"
    if sys.platform != "linux" or sys.maxsize < 2**32 or not path.is_file():
        return None
    return path.read_bytes()
