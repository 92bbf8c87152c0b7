"""Hidden checks of lab 1: minibatches and stochastic gradient descent."""

import itertools
from collections.abc import Sequence

import numpy as np
from oracle_lab1 import FLOAT32, Array

from grader.testing import (
    Submission,
    assert_at_most,
    assert_close,
    assert_rng_untouched,
    assert_statistic,
    assert_that,
    assert_time_ratio,
    assert_unchanged,
)


def test_minibatches_order(submission: Submission, rng: np.random.Generator) -> None:
    """The order is random, all of it, and comes from the generator that is passed.

    In a random order of n indices the first batch has the mean of all of them, and (n - 1) / n
    times an index is followed by the next one (nearly Poisson, so its variance is the same). A
    correct answer fails about once in a million runs.

    Catches mistakes: not_shuffled, batches_shuffled_only, shuffled_inside_batches,
    global_generator, seed_of_its_own, generator_of_its_own.
    """
    n, size, calls = 31, 7, 40
    generators = [np.random.default_rng(rng.integers(2**32)) for _ in range(calls)]
    what = "minibatches(n, batch_size, rng)"
    orders, firsts = [], []
    for generator in generators:
        batches = submission.minibatches(n, size, generator)
        indices = np.concatenate([np.zeros(0, np.int64), *(batch.ravel() for batch in batches)])
        orders.append(indices)
        firsts.append(float(indices[:size].mean()) if indices.size else np.nan)
    is_complete = all(np.array_equal(np.sort(order), np.arange(n)) for order in orders)
    assert_that(is_complete, f"{what} should hold every index once.")
    again = submission.minibatches(n, size, generators[0])
    assert_that(
        np.array_equal(np.concatenate([np.zeros(0, np.int64), *again]), orders[0]),
        f"{what} should give the same batches for the same state of rng.",
        hint="Is rng the only thing that decides on the order?",
    )
    assert_that(
        len({order.tobytes() for order in orders}) > 1,
        f"{what} gives the same order for every state of rng.",
        hint="Is it the rng that was passed that decides on the order?",
    )
    assert_rng_untouched(submission, "minibatches", n, size, generators[0], what=what)
    assert_statistic(
        float(np.mean(firsts)),
        (n - 1) / 2,
        standard_error=float(np.sqrt((n + 1) * (n - size) / 12 / size / calls)),
        what=f"the mean index in the first batch of {what}",
        hint="Can every index come into the first batch?",
    )
    assert_statistic(
        float(np.mean([np.count_nonzero(np.diff(order) == 1) for order in orders])),
        (n - 1) / n,
        standard_error=float(np.sqrt((n - 1) / n / calls)),
        false_fail=1e-9,  # by the normal; 3e-8 by Poisson
        what=f"how often an index is followed by the next one in {what}",
        hint="Are the samples shuffled, or only the batches?",
    )


def with_ones(x: Array) -> Array:
    """Inputs with a column of ones for the bias, (N, d + 1)."""
    return np.column_stack([x, np.ones(len(x))])


def whole_batch_steps(x: Array, y: Array, learning_rate: float, steps: int) -> Array:
    """Weights and bias after steps on all samples at once: what is left shrinks by a power."""
    inputs = with_ones(x)
    values, axes = np.linalg.eigh(inputs.T @ inputs / len(x))
    slope = axes.T @ (inputs.T @ y / len(x))
    # The difference loses digits for a small value, but 1e-6 would still leave ten of them.
    return axes @ (slope * (1.0 - (1.0 - learning_rate * values) ** steps) / values)


def test_sgd_steps(submission: Submission, rng: np.random.Generator) -> None:
    """Where the order cannot matter, the weights after a few steps are known exactly.

    Either all samples are in one batch, or all samples are the same, which counts the steps.

    Catches mistakes: divides_by_batch_size, gradient_summed, gradient_doubled, bias_not_learned,
    one_step_per_epoch, bias_after_weights, bias_summed, random_first_weights, solved_at_once,
    targets_broadcast, one_epoch_only, errors_lost_their_sign, last_batch_dropped.
    """
    what = "sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng)"
    x, y = rng.uniform(-1.0, 1.0, size=(7, 2)), rng.normal(size=7)
    for size, epochs in ((7, 1), (7, 5), (11, 3)):
        weights, bias = submission.sgd_linear_regression(x, y, 0.3, epochs, size, rng)
        assert_close(
            np.append(weights, bias),
            whole_batch_steps(x, y, 0.3, epochs),
            what=f"weights and bias of {what} with all samples in one batch",
        )
    for samples, d, size, epochs in ((7, 3, 3, 2), (5, 1, 1, 1), (1, 2, 1, 4), (11, 2, 4, 3)):
        row, target = rng.uniform(-1.0, 1.0, size=d), float(rng.uniform(1.0, 2.0))
        x, y = np.tile(row, (samples, 1)), np.full(samples, target)
        weights, bias = submission.sgd_linear_regression(x, y, 0.1, epochs, size, rng)
        steps = epochs * -(-samples // size)
        length = 1.0 + row @ row
        share = target * (1.0 - (1.0 - 0.1 * length) ** steps) / length
        assert_close(
            np.append(weights, bias),
            share * np.append(row, 1.0),
            what=f"weights and bias of {what} with equal samples",
            hint="Count the steps: what happens with a last batch that is short?",
        )
    x = rng.uniform(-1.0, 1.0, size=(7, 3)).astype(np.float32)
    y = rng.uniform(-1.0, 1.0, size=7).astype(np.float32)
    weights, bias = submission.sgd_linear_regression(x, y, 0.3, 2, 7, rng)
    assert_close(
        np.append(weights, bias),
        whole_batch_steps(x.astype(np.float64), y.astype(np.float64), 0.3, 2),
        what=f"weights and bias of {what} of float32",
        **FLOAT32,
    )
    args = rng.normal(size=(5, 2)), rng.normal(size=5), 0.1, 2, 3, rng
    assert_unchanged(submission, "sgd_linear_regression", *args, what=what)


def all_outcomes(
    x: Array,
    y: Array,
    learning_rate: float,
    epochs: int,
    epoch_orders: Sequence[Sequence[list[int]]],
) -> Array:
    """(outcomes, d + 1): weights and bias after every possible sequence of epochs.

    Each step is the affine map theta -> (1 - rate H) theta + rate b, kept as one square matrix.
    """
    inputs = with_ones(x)
    size = inputs.shape[1]
    maps: dict[tuple[int, ...], Array] = {}
    for batch in {tuple(batch) for order in epoch_orders for batch in order}:
        rows, target = inputs[list(batch)], y[list(batch)]
        step = np.eye(size + 1)
        step[:size, :size] -= learning_rate * rows.T @ rows / len(batch)
        step[:size, size] = learning_rate * rows.T @ target / len(batch)
        maps[batch] = step
    an_epoch = []
    for order in epoch_orders:
        whole = np.eye(size + 1)
        for batch in order:
            whole = maps[tuple(batch)] @ whole
        an_epoch.append(whole)
    outcomes = []
    for choice in itertools.product(an_epoch, repeat=epochs):
        whole = np.eye(size + 1)
        for epoch in choice:
            whole = epoch @ whole
        outcomes.append(whole[:size, size])
    return np.array(outcomes)


def test_sgd_order(submission: Submission, rng: np.random.Generator) -> None:
    """With two or three samples all orders can be listed: each run is one of them, and they vary.

    16 orders of two samples over four epochs, 14 of which change from epoch to epoch. The chance
    that a correct answer shows none of these in 14 runs is (1/8)**14 = 2e-13.

    Catches mistakes: not_shuffled, shuffled_once, divides_by_batch_size, last_batch_dropped,
    drawn_with_replacement, seed_of_its_own, gradient_summed, gradient_doubled, bias_summed,
    bias_after_weights, one_step_per_epoch, solved_at_once.
    """
    what = "sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng)"
    x = np.array([[1.0], [-0.5]]) * rng.uniform(0.9, 1.1)
    y = np.array([1.0, 2.0]) * rng.uniform(0.9, 1.1)
    outcomes = all_outcomes(x, y, 0.4, 4, [[[0], [1]], [[1], [0]]])
    found = np.array([run_of(submission, x, y, (0.4, 4, 1), rng) for _ in range(14)])
    nearest = np.abs(found[:, None] - outcomes).max(axis=2).argmin(axis=1)
    assert_that(
        np.any(nearest != nearest[0]),
        f"{what} goes through the samples in the same order whatever rng is.",
        hint="Print the indices of each batch, for two different generators.",
    )
    assert_that(
        np.any((nearest != 0) & (nearest != len(outcomes) - 1)),
        f"{what} goes through the samples in the same order in every epoch.",
        hint="Print the indices of each batch for two epochs.",
    )
    assert_close(found, outcomes[nearest], what=f"weights and bias of {what} of two samples")
    x = np.array([[1.0], [-0.5], [0.2]]) * rng.uniform(0.9, 1.1)
    y = np.array([1.0, 2.0, -1.5]) * rng.uniform(0.9, 1.1)
    outcomes = all_outcomes(x, y, 0.4, 2, [[[0, 1], [2]], [[0, 2], [1]], [[1, 2], [0]]])
    found = np.array([run_of(submission, x, y, (0.4, 2, 2), rng) for _ in range(5)])
    nearest = np.abs(found[:, None] - outcomes).max(axis=2).argmin(axis=1)
    assert_close(
        found,
        outcomes[nearest],
        what=f"weights and bias of {what} of three samples in batches of two",
        hint="The last batch holds one sample. Is its gradient a mean over one sample?",
    )
    orders = [[[a], [b], [c]] for a, b, c in itertools.permutations(range(3))]
    outcomes = all_outcomes(x, y, 0.4, 1, orders)
    found = np.array([run_of(submission, x, y, (0.4, 1, 1), rng) for _ in range(100)])
    nearest = np.abs(found[:, None] - outcomes).max(axis=2).argmin(axis=1)
    assert_that(  # a correct answer misses one of the six with probability 6 * (5/6)**100 = 7e-8
        len(set(nearest.tolist())) == len(orders),
        f"{what} never goes through three samples in some of their orders.",
        hint="How many orders of three samples are there? Is each of them possible?",
    )
    generator = np.random.default_rng(rng.integers(2**32))
    args = x, y, 0.4, 2, 2, generator
    assert_rng_untouched(submission, "sgd_linear_regression", *args, what=what)
    first, again = (submission.sgd_linear_regression(x, y, 0.4, 8, 1, generator) for _ in range(2))
    assert_close(  # the generator arrives in the same state both times; 6**8 orders
        again[0],
        first[0],
        what=f"the weights of {what}, twice with equal generators,",
        hint="Where does the randomness come from, besides rng?",
    )


def run_of(
    submission: Submission,
    x: Array,
    y: Array,
    settings: tuple[float, int, int],
    rng: np.random.Generator,
) -> Array:
    """Weights and bias (d + 1,) of a run with a generator of its own."""
    generator = np.random.default_rng(rng.integers(2**32))
    weights, bias = submission.sgd_linear_regression(x, y, *settings, generator)
    return np.append(np.resize(weights, x.shape[1]), bias)


def test_sgd_least_squares(submission: Submission, rng: np.random.Generator) -> None:
    """With noise: whole batches reach the least-squares solution, small ones come near it.

    Catches mistakes: bias_not_learned, targets_broadcast, one_epoch_only.
    """
    what = "sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng)"
    x = rng.uniform(-1.0, 1.0, size=(53, 3))
    y = x @ rng.uniform(1.0, 3.0, size=3) - 2.0 + 0.3 * rng.normal(size=53)
    best = np.linalg.lstsq(with_ones(x), y, rcond=None)[0]
    weights, bias = submission.sgd_linear_regression(x, y, 0.8, 300, 53, rng)
    assert_close(
        np.append(weights, bias),
        best,
        what=f"weights and bias of {what} with all samples in one batch",
    )
    weights, bias = submission.sgd_linear_regression(x, y, 0.03, 250, 7, rng)
    assert_at_most(
        float(np.abs(np.append(np.resize(weights, 3), bias) - best).max()),
        0.05,  # of 4,000 correct runs the farthest was 0.013 away, the mean 0.0045
        what=f"distance of {what} from the least-squares solution, with small batches",
    )


def test_sgd_time(submission: Submission, reference: Submission, rng: np.random.Generator) -> None:
    """A batch is one matrix product: batches of 101 in a loop over samples cost 20 times as much.

    Catches mistake: loop_over_samples.
    """
    x = rng.normal(size=(505, 7))
    y = x @ rng.normal(size=7) + rng.normal(size=505)

    def verify(got: tuple[Array, float], _: object, x: Array, y: Array, *rest: object) -> bool:
        """Whether the timed answer is near the least-squares one, at which the loss is least."""
        columns = np.column_stack([x, np.ones(len(x))])
        best = columns @ np.linalg.lstsq(columns, y)[0]
        weights, bias = got
        if weights.shape != (7,):
            return False
        return bool(np.mean((x @ weights + bias - y) ** 2) < 1.2 * np.mean((best - y) ** 2))

    assert_time_ratio(
        submission,
        reference,
        "sgd_linear_regression",
        *(x, y, 0.01, 100, 101, rng),
        verify=verify,
        at_most=4.0,
        fail_above=8.0,  # a matrix product that is written awkwardly costs 3
        what="sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng)",
        hint="The errors of a whole batch are one product of a matrix and a vector.",
    )
