"""Hidden checks of lab 5: counting words, word vectors, analogies."""

import numpy as np
from numpy.typing import NDArray
from oracle_reviews import invented_words

from grader.testing import Submission, assert_close, assert_equal, assert_unchanged

Labels = NDArray[np.int64]


def count_pairs(sentences: list[str], words: list[str], window: int) -> Labels:
    """Every two places of a sentence that are at most `window` apart, by definition."""
    counts = np.zeros((len(words), len(words)), dtype=np.int64)
    for sentence in sentences:
        tokens = sentence.replace(".", " .").split()
        for p, word in enumerate(tokens):
            for q, other in enumerate(tokens):
                if p != q and abs(p - q) <= window:
                    counts[words.index(word), words.index(other)] += 1
    return counts


def test_cooccurrence_windows(submission: Submission, rng: np.random.Generator) -> None:
    """Random sentences, any window, words that stand beside themselves.

    Catches mistakes: cooccurrence_across_sentences, cooccurrence_counts_diagonal,
    cooccurrence_diagonal_cleared, cooccurrence_distance_weighted,
    cooccurrence_full_stop_attached, cooccurrence_full_stop_lost, cooccurrence_lowercase,
    cooccurrence_one_way, cooccurrence_present_or_not, cooccurrence_sorted,
    cooccurrence_window_ignored, cooccurrence_window_too_wide.
    """
    for window, n_words, n_sentences in [(1, 5, 7), (2, 11, 13), (3, 3, 5), (7, 13, 3)]:
        pool = invented_words(n_words, rng)
        pool[0] = pool[0].capitalize()
        sentences = []
        for _ in range(n_sentences):
            places = rng.integers(n_words, size=int(rng.integers(2, 9)))
            sentences.append(" ".join(pool[i] for i in places) + rng.choice(["", "."]))
        sentences.append(f"{pool[1]} {pool[1]} {pool[2]} {pool[1]}.")  # beside itself
        words, counts = submission.cooccurrence(sentences, window)
        tokens = [w for sentence in sentences for w in sentence.replace(".", " .").split()]
        expected = list(dict.fromkeys(tokens))
        assert_equal(words, expected, what="cooccurrence(sentences, window)[0]")
        assert_close(
            counts,
            count_pairs(sentences, expected, window),
            what="cooccurrence(sentences, window)[1]",
            dtype="int64",
            hint="Count on paper for 'so so good.' with a window of 2, in both directions.",
        )


def test_word_vectors_random(submission: Submission, rng: np.random.Generator) -> None:
    """The best approximation of rank k, whatever the signs of the vectors.

    Catches mistakes: word_vectors_centred, word_vectors_eigenvectors, word_vectors_not_scaled,
    word_vectors_right_vectors, word_vectors_rows, word_vectors_smallest, word_vectors_square_root.
    """
    for n, k in [(7, 1), (11, 3), (13, 5), (5, 5)]:
        left, right = (np.linalg.qr(rng.normal(size=(n, n)))[0] for _ in range(2))
        # Singular values well apart: else the best k of them would be a matter of rounding.
        singular = np.sort(rng.uniform(1.0, 2.0, size=n) + 3.0 * np.arange(n))[::-1]
        counts = (left * singular) @ right.T
        vectors = submission.word_vectors(counts, k)
        what = "word_vectors(counts, k)"
        assert_equal(np.shape(vectors), (n, k), what=f"the shape of {what}", hint="A row a word.")
        gram = vectors @ vectors.T if np.shape(vectors) == (n, k) else np.zeros((n, n))
        wanted = (left[:, :k] * singular[:k] ** 2) @ left[:, :k].T
        assert_close(
            gram,
            wanted,
            what=f"v @ v.T for v = {what}",
            hint="Only the signs of the columns are free. Is the counts matrix used as it is?",
        )
        if np.shape(vectors) == (n, k):
            assert_close(
                np.linalg.norm(vectors, axis=0),
                singular[:k],
                what=f"the lengths of the columns of {what}",
                hint="The largest singular value comes first.",
            )
    assert_unchanged(submission, "word_vectors", counts, 3, what=what)


def test_analogy_random(submission: Submission, rng: np.random.Generator) -> None:
    """Planted answers among words that are longer, and among the words of the question.

    Catches mistakes: analogy_distance, analogy_excluded_as_zero, analogy_excludes_only_c,
    analogy_not_excluded, analogy_signs, lecture2_analogy_not_cosine.
    """
    for _ in range(7):
        n, k = 23, 11
        words = invented_words(n, rng)
        vectors = rng.normal(size=(n, k)) * rng.uniform(0.5, 2.0, size=(n, 1))
        a, b, c, answer, long, near = (int(i) for i in rng.permutation(n)[:6])
        vectors[c] = 0.3 * rng.normal(size=k)
        if rng.integers(2):
            vectors[a], vectors[b] = 0.3 * rng.normal(size=k), 2.0 * vectors[b]
        query = vectors[b] - vectors[a] + vectors[c]
        unit = query / np.linalg.norm(query)
        across = rng.normal(size=k)
        across -= (across @ unit) * unit
        across /= np.linalg.norm(across)
        size = np.linalg.norm(query)
        vectors[answer] = 0.2 * size * (unit + 0.2 * across)  # short, cosine 0.981
        vectors[long] = 9.0 * size * (unit + 0.6 * across)  # long, cosine 0.857
        vectors[near] = size * (unit + 0.4 * across)  # near in distance, cosine 0.928
        assert_equal(
            submission.analogy(words[a], words[b], words[c], words, vectors),
            words[answer],
            what="analogy(a, b, c, words, vectors)",
            hint="Print the cosine of b - a + c with every word. Which three are not allowed?",
        )
    vectors = rng.normal(size=(7, 5))
    vectors[3] = -3.0 * (vectors[1] - vectors[0] + vectors[2])
    vectors[4:] = -np.array([[1.0], [2.0], [3.0]]) * (vectors[1] - vectors[0] + vectors[2])
    vectors[5] += 0.3 * np.linalg.norm(vectors[5]) * np.eye(5)[0]
    words = invented_words(7, rng)
    query = vectors[1] - vectors[0] + vectors[2]
    cosines = vectors @ query / np.linalg.norm(vectors, axis=1)
    cosines[:3] = -np.inf
    assert_equal(
        submission.analogy(*words[:3], words, vectors),
        words[int(np.argmax(cosines))],
        what="analogy(a, b, c, words, vectors) when all cosines are negative",
        hint="What do the three words of the question have instead of a cosine?",
    )
