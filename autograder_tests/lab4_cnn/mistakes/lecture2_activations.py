"""The activations add up to the slide's 24 million, which its own rows do not."""

CAUGHT_BY = ("vgg16_totals",)
HINT = "Add up the slide's rows with a calculator: 24 million is not their sum."
LECTURE = "lecture 2, Example: VGG 16"


_table = vgg16_table


def vgg16_table():
    rows = _table()
    total = sum(row[2] for row in rows)
    name, shape, activations, weights = rows[-1]
    return [*rows[:-1], (name, shape, activations + 24_000_000 - total, weights)]
