"""A convolution's weights count its own filters twice, not those of the row above."""

CAUGHT_BY = ("vgg16_totals", "vgg16_rows")
HINT = "Which row tells how many channels come in?"
LECTURE = "lecture 2, Example: VGG 16"


_table = vgg16_table


def vgg16_table():
    rows = _table()
    return [(n, s, a, 9 * s[0] * s[0] if n.startswith("CONV") else w) for n, s, a, w in rows]
