"""The first fully connected layer counts one input a channel: it forgets the 7 by 7 pixels of each."""

CAUGHT_BY = ("vgg16_totals", "vgg16_rows")
HINT = "How many numbers leave the last pooling, and how many of them does each unit see?"
LECTURE = "lecture 2, Example: VGG 16"


_table = vgg16_table


def vgg16_table():
    rows = _table()
    return [(n, s, a, 512 * 4096 if w == 25088 * 4096 else w) for n, s, a, w in rows]
