"""Public checks of lab 2. One function per rubric line, named test_<check id>."""

import numpy as np

from grader.testing import Submission, assert_close, assert_equal

Pairs = list[tuple[np.ndarray, np.ndarray]]

LN_2, LN_3 = np.log(2.0), np.log(3.0)


def assert_pairs(got: Pairs, expected: Pairs, *, what: str, hint: str = "") -> None:
    """Compare pairs of gradients one by one, from the output back."""
    assert_equal(len(got), len(expected), what=f"len({what})")
    for layer in reversed(range(min(len(got), len(expected)))):
        for part in (0, 1):
            assert_close(
                got[layer][part], expected[layer][part], what=f"{what}[{layer}][{part}]", hint=hint
            )


def test_activation_table(submission: Submission) -> None:
    """At multiples of ln 2 and ln 3 the exponentials are whole numbers.

    Catches mistakes: leaky_relu, relu_grad_one_at_zero, sigmoid_grad_of_activation, sigmoid_sign,
    tanh_grad_not_squared, tanh_grad_of_activation.
    """
    x = np.array([-LN_3, 0.0, LN_3])
    assert_close(
        submission.sigmoid(x), np.array([0.25, 0.5, 0.75]), what="sigmoid([-ln 3, 0, ln 3])"
    )
    assert_close(
        submission.sigmoid_grad(x),
        np.array([0.1875, 0.25, 0.1875]),
        what="sigmoid_grad([-ln 3, 0, ln 3])",
        hint="The argument is the pre-activation. The sigmoid is steepest at 0.",
    )
    assert_close(
        submission.tanh_grad(np.array([[-LN_3, 0.0], [LN_2, LN_3]])),
        np.array([[0.36, 1.0], [0.64, 0.36]]),
        what="tanh_grad([[-ln 3, 0], [ln 2, ln 3]])",
        hint="The argument is the pre-activation. tanh(ln 2) is 0.6 and tanh(ln 3) is 0.8.",
    )
    x = np.array([-2.0, -0.5, 0.0, 0.5, 3.0])
    assert_close(
        submission.relu(x), np.array([0.0, 0.0, 0.0, 0.5, 3.0]), what="relu([-2, -0.5, 0, 0.5, 3])"
    )
    assert_close(
        submission.relu_grad(x),
        np.array([0.0, 0.0, 0.0, 1.0, 1.0]),
        what="relu_grad([-2, -0.5, 0, 0.5, 3])",
        hint="The statement says which value the derivative has at 0.",
    )


def test_softmax_rows(submission: Submission) -> None:
    """Rows are distributions and only differences of logits count.

    Catches mistakes: softmax_over_columns, softmax_overflows.
    """
    logits = np.log(np.array([[1.0, 2.0, 3.0], [4.0, 4.0, 2.0]]))
    probs = np.array([[1.0, 2.0, 3.0], [2.4, 2.4, 1.2]]) / 6.0
    assert_close(submission.softmax(logits), probs, what="softmax(log([[1, 2, 3], [4, 4, 2]]))")
    assert_close(
        submission.softmax(logits + 1e4),
        probs,
        what="softmax(log([[1, 2, 3], [4, 4, 2]]) + 1e4)",
        hint="exp(710) is inf. What can you subtract without changing the result?",
    )
    assert_close(
        submission.softmax(logits - 1e4),
        probs,
        what="softmax(log([[1, 2, 3], [4, 4, 2]]) - 1e4)",
        hint="exp(-1e4) is 0, and 0 / 0 is nan. What can you subtract without changing the result?",
    )


def test_numerical_gradient_worked(submission: Submission) -> None:
    """Large steps show which formula is used: the differences are exact rationals.

    Catches mistakes: backward_difference, difference_not_halved, eps_ignored, forward_difference.
    """

    def parabola(x: np.ndarray) -> float:
        return float(x[0] ** 2 + 3.0 * x[0] * x[1])

    def cubic(x: np.ndarray) -> float:
        return float(np.sum(x**3))

    assert_close(
        submission.numerical_gradient(parabola, np.array([1.0, 2.0]), eps=0.5),
        np.array([8.0, 3.0]),
        what="numerical_gradient(lambda x: x[0]**2 + 3*x[0]*x[1], [1, 2], eps=0.5)",
        hint="(f(x + 0.5) - f(x - 0.5)) / 1 on paper: central differences of a parabola are exact.",
    )
    assert_close(
        submission.numerical_gradient(cubic, np.array([[1.0], [2.0]]), eps=0.5),
        np.array([[3.25], [12.25]]),
        what="numerical_gradient(lambda x: (x**3).sum(), [[1], [2]], eps=0.5)",
        hint="(1.5**3 - 0.5**3) / 1 = 3.25: eps is the step that was asked for.",
    )
    assert_close(
        submission.numerical_gradient(cubic, np.array([1.0, -2.0])),
        np.array([3.0, 12.0]),
        what="numerical_gradient(lambda x: (x**3).sum(), [1, -2])",
        rtol=1e-6,  # the method's own error is eps squared over 3, about 3e-11
    )


def test_losses_worked(submission: Submission) -> None:
    """Two losses and their gradients, worked by hand.

    Catches mistakes: cross_entropy_grad_sum, cross_entropy_one_term, cross_entropy_sum,
    lecture2_dloss_dprob_sign, lecture5_no_minus, quadratic_no_half, quadratic_sign, quadratic_sum.
    """
    loss, grad = submission.quadratic_loss(
        np.array([[1.0, 2.0], [3.0, 5.0], [2.0, 0.0]]),
        np.array([[0.0, 2.0], [1.0, 4.0], [2.0, 3.0]]),
    )
    what = "quadratic_loss([[1, 2], [3, 5], [2, 0]], [[0, 2], [1, 4], [2, 3]])"
    assert_close(
        loss, 2.5, what=f"{what}[0]", hint="Half of 1 + 4 + 1 + 9, as a mean over three examples."
    )
    assert_close(
        grad,
        np.array([[1.0, 0.0], [2.0, 1.0], [0.0, -3.0]]) / 3.0,
        what=f"{what}[1]",
        hint="Move one prediction up a little. Does the loss rise or fall, and how fast?",
    )
    loss, grad = submission.binary_cross_entropy(
        np.array([0.5, 0.2, 0.75, 0.4]), np.array([1.0, 0.0, 1.0, 0.0])
    )
    what = "binary_cross_entropy([0.5, 0.2, 0.75, 0.4], [1, 0, 1, 0])"
    assert_close(
        loss,
        np.log(50.0 / 9.0) / 4.0,
        what=f"{what}[0]",
        hint="A loss is never negative here: the log of a probability is.",
    )
    assert_close(
        grad,
        np.array([-0.5, 0.3125, -1.0 / 3.0, 5.0 / 12.0]),
        what=f"{what}[1]",
        hint="With target 0 a higher probability is worse: the gradient is positive there.",
    )


def test_softmax_cross_entropy_worked(submission: Submission) -> None:
    """Logits that are logs of whole numbers give round probabilities.

    Catches mistakes: softmax_cross_entropy_fancy_index, softmax_cross_entropy_one_hot,
    softmax_cross_entropy_probs_only, softmax_cross_entropy_sign, softmax_cross_entropy_sum.
    """
    logits = np.log(np.array([[1.0, 2.0, 1.0], [3.0, 1.0, 4.0]]))
    loss, grad = submission.softmax_cross_entropy(logits, np.array([0, 2]))
    what = "softmax_cross_entropy(log([[1, 2, 1], [3, 1, 4]]), [0, 2])"
    assert_close(loss, 1.5 * LN_2, what=f"{what}[0]", hint="The right classes have 1/4 and 1/2.")
    assert_close(
        grad,
        np.array([[-0.375, 0.25, 0.125], [0.1875, 0.0625, -0.25]]),
        what=f"{what}[1]",
        hint="Raising the right logit lowers the loss: negative there, positive elsewhere.",
    )


def test_affine_worked(submission: Submission) -> None:
    """Small whole numbers, worked by hand.

    Catches mistakes: affine_averaged, affine_bias_averaged, affine_bias_forgotten,
    affine_bias_wrong_axis, affine_grad_x_ignores_weights, affine_upstream_ignored,
    affine_weights_transposed, lecture5_gradient_of_weights_alone.
    """
    x = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, -1.0]])
    weights = np.array([[1.0, 0.0], [2.0, -1.0], [0.0, 3.0]])
    grad_out = np.array([[1.0, 2.0], [3.0, -1.0]])
    assert_close(
        submission.affine_forward(x, weights, np.array([10.0, 20.0])),
        np.array([[15.0, 18.0], [12.0, 16.0]]),
        what="affine_forward([[1, 2, 0], [0, 1, -1]], [[1, 0], [2, -1], [0, 3]], [10, 20])",
    )
    grad_x, grad_weights, grad_bias = submission.affine_backward(grad_out, x, weights)
    what = "affine_backward([[1, 2], [3, -1]], [[1, 2, 0], [0, 1, -1]], [[1, 0], [2, -1], [0, 3]])"
    assert_close(grad_weights, np.array([[1.0, 2.0], [5.0, 3.0], [-3.0, 1.0]]), what=f"{what}[1]")
    assert_close(
        grad_bias,
        np.array([4.0, 1.0]),
        what=f"{what}[2]",
        hint="A bias has one entry an output, and every example used it.",
    )
    assert_close(grad_x, np.array([[1.0, 0.0, 6.0], [3.0, 7.0, -3.0]]), what=f"{what}[0]")


def test_two_layer_worked(submission: Submission) -> None:
    """One unit in each layer: activations 3/4 and 3/4, target 1/4.

    Catches mistakes: lecture3_two_layer_softmax_output, output_delta_without_slope,
    two_layer_linear_output, two_layer_relu_hidden.
    """
    weight_2 = LN_3 / 0.75
    params = [
        (np.array([[LN_3]]), np.array([0.0])),
        (np.array([[weight_2 / 2.0]]), np.array([LN_3 / 2.0])),
    ]
    x, target = np.array([[1.0], [1.0]]), np.array([[0.25], [0.25]])
    case = "params=[([[ln 3]], [0]), ([[2/3 ln 3]], [1/2 ln 3])], x=[[1], [1]]"
    assert_close(
        submission.two_layer_forward(params, x),
        np.array([[0.75], [0.75]]),
        what=f"two_layer_forward({case})",
        hint="s(ln 3) is 0.75, in the hidden layer and in the output.",
    )
    loss, grads = submission.two_layer_backward(params, x, target)
    what = f"two_layer_backward({case}, target=[[0.25], [0.25]])"
    assert_close(loss, 0.125, what=f"{what}[0]")
    delta_1 = 0.01171875 * LN_3
    assert_pairs(
        grads,
        [
            (np.array([[delta_1]]), np.array([delta_1])),
            (np.array([[0.0703125]]), np.array([0.09375])),
        ],
        what=f"{what}[1]",
        hint="The sigmoid's slope is 0.1875 in both layers: one factor at the output, two before.",
    )


def test_mlp_zero_weights(submission: Submission) -> None:
    """A network of zeros has loss ln 3 on three classes; only the last bias has a gradient.

    Catches mistake: mlp_grads_reversed.
    """
    params = [(np.zeros((5, 11)), np.zeros(11)), (np.zeros((11, 3)), np.zeros(3))]
    x = np.arange(35.0).reshape(7, 5) - 17.0
    loss, grads = submission.mlp_loss(params, x, np.array([0, 2, 2, 1, 2, 0, 2]))
    what = "mlp_loss(zeros 5-11-3, x, [0, 2, 2, 1, 2, 0, 2])"
    assert_close(loss, LN_3, what=f"{what}[0]", hint="Every class has probability 1/3.")
    assert_pairs(
        grads,
        [
            (np.zeros((5, 11)), np.zeros(11)),
            (np.zeros((11, 3)), np.array([1.0, 4.0, -5.0]) / 21.0),
        ],
        what=f"{what}[1]",
        hint="1/3 minus the share of each class among the targets: 2/7, 1/7 and 4/7.",
    )


def test_dropout_at_test(submission: Submission, rng: np.random.Generator) -> None:
    """At test time the values pass through and the mask is all ones.

    Catches mistakes: dropout_active_at_test, lecture3_dropout_multiplied_at_test.
    """
    x = np.arange(-6.0, 9.0).reshape(3, 5)
    out, mask = submission.dropout(x, 0.25, rng, training=False)
    what = "dropout(arange(-6, 9).reshape(3, 5), 0.25, rng, training=False)"
    assert_close(
        out, x, what=f"{what}[0]", hint="Inverted dropout leaves nothing to do at test time."
    )
    assert_close(mask, np.ones((3, 5)), what=f"{what}[1]")
