"""The input has no row."""

CAUGHT_BY = (
    "vgg16_rows",
    "vgg16_totals",
)
HINT = "The slide's first row is the image."
LECTURE = "lecture 2, Example: VGG 16"


_table = vgg16_table


def vgg16_table():
    rows = _table()
    return rows[1:]
