"""Hidden checks of lab 2: activations, finite differences, losses."""

import numpy as np
from oracle_lab2 import Array, Labels, cross_entropy_oracle, gradient, sigmoid_oracle

from grader.testing import (
    Counted,
    Submission,
    assert_close,
    assert_equal,
    assert_unchanged,
)


def test_activations_random(submission: Submission, rng: np.random.Generator) -> None:
    """Right for any shape, for huge values and for float32, and the input survives.

    Catches mistakes: lecture5_sigmoid_grad_overflows, relu_in_place, sigmoid_overflows,
    softmax_one_maximum, tanh_grad_overflows.
    """
    for shape in [(7,), (5, 3), (2, 3, 5)]:
        x = 3.0 * rng.normal(size=shape)
        sigmoid = sigmoid_oracle(x)
        assert_close(submission.sigmoid(x), sigmoid, what="sigmoid(x)")
        assert_close(submission.sigmoid_grad(x), sigmoid - sigmoid**2, what="sigmoid_grad(x)")
        assert_close(submission.tanh_grad(x), np.cosh(x) ** -2.0, what="tanh_grad(x)")
        assert_close(submission.relu(x), 0.5 * (x + np.abs(x)), what="relu(x)")
        assert_close(submission.relu_grad(x), 0.5 + 0.5 * np.sign(x), what="relu_grad(x)")
    for shape in [(7, 3), (1, 5), (5, 1)]:
        logits = 3.0 * rng.normal(size=shape)
        log_sums = np.logaddexp.reduce(logits, axis=1)[:, None]
        assert_close(submission.softmax(logits), np.exp(logits - log_sums), what="softmax(logits)")

    # float32 has 7 digits and the result may be computed in it, whatever array it ends up in.
    loose = {"dtype": "floating", "rtol": 1e-3, "atol": 1e-4}
    x = rng.normal(size=(5, 3)).astype(np.float32)
    wide = x.astype(np.float64)
    sigmoid = sigmoid_oracle(wide)
    log_sums = np.logaddexp.reduce(wide, axis=1)[:, None]
    for name, expected in {
        "sigmoid": sigmoid,
        "sigmoid_grad": sigmoid - sigmoid**2,
        "tanh_grad": np.cosh(wide) ** -2.0,
        "relu": 0.5 * (wide + np.abs(wide)),
        "relu_grad": 0.5 + 0.5 * np.sign(wide),
        "softmax": np.exp(wide - log_sums),
    }.items():
        got = getattr(submission, name)(x)
        assert_close(got, expected, what=f"{name}(x) for float32 x", **loose)

    x = np.array([-1e4, -800.0, 800.0, 1e4])
    hint = "exp(710) is inf, and inf / inf is nan. Can the formula be rearranged?"
    ends = np.array([0.0, 0.0, 1.0, 1.0])
    assert_close(submission.sigmoid(x), ends, what="sigmoid at -1e4 ... 1e4", hint=hint)
    for name in ("sigmoid_grad", "tanh_grad"):
        got = getattr(submission, name)(x)
        assert_close(got, np.zeros(4), what=f"{name} at -1e4 ... 1e4", hint=hint)
    assert_close(submission.relu(x), ends * x, what="relu at -1e4 ... 1e4")
    assert_close(submission.relu_grad(x), ends, what="relu_grad at -1e4 ... 1e4")
    assert_close(
        submission.softmax(np.array([[1e4, 0.0, -1e4], [-1e4, -1e4, -1e4]])),
        np.array([[1.0, 0.0, 0.0], [1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0]]),
        what="softmax of one row near 1e4 and one near -1e4",
        hint="The rows are independent: what you subtract may differ from row to row.",
    )

    x = rng.normal(size=(7, 5))
    for name in ("sigmoid", "sigmoid_grad", "tanh_grad", "relu", "relu_grad", "softmax"):
        assert_unchanged(submission, name, x, what=f"{name}(x)", hint="Work on a new array.")


def test_numerical_gradient_calls(submission: Submission, rng: np.random.Generator) -> None:
    """Two calls an entry, each with one entry of x moved by eps.

    Catches mistakes: gradient_extra_call, gradient_flat, gradient_leaves_x_moved,
    gradient_moves_accumulate, gradient_moves_all.
    """
    for shape, eps in [((5, 3), 0.25), ((2, 1, 3), 0.5), ((7,), 0.125)]:
        x, linear, cubic = rng.normal(size=(3, *shape))

        def function(at: Array, linear: Array = linear, cubic: Array = cubic) -> float:
            at = np.reshape(at, linear.shape)  # the shape of each call is judged below
            return float((linear * at + cubic * at**3).sum() + at.ravel()[0] * at.ravel()[-1])

        expected = linear + 3.0 * cubic * x**2 + cubic * eps**2  # exact for a cubic
        expected.ravel()[0] += x.ravel()[-1]
        expected.ravel()[-1] += x.ravel()[0]
        counted = Counted(function)
        got = submission.numerical_gradient(counted, x, eps=eps)
        what = "numerical_gradient(f, x, eps)"
        assert_close(got, expected, what=what, hint="Only one entry of x is moved at a time.")
        assert_equal(counted.count, 2 * x.size, what=f"calls of f by {what}")
        shapes = sorted({np.shape(at) for (at,) in counted.calls})
        assert_equal(shapes, [shape], what=f"shapes that {what} calls f with")
        if shapes == [shape]:
            moves = np.stack([np.ravel(at) for (at,) in counted.calls]) - x.ravel()
            moves = np.round(moves, 9) + 0.0  # adding eps and taking it away again may cost an ulp
            steps = np.concatenate([eps * np.eye(x.size), -eps * np.eye(x.size)])
            assert_close(
                moves[np.lexsort(moves.T)],
                steps[np.lexsort(steps.T)],
                what=f"how {what} moves x, sorted",
                hint="Each entry once up by eps and once down by eps, all others as they were.",
            )
        assert_unchanged(
            submission, "numerical_gradient", function, x, what=what, hint="Move a copy of x."
        )


def test_quadratic_loss_gradient(submission: Submission, rng: np.random.Generator) -> None:
    """Mean over examples, sum over outputs.

    Catches mistakes: quadratic_grad_sum, quadratic_mean_of_all.
    """
    for batch, outputs, scale in [(7, 3, 1.0), (1, 5, 1.0), (11, 1, 1e4)]:
        pred, target = scale * rng.normal(size=(2, batch, outputs))

        def loss_oracle(moved: Array, target: Array = target) -> complex:
            return 0.5 * ((moved - target) ** 2).sum(axis=1).mean()

        loss, grad = submission.quadratic_loss(pred, target)
        assert_close(loss, loss_oracle(pred), what="quadratic_loss(pred, target)[0]")
        assert_close(grad, gradient(loss_oracle, pred), what="quadratic_loss(pred, target)[1]")
    assert_unchanged(
        submission, "quadratic_loss", pred, target, what="quadratic_loss(pred, target)"
    )


def test_binary_cross_entropy_gradient(submission: Submission, rng: np.random.Generator) -> None:
    """Right for both shapes; finite, and clipped where stated, at 0 and 1.

    Catches mistakes: cross_entropy_clipped_early, cross_entropy_clips_in_place,
    cross_entropy_log_of_zero.
    """
    for shape in [(7,), (7, 1), (1,), (1, 1)]:
        prob = rng.uniform(0.05, 0.95, size=shape)
        target = rng.permutation(np.arange(prob.size) % 2).astype(float).reshape(shape)

        def loss_oracle(moved: Array, target: Array = target) -> complex:
            return -np.log(np.where(target == 1.0, moved, 1.0 - moved)).mean()

        loss, grad = submission.binary_cross_entropy(prob, target)
        assert_close(loss, loss_oracle(prob), what="binary_cross_entropy(prob, target)[0]")
        assert_close(
            grad, gradient(loss_oracle, prob), what="binary_cross_entropy(prob, target)[1]"
        )
    prob, target = np.array([0.0, 1.0, 0.0, 1.0, 0.5]), np.array([0.0, 1.0, 1.0, 0.0, 1.0])
    loss, grad = submission.binary_cross_entropy(prob, target)
    # 1 - (1 - 1e-12) is 2e-5 off 1e-12 in float64; both ways to clip are right.
    what = "binary_cross_entropy at probability 0 and 1"
    expected = (2.0 * np.log(1e12) + np.log(2.0)) / 5.0
    hint = "Clip to [1e-12, 1 - 1e-12] before the log and before the division."
    assert_close(loss, expected, what=f"{what}, loss", rtol=1e-5, hint=hint)
    expected = np.array([0.2, -0.2, -2e11, 2e11, -0.4])
    assert_close(grad, expected, what=f"{what}, gradient", rtol=1e-3, atol=1e-6, hint=hint)
    assert_unchanged(
        submission,
        "binary_cross_entropy",
        prob,
        target,
        what="binary_cross_entropy(prob, target)",
        hint="Clip into a new array.",
    )


def test_softmax_cross_entropy_gradient(submission: Submission, rng: np.random.Generator) -> None:
    """Mean over the batch in the loss and in the gradient.

    Catches mistakes: softmax_cross_entropy_grad_sum, softmax_cross_entropy_mean_of_all.
    """
    what = "softmax_cross_entropy(logits, targets)"
    for batch, classes in [(7, 3), (1, 5), (11, 2)]:
        logits = 3.0 * rng.normal(size=(batch, classes))
        targets = rng.integers(classes, size=batch)

        def loss_oracle(moved: Array, targets: Labels = targets) -> complex:
            return cross_entropy_oracle(moved, targets)

        loss, grad = submission.softmax_cross_entropy(logits, targets)
        assert_close(loss, loss_oracle(logits), what=f"{what}[0]")
        assert_close(grad, gradient(loss_oracle, logits), what=f"{what}[1]")
    assert_unchanged(submission, "softmax_cross_entropy", logits, targets, what=what)


def test_softmax_cross_entropy_extreme(submission: Submission) -> None:
    """Losses of 50 and of 2e4 come out as such.

    Catches mistakes: softmax_cross_entropy_clipped, softmax_cross_entropy_log_of_zero,
    softmax_cross_entropy_overflows.
    """
    # The loss is log(1 + exp(-50) + exp(-60)) + 50: the first term is below 2e-22.
    loss, grad = submission.softmax_cross_entropy(np.array([[0.0, -50.0, -60.0]]), np.array([1]))
    what = "softmax_cross_entropy([[0, -50, -60]], [1])"
    assert_close(
        loss, 50.0, what=f"{what}[0]", hint="A clipped probability stops the loss at 27.6."
    )
    assert_close(grad, np.array([[1.0, -1.0, 0.0]]), what=f"{what}[1]")
    logits = np.array([[1e4, 0.0, -1e4], [1e4, 0.0, -1e4], [-1e4, -1e4, -1e4], [0.0, 800.0, 800.0]])
    loss, grad = submission.softmax_cross_entropy(logits, np.array([0, 2, 1, 2]))
    what = "softmax_cross_entropy(logits up to 1e4, targets)"
    expected = (2e4 + np.log(3.0) + np.log(2.0)) / 4.0
    hint = "A probability may be 0 in float64; its log, simplified on paper, is an ordinary number."
    assert_close(loss, expected, what=f"{what}[0]", hint=hint)
    third = 1.0 / 3.0
    expected = np.array(
        [[0.0, 0.0, 0.0], [1.0, 0.0, -1.0], [third, -2.0 * third, third], [0.0, 0.5, -0.5]]
    )
    assert_close(grad, expected / 4.0, what=f"{what}[1]", hint=hint)


def test_logistic_regression_gradient(submission: Submission, rng: np.random.Generator) -> None:
    """Loss and gradients of one sigmoid unit.

    Catches mistakes: lecture2_both_signs, lecture2_dprob_dlogit_sign,
    lecture2_logistic_dloss_dprob_sign, lecture3_softmax_on_one_unit, lecture5_logistic_no_minus,
    logistic_bias_ignored, logistic_extra_slope, logistic_sum.
    """
    what = "logistic_regression(weights, bias, x, target)"
    for batch, n_in in [(7, 5), (1, 3), (11, 1)]:
        x, weights, bias = rng.normal(size=(batch, n_in)), rng.normal(size=n_in), rng.normal()
        target = rng.permutation(np.arange(batch) % 2).astype(float)

        def loss_oracle(moved: Array, x: Array = x, target: Array = target) -> complex:
            signs = 2.0 * target - 1.0  # the logit's sign when the answer is right
            return np.log1p(np.exp(-signs * (x @ moved[:-1] + moved[-1]))).mean()

        at = np.append(weights, bias)
        loss, grad_weights, grad_bias = submission.logistic_regression(
            weights, float(bias), x, target
        )
        expected = gradient(loss_oracle, at)
        assert_close(loss, loss_oracle(at), what=f"{what}[0]")
        assert_close(grad_weights, expected[:-1], what=f"{what}[1]")
        assert_close(grad_bias, expected[-1], what=f"{what}[2]")
    assert_unchanged(submission, "logistic_regression", weights, float(bias), x, target, what=what)


def test_logistic_regression_extreme(submission: Submission) -> None:
    """A logit of 1e4 on the wrong side costs 1e4.

    Catches mistakes: logistic_clipped, logistic_overflows.
    """
    x = np.array([[1.0, 2.0], [-1.0, 1.0], [1.0, -1.0], [10.0, 0.0], [-10.0, 3.0]])
    target = np.array([0.0, 1.0, 1.0, 0.0, 0.0])  # losses 1000, 1000, 0, 10000 and 0
    loss, grad_weights, grad_bias = submission.logistic_regression(
        np.array([1000.0, 0.0]), 0.0, x, target
    )
    what = "logistic_regression with logits up to 1e4"
    hint = "Write the loss as a function of the logit, without the probability in between."
    assert_close(loss, 2400.0, what=f"{what}, loss", hint=hint)
    # The errors prob - target are 1, -1, 0, 1 and 0.
    assert_close(grad_weights, np.array([2.4, 0.2]), what=f"{what}, grad_weights", hint=hint)
    assert_close(grad_bias, 0.2, what=f"{what}, grad_bias", hint=hint)
