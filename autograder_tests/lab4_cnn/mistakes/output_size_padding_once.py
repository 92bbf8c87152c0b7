"""output_size adds the padding on one side only."""

CAUGHT_BY = (
    "output_size_worked",
    "output_size_random",
)
HINT = "How many sides does an axis have?"
LECTURE = "lecture 2, 2D convolution"


def output_size(size, kernel, stride, padding):
    room = size + padding - kernel
    if min(size, kernel, stride) < 1 or padding < 0 or room < 0:
        raise ValueError("impossible")
    return room // stride + 1
