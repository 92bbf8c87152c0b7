"""Hidden checks of lab 9."""

from collections.abc import Mapping

import numpy as np

from grader.testing import (
    Dataset,
    Submission,
    assert_at_least,
    assert_close,
    assert_time_ratio,
    assert_vjp,
)


def test_square_random(submission: Submission, rng: np.random.Generator) -> None:
    """Random squares. Catches mistake: loses_sign."""
    x, covector = rng.normal(size=(3, 5)), rng.normal(size=(3, 5))
    assert_close(submission.square(x), x * x, what="square(x)")
    moved = submission.square(x + 1j * 1e-20 * covector)
    assert_vjp(
        np.square,
        moved.imag / 1e-20 / covector * covector,
        at=x,
        covector=covector,
        rng=rng,
        what="the slope of square at x",
    )


def test_spread_value(submission: Submission, rng: np.random.Generator) -> None:
    """Mean, then variance. Catches mistakes: spread_unbiased, spread_deviation."""
    x = rng.normal(size=7)
    mean, variance = submission.spread(x)
    assert_close(mean, sum(x) / 7, what="spread(x)[0]")
    assert_close(variance, sum((x - sum(x) / 7) ** 2) / 7, what="spread(x)[1]")


def test_total_time(submission: Submission, reference: Submission, seed: int) -> None:
    """At most four times the reference. Catches mistake: total_in_a_loop."""
    x = np.random.default_rng(seed).normal(size=200_000)
    assert_time_ratio(
        submission, reference, "total", x, at_most=4.0, fail_above=5.0, what="total(x)"
    )


def test_digits_accuracy(
    submission: Submission,
    rng: np.random.Generator,
    dataset: Dataset,
    bars: Mapping[str, float],
) -> None:
    """Nearest mean from 300 images. Catches mistake: classify_one_class."""
    chosen = rng.choice(len(dataset.x_train), 300, replace=False)
    x_train = dataset.x_train[chosen].reshape(300, -1).astype(np.float64)
    x_test = dataset.x_test.reshape(len(dataset.x_test), -1).astype(np.float64)
    labels = submission.classify(x_train, dataset.y_train[chosen], x_test)
    accuracy = float(np.mean(labels == dataset.y_test))
    assert_at_least(accuracy, bars["accuracy"], what="accuracy on test digits")
