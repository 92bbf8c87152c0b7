"""A convolution's weights leave out the channels of its input."""

CAUGHT_BY = ("vgg16_totals",)
HINT = "A filter looks at all channels at once. How many numbers has it?"
LECTURE = "lecture 2, Example: VGG 16"


_table = vgg16_table


def vgg16_table():
    rows = _table()
    return [(n, s, a, 9 * s[0] if n.startswith("CONV") else w) for n, s, a, w in rows]
