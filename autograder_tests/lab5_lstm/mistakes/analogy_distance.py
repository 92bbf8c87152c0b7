"""The nearest vector is taken instead of the one in the nearest direction."""

import numpy as np

CAUGHT_BY = ("analogy_random",)
HINT = "Which word has the largest cosine, and is it the nearest?"
LECTURE = "lecture 2, Word vectors arithmetic"


def analogy(a: str, b: str, c: str, words: Sequence[str], vectors: Array) -> str:
    places = [words.index(word) for word in (a, b, c)]
    x, y, z = vectors[places]
    scores = -np.linalg.norm(vectors - (y - x + z), axis=1)
    scores[places] = -np.inf
    return words[int(np.argmax(scores))]
