"""The difference is taken the wrong way round: a - b + c."""

import numpy as np

CAUGHT_BY = (
    "analogy_worked",
    "analogy_random",
)
HINT = "king - man + woman: which of the three is subtracted?"
LECTURE = "lecture 2, Word vectors arithmetic"


def analogy(a: str, b: str, c: str, words: Sequence[str], vectors: Array) -> str:
    places = [words.index(word) for word in (a, b, c)]
    x, y, z = vectors[places]
    scores = vectors @ (x - y + z) / np.linalg.norm(vectors, axis=1)
    scores[places] = -np.inf
    return words[int(np.argmax(scores))]
