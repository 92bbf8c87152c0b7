"""Lecture 2's formula: the product is divided by the length of the query, but not by the length of the word's vector, so long vectors win."""

import numpy as np

CAUGHT_BY = (
    "analogy_worked",
    "analogy_random",
)
HINT = "A cosine divides by both lengths."
LECTURE = "lecture 2, Word vectors arithmetic"


def analogy(a: str, b: str, c: str, words: Sequence[str], vectors: Array) -> str:
    places = [words.index(word) for word in (a, b, c)]
    x, y, z = vectors[places]
    query = y - x + z
    scores = vectors @ query / np.linalg.norm(query)
    scores[places] = -np.inf
    return words[int(np.argmax(scores))]
