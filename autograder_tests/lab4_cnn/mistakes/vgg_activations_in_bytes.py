"""The activations are given in bytes."""

CAUGHT_BY = (
    "vgg16_totals",
    "vgg16_rows",
)
HINT = "Numbers, not bytes: 224 * 224 * 64 for the first convolution."
LECTURE = "lecture 2, Example: VGG 16"


_table = vgg16_table


def vgg16_table():
    rows = _table()
    return [(n, s, 4 * a, w) for n, s, a, w in rows]
