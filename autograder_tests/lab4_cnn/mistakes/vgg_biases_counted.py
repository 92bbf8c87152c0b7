"""The biases are counted among the weights: 138,357,544."""

CAUGHT_BY = (
    "vgg16_totals",
    "vgg16_rows",
)
HINT = "The slide's rows have no biases. Does yours for the first convolution say 1,728?"
LECTURE = "lecture 2, Example: VGG 16"


_table = vgg16_table


def vgg16_table():
    rows = _table()
    return [(n, s, a, w + s[0] if w else 0) for n, s, a, w in rows]
