"""Hidden checks of lab 5: the adding problem, and sentences whose word order matters."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from oracle_lab5 import Array, Network, load_random, read_network, state_of
from oracle_reviews import Labels, draw_reviews, invented, invented_words

from grader.testing import (
    Submission,
    Tensor,
    assert_at_least,
    assert_at_most,
    assert_close,
    assert_equal,
    assert_that,
    show_curves,
    show_matrix,
)

LENGTH, BASELINE = 50, 1.0 / 6.0  # always answering 1 has this mean squared error
# Mean training loss of the solution over each 100 steps, seed 1.
REFERENCE_LOSS = (0.1852, 0.17, 0.1674, 0.0985, 0.0037, 0.0014, 0.001, 0.0006, 0.0005, 0.0004)


def draw_adding(rng: np.random.Generator, n: int, length: int) -> tuple[Array, Array]:
    """Sequences of the adding problem (n, length, 2), and the sums (n,)."""
    x, rows, half = np.zeros((n, length, 2), np.float32), np.arange(n), length // 2
    x[..., 0] = rng.random((n, length))
    for low, high in ((0, half), (half, length)):
        x[rows, rng.integers(low, high, size=n), 1] = 1.0
    return x, (x[..., 0] * x[..., 1]).sum(axis=1)


def read_adder(submission: Submission, model: Any) -> Network:
    """The arrays of an LSTM with one output and any number of units; zeros if there is none."""
    shapes = [array.shape for array in state_of(submission, model).values()]
    rows = [s[1] for s in shapes if len(s) == 2 and s[0] == 4 * s[1] and s[1] > 2]
    sizes = (2, rows[0] if rows else 32, 1)
    return read_network(submission, model, sizes, what="the model that fit_adding returns")


def test_adding_predict(submission: Submission, rng: np.random.Generator) -> None:
    """One number a sequence, from any classifier with one output.

    Catches mistakes: predict_adding_class, predict_adding_column,
    predict_adding_knows_the_rule, predict_adding_sigmoid.
    """
    for hidden, n, time in [(7, 11, 5), (5, 1, 23)]:
        model = submission.build_lstm_classifier(2, hidden, 1)
        load_random(submission, model, rng, 0.5)
        network = read_network(
            submission, model, (2, hidden, 1), what=f"build_lstm_classifier(2, {hidden}, 1)"
        )
        x, _ = draw_adding(rng, n, time)
        assert_close(
            submission.predict_adding(model, Tensor(x)),
            network.logits(x)[:, 0],
            what="predict_adding(build_lstm_classifier(2, hidden, 1), x)",
            rtol=1e-3,  # float32
            atol=1e-5,
            dtype="floating",
            hint="(n,), not (n, 1); what the model gives, unchanged.",
        )


def test_adding_solved(
    submission: Submission, rng: np.random.Generator, bars: Mapping[str, float], device: str
) -> None:
    """Two numbers remembered over 50 steps; our own forward pass judges the weights.

    Solution, 10 seeds: see lab.toml; 4 CPU s. A plain RNN stays at 0.16.

    Catches mistakes: adding_hundred_steps, adding_plain_rnn, adding_short_sequences.
    """
    model, losses = submission.fit_adding(LENGTH, seed=int(rng.integers(2**31)), device=device)
    network = read_adder(submission, model)
    x, wanted = draw_adding(rng, 2000, LENGTH)
    error = float(np.mean((network.logits(x)[:, 0] - wanted) ** 2))
    smooth = [float(np.mean(losses[i : i + 100])) for i in range(0, len(losses), 100)]
    show_curves(
        "adding problem, 50 steps",
        {
            "yours": smooth,
            "reference": REFERENCE_LOSS,
            "always answering 1": [BASELINE] * max(2, len(smooth)),
        },
        x="hundreds of steps",
        y="training loss",
    )
    assert_at_most(
        error,
        bars["adding_mse"],
        what="mean squared error of the adding problem with 50 steps",
        hint="Print the loss every 100 steps. It stays near 1/6 for a while before it falls.",
    )


def test_sentiment_form(submission: Submission, rng: np.random.Generator) -> None:
    """A prediction depends on its sentence alone: not on its neighbours, nor on earlier calls.

    The labels are random, so predictions are close calls and small differences show.

    Catches mistakes: sentiment_booleans, sentiment_padding_read, sentiment_seed_ignored,
    sentiment_sorted_by_length, sentiment_unknown_word_fails.
    """
    words = invented_words(12, rng)

    def sentences(n: int, pool: list[str]) -> list[str]:
        lengths = rng.integers(1, 12, size=n)
        return [" ".join(rng.choice(pool, size=int(length))) for length in lengths]

    train, labels = sentences(40, words), rng.integers(2, size=40)
    labels[:2] = [0, 1]
    new = sentences(60, words)
    seed = int(rng.integers(2**31))
    model = submission.fit_sentiment(train, labels, seed=seed)
    together = submission.predict_sentiment(model, new)
    what = "predict_sentiment(model, sentences)"
    assert_equal(np.shape(together), (60,), what=f"the shape of {what}")
    assert_equal(str(together.dtype), "int64", what=f"the dtype of {what}")
    binary = bool(np.isin(together, [0, 1]).all())
    assert_that(binary, f"{what} gives something other than 0 and 1.", shows=binary)
    alone = [submission.predict_sentiment(model, [sentence]).ravel()[:1] for sentence in new[:30]]
    assert_equal(
        np.concatenate(alone),
        together[:30],
        what=f"{what}, each sentence alone,",
        hint="Sentences of a batch have different lengths. Is the padding read?",
    )
    order = rng.permutation(60)
    assert_equal(
        submission.predict_sentiment(model, [new[i] for i in order]),
        together[order],
        what=f"{what}, the sentences in another order,",
        hint="Are the answers in the order of the questions?",
    )
    strange = sentences(7, [*words, "never-seen-before", "nor-this"])
    assert_equal(
        np.shape(submission.predict_sentiment(model, strange)),
        (7,),
        what=f"the shape of {what} for sentences with words that were not in training",
        hint="A word without a number of its own can share one with all other unknown words.",
    )
    again = submission.fit_sentiment(train, labels, seed=seed)
    assert_equal(
        submission.predict_sentiment(again, new),
        together,
        what=f"{what} of a second model with the same seed",
        hint="All randomness comes from seed: the starting weights and the order of the sentences.",
    )


def test_sentiment_negation(
    submission: Submission, rng: np.random.Generator, bars: Mapping[str, float], device: str
) -> None:
    """New sentences from the grammar of oracle_reviews, all words invented.

    No word says anything on its own: the best of six bags of words, pairs and triples, linear or
    not, reaches 0.77. Solution: 1.00 in 16 of 16 runs, 1.6 CPU s.

    Catches mistake: sentiment_bag_of_words.
    """
    reviews, labels = draw_reviews(2100, rng)
    sentences = invented(reviews, rng)
    seed = int(rng.integers(2**31))
    model = submission.fit_sentiment(sentences[:1500], labels[:1500], seed=seed, device=device)
    predicted = submission.predict_sentiment(model, sentences[1500:])
    truth = labels[1500:]
    is_usable = np.shape(predicted) == truth.shape
    share = float(np.mean(np.asarray(predicted) == truth)) if is_usable else 0.0
    if is_usable:
        show_confusion(predicted, truth)
    assert_at_least(
        share,
        bars["sentiment"],
        what="accuracy on 600 new sentences with negation",
        hint="'dull but funny' and 'funny but dull' hold the same words. What tells them apart?",
    )


def show_confusion(predicted: Labels, truth: Labels) -> None:
    """Lay out which sentiment was taken for which."""
    table = [[int(np.sum((truth == t) & (predicted == p))) for p in (0, 1)] for t in (0, 1)]
    show_matrix("bad (0) and good (1) reviews", table)
