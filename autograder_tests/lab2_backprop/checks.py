"""Hidden checks of lab 2. One function per rubric line, named test_<check id>.

Gradients are compared with complex-step derivatives of formulas written here: no backward pass and
no cancellation, so they are right to about 1e-15. Source: Squire and Trapp (1998), SIAM Review 40.
"""

import itertools
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from grader.testing import (
    Counted,
    Dataset,
    Submission,
    assert_at_least,
    assert_close,
    assert_equal,
    assert_rng_untouched,
    assert_statistic,
    assert_that,
    assert_time_ratio,
    assert_unchanged,
)

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Params = list[tuple[Array, Array]]

STEP = 1e-30  # of the complex step: its square vanishes beside 1, and nothing is subtracted
RUNS = 24  # of two examples: the chance that a correct shuffle shows one order only is 2 ** -23


# Oracles. Parameters may carry leading axes, so that many perturbed copies run at once.


def sigmoid_oracle(x: Array) -> Array:
    """Sigmoid through tanh, which never overflows."""
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def two_layer_oracle(params: Params, x: Array) -> Array:
    """Output (..., batch, outputs) of the network with two sigmoid layers."""
    for weights, bias in params:
        x = sigmoid_oracle(x @ weights + bias[..., None, :])
    return x


def two_layer_loss_oracle(params: Params, x: Array, target: Array) -> Array:
    """Quadratic loss (...) of the two-layer network."""
    return 0.5 * ((two_layer_oracle(params, x) - target) ** 2).sum(axis=-1).mean(axis=-1)


def mlp_logits_oracle(params: Params, x: Array) -> Array:
    """Logits (..., batch, classes) of the ReLU network."""
    for layer, (weights, bias) in enumerate(params):
        x = x @ weights + bias[..., None, :]
        if layer < len(params) - 1:
            x = np.where(x.real > 0.0, x, 0.0)
    return x


def cross_entropy_oracle(logits: Array, targets: Labels) -> Array:
    """Mean (...) of log(sum of exp) minus the right logit."""
    top = logits.real.max(axis=-1, keepdims=True)
    log_sums = top[..., 0] + np.log(np.exp(logits - top).sum(axis=-1))
    return (log_sums - logits[..., np.arange(len(targets)), targets]).mean(axis=-1)


def mlp_loss_oracle(params: Params, x: Array, targets: Labels, weight_decay: float = 0.0) -> Array:
    """Loss (...) of the ReLU network, with the penalty on the weights."""
    squares = sum((weights**2).sum(axis=(-2, -1)) for weights, _ in params)
    loss = cross_entropy_oracle(mlp_logits_oracle(params, x), targets)
    return loss + 0.5 * weight_decay * squares


def gradient(loss: Callable[[Array], complex], at: Array) -> Array:
    """Complex-step gradient of a scalar formula, one entry after the other."""
    grad = np.empty(at.shape)
    for index in np.ndindex(at.shape):
        moved = at.astype(np.complex128)
        moved[index] += STEP * 1j
        grad[index] = loss(moved).imag / STEP
    return grad


def params_gradient(loss: Callable[[Params], Array], params: Params) -> Params:
    """Complex-step gradient with respect to all parameters, in one run of all perturbed copies."""
    tensors = [tensor for pair in params for tensor in pair]
    total = sum(tensor.size for tensor in tensors)
    moved, first = [], 0
    for tensor in tensors:
        copies = np.tile(tensor.reshape(1, -1).astype(np.complex128), (total, 1))
        entries = np.arange(tensor.size)
        copies[first + entries, entries] += STEP * 1j
        moved.append(copies.reshape(total, *tensor.shape))
        first += tensor.size
    slopes = loss(list(zip(moved[::2], moved[1::2], strict=True))).imag / STEP
    parts = np.split(slopes, np.cumsum([tensor.size for tensor in tensors])[:-1])
    grads = [part.reshape(tensor.shape) for part, tensor in zip(parts, tensors, strict=True)]
    return list(zip(grads[::2], grads[1::2], strict=True))


def sgd_oracle(
    params: Params, x: Array, targets: Labels, learning_rate: float, batches: list[Labels]
) -> Params:
    """Weights after one plain gradient step for each array of indices."""
    for batch in batches:

        def loss(moved: Params, batch: Labels = batch) -> Array:
            return mlp_loss_oracle(moved, x[batch], targets[batch])

        grads = params_gradient(loss, params)
        params = [
            (weights - learning_rate * grad_weights, bias - learning_rate * grad_bias)
            for (weights, bias), (grad_weights, grad_bias) in zip(params, grads, strict=True)
        ]
    return params


def random_params(sizes: list[int], rng: np.random.Generator, scale: float = 1.0) -> Params:
    """Weights and biases of a network with these layer sizes; no bias is 0."""
    return [
        (scale * rng.normal(size=(a, b)) / np.sqrt(a), scale * rng.normal(size=b))
        for a, b in itertools.pairwise(sizes)
    ]


def assert_params(got: Params, expected: Params, *, what: str, hint: str = "") -> None:
    """All weights and biases agree, reported from the output backwards as backprop goes."""
    assert_equal(len(got), len(expected), what=f"len({what})")
    for layer in reversed(range(min(len(got), len(expected)))):
        for part, name in enumerate(("weights", "bias")):
            assert_close(
                got[layer][part],
                expected[layer][part],
                what=f"{what}[{layer}][{part}], {name} of layer {layer}",
                hint=hint,
            )


def layer_shapes(sizes: list[int]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Shapes of the weights and the bias of each layer of a network with these layer sizes."""
    return [((a, b), (b,)) for a, b in itertools.pairwise(sizes)]


def usable(got: Array, shape: tuple[int, ...]) -> Array:
    """The array if the shape is right and every value finite, else zeros.

    A check goes on after an assertion that did not hold; this keeps our own formulas defined. An
    assertion about the shape or the values has always been made before.
    """
    fits = got.shape == shape and got.dtype.kind in "fiu" and bool(np.isfinite(got).all())
    return got if fits else np.zeros(shape)


def usable_params(got: Params, sizes: list[int]) -> Params:
    """The network if it has the layers it should have, with zeros for what is not usable."""
    shapes = layer_shapes(sizes)
    pairs = got if len(got) == len(shapes) else [(np.zeros(0), np.zeros(0)) for _ in shapes]
    return [
        (usable(weights, shape), usable(bias, bias_shape))
        for (weights, bias), (shape, bias_shape) in zip(pairs, shapes, strict=True)
    ]


def assert_form(got: Params, sizes: list[int], *, what: str) -> Params:
    """Shapes are right and values finite; return the network in a usable form."""
    shapes = [(np.shape(weights), np.shape(bias)) for weights, bias in got]
    assert_equal(shapes, layer_shapes(sizes), what=f"shapes of the layers of {what}")
    finite = all(bool(np.isfinite(tensor).all()) for pair in got for tensor in pair)
    assert_that(finite, f"{what} has weights that are nan or inf.", shows=finite)
    return usable_params(got, sizes)


def changes(after: Params, before: Params) -> Params:
    """What training added to each weight and bias; a layer of another shape as it is."""
    if len(after) != len(before):
        return after
    return [
        tuple(a - b if a.shape == b.shape else a for a, b in zip(pair, old, strict=True))
        for pair, old in zip(after, before, strict=True)
    ]


def fresh(rng: np.random.Generator) -> np.random.Generator:
    """A new generator with a seed drawn from ours."""
    return np.random.default_rng(int(rng.integers(2**32)))


# Activations and finite differences.


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


# Losses.


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


# Layers and networks.


def test_affine_vjp(submission: Submission, rng: np.random.Generator) -> None:
    """All three gradients of a random combination of the outputs, square layers included.

    Catches mistake: affine_grad_x_transposed.
    """
    for batch, n_in, n_out in [(7, 5, 3), (1, 3, 5), (5, 5, 5), (2, 1, 7)]:
        x, weights = rng.normal(size=(batch, n_in)), rng.normal(size=(n_in, n_out))
        bias, grad_out = rng.normal(size=n_out), rng.normal(size=(batch, n_out))
        out = np.einsum("ni,io->no", x, weights) + bias
        assert_close(
            submission.affine_forward(x, weights, bias),
            out,
            what="affine_forward(x, weights, bias)",
        )
        grad_x, grad_weights, grad_bias = submission.affine_backward(grad_out, x, weights)
        what = "affine_backward(grad_out, x, weights)"
        # Written out entry by entry: each index that is summed stands in the formula.
        assert_close(grad_weights, np.einsum("no,ni->io", grad_out, x), what=f"{what}[1]")
        assert_close(grad_bias, np.einsum("no->o", grad_out), what=f"{what}[2]")
        assert_close(grad_x, np.einsum("no,io->ni", grad_out, weights), what=f"{what}[0]")
    assert_unchanged(submission, "affine_backward", grad_out, x, weights, what=what)
    assert_unchanged(
        submission, "affine_forward", x, weights, bias, what="affine_forward(x, weights, bias)"
    )


def test_two_layer_gradient(submission: Submission, rng: np.random.Generator) -> None:
    """Output, loss and four gradients.

    Catches mistakes: first_layer_after_update, hidden_delta_without_slope,
    hidden_delta_without_weights, slope_at_the_activation, two_layer_sum.
    """
    forward, backward = "two_layer_forward(params, x)", "two_layer_backward(params, x, target)"
    for sizes, batch, scale in [([5, 11, 3], 7, 1.0), ([3, 2, 5], 1, 1.0), ([5, 3, 2], 7, 1e3)]:
        params, x = random_params(sizes, rng, scale), rng.normal(size=(batch, sizes[0]))
        target = rng.uniform(size=(batch, sizes[-1]))

        def loss_oracle(moved: Params, x: Array = x, target: Array = target) -> Array:
            return two_layer_loss_oracle(moved, x, target)

        assert_close(
            submission.two_layer_forward(params, x), two_layer_oracle(params, x), what=forward
        )
        loss, grads = submission.two_layer_backward(params, x, target)
        assert_close(loss, loss_oracle(params), what=f"{backward}[0]")
        assert_params(grads, params_gradient(loss_oracle, params), what=f"{backward}[1]")
    assert_unchanged(submission, "two_layer_backward", params, x, target, what=backward)


def test_mlp_gradient(submission: Submission, rng: np.random.Generator) -> None:
    """Loss and gradients for any depth.

    Catches mistakes: mlp_first_layers_after_update, mlp_mask_of_gradient, mlp_no_relu,
    mlp_pre_activation_as_input, mlp_relu_ignored_backwards, mlp_relu_on_last_gradient,
    mlp_relu_on_output, mlp_sigmoid_hidden, mlp_softmax_twice.
    """
    what = "mlp_loss(params, x, targets)"
    for sizes, batch in [([5, 11, 3], 7), ([5, 3], 7), ([3, 5, 7, 5, 2], 5), ([5, 7, 3], 1)]:
        params, x = random_params(sizes, rng), rng.normal(size=(batch, sizes[0]))
        targets = rng.integers(sizes[-1], size=batch)

        def loss_oracle(moved: Params, x: Array = x, targets: Labels = targets) -> Array:
            return mlp_loss_oracle(moved, x, targets)

        loss, grads = submission.mlp_loss(params, x, targets)
        assert_close(loss, loss_oracle(params), what=f"{what}[0]")
        assert_params(grads, params_gradient(loss_oracle, params), what=f"{what}[1]")
    assert_unchanged(submission, "mlp_loss", params, x, targets, what=what)


def test_mlp_weight_decay(submission: Submission, rng: np.random.Generator) -> None:
    """The penalty is half of lambda times the squared weights, biases left out.

    Catches mistakes: decay_gradient_doubled, decay_gradient_halved, decay_not_in_gradient,
    decay_not_in_loss, decay_not_squared, decay_on_biases, decay_per_example, decay_without_half.
    """
    what = "mlp_loss(params, x, targets, weight_decay)"
    for sizes, batch, weight_decay in [([5, 11, 3], 7, 0.1), ([3, 5, 5, 2], 2, 3.0)]:
        params, x = random_params(sizes, rng), rng.normal(size=(batch, sizes[0]))
        targets = rng.integers(sizes[-1], size=batch)

        def loss_oracle(
            moved: Params, x: Array = x, targets: Labels = targets, decay: float = weight_decay
        ) -> Array:
            return mlp_loss_oracle(moved, x, targets, decay)

        loss, grads = submission.mlp_loss(params, x, targets, weight_decay=weight_decay)
        hint = "Differentiate lambda / 2 times w squared on paper."
        assert_close(loss, loss_oracle(params), what=f"{what}[0]", hint=hint)
        expected = params_gradient(loss_oracle, params)
        assert_params(grads, expected, what=f"{what}[1]", hint=hint)


# Randomness.


def assert_draws(
    submission: Submission, name: str, rng: np.random.Generator, variance: str
) -> None:
    """Mean, variance and independence of one matrix of 20,099 draws, in both orientations."""
    for n_in, n_out in [(199, 101), (101, 199)]:
        expected = 2.0 / (n_in + n_out) if variance == "xavier" else 2.0 / n_in
        first, second = fresh(rng), fresh(rng)
        weights = getattr(submission, name)(n_in, n_out, first)
        what = f"{name}(n_in, n_out, rng)"
        shape = (n_in, n_out)
        assert_close(np.zeros_like(weights), np.zeros(shape), what=f"shape and dtype of {what}")
        z = usable(weights, shape) / np.sqrt(expected)
        # Ten times rarer than one in a million each: six statistics of four matrices are judged,
        # and the sample variance of a normal has a longer tail than the normal quantile used.
        rare = {"false_fail": 1e-8}
        assert_statistic(z.mean(), 0.0, standard_error=z.size**-0.5, what=f"mean of {what}", **rare)
        assert_statistic(
            (z**2).mean(),
            1.0,
            standard_error=(2.0 / z.size) ** 0.5,  # of normal draws; uniform ones spread less
            what=f"variance of {what}, in units of the stated variance",
            hint="Variance is the standard deviation squared; uniform on [-a, a] it is a*a/3.",
            **rare,
        )
        hint = "Every weight needs its own draw."
        for neighbours, direction in [(z[1:] * z[:-1], "rows"), (z[:, 1:] * z[:, :-1], "columns")]:
            assert_statistic(
                neighbours.mean(),
                0.0,
                standard_error=neighbours.size**-0.5,
                what=f"correlation of neighbouring {direction} of {what}",
                hint=hint,
                **rare,
            )
        other = usable(getattr(submission, name)(n_in, n_out, second), shape) / np.sqrt(expected)
        assert_statistic(
            (z * other).mean(),
            0.0,
            standard_error=z.size**-0.5,
            what=f"correlation of {what} for two different generators",
            hint="All randomness comes from the rng argument.",
            **rare,
        )
        again = getattr(submission, name)(n_in, n_out, first)
        assert_close(again, weights, what=f"{what} from an equal generator")


def test_init_statistics(submission: Submission, rng: np.random.Generator) -> None:
    """False failure of a correct submission: 20 statistics at 1e-8, below 1e-6 in all.

    Catches mistakes: he_for_xavier, init_fan_out, init_global_random, init_not_centred,
    init_one_over_n_in, init_own_seed, init_rows_repeated, init_shape_transposed,
    init_uniform_too_narrow, init_variance_for_deviation, init_zeros, xavier_for_he.
    """
    assert_draws(submission, "xavier_init", rng, "xavier")
    assert_draws(submission, "he_init", rng, "he")
    for name in ("xavier_init", "he_init"):
        assert_rng_untouched(
            submission,
            name,
            5,
            3,
            fresh(rng),
            what=f"{name}(n_in, n_out, rng)",
            hint="Draw from the rng argument, not from NumPy's global generator.",
        )


def test_dropout_mask(submission: Submission, rng: np.random.Generator) -> None:
    """Share kept, rescaling and independence; false failure below 1e-6 in all.

    Catches mistakes: dropout_mask_not_divided, dropout_not_rescaled, dropout_own_seed,
    dropout_probability_swapped, dropout_scaled_down, dropout_whole_examples, dropout_whole_units.
    """
    what = "dropout(x, keep_prob, rng, training=True)"
    for keep in (0.3, 0.8):
        x, first, second = rng.normal(size=(199, 101)), fresh(rng), fresh(rng)
        out, mask = submission.dropout(x, keep, first, training=True)
        assert_equal(np.shape(mask), x.shape, what=f"shape of {what}[1]")
        mask = usable(mask, x.shape)
        kept = mask != 0.0
        assert_equal(np.shape(out), x.shape, what=f"shape of {what}[0]")
        assert_close(
            usable(out, x.shape),
            np.where(kept, x / keep, 0.0),
            what=f"{what}[0] where the mask is not 0",
            hint="What stays is divided by keep_prob, so that the mean of the output stays.",
        )
        assert_close(
            mask,
            np.where(kept, 1.0 / keep, 0.0),
            what=f"{what}[1]",
            hint="Each entry of the mask is 0 or 1 / keep_prob, so that its mean is 1.",
        )
        # x * (kept / keep_prob) and (x * kept) / keep_prob may differ in the last bit.
        assert_close(out, x * mask, what=f"{what}[0], against x * mask", rtol=1e-12, atol=0.0)
        rare = {"false_fail": 1e-8}
        spread = keep * (1.0 - keep)
        assert_statistic(
            kept.mean(),
            keep,
            standard_error=(spread / kept.size) ** 0.5,
            what=f"share of entries that {what} keeps",
            hint="keep_prob is the probability of staying.",
            **rare,
        )
        z = (kept - keep) / spread**0.5
        for neighbours, direction in [(z[1:] * z[:-1], "rows"), (z[:, 1:] * z[:, :-1], "columns")]:
            assert_statistic(
                neighbours.mean(),
                0.0,
                standard_error=neighbours.size**-0.5,
                what=f"correlation of neighbouring {direction} of the mask of {what}",
                hint="Every entry of x is decided on its own.",
                **rare,
            )
        _, other = submission.dropout(x, keep, second, training=True)
        assert_statistic(
            (z * ((usable(other, x.shape) != 0.0) - keep) / spread**0.5).mean(),
            0.0,
            standard_error=z.size**-0.5,
            what="correlation of the masks for two different generators",
            hint="All randomness comes from the rng argument.",
            **rare,
        )
    x = rng.normal(size=(7, 5))
    out, mask = submission.dropout(x, 1.0, fresh(rng), training=True)
    assert_close(mask, np.ones((7, 5)), what="dropout(x, 1.0, rng, training=True)[1]")
    assert_close(out, x, what="dropout(x, 1.0, rng, training=True)[0]")
    assert_unchanged(submission, "dropout", x, 0.5, fresh(rng), True, what=what)  # noqa: FBT003  positional only here
    again = fresh(rng)  # arrives in the same state each time
    masks = [submission.dropout(x, 0.5, again, training=True)[1] for _ in range(2)]
    assert_close(masks[1], masks[0], what="the mask of dropout, twice with equal generators,")


# Training.


def test_train_steps(submission: Submission, rng: np.random.Generator) -> None:
    """With one batch for all, the order is no matter: weights after 0, 1 and 2 steps are exact.

    Catches mistakes: train_ascends, train_bias_frozen, train_last_layer_only,
    train_layers_in_turn, train_learning_rate_decays, train_momentum, train_one_epoch_only,
    train_random_bias, train_same_generator, train_weight_decay, train_xavier.
    """
    cases = [(7, 5, 11, 3, 0.3, 7), (5, 3, (7, 5, 5), 2, 0.1, 1000), (1, 5, [3], 2, 0.5, 1)]
    for n, n_in, hidden, classes, learning_rate, batch_size in cases:
        x, seed = rng.normal(size=(n, n_in)), fresh(rng)
        targets = rng.permutation(
            np.arange(classes - n, classes).clip(0)
        )  # the last class is there
        sizes = [n_in, *np.atleast_1d(hidden).tolist(), classes]
        what = "train_mlp(x, targets, hidden, learning_rate, epochs={}, batch_size=n or more, rng)"
        start = assert_form(
            submission.train_mlp(x, targets, hidden, learning_rate, 0, batch_size, seed),
            sizes,
            what=what.format(0),
        )
        for layer, (_, bias) in enumerate(start):
            assert_close(
                bias,
                np.zeros(bias.shape),
                what=f"bias of layer {layer} of {what.format(0)}",
                hint="Biases start at 0.",
            )
        for epochs in (1, 2):
            got = submission.train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, seed)
            oracle = sgd_oracle(start, x, targets, learning_rate, epochs * [np.arange(n)])
            assert_params(
                changes(got, start),
                changes(oracle, start),
                what=f"({what.format(epochs)} minus the result for epochs=0)",
                hint="All gradients of a step belong to the same weights.",
            )
    x, seed = rng.normal(size=(2, 101)), fresh(rng)
    start = assert_form(
        submission.train_mlp(x, np.array([0, 1]), (199, 199, 199), 0.1, 0, 2, seed),
        [101, 199, 199, 199, 2],
        what="train_mlp(x, targets, (199, 199, 199), learning_rate, epochs=0, batch_size, rng)",
    )
    rare = {"false_fail": 1e-8}
    whitened = [weights / np.sqrt(2.0 / len(weights)) for weights, _ in start[:3]]
    for layer, z in enumerate(whitened):
        assert_statistic(
            (z**2).mean(),
            1.0,
            standard_error=(2.0 / z.size) ** 0.5,
            what=f"variance of initial weights {layer} of train_mlp, in units of 2 / n_in",
            hint="ReLU layers start from he_init's distribution.",
            **rare,
        )
    assert_statistic(
        (whitened[1] * whitened[2]).mean(),
        0.0,
        standard_error=whitened[1].size ** -0.5,
        what="correlation of the initial weights of two layers of equal size",
        hint="One generator for all layers: the next layer continues where the last one stopped.",
        **rare,
    )


def test_train_batches(submission: Submission, rng: np.random.Generator) -> None:
    """All examples equal: no order, only the number of steps and the mean over each batch count.

    Catches mistakes: train_divides_by_batch_size, train_drops_last_batch, train_full_batch_only,
    train_sums_the_batch.
    """
    for n, batch_size, epochs in [(7, 3, 1), (7, 2, 2), (6, 3, 1), (3, 1, 1)]:
        x, seed = np.tile(rng.normal(size=(1, 5)), (n, 1)), fresh(rng)
        targets, hidden, learning_rate = np.full(n, 2), 7, 0.1
        start = assert_form(
            submission.train_mlp(x, targets, hidden, learning_rate, 0, batch_size, seed),
            [5, hidden, 3],
            what="train_mlp(x, targets, hidden, learning_rate, epochs=0, batch_size, rng)",
        )
        got = submission.train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, seed)
        steps = epochs * -(-n // batch_size)
        oracle = sgd_oracle(start, x, targets, learning_rate, steps * [np.array([0])])
        assert_params(
            changes(got, start),
            changes(oracle, start),
            what="change of train_mlp's weights on equal examples",
            hint="Count the steps of an epoch. The last one is the mean over what is left.",
        )


def distance(got: Params, expected: Params) -> float:
    """Largest difference between two networks of the same shapes."""
    return max(
        float(np.abs(a - b).max())
        for pair, other in zip(got, expected, strict=True)
        for a, b in zip(pair, other, strict=True)
    )


def nearest(end: Params, explanations: Mapping[str, Params]) -> str:
    """Which explanation gives these weights; "?" if none does."""
    gaps = {name: distance(weights, end) for name, weights in explanations.items()}
    best = min(gaps, key=lambda name: gaps[name])
    # Rounding is 1e-15; different orders are 1e-5 or more apart.
    return best if gaps[best] < 1e-9 else "?"


def epoch_trace(start: Params, end: Params, x: Array, targets: Labels) -> str:
    """What the steps of one epoch saw: "0" is example 0, "0/1" is its x with the target of 1."""
    pairs = [("0", 0, 0), ("1", 1, 1), ("0/1", 0, 1), ("1/0", 1, 0)]

    def step(params: Params, examples: list[int], labels: list[int]) -> Params:
        return sgd_oracle(params, x[examples], targets[labels], 0.5, [np.arange(len(examples))])

    found = {
        "0 1": step(step(start, [0], [0]), [1], [1]),
        "1 0": step(step(start, [1], [1]), [0], [0]),
    }
    if (name := nearest(end, found)) != "?":
        return name  # what a right one saw; the other traces cost ten times more
    found = {"both at once": step(start, [0, 1], [0, 1])}
    for first, example, label in pairs:
        found[first] = step(start, [example], [label])
        for second, other, other_label in pairs:
            found[f"{first} {second}"] = step(found[first], [other], [other_label])
    return nearest(end, found)


def two_epochs(start: Params, end: Params, x: Array, targets: Labels) -> str:
    """How the order of the second epoch compares with that of the first."""
    found = {}
    for first in ([0, 1], [1, 0]):
        for second in ([0, 1], [1, 0]):
            batches = [np.array([i]) for i in first + second]
            name = "same order" if first == second else "other order"
            found[f"{name} {first[0]}"] = sgd_oracle(start, x, targets, 0.5, batches)
    return nearest(end, found).rstrip(" 01")


def test_train_order(submission: Submission, rng: np.random.Generator) -> None:
    """Two examples, one at a time: the final weights give the order of each epoch away.

    A correct submission fails with probability 4 * 2 ** -24, below 3e-7.

    Catches mistakes: train_labels_misaligned, train_no_shuffle, train_one_batch_an_epoch,
    train_shuffles_once, train_with_replacement, train_fixed_batches.
    """
    x, targets, sizes = np.array([[1.0, 2.0], [-1.5, 0.5]]), np.array([0, 1]), [2, 3, 2]
    orders, repeats = set(), set()
    for _ in range(RUNS):
        seed = fresh(rng)
        start, one, two = (
            usable_params(submission.train_mlp(x, targets, 3, 0.5, epochs, 1, seed), sizes)
            for epochs in (0, 1, 2)
        )
        orders.add(epoch_trace(start, one, x, targets))
        repeats.add(two_epochs(start, two, x, targets))
    what = "of train_mlp on two examples with batches of one, over many generators"
    assert_equal(
        sorted(orders),
        ["0 1", "1 0"],
        what=f"the order of the steps in one epoch {what}",
        hint="Each example once an epoch, with its own target, in an order that is drawn.",
    )
    assert_equal(
        sorted(repeats),
        ["other order", "same order"],
        what=f"the order of the second epoch against the first {what}",
        hint="Where does the shuffling stand, before the loop over the epochs or in it?",
    )
    assert_that(  # a correct submission shows only these batches with probability 3 ** -24 = 4e-12
        not all(has_fixed_batches(submission, fresh(rng)) for _ in range(RUNS)),
        "train_mlp makes the same batches in every epoch; only their order is drawn.",
        hint="Is it the examples that are shuffled, or the batches?",
    )
    x, targets = rng.normal(size=(7, 5)), np.array([0, 1, 2, 0, 1, 2, 0])
    again = fresh(rng)  # arrives in the same state each time
    first, second = (submission.train_mlp(x, targets, 3, 0.1, 3, 2, again) for _ in range(2))
    assert_close(
        np.concatenate([weights.ravel() for weights, _ in second]),
        np.concatenate([weights.ravel() for weights, _ in first]),
        what="the weights of train_mlp, twice with equal generators,",
        hint="Where does the randomness come from, besides rng?",
    )


def has_fixed_batches(submission: Submission, seed: np.random.Generator) -> bool:
    """Whether one epoch over four examples in batches of two was 0, 1 and 2, 3, in some order."""
    x = np.array([[1.0, 2.0], [-1.5, 0.5], [0.5, -1.0], [2.0, 1.5]])
    targets, sizes = np.array([0, 1, 1, 0]), [2, 3, 2]
    start, end = (
        usable_params(submission.train_mlp(x, targets, 3, 0.5, epochs, 2, seed), sizes)
        for epochs in (0, 1)
    )
    pairs = [np.array([0, 1]), np.array([2, 3])]
    traces = {
        "in order": sgd_oracle(start, x, targets, 0.5, pairs),
        "reversed": sgd_oracle(start, x, targets, 0.5, pairs[::-1]),
    }
    return nearest(end, traces) != "?"


def test_predict_labels(submission: Submission, rng: np.random.Generator) -> None:
    """The class of the largest logit, negative ones included.

    Catches mistakes: predict_from_one, predict_least_likely, predict_over_batch,
    predict_relu_on_output, predict_without_relu.
    """
    split = np.hstack([np.eye(5), -np.eye(5)])  # relu of x and of -x: x can be put together again
    below_zero = [(split, np.zeros(10)), (split.T, np.full(5, -100.0))]  # logits x - 100
    for params, batch in [
        (random_params([5, 11, 3], rng), 97),
        (below_zero, 19),
        (random_params([5, 7, 7, 2], rng), 1),
        (random_params([5, 3], rng), 7),
    ]:
        x = rng.normal(size=(batch, 5))
        expected = np.argmax(mlp_logits_oracle(params, x), axis=1)
        assert_close(
            submission.predict(params, x), expected, what="predict(params, x)", dtype="int64"
        )
    assert_unchanged(submission, "predict", params, x, what="predict(params, x)")


def test_train_accuracy(
    submission: Submission, rng: np.random.Generator, dataset: Dataset, bars: Mapping[str, float]
) -> None:
    """Median accuracy of three runs; our own forward pass judges the weights that come back.

    Reference, 60 seeds: 0.9707 +- 0.0044, 0.9583 to 0.9806, 0.11 CPU s a run; three second
    solutions, 30 seeds each, the same. The bar cannot see unshuffled or dropped batches, other
    initialisations, momentum, frozen biases or layers updated in turn: the checks above do.

    Catches mistakes: train_labels_misaligned_later, train_stops_early.
    """
    scale, n_in = float(dataset.max_value), dataset.x_train[0].size
    x = dataset.x_train.reshape(-1, n_in) / scale
    x_test = dataset.x_test.reshape(-1, n_in) / scale
    accuracies = []
    for _ in range(3):
        params = assert_form(
            submission.train_mlp(x, dataset.y_train, 28, 0.2, 40, 32, fresh(rng)),
            [n_in, 28, int(dataset.y_train.max()) + 1],
            what="train_mlp on digits",
        )
        predicted = np.argmax(mlp_logits_oracle(params, x_test), axis=1)
        accuracies.append(float((predicted == dataset.y_test).mean()))
    assert_at_least(
        float(np.median(accuracies)),
        bars["accuracy"],
        what="median test accuracy of 3 networks with 28 hidden units, 40 epochs",
        hint="Does the loss fall in every epoch, up to the last?",
    )


def test_train_time(
    submission: Submission, reference: Submission, rng: np.random.Generator
) -> None:
    """Whole batches go through matrix products.

    Catches mistake: train_one_by_one.
    """
    x = rng.normal(size=(1024, 64))
    targets = np.argmax(x[:, :10], axis=1)

    def verify(params: Params, wanted: Params, x: Array, targets: Labels, *_: object) -> bool:
        """Whether the timed training has learned about as much as the reference's."""
        shapes = [(w.shape, b.shape) for w, b in params]
        if shapes != [(w.shape, b.shape) for w, b in wanted]:
            return False
        loss = mlp_loss_oracle(params, x, targets)
        # Seen over 60 seeds and 4 correct programs: 0.93 to 1.08; untrained weights 1.5 or more.
        return bool(loss < 1.3 * mlp_loss_oracle(wanted, x, targets))

    assert_time_ratio(
        submission,
        reference,
        "train_mlp",
        x,
        targets,
        64,
        0.1,
        2,
        64,
        fresh(rng),
        verify=verify,
        at_most=3.0,
        fail_above=4.0,
        what="train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, rng)",
        hint="A Python loop over examples or units costs 10 times as much as a matrix product.",
    )
