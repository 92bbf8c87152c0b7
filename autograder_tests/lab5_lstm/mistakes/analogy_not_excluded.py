"""The answer may be a word of the question."""

import numpy as np

CAUGHT_BY = (
    "analogy_worked",
    "analogy_random",
)
HINT = "Which word is nearest to b - a + c when a is nearly b?"
LECTURE = "lecture 2, Word vectors arithmetic"


def analogy(a: str, b: str, c: str, words: Sequence[str], vectors: Array) -> str:
    places = [words.index(word) for word in (a, b, c)]
    x, y, z = vectors[places]
    scores = vectors @ (y - x + z) / np.linalg.norm(vectors, axis=1)
    return words[int(np.argmax(scores))]
