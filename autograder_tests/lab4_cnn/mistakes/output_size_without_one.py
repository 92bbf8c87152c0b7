"""output_size counts the steps instead of the positions."""

CAUGHT_BY = ("output_size_worked",)
HINT = "How many positions are there if the window cannot make a single step?"
LECTURE = "lecture 2, 2D convolution"


def output_size(size, kernel, stride, padding):
    room = size + 2 * padding - kernel
    if min(size, kernel, stride) < 1 or padding < 0 or room < 0:
        raise ValueError("impossible")
    return room // stride
