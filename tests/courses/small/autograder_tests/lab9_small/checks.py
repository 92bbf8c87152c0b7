"""Hidden checks of lab 9. The SENTINELS stand in hidden inputs or follow from them."""

import numpy as np

from grader.testing import (
    Counted,
    Submission,
    assert_at_least,
    assert_close,
    assert_equal,
    assert_time_ratio,
)

INPUT = 98765.4321
START = 31337.125
BAR = 27182.818


def test_scale_hidden(submission: Submission, rng: np.random.Generator) -> None:
    """Catches mistakes: no_offset, doubled."""
    x = INPUT + rng.normal(size=(3, 5))
    x[0, 0] = INPUT
    assert_close(submission.scale(x), 3.0 * x - 1.0, what="scale(x)")


def test_count_hidden(submission: Submission, rng: np.random.Generator) -> None:
    """Catches mistake: counts_all."""
    x = BAR + rng.normal(size=(101,))
    assert_equal(submission.count_above(x, BAR), int((x > BAR).sum()), what="count_above(x, bar)")


def test_descend_hidden(submission: Submission) -> None:
    """Catches mistake: one_step_short."""
    gradient = Counted(lambda x: 2.0 * (x - START))
    got = submission.descend(gradient, np.array([START + 1.0]), 30)
    assert_close(got, np.array([START + 0.8**30]), rtol=1e-12, what="descend(gradient, x, 30)")
    assert_equal(gradient.count, 30, what="the number of calls of gradient")


def test_fit_accuracy(submission: Submission, rng: np.random.Generator) -> None:
    """Catches mistake: predicts_zero."""
    x = rng.normal(size=(400, 2))
    y = (x @ np.array([1.0, -2.0]) + 0.3 > 0).astype(np.int64)
    weights = submission.fit(x[:200], y[:200])
    got = submission.predict(weights, x[200:])
    is_whole = got.shape == (200,) and got.dtype.kind in "iu"
    accuracy = float(np.mean(got == y[200:])) if is_whole else 0.0
    assert_at_least(accuracy, 0.9, what="accuracy")


def test_distances_value(submission: Submission, rng: np.random.Generator) -> None:
    """Catches mistake: squared_distances."""
    x = rng.normal(size=(7, 3))
    expected = np.sqrt(((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2))
    assert_close(submission.distances(x), expected, what="distances(x)")


def test_distances_time(
    submission: Submission, reference: Submission, rng: np.random.Generator
) -> None:
    """Catches mistake: loops."""
    x = rng.normal(size=(40, 3))
    assert_time_ratio(
        submission, reference, "distances", x, at_most=3.0, fail_above=4.0, what="distances(x)"
    )
