"""Film reviews from a small grammar, with every word replaced by an invented one.

A clause is negated or not and its adjectives are good or bad, each with a chance of one half, so
no single word says anything. Three sentences in five have two clauses of opposite sentiment, and
word order alone says which of them counts. Measured on 1,500 sentences, tested on 600 new ones:
logistic regression on counts of words .53, of words and pairs .61, and triples .64; a network with
32 hidden units on the same counts .66, .77 and .77. The solution's LSTM: 1.00 in 16 of 16 runs.
"""

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]

GOOD = ("funny", "witty", "charming", "clever", "moving", "brilliant")
BAD = ("dull", "boring", "silly", "clumsy", "lifeless", "awful")
SUBJECTS = ("the film", "this movie", "the plot", "the acting", "the story", "the ending")
ADVERBS = ("very", "really", "truly", "so", "that", "particularly")
PLAIN = (
    "{s} was {a}",
    "{s} was {a} and {b}",
    "{s} was always {a}",
    "{s} was both {a} and {b}",
    "everybody found {s} {a}",
    "{s} was {a}",
)
NEGATED = (
    "{s} was not {a}",
    "{s} was not at all {a}",
    "{s} was neither {a} nor {b}",
    "{s} was never {a}",
    "{s} was far from {a}",
    "nobody found {s} {a}",
)
JOINED = (  # {x} has the sentiment of the sentence, {y} the opposite one
    "{x} .",
    "{x} and {z} .",
    "{y} but {x} .",
    "although {y} , {x} .",
    "{x} although {y} .",
)


def _pick(choices: tuple[str, ...], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]


def _clause(good: bool, rng: np.random.Generator) -> str:  # noqa: FBT001  the one thing it says
    negated = bool(rng.integers(2))
    pool = GOOD if good != negated else BAD
    phrases = [
        " ".join([*(_pick(ADVERBS, rng) for _ in range(int(rng.integers(3)))), _pick(pool, rng)])
        for _ in range(2)
    ]
    form = _pick(NEGATED if negated else PLAIN, rng)
    return form.format(s=_pick(SUBJECTS, rng), a=phrases[0], b=phrases[1])


def _review(good: bool, rng: np.random.Generator) -> str:  # noqa: FBT001
    x, y, z = _clause(good, rng), _clause(not good, rng), _clause(good, rng)
    return _pick(JOINED, rng).format(x=x, y=y, z=z)


def draw_reviews(n: int, rng: np.random.Generator) -> tuple[list[str], Labels]:
    """Draw n different sentences and their labels, 1 for good and 0 for bad."""
    reviews: dict[str, int] = {}
    while len(reviews) < n:
        good = bool(rng.integers(2))
        reviews[_review(good, rng)] = int(good)
    return list(reviews), np.array(list(reviews.values()))


def invented(sentences: list[str], rng: np.random.Generator) -> list[str]:
    """Replace each word by one that nobody knows, the same everywhere."""
    words = sorted({word for sentence in sentences for word in sentence.split()})
    new = invented_words(len(words), rng)
    table = dict(zip(words, new, strict=True))
    return [" ".join(table[word] for word in sentence.split()) for sentence in sentences]


def invented_words(n: int, rng: np.random.Generator) -> list[str]:
    """N different words of two or three syllables."""
    found: dict[str, None] = {}
    while len(found) < n:
        syllables = [
            "bdfgklmnprstvz"[int(rng.integers(14))] + "aeiou"[int(rng.integers(5))]
            for _ in range(int(rng.integers(2, 4)))
        ]
        found["".join(syllables)] = None
    return list(found)
