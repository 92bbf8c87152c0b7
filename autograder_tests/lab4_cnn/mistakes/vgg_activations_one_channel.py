"""Activations are counted for one channel only."""

CAUGHT_BY = ("vgg16_totals", "vgg16_rows")
HINT = "How many numbers does the first row, a colour image, hold?"
LECTURE = "lecture 2, Example: VGG 16"


_table = vgg16_table


def vgg16_table():
    rows = _table()
    return [(n, s, s[1] * s[2] if s[1] > 1 else a, w) for n, s, a, w in rows]
