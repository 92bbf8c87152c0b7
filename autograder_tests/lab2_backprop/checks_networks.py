"""Hidden checks of lab 2: the gradients of layers and networks."""

import numpy as np
from oracle_lab2 import (
    Array,
    Labels,
    Params,
    assert_params,
    mlp_loss_oracle,
    params_gradient,
    random_params,
    two_layer_loss_oracle,
    two_layer_oracle,
)

from grader.testing import (
    Submission,
    assert_close,
    assert_unchanged,
)


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
