"""The words of the question get cosine 0, which wins when all others are negative."""

import numpy as np

CAUGHT_BY = ("analogy_random",)
HINT = "Which number is smaller than every cosine?"
LECTURE = "lecture 2, Word vectors arithmetic"


def analogy(a: str, b: str, c: str, words: Sequence[str], vectors: Array) -> str:
    places = [words.index(word) for word in (a, b, c)]
    x, y, z = vectors[places]
    scores = vectors @ (y - x + z) / np.linalg.norm(vectors, axis=1)
    scores[places] = 0.0
    return words[int(np.argmax(scores))]
