"""Hidden checks of lab 1: the parabola, descent and momentum."""

import numpy as np
from oracle_lab1 import (
    FLOAT32,
    descent_factors,
    draw_quadratic,
    momentum_factors,
    parabola,
    points_of,
)

from grader.testing import (
    Counted,
    Submission,
    assert_close,
    assert_equal,
    assert_not_aliased,
    assert_unchanged,
)


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
