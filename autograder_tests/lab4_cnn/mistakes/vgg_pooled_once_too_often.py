"""The shapes of the last stage are pooled once too often."""

CAUGHT_BY = ("vgg16_rows",)
HINT = "How large is the image after four poolings?"
LECTURE = "lecture 2, Example: VGG 16"


_table = vgg16_table


def vgg16_table():
    rows = _table()
    return [(n, (s[0], 7, 7) if s[1] == 14 else s, a, w) for n, s, a, w in rows]
