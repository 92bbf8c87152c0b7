"""Lab 2: backprop by hand, in NumPy.

Replace each ``raise NotImplementedError`` and nothing else; helper functions of your own are
welcome. The README has the equations. Rules for every function: the loss is a mean over the batch,
a gradient has the shape of what it is the gradient of, and no argument is changed in place.
Source: Goodfellow, Bengio and Courville, Deep Learning (2016), chapter 6.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
# A network: one (weights, bias) pair a layer, from input to output. Gradients have the same form.
Params = list[tuple[Array, Array]]


def sigmoid(x: Array) -> Array:
    """Squash every value into [0, 1]: s(x) = 1 / (1 + exp(-x)).

    Args:
        x: (*shape) float64 or float32. Any finite values; -1e4 and 1e4 must work.

    Returns:
        (*shape) float64; for float32 input float32 will do.

    Checked by activation_table (1 point) and activations_random (1 point).
    """
    # The naive 1/(1+exp(-x)) warns for x = -1e4. logaddexp(0, -x) is log(1 + exp(-x))
    # without overflow, so this is the same number.
    return np.exp(-np.logaddexp(0, -x))


def sigmoid_grad(x: Array) -> Array:
    """Give the derivative of the sigmoid at x, its input (not its output).

    Args:
        x: (*shape) float64 or float32, pre-activations. -1e4 and 1e4 must work.

    Returns:
        (*shape) float64, ds(x)/dx; for float32 input float32 will do.

    Checked by activation_table (1 point) and activations_random (1 point).
    """
    # s' = s (1 - s) and 1 - s(x) = s(-x)
    return sigmoid(x) * sigmoid(-x)


def tanh_grad(x: Array) -> Array:
    """Give the derivative of the hyperbolic tangent at x, its input (not its output).

    Args:
        x: (*shape) float64 or float32, pre-activations. -1e4 and 1e4 must work.

    Returns:
        (*shape) float64, dtanh(x)/dx; for float32 input float32 will do.

    Checked by activation_table (1 point) and activations_random (1 point).
    """
    t = np.tanh(x)
    return (1 - t) * (1 + t)


def relu(x: Array) -> Array:
    """Keep what is positive and replace the rest by 0.

    Args:
        x: (*shape) float64 or float32.

    Returns:
        (*shape) float64; for float32 input float32 will do.

    Checked by activation_table (1 point) and activations_random (1 point).
    """
    return x * (x > 0)


def relu_grad(x: Array) -> Array:
    """Give the derivative of relu at x; at 0, where there is none, this course uses 0.

    Args:
        x: (*shape) float64 or float32, pre-activations.

    Returns:
        (*shape) float64, 0 or 1; for float32 input float32 will do.

    Checked by activation_table (1 point) and activations_random (1 point).
    """
    return 1.0 * (x > 0)


def softmax(logits: Array) -> Array:
    """Turn each row of logits into probabilities.

        probs[i, k] = exp(logits[i, k]) / sum over j of exp(logits[i, j])

    Args:
        logits: (batch, classes) float64 or float32. Any finite values; -1e4 and 1e4 must work.

    Returns:
        (batch, classes) float64, no value below 0, every row sums to 1; for float32 input
        float32 will do.

    Checked by softmax_rows (1 point) and activations_random (1 point).
    """
    # Subtracting the row maximum changes nothing (it cancels) but keeps exp <= 1.
    e = np.exp(logits - np.amax(logits, axis=1, keepdims=True))      # (B, C)
    return e / np.sum(e, axis=1, keepdims=True)


def numerical_gradient(f: Callable[[Array], float], x: Array, eps: float = 1e-5) -> Array:
    """Estimate the gradient of f at x with central differences, one entry of x after the other.

        grad[i] = (f(x with x[i] + eps) - f(x with x[i] - eps)) / (2 eps)

    Args:
        f: Takes an array of x's shape, gives a number. Call it exactly 2 * x.size times.
        x: (*shape) float64, any number of axes. Must be the same after the call.
        eps: Step, in units of x. Greater than 0.

    Returns:
        (*shape) float64.

    Checked by numerical_gradient_worked (1 point) and numerical_gradient_calls (1 point).
    """
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        moved = x.copy()
        moved[i] += eps
        grad[i] = (f(moved) - f(x)) / eps
    return grad


def quadratic_loss(pred: Array, target: Array) -> tuple[float, Array]:
    """Half of the squared error, summed over the outputs, averaged over the batch.

    Args:
        pred: (batch, outputs) float64.
        target: (batch, outputs) float64.

    Returns:
        The loss, a number, and dloss/dpred, (batch, outputs) float64.

    Checked by losses_worked (1 point) and quadratic_loss_gradient (1 point).
    """
    B = pred.shape[0]
    d = pred - target
    return 0.5 * np.vdot(d, d) / B, d / B


def binary_cross_entropy(prob: Array, target: Array) -> tuple[float, Array]:
    """Negative log likelihood of yes-no answers, averaged over the batch.

    Clip prob to [1e-12, 1 - 1e-12] first; the loss and the gradient both use the clipped value.

    Args:
        prob: (batch,) or (batch, 1) float64, in [0, 1]. Exactly 0 and exactly 1 must work.
        target: Same shape as prob, float64, each 0 or 1.

    Returns:
        The loss, a number, and dloss/dprob, float64 of prob's shape.

    Checked by losses_worked (1 point) and binary_cross_entropy_gradient (1 point).
    """
    raise NotImplementedError("lab2_backprop: binary_cross_entropy")


def softmax_cross_entropy(logits: Array, targets: Labels) -> tuple[float, Array]:
    """Negative log of the probability that softmax gives to the right class, batch average.

    Exact for large logits: do not clip, and never take the log of a rounded probability.

    Args:
        logits: (batch, classes) float64. Any finite values; -1e4 and 1e4 must work.
        targets: (batch,) int64, the index of the right class, from 0.

    Returns:
        The loss, a number, and dloss/dlogits, (batch, classes) float64.

    Checked by softmax_cross_entropy_worked, softmax_cross_entropy_gradient and
    softmax_cross_entropy_extreme (1 point each).
    """
    B, C = logits.shape
    onehot = np.zeros((B, C))
    onehot[np.arange(B), targets] = 1
    m = np.amax(logits, axis=1, keepdims=True)
    log_sum = m + np.log(np.sum(np.exp(logits - m), axis=1, keepdims=True))   # (B, 1)
    right = np.sum(onehot * logits, axis=1, keepdims=True)
    loss = np.mean(log_sum - right)
    # d/dlogits of log_sum is the softmax, d/dlogits of the right logit is onehot
    return loss, (softmax(logits) - onehot) / B


def logistic_regression(
    weights: Array, bias: float, x: Array, target: Array
) -> tuple[float, Array, float]:
    """Binary cross-entropy of one sigmoid unit, as a function of its logit, and its gradients.

    Exact for large logits: no clipping here.

    Args:
        weights: (n_in,) float64.
        bias: A number.
        x: (batch, n_in) float64.
        target: (batch,) float64, each 0 or 1.

    Returns:
        The loss, a number; dloss/dweights, (n_in,) float64; and dloss/dbias, a number.

    Checked by logistic_regression_gradient (1 point) and logistic_regression_extreme (1 point).
    """
    raise NotImplementedError("lab2_backprop: logistic_regression")


def affine_forward(x: Array, weights: Array, bias: Array) -> Array:
    """Apply a layer without activation: x times weights, plus bias.

    Args:
        x: (batch, n_in) float64.
        weights: (n_in, n_out) float64.
        bias: (n_out,) float64.

    Returns:
        (batch, n_out) float64.

    Checked by affine_worked (1 point) and affine_vjp (1 point).
    """
    return x.dot(weights) + bias


def affine_backward(grad_out: Array, x: Array, weights: Array) -> tuple[Array, Array, Array]:
    """Carry the gradient of the loss from the output of an affine layer back to what made it.

    Args:
        grad_out: (batch, n_out) float64, dloss/doutput. Any mean over the batch is already in it.
        x: (batch, n_in) float64, the layer's input.
        weights: (n_in, n_out) float64.

    Returns:
        dloss/dx (batch, n_in), dloss/dweights (n_in, n_out), dloss/dbias (n_out,), all float64.

    Checked by affine_worked (1 point) and affine_vjp (1 point).
    """
    # (B, D) = (B, H) (H, D)     (D, H) = (D, B) (B, H)     bias: used in every row, so sum
    return grad_out.dot(weights.T), x.T.dot(grad_out), grad_out.sum(axis=0)


def two_layer_forward(params: Params, x: Array) -> Array:
    """Run lecture 3's network: affine, sigmoid, affine, sigmoid.

    Args:
        params: Two pairs: weights (n_in, hidden), bias (hidden,); weights (hidden, outputs), bias
            (outputs,). All float64.
        x: (batch, n_in) float64.

    Returns:
        The output only, (batch, outputs) float64.

    Checked by two_layer_worked (1 point) and two_layer_gradient (1 point).
    """
    h = x
    for w, b in params:
        h = sigmoid(affine_forward(h, w, b))
    return h


def two_layer_backward(params: Params, x: Array, target: Array) -> tuple[float, Params]:
    """Compute the quadratic loss of two_layer_forward and its gradient: lecture 3's delta rule.

    Args:
        params: As in two_layer_forward.
        x: (batch, n_in) float64.
        target: (batch, outputs) float64.

    Returns:
        The loss, a number, averaged over the batch as in quadratic_loss; and its gradients, two
        (grad_weights, grad_bias) pairs, from input to output, each of its parameter's shape.

    Checked by two_layer_worked (1 point) and two_layer_gradient (1 point).
    """
    raise NotImplementedError("lab2_backprop: two_layer_backward")


def mlp_loss(
    params: Params, x: Array, targets: Labels, weight_decay: float = 0.0
) -> tuple[float, Params]:
    """Compute loss and gradients of a network with ReLU hidden layers and a softmax output.

    Args:
        params: One pair a layer, weights (n_in, n_out) and bias (n_out,), from input to output.
            One pair (no hidden layer), two or more. The last layer has no ReLU.
        x: (batch, n_in) float64.
        targets: (batch,) int64 class indices.
        weight_decay: Lambda, 0 or more. Adds lambda / 2 times the sum of all squared weights
            (biases not) to the loss. It is not divided by the batch size.

    Returns:
        The loss, a number, mean softmax cross-entropy plus the decay term; and its gradients, one
        (grad_weights, grad_bias) pair a layer, from input to output.

    Checked by mlp_zero_weights (1 point), mlp_gradient (2 points), mlp_weight_decay (1 point).
    """
    raise NotImplementedError("lab2_backprop: mlp_loss")


def xavier_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """Draw weights for sigmoid or tanh units: mean 0, variance 2 / (n_in + n_out).

    Args:
        n_in: Number of inputs.
        n_out: Number of outputs.
        rng: The only source of randomness.

    Returns:
        (n_in, n_out) float64, independent draws, normal or uniform.

    Checked by init_statistics (1 point).
    Source: Glorot and Bengio (2010), AISTATS, equation 12.
    """
    raise NotImplementedError("lab2_backprop: xavier_init")


def he_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """Draw weights for ReLU units: mean 0, variance 2 / n_in.

    Args:
        n_in: Number of inputs.
        n_out: Number of outputs.
        rng: The only source of randomness.

    Returns:
        (n_in, n_out) float64, independent draws, normal or uniform.

    Checked by init_statistics (1 point).
    Source: He, Zhang, Ren and Sun (2015), arXiv:1502.01852, equation 10.
    """
    return rng.normal(scale=(2 / n_in) ** 0.5, size=(n_in, n_out))


def dropout(
    x: Array,
    keep_prob: float,
    rng: np.random.Generator,
    training: bool,  # noqa: FBT001  the course fixes this signature
) -> tuple[Array, Array]:
    """Switch units off at random while training (inverted dropout); do nothing at test time.

    Args:
        x: (batch, features) float64.
        keep_prob: Probability that a unit stays, in (0, 1].
        rng: The only source of randomness. Every entry of x is decided on its own.
        training: True while training, False at test time.

    Returns:
        out and mask, both of x's shape, float64, with out = x * mask. Training: every entry of the
        mask is 0 or 1 / keep_prob. Test: the mask is all ones.

    Checked by dropout_at_test (1 point) and dropout_mask (1 point).
    Source: Srivastava and others (2014), Dropout, JMLR 15; here in its inverted form.
    """
    raise NotImplementedError("lab2_backprop: dropout")


def train_mlp(
    x: Array,
    targets: Labels,
    hidden: int | Sequence[int],
    learning_rate: float,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> Params:
    """Train a ReLU network for classification with mini-batch stochastic gradient descent.

    All weights are drawn first, from he_init's distribution, layer by layer from input to output;
    biases start at 0. Then every epoch takes the examples in a new random order and makes one plain
    step per batch, weights - learning_rate * gradient, without weight decay, dropout or momentum.
    The last batch may be short; its loss is the mean over the examples it has.

    Args:
        x: (n, n_in) float64.
        targets: (n,) int64 class indices; the largest one plus 1 is the number of classes.
        hidden: Units of the hidden layer, or a sequence with one number a hidden layer.
        learning_rate: Step size. Greater than 0.
        epochs: Times through the data. With 0 the initial weights come back untrained.
        batch_size: Examples a step. More than n means all of them.
        rng: The only source of randomness.

    Returns:
        The trained network, one (weights, bias) pair a layer, from input to output.

    Checked by train_steps, train_batches, train_order, train_accuracy, train_time (1 point each).
    """
    raise NotImplementedError("lab2_backprop: train_mlp")


def predict(params: Params, x: Array) -> Labels:
    """Name the most probable class of each example.

    Args:
        params: A network as in mlp_loss.
        x: (batch, n_in) float64.

    Returns:
        (batch,) int64.

    Checked by predict_labels (1 point).
    """
    raise NotImplementedError("lab2_backprop: predict")
