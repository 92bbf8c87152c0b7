"""Reads IDX, the file format of MNIST: a header of sizes, then the values.

Source: LeCun, Cortes and Burges, The MNIST database, "File formats for the MNIST database".
"""

import struct

import numpy as np
from numpy.typing import NDArray

UNSIGNED_BYTE = 0x08  # the only type of values MNIST has
MAX_AXES = 4


def read_idx(content: bytes | bytearray) -> NDArray[np.uint8]:
    """Read the array an IDX file holds.

    Bytes 0 and 1 are zero, byte 2 is the type of the values, byte 3 the number of axes; then
    the length of each axis as a big-endian uint32, then the values in C order.

    Args:
        content: The whole file, decompressed.

    Returns:
        (*lengths) uint8, read-only, without a copy of the values.

    Raises:
        ValueError: If it is no IDX file of unsigned bytes, or not as long as its header says.
    """
    if len(content) < 4 or content[0] or content[1]:
        raise ValueError("it does not begin as an IDX file")
    kind, axes = content[2], content[3]
    if kind != UNSIGNED_BYTE:
        raise ValueError(f"its values are of type 0x{kind:02x}, expected 0x08, unsigned bytes")
    if not 1 <= axes <= MAX_AXES:
        raise ValueError(f"it has {axes} axes, expected 1 to {MAX_AXES}")
    start = 4 + 4 * axes
    if len(content) < start:
        raise ValueError("its header is cut short")
    lengths = struct.unpack(f">{axes}I", content[4:start])
    values = np.frombuffer(content, np.uint8, offset=start)
    size = int(np.prod([int(length) for length in lengths], dtype=object))  # no overflow
    if len(values) != size:
        raise ValueError(f"it holds {len(values)} values, its header says {size}")
    array = values.reshape(lengths)
    array.setflags(write=False)
    return array
