"""Large arrays that never change, such as a dataset's images: shared with workers, not sent.

Each stands in a sealed memory file. A worker is handed its descriptor and maps it privately: it can
read it at no cost, and what it writes stays its own. Where there are no sealed files (macOS), and
for arrays that may change, nothing is shared and the bytes travel.
"""

import os
import sys
from collections import OrderedDict

import numpy as np

LEAST = 1 << 20  # bytes; below it sending costs less than mapping
MOST = 24  # files kept; the one that was not used for longest goes first

Key = tuple[int, tuple[int, ...], str]


class Shelf:
    """The files of the arrays that were shared last."""

    def __init__(self) -> None:
        """Nothing is shared yet."""
        self.files: OrderedDict[Key, tuple[np.ndarray, int]] = OrderedDict()

    def descriptor(self, array: np.ndarray) -> int | None:
        """Return the descriptor of a file with the array's bytes; None if they are to travel."""
        is_fixed = not array.flags.writeable and array.flags.c_contiguous
        if sys.platform != "linux" or not is_fixed or array.nbytes < LEAST:
            return None
        key = (array.__array_interface__["data"][0], array.shape, array.dtype.str)
        if key not in self.files:
            self.files[key] = array, _sealed(array)  # the array is kept: its address stays its own
            if len(self.files) > MOST:
                _, (_, oldest) = self.files.popitem(last=False)
                os.close(oldest)
        self.files.move_to_end(key)
        return self.files[key][1]


def _sealed(array: np.ndarray) -> int:
    """Write an array to a new memory file that nobody can change any more."""
    import fcntl  # not on Windows

    descriptor = os.memfd_create("dlab array", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    rest = memoryview(array.reshape(-1).view(np.uint8))  # type: ignore[arg-type]  # NumPy 2.4's stubs do not say that arrays are buffers
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    return descriptor
