"""Public checks of lab 1. One function per rubric line, named test_<check id>."""

import numpy as np
from numpy.typing import NDArray

from grader.testing import (
    Submission,
    assert_close,
    assert_equal,
    assert_gradient,
    assert_that,
)

Array = NDArray[np.float64]


def slope_of_bowl(x: Array) -> Array:
    """The gradient of half of x² is x itself."""
    return np.asarray(x, dtype=np.float64)


def slope_of_trough(point: Array) -> Array:
    """The gradient of a bowl that is four times as steep along the second axis."""
    return np.asarray(point, dtype=np.float64) * np.array([1.0, 4.0])


def slope_of_ramp(x: Array) -> Array:
    """A slope of 2 everywhere."""
    return np.full(np.shape(x), 2.0)


def test_parabola_worked(submission: Submission) -> None:
    """The first two tasks of lecture 5's exercise.

    Catches mistakes: grid_end_missing, grid_wrong_gap, slope_without_two,
    slope_by_forward_difference.
    """
    assert_close(
        submission.grid(),
        np.arange(-100, 101) / 10.0,
        what="grid()",
        hint="From -10 to 10 there are 200 gaps. How many points do they separate?",
    )
    assert_close(
        submission.grid(0.0, 1.0, 0.25),
        np.array([0.0, 0.25, 0.5, 0.75, 1.0]),
        what="grid(0, 1, 0.25)",
    )
    x = np.array([-3.0, -0.5, 0.0, 2.0, 7.0])
    assert_close(
        submission.square(x),
        np.array([9.0, 0.25, 0.0, 4.0, 49.0]),
        what="square([-3, -0.5, 0, 2, 7])",
    )
    assert_gradient(
        lambda at: float(np.dot(at, at)),
        submission.square_grad(x),
        at=x,
        what="square_grad([-3, -0.5, 0, 2, 7])",
        hint="How much does x² change when x = 3 becomes 3.001? Is that the slope you return?",
    )


def test_descent_worked(submission: Submission) -> None:
    """Bowls whose paths can be followed in one's head.

    Catches mistakes: ascends, only_last_point, path_misses_start, gradient_of_the_start,
    rows_are_one_array, one_step_too_few, whole_number_path, unit_steps, gradient_ignored.
    """
    assert_close(
        submission.gradient_descent(slope_of_bowl, 8.0, 0.5, 4),
        np.array([8.0, 4.0, 2.0, 1.0, 0.5]),
        what="gradient_descent(lambda x: x, 8.0, 0.5, 4)",
    )
    assert_close(
        submission.gradient_descent(slope_of_bowl, 10, 0.75, 3),
        np.array([10.0, 2.5, 0.625, 0.15625]),
        what="gradient_descent(lambda x: x, 10, 0.75, 3)",
        hint="The start is a whole number, the points after it are not. Which dtype has the path?",
    )
    assert_close(
        submission.gradient_descent(slope_of_trough, np.array([8.0, -2.0]), 0.375, 3),
        np.array([[8.0, -2.0], [5.0, 1.0], [3.125, -0.5], [1.953125, 0.25]]),
        what="gradient_descent(lambda p: p * [1, 4], [8, -2], 0.375, 3)",
        hint="Every coordinate has its own slope and all use the same learning rate.",
    )


def test_momentum_worked(submission: Submission) -> None:
    """Numbers for pen and paper, and a ramp, on which the steps grow to their full length.

    Catches mistakes: classical_momentum, momentum_weights_swapped, momentum_starts_at_gradient,
    momentum_late_by_one, nesterov_momentum, momentum_not_carried.
    """
    assert_close(
        submission.momentum_descent(slope_of_bowl, 8.0, 0.5, 0.25, 3),
        np.array([8.0, 5.0, 2.375, 0.828125]),
        what="momentum_descent(lambda x: x, 8.0, 0.5, 0.25, 3)",
        hint="The first delta is (1 - 0.25) * 8. What is the second?",
    )
    assert_close(
        submission.momentum_descent(slope_of_ramp, np.zeros(2), 1.0, 0.5, 4),
        np.array([[0.0, 0.0], [-1.0, -1.0], [-2.5, -2.5], [-4.25, -4.25], [-6.125, -6.125]]),
        what="momentum_descent(lambda x: [2, 2], [0, 0], 1.0, 0.5, 4)",
        hint="The steps are 1, 1.5, 1.75, ...: an average of slopes of 2 that started at 0.",
    )


def test_rmsprop_worked(submission: Submission) -> None:
    """Gradients chosen so that the root is a whole number or a half.

    Catches mistakes: rmsprop_eps_inside_root, rmsprop_not_squared, rmsprop_forgets,
    rmsprop_weights_swapped, rmsprop_without_root, rmsprop_old_average.
    """
    weights, state = submission.rmsprop_step(
        np.array([2.0, -2.0]), np.array([3.0, -40.0]), {}, 0.5, 0.75
    )
    assert_close(
        weights,
        np.array([1.0, -1.0]),
        what="rmsprop_step([2, -2], [3, -40], {}, 0.5, 0.75)[0]",
        hint="v is [2.25, 400] after this step. Both weights move by the same amount.",
    )
    weights, _ = submission.rmsprop_step(weights, np.array([1.5, 20.0]), state, 0.5, 0.75)
    assert_close(
        weights,
        np.array([0.5, -1.5]),
        what="the weights after a second rmsprop_step with gradient [1.5, 20]",
        hint="v is [2.25, 400] again. Did the state of the first step arrive?",
    )
    weights, _ = submission.rmsprop_step(np.zeros(1), np.array([3.0]), {}, 1.0, 0.75, 1.0)
    assert_close(
        weights,
        np.array([-1.2]),
        what="rmsprop_step([0], [3], {}, 1.0, 0.75, 1.0)[0]",
        hint="eps is 1 here, to make it visible: is it added to v or to its root?",
    )


def test_adam_worked(submission: Submission) -> None:
    """While the gradient stays the same, every step of Adam is learning_rate long.

    Catches mistakes: adam_without_correction, adam_counts_from_zero, adam_eps_inside_root,
    adam_not_squared, adam_count_stays, adam_state_corrected, adam_eps_before_correction,
    adam_without_root.
    """
    weights, state = np.zeros(3), {}
    for step in (1, 2, 3):
        weights, state = submission.adam_step(weights, np.array([0.5, -20.0, 3000.0]), state, 0.25)
        assert_close(
            weights,
            0.25 * step * np.array([-1.0, 1.0, -1.0]),
            what=f"the weights after {step} adam_step(..., learning_rate=0.25) with gradient "
            "[0.5, -20, 3000]",
            hint="The bias correction undoes that the averages start at 0. Which t has this step?",
        )
    weights, _ = submission.adam_step(np.zeros(1), np.array([3.0]), {}, 1.0, 0.9, 0.999, 1.0)
    assert_close(
        weights,
        np.array([-0.75]),
        what="adam_step([0], [3], {}, 1.0, 0.9, 0.999, 1.0)[0]",
        hint="eps is 1 here, to make it visible: the root of the corrected v is 3, and then?",
    )


def test_behaviour_words(submission: Submission) -> None:
    """Three learning rates to try with gradient_descent first.

    Catches mistakes: steep_side_diverges, slope_taken_as_x.
    """
    for learning_rate, word in ((0.1, "converges"), (0.75, "oscillates"), (3.0, "diverges")):
        assert_equal(
            submission.behaviour(learning_rate),
            word,
            what=f"behaviour({learning_rate})",
            hint=f"Follow four steps of gradient_descent on x² with learning rate {learning_rate}.",
        )


def test_minibatches_worked(submission: Submission, rng: np.random.Generator) -> None:
    """Sizes of the batches, and every index exactly once.

    Catches mistakes: last_batch_dropped, drawn_with_replacement, batch_size_as_count,
    counted_from_one.
    """
    for n, batch_size, sizes in ((10, 4, [4, 4, 2]), (6, 3, [3, 3]), (3, 8, [3]), (5, 1, [1] * 5)):
        call = f"minibatches({n}, {batch_size}, rng)"
        batches = submission.minibatches(n, batch_size, rng)
        assert_equal([batch.size for batch in batches], sizes, what=f"the sizes of {call}")
        indices = np.concatenate([np.zeros(0, np.int64), *(batch.ravel() for batch in batches)])
        assert_equal(
            np.sort(indices),
            np.arange(n),
            what=f"the indices in {call}, sorted,",
            hint="In an epoch every sample is seen exactly once.",
        )
        assert_that(
            all(batch.dtype.kind in "iu" for batch in batches),
            f"{call} should give arrays of whole numbers: they are used as indices.",
            shows=[batch.dtype.name for batch in batches],
        )


def test_sgd_line(submission: Submission, rng: np.random.Generator) -> None:
    """Without noise the weights are found exactly, whatever the order of the samples.

    Inputs within [-1, 1] make every step stable at this learning rate.

    Catches mistakes: bias_not_learned, targets_broadcast, one_epoch_only, errors_lost_their_sign.
    """
    x = rng.uniform(-1.0, 1.0, size=(37, 2))
    y = x @ np.array([2.0, -3.0]) + 0.5
    weights, bias = submission.sgd_linear_regression(x, y, 0.5, 80, 8, rng)
    assert_close(
        np.append(weights, bias),
        np.array([2.0, -3.0, 0.5]),
        what="weights and bias of sgd_linear_regression(x, x @ [2, -3] + 0.5, 0.5, 80, 8, rng)",
        hint="Fit two points on a line first and print the loss after every epoch.",
    )
