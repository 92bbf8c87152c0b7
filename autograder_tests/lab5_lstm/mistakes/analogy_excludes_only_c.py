"""Only c is kept from being the answer; a and b are not."""

import numpy as np

CAUGHT_BY = ("analogy_random",)
HINT = "Which three words may never be the answer?"
LECTURE = "lecture 2, Word vectors arithmetic"


def analogy(a: str, b: str, c: str, words: Sequence[str], vectors: Array) -> str:
    places = [words.index(word) for word in (a, b, c)]
    x, y, z = vectors[places]
    scores = vectors @ (y - x + z) / np.linalg.norm(vectors, axis=1)
    scores[places[2]] = -np.inf
    return words[int(np.argmax(scores))]
