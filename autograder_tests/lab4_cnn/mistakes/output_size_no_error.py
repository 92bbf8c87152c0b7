"""output_size gives 0 or less where no window fits."""

CAUGHT_BY = (
    "output_size_random",
    "output_size_worked",
)
HINT = "Which error does the statement ask for?"
LECTURE = "lecture 2, 2D convolution"


def output_size(size, kernel, stride, padding):
    return (size + 2 * padding - kernel) // max(stride, 1) + 1
