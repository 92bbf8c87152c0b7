"""A convolution's weights count one number a pair of channels instead of nine."""

CAUGHT_BY = ("vgg16_totals", "vgg16_rows")
HINT = "How many pixels of each channel does a 3 by 3 filter look at?"
LECTURE = "lecture 2, Example: VGG 16"


_table = vgg16_table


def vgg16_table():
    rows = _table()
    return [(n, s, a, w // 9 if n.startswith("CONV") else w) for n, s, a, w in rows]
