"""Hidden checks of lab 1. One function per rubric line, named test_<check id>.

The oracles are closed forms (powers, unrolled sums, lists of all possible outcomes), never the
recursions that students write.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.testing import (
    Axes,
    Counted,
    Submission,
    assert_at_most,
    assert_close,
    assert_equal,
    assert_not_aliased,
    assert_rng_untouched,
    assert_statistic,
    assert_that,
    assert_time_ratio,
    assert_unchanged,
)

Array = NDArray[np.float64]

# For float32 input: a float64 path may still have been computed in float32. See CALIBRATION.
FLOAT32 = {"rtol": 1e-3, "atol": 1e-4, "dtype": "floating"}


# Oracles and inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Quadratic:
    """f(x) = 1/2 (x - centre)' A (x - centre) with A = axes diag(curvatures) axes'."""

    curvatures: Array  # (n,)
    axes: Array  # (n, n) orthogonal, one axis a column
    centre: Array  # (n,)

    def slope(self, x: Array) -> Array:
        """Gradient in the precision of x."""
        point = np.asarray(x)
        away = point.reshape(-1) - self.centre
        grad = self.axes @ (self.curvatures * (self.axes.T @ away))
        kind = point.dtype if point.dtype.kind == "f" else np.float64
        return grad.reshape(point.shape).astype(kind)

    def path(self, start: Array, factors: Array) -> Array:
        """(steps + 1, *shape): factors (steps + 1, n) tell what is left along each axis."""
        away = self.axes.T @ (np.reshape(start, -1) - self.centre)
        return (self.centre + (factors * away) @ self.axes.T).reshape(-1, *np.shape(start))


def draw_quadratic(rng: np.random.Generator, size: int, condition: float) -> Quadratic:
    """A rotated bowl whose steepest axis has curvature 1 and whose flattest 1 / condition."""
    axes, _ = np.linalg.qr(rng.normal(size=(size, size)))
    curvatures = np.geomspace(1.0, 1.0 / condition, size)
    return Quadratic(curvatures=curvatures, axes=axes, centre=rng.normal(size=size))


def parabola() -> Quadratic:
    """X squared."""
    return Quadratic(curvatures=np.array([2.0]), axes=np.eye(1), centre=np.zeros(1))


def descent_factors(curvatures: Array, learning_rate: float, steps: int) -> Array:
    """What gradient descent leaves along each axis: (1 - learning_rate * curvature) ** k."""
    return (1.0 - learning_rate * curvatures) ** np.arange(steps + 1)[:, None]


def momentum_factors(curvatures: Array, learning_rate: float, momentum: float, steps: int) -> Array:
    """The same with momentum: powers of the 2x2 matrix that takes (x, delta) one step further."""
    factors = np.empty((steps + 1, len(curvatures)))
    for column, curvature in enumerate(curvatures):
        pull = (1.0 - momentum) * curvature
        one_step = np.array(
            [[1.0 - learning_rate * pull, -learning_rate * momentum], [pull, momentum]]
        )
        powers = [np.linalg.matrix_power(one_step, k)[0, 0] for k in range(steps + 1)]
        factors[:, column] = powers
    return factors


def decayed_sum(values: Sequence[Array], before: Array, decay: float) -> Array:
    """Moving average after the last value, unrolled into one sum."""
    count = len(values)
    fresh = [(1.0 - decay) * decay ** (count - 1 - k) * value for k, value in enumerate(values)]
    return np.sum(fresh, axis=0) + decay**count * before


def points_of(counted: Counted) -> Array:
    """The points at which a gradient was asked for, one a row; empty if they differ in shape."""
    points = [np.asarray(args[0]) for args in counted.calls]
    is_alike = len({point.shape for point in points}) == 1
    return np.array(points) if is_alike else np.zeros(0)


# The parabola


def test_grid_gaps(submission: Submission, rng: np.random.Generator) -> None:
    """Gaps that are not exact in binary, where adding them up stops early or late.

    Catches mistakes: grid_one_too_many, grid_count_cut_off, grid_end_missing, grid_wrong_gap.
    """
    cases = [(1.0, 1.3, 0.1, 3), (0.0, 0.3, 0.1, 3), (2.0, 5.0, 0.3, 10), (-1.0, 1.0, 0.05, 40)]
    for gap in (0.1, 0.3, 0.07, 1.7):
        low, count = float(rng.integers(-9, 9)), int(rng.integers(2, 97))
        cases.append((low, low + count * gap, gap, count))
    for low, high, gap, count in cases:
        assert_close(
            submission.grid(low, high, gap),
            low + np.arange(count + 1) * ((high - low) / count),
            what="grid(low, high, gap)",
        )


def test_square_any_shape(submission: Submission, rng: np.random.Generator) -> None:
    """Any shape, large and small values, float32; the input is left alone.

    Catches mistakes: square_in_place, slope_without_two, slope_by_forward_difference.
    """
    for shape in ((7,), (1,), (3, 5), (2, 3, 5)):
        x = rng.normal(size=shape) * 10.0 ** rng.integers(-3, 4)
        assert_close(submission.square(x), np.abs(x) ** 2, what="square(x)")
        assert_close(submission.square_grad(x), x + x, what="square_grad(x)")
    number = float(rng.normal())
    assert_close(submission.square(number), np.array(number**2), what="square(x) of a number")
    assert_close(
        submission.square_grad(number), np.array(number + number), what="square_grad(x) of a number"
    )
    x = np.array([-1e100, 1e-100, 1e100])
    assert_close(submission.square(x) / 1e200, np.array([1.0, 0.0, 1.0]), what="square(x)")
    x = rng.normal(size=11).astype(np.float32)
    exact = x.astype(np.float64)
    assert_close(submission.square(x), exact**2, what="square(x) of float32", **FLOAT32)
    assert_close(
        submission.square_grad(x), exact + exact, what="square_grad(x) of float32", **FLOAT32
    )
    for name in ("square", "square_grad"):
        x = rng.normal(size=7)
        assert_unchanged(submission, name, x, what=f"{name}(x)")
        assert_not_aliased(submission, name, x, what=f"{name}(x)")


# Paths


def test_descent_closed_form(submission: Submission, rng: np.random.Generator) -> None:
    """On a quadratic each axis shrinks by a power, however steep, flat or rotated it is.

    Catches mistakes: ascends, only_last_point, path_misses_start, gradient_of_the_start,
    one_step_too_few, unit_steps, gradient_ignored.
    """
    for learning_rate in (0.03, 0.3, 0.5, 0.8, 1.0, 1.1, -0.2):
        start = float(rng.uniform(1.0, 10.0) * rng.choice([-1.0, 1.0]))
        assert_close(
            submission.gradient_descent(parabola().slope, start, learning_rate, 13),
            start * (1.0 - 2.0 * learning_rate) ** np.arange(14),
            what="gradient_descent(square_grad, start, learning_rate, steps)",
        )
    for shape, condition, learning_rate in (
        ((5,), 10.0, 0.7),
        ((11,), 1e6, 1.9),
        ((2, 3), 3.0, 1.2),
    ):
        bowl = draw_quadratic(rng, int(np.prod(shape)), condition)
        start = rng.normal(size=shape)
        assert_close(
            submission.gradient_descent(bowl.slope, start, learning_rate, 29),
            bowl.path(start, descent_factors(bowl.curvatures, learning_rate, 29)),
            what="gradient_descent(grad, start, learning_rate, steps) on a quadratic",
        )
    start = rng.normal(size=3)
    assert_close(
        submission.gradient_descent(np.sign, start, 0.1, 0),
        start[None],
        what="gradient_descent(grad, start, learning_rate, steps=0)",
    )
    bowl, start = draw_quadratic(rng, 3, 2.0), rng.normal(size=3).astype(np.float32)
    assert_close(
        submission.gradient_descent(bowl.slope, start, 0.5, 7),
        bowl.path(start, descent_factors(bowl.curvatures, 0.5, 7)),
        what="gradient_descent(grad, start, learning_rate, steps) from a float32 start",
        **FLOAT32,
    )


def test_descent_calls(submission: Submission, rng: np.random.Generator) -> None:
    """One gradient for each step, taken where the path stands; the start is left alone.

    Catches mistakes: gradient_twice, gradient_after_the_end, stops_when_flat,
    start_moves_along, gradient_of_the_start, gradient_ignored.
    """
    what = "gradient_descent(grad, start, learning_rate, steps)"
    for start, steps in ((rng.uniform(0.5, 1.0, size=3), 7), (np.zeros(2), 5), (0.8, 11)):
        wave = Counted(np.sin)
        path = submission.gradient_descent(wave, start, 0.4, steps)
        assert_equal(wave.count, steps, what=f"the number of calls of grad in {what}")
        assert_equal(path.shape, (steps + 1, *np.shape(start)), what=f"the shape of {what}")
        assert_close(
            points_of(wave), path[:-1], what=f"the points at which {what} calls grad", dtype="any"
        )
        assert_close(
            path[1:], path[:-1] - 0.4 * np.sin(path[:-1]), what=f"{what}[1:] for another grad"
        )
    unused = Counted(np.cos)
    submission.gradient_descent(unused, 1.0, 0.1, 0)
    assert_equal(unused.count, 0, what="the number of calls of grad in gradient_descent of 0 steps")
    start = rng.normal(size=5)
    assert_unchanged(submission, "gradient_descent", np.cos, start, 0.1, 3, what=what)
    assert_not_aliased(submission, "gradient_descent", np.cos, start, 0.1, 3, what=what)


def test_momentum_closed_form(submission: Submission, rng: np.random.Generator) -> None:
    """On a quadratic x and delta follow the powers of a 2x2 matrix along each axis.

    Catches mistakes: classical_momentum, momentum_weights_swapped, momentum_starts_at_gradient,
    momentum_late_by_one, nesterov_momentum, momentum_not_carried, momentum_start_moves_along.
    """
    what = "momentum_descent(grad, start, learning_rate, momentum, steps)"
    for shape, condition, learning_rate, momentum in (
        ((), 1.0, 0.3, 0.9),
        ((1,), 1.0, 1.5, 0.0),
        ((5,), 1e4, 1.7, 0.99),
        ((2, 3), 10.0, 0.9, 0.6),
    ):
        bowl = draw_quadratic(rng, int(np.prod(shape)), condition)
        start = rng.normal(size=shape) if shape else float(rng.normal())
        slope = Counted(bowl.slope)
        factors = momentum_factors(bowl.curvatures, learning_rate, momentum, 23)
        path = submission.momentum_descent(slope, start, learning_rate, momentum, 23)
        assert_close(path, bowl.path(start, factors), what=what)
        assert_equal(slope.count, 23, what=f"the number of calls of grad in {what}")
    start = rng.normal(size=3)
    assert_close(
        submission.momentum_descent(np.sign, start, 0.1, 0.9, 0),
        start[None],
        what=f"{what}, steps=0,",
    )
    bowl, start = draw_quadratic(rng, 3, 2.0), rng.normal(size=3).astype(np.float32)
    assert_close(
        submission.momentum_descent(bowl.slope, start, 0.5, 0.8, 7),
        bowl.path(start, momentum_factors(bowl.curvatures, 0.5, 0.8, 7)),
        what=f"{what} from a float32 start",
        **FLOAT32,
    )
    start = rng.normal(size=5)
    assert_unchanged(submission, "momentum_descent", np.cos, start, 0.1, 0.5, 3, what=what)
    assert_not_aliased(submission, "momentum_descent", np.cos, start, 0.1, 0.5, 3, what=what)


def test_behaviour_borders(submission: Submission, rng: np.random.Generator) -> None:
    """Every word, on both sides of every border (0.001 away, far beyond any tolerance).

    Catches mistakes: half_converges, one_diverges, one_oscillates, negative_converges,
    steep_side_diverges, slope_taken_as_x.
    """
    cases = [(0.5, "one step"), (1.0, "cycles"), (0.499, "converges"), (0.501, "oscillates")]
    cases += [(0.999, "oscillates"), (1.001, "diverges"), (0.001, "converges")]
    cases += [(-0.001, "diverges"), (-0.7, "diverges"), (-1.0, "diverges"), (40.0, "diverges")]
    for low, high, word in (
        (0.01, 0.49, "converges"),
        (0.51, 0.99, "oscillates"),
        (1.01, 1.99, "diverges"),
        (-5.0, -0.01, "diverges"),
    ):
        cases += [(float(rate), word) for rate in rng.uniform(low, high, size=3)]
    for learning_rate, word in cases:
        assert_equal(submission.behaviour(learning_rate), word, what="behaviour(learning_rate)")


# Optimisers


def moment(state: dict[object, object], key: str, like: Array, what: str) -> Array:
    """An entry of a state, or NaN where it is missing or no array."""
    value = state.get(key)
    assert_that(
        isinstance(value, np.ndarray),
        f'the state of {what} should hold an array "{key}".',
        shows=sorted(str(key) for key in state),
    )
    return value if isinstance(value, np.ndarray) else np.full(like.shape, np.nan)


def draw_gradients(rng: np.random.Generator, shape: tuple[int, ...], steps: int) -> list[Array]:
    """Gradients from 1e-9 to 1e6, every weight at its own scale; one weight never gets any."""
    scales = 10.0 ** rng.uniform(-9.0, 6.0, size=shape)
    scales.flat[0] = 0.0
    if scales.size > 1:
        scales.flat[1] = 1e-8  # where it matters whether eps stands inside the root
    return [scales * rng.normal(size=shape) for _ in range(steps)]


def test_rmsprop_steps(submission: Submission, rng: np.random.Generator) -> None:
    """Five steps in a row, from nothing, from zeros and from a past; scales from 1e-9 to 1e6.

    Catches mistakes: rmsprop_eps_inside_root, rmsprop_not_squared, rmsprop_forgets,
    rmsprop_weights_swapped, rmsprop_without_root, rmsprop_old_average, rmsprop_in_place.
    """
    what = "rmsprop_step(weights, grad, state, ...)"
    for shape, has_state, has_past, options in (
        ((7,), False, False, ()),
        ((3, 5), True, False, (0.1, 0.7)),
        ((2, 3, 5), True, True, (1.0, 0.99, 1e-6)),
        ((1,), False, False, (0.5, 0.0)),
    ):
        rate, rho, eps = (*options, *(0.001, 0.9, 1e-8)[len(options) :])
        grads = draw_gradients(rng, shape, 5)
        weights = expected = rng.normal(size=shape) * rate
        before = np.abs(grads[0]) ** 2 * rng.uniform(0.5, 2.0) if has_past else np.zeros(shape)
        state = {"v": before} if has_state else {}
        for k, grad in enumerate(grads):
            weights, state = submission.rmsprop_step(weights, grad, state, *options)
            average = decayed_sum([g**2 for g in grads[: k + 1]], before, rho)
            expected = expected - rate * grad / (average**0.5 + eps)
            # In units of the learning rate: the default one is as small as some tolerances.
            assert_close(weights / rate, expected / rate, what=f"{what}[0] / learning_rate")
            assert_close(moment(state, "v", grad, what), average, what=f'{what}[1]["v"]')
    weights, grad = rng.normal(size=(2, 7)).astype(np.float32)
    assert_close(
        submission.rmsprop_step(weights, grad, {}, 0.1)[0],
        weights - 0.1 * np.sign(grad) / 0.1**0.5,
        what=f"{what}[0] of float32",
        **FLOAT32,
    )
    args = rng.normal(size=5), rng.normal(size=5), {"v": rng.uniform(size=5)}
    assert_unchanged(submission, "rmsprop_step", *args, what=what)
    assert_unchanged(submission, "rmsprop_step", *args[:2], {}, what=what)
    assert_not_aliased(submission, "rmsprop_step", *args, what=what)


def test_adam_steps(submission: Submission, rng: np.random.Generator) -> None:
    """Five steps in a row, from nothing, from zeros and from a past; scales from 1e-9 to 1e6.

    Catches mistakes: adam_without_correction, adam_counts_from_zero, adam_betas_swapped,
    adam_eps_inside_root, adam_eps_before_correction, adam_not_squared, adam_without_root,
    adam_count_stays, adam_state_corrected, adam_in_place.
    """
    what = "adam_step(weights, grad, state, ...)"
    for shape, has_state, past, options in (
        ((7,), False, 0, ()),
        ((3, 5), True, 0, (0.1, 0.7, 0.95)),
        ((2, 3, 5), True, 6, (1.0, 0.8, 0.9, 1e-6)),
        ((1,), False, 0, (0.5, 0.0, 0.5)),
    ):
        rate, beta1, beta2, eps = (*options, *(0.001, 0.9, 0.999, 1e-8)[len(options) :])
        history = draw_gradients(rng, shape, past + 5)
        zeros = np.zeros(shape)
        state: dict[str, object] = {}
        if has_state:
            m = decayed_sum(history[:past], zeros, beta1) if past else zeros
            v = decayed_sum([g**2 for g in history[:past]], zeros, beta2) if past else zeros
            state = {"m": m, "v": v, "t": past}
        weights = expected = rng.normal(size=shape) * rate
        for t in range(past + 1, past + 6):
            weights, state = submission.adam_step(weights, history[t - 1], state, *options)
            m = decayed_sum(history[:t], zeros, beta1)
            v = decayed_sum([g**2 for g in history[:t]], zeros, beta2)
            root = (v / (1.0 - beta2**t)) ** 0.5
            expected = expected - rate * m / (1.0 - beta1**t) / (root + eps)
            # In units of the learning rate: the default one is as small as some tolerances.
            assert_close(weights / rate, expected / rate, what=f"{what}[0] / learning_rate")
            assert_close(moment(state, "m", m, what), m, what=f'{what}[1]["m"]')
            assert_close(moment(state, "v", v, what), v, what=f'{what}[1]["v"]')
            assert_equal(state.get("t"), t, what=f'{what}[1]["t"]')
    weights, grad = rng.normal(size=(2, 7)).astype(np.float32)
    assert_close(
        submission.adam_step(weights, grad, {}, 0.1)[0],
        weights - 0.1 * np.sign(grad),
        what=f"{what}[0] of float32",
        **FLOAT32,
    )
    args = *rng.normal(size=(2, 5)), {"m": rng.normal(size=5), "v": rng.uniform(size=5), "t": 3}
    assert_unchanged(submission, "adam_step", *args, what=what)
    assert_unchanged(submission, "adam_step", *args[:2], {}, what=what)
    assert_not_aliased(submission, "adam_step", *args, what=what)


# Stochastic gradient descent


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


# The figure


def series_of(axes: Axes) -> list[Array]:
    """What is drawn, as (points, 2): lines, scatters, and paths made of single dots or segments."""
    drawn = [*axes.lines, *axes.points]
    dots = [series for series in drawn if len(series) == 1]
    segments = [series for series in drawn if len(series) == 2]
    if dots:
        drawn.append(np.concatenate(dots))
    if segments:
        drawn.append(np.concatenate([segments[0][:1], *(segment[1:] for segment in segments)]))
    return drawn


def closest(drawn: Sequence[Array], expected: Array) -> Array:
    """Of the series with as many points as expected the nearest one; else the longest there is."""
    orders = [order for some in drawn for order in (some, some[::-1])]  # drawn from either end
    fitting = [series for series in orders if series.shape == expected.shape]
    if fitting:
        return min(
            fitting, key=lambda series: float(np.nan_to_num(np.abs(series - expected)).max())
        )
    return max(drawn, key=len, default=np.zeros((0, 2)))


def closest_points(drawn: Sequence[Array], expected: Array) -> Array:
    """The same, but where no series fits, the nearest of all points to each expected one.

    A path may be made of dots or segments, with its start and end marked once more.
    """
    if not drawn or any(series.shape == expected.shape for series in drawn):
        return closest(drawn, expected)
    points = np.concatenate(drawn)
    gaps = np.abs(points[None, :, :] - expected[:, None, :]).sum(axis=2)
    return points[np.argmin(np.nan_to_num(gaps, nan=np.inf), axis=1)]


def test_plot_drawn(submission: Submission, rng: np.random.Generator) -> None:
    """The figure holds the parabola on the grid and the path on it; both axes are labelled.

    Catches mistakes: plot_without_path, plot_without_curve, plot_without_labels,
    plot_against_step, plot_axes_swapped, plot_curve_between_points, plot_path_flat.
    """
    points = np.arange(-100, 101) / 10.0
    curve = np.column_stack([points, points**2])
    for steps, factor in ((7, 0.8), (13, -0.9)):
        path = float(rng.uniform(5.0, 9.0)) * factor ** np.arange(steps + 1)
        figure = submission.plot_descent(path)
        on_curve = np.column_stack([path, path**2])
        drawn = [series_of(axes) for axes in figure.axes] or [[]]
        place = next((i for i, some in enumerate(drawn) if any(len(s) == 201 for s in some)), 0)
        assert_close(
            closest(drawn[place], curve),
            curve,
            what="the curve in plot_descent(path), as points (x, x²),",
            hint="The curve is drawn at the points of grid().",
        )
        assert_close(
            closest_points(drawn[place], on_curve),
            on_curve,
            what="the path in plot_descent(path), as points (x, x²),",
            hint="Point k of the path stands at x = path[k]. How high is the parabola there?",
        )
        labels = [figure.axes[place].xlabel, figure.axes[place].ylabel] if figure.axes else ["", ""]
        assert_that(
            all(label.strip() for label in labels),
            "both axes of plot_descent(path) should have a label.",
        )
