"""output_size counts a last window that hangs over the end."""

CAUGHT_BY = (
    "output_size_worked",
    "output_size_random",
)
HINT = "Is the last window whole?"
LECTURE = "lecture 2, 2D convolution"


def output_size(size, kernel, stride, padding):
    room = size + 2 * padding - kernel
    if min(size, kernel, stride) < 1 or padding < 0 or room < 0:
        raise ValueError("impossible")
    return -(-room // stride) + 1
