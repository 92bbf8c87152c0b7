"""Each word is counted as its own neighbour."""

import numpy as np

CAUGHT_BY = (
    "cooccurrence_lecture2",
    "cooccurrence_windows",
)
HINT = "Is a place next to itself?"
LECTURE = "lecture 2, Co-occurrence matrix"


def cooccurrence(sentences: Sequence[str], window: int = 1) -> tuple[list[str], Labels]:
    tokens = [sentence.replace(".", " . ").split() for sentence in sentences]
    words = list(dict.fromkeys(word for sentence in tokens for word in sentence))
    index = {word: place for place, word in enumerate(words)}
    counts = np.zeros((len(words), len(words)), dtype=np.int64)
    for sentence in tokens:
        for p, word in enumerate(sentence):
            for q, other in enumerate(sentence):
                if abs(p - q) <= window:
                    counts[index[word], index[other]] += 1
    return words, counts
