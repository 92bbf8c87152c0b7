"""The IDX reader: what a header says is what there must be."""

import numpy as np
import pytest
from mirror import idx

from grader.idx import read_idx


@pytest.mark.parametrize("shape", [(5,), (0,), (3, 4), (2, 3, 4), (2, 1, 3, 2)])
def test_array_comes_back(shape: tuple[int, ...]) -> None:
    array = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)

    found = read_idx(idx(array))

    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found, array, strict=True)
    assert not found.flags.writeable


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "it does not begin as an IDX file"),
        (b"\0\0\x08", "it does not begin as an IDX file"),
        (b"\x1f\x8b\x08\x01", "it does not begin as an IDX file"),
        (b"\0\0\x0d\x01" + bytes(4), "its values are of type 0x0d, expected 0x08, unsigned bytes"),
        (b"\0\0\x08\x00", "it has 0 axes, expected 1 to 4"),
        (b"\0\0\x08\x05" + bytes(20), "it has 5 axes, expected 1 to 4"),
        (b"\0\0\x08\x02" + bytes(7), "its header is cut short"),
        (idx(np.zeros(9, np.uint8))[:-1], "it holds 8 values, its header says 9"),
        (idx(np.zeros(9, np.uint8)) + b"\0", "it holds 10 values, its header says 9"),
        (b"\0\0\x08\x03" + b"\xff" * 12, f"it holds 0 values, its header says {(2**32 - 1) ** 3}"),
    ],
)
def test_what_is_no_idx_file_is_refused(content: bytes, text: str) -> None:
    with pytest.raises(ValueError, match=rf"^{text}$"):
        read_idx(content)
