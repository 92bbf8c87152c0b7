"""Reference solution of lab 2: backprop by hand. The docstrings are in the stub."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Params = list[tuple[Array, Array]]


def sigmoid(x: Array) -> Array:
    """See the stub."""
    # exp(-|x|) is at most 1 and can only underflow to 0, which is the right limit on both sides.
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, decay) / (1.0 + decay)


def sigmoid_grad(x: Array) -> Array:
    """See the stub."""
    # sigmoid(-x) is 1 - sigmoid(x) without the cancellation.
    return sigmoid(x) * sigmoid(-x)


def tanh_grad(x: Array) -> Array:
    """See the stub."""
    return 1.0 - np.tanh(x) ** 2


def relu(x: Array) -> Array:
    """See the stub."""
    return np.maximum(x, 0.0)


def relu_grad(x: Array) -> Array:
    """See the stub."""
    # At 0 every value in [0, 1] is a subgradient; the strict sign makes it 0.
    return np.where(x > 0, 1.0, 0.0)


def softmax(logits: Array) -> Array:
    """See the stub."""
    # Each row has its own maximum: one maximum for the whole batch would underflow other rows.
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))  # (batch, classes)
    return exps / exps.sum(axis=1, keepdims=True)


def numerical_gradient(f: Callable[[Array], float], x: Array, eps: float = 1e-5) -> Array:
    """See the stub."""
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        # Two fresh copies: adding and subtracting eps in place would leave a rounding error in x.
        above, below = x.copy(), x.copy()
        above[index] += eps
        below[index] -= eps
        grad[index] = (f(above) - f(below)) / (2.0 * eps)
    return grad


def quadratic_loss(pred: Array, target: Array) -> tuple[float, Array]:
    """See the stub."""
    error = pred - target
    batch = pred.shape[0]
    return float(0.5 * np.sum(error**2) / batch), error / batch


def binary_cross_entropy(prob: Array, target: Array) -> tuple[float, Array]:
    """See the stub."""
    prob = np.clip(prob, 1e-12, 1.0 - 1e-12)
    batch = prob.shape[0]
    losses = -target * np.log(prob) - (1.0 - target) * np.log(1.0 - prob)
    grad = (-target / prob + (1.0 - target) / (1.0 - prob)) / batch
    return float(losses.sum() / batch), grad


def softmax_cross_entropy(logits: Array, targets: Labels) -> tuple[float, Array]:
    """See the stub."""
    batch = logits.shape[0]
    rows = np.arange(batch)
    shifted = logits - logits.max(axis=1, keepdims=True)
    # log of the sum, never log of a probability: a probability can underflow to 0, its log cannot.
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))  # (batch, classes)
    grad = np.exp(log_probs)
    grad[rows, targets] -= 1.0
    return float(-log_probs[rows, targets].mean()), grad / batch


def logistic_regression(
    weights: Array, bias: float, x: Array, target: Array
) -> tuple[float, Array, float]:
    """See the stub."""
    logits = x @ weights + bias  # (batch,)
    # -y log s(z) - (1 - y) log(1 - s(z)) = log(1 + exp(z)) - y z, and logaddexp cannot overflow.
    loss = np.mean(np.logaddexp(0.0, logits) - target * logits)
    # s'(z) cancels against the loss's 1 / (s (1 - s)): what remains is the plain error.
    grad_logits = (sigmoid(logits) - target) / x.shape[0]  # (batch,)
    return float(loss), x.T @ grad_logits, float(grad_logits.sum())


def affine_forward(x: Array, weights: Array, bias: Array) -> Array:
    """See the stub."""
    return x @ weights + bias  # (batch, n_out)


def affine_backward(grad_out: Array, x: Array, weights: Array) -> tuple[Array, Array, Array]:
    """See the stub."""
    # The shapes alone decide the order and the transposes. No 1 / batch: grad_out carries it.
    grad_x = grad_out @ weights.T  # (batch, n_in)
    grad_weights = x.T @ grad_out  # (n_in, n_out)
    return grad_x, grad_weights, grad_out.sum(axis=0)


def two_layer_forward(params: Params, x: Array) -> Array:
    """See the stub."""
    for weights, bias in params:
        x = sigmoid(affine_forward(x, weights, bias))
    return x


def two_layer_backward(params: Params, x: Array, target: Array) -> tuple[float, Params]:
    """See the stub."""
    (weights_1, bias_1), (weights_2, bias_2) = params
    in_1 = affine_forward(x, weights_1, bias_1)  # (batch, hidden)
    hidden = sigmoid(in_1)
    in_2 = affine_forward(hidden, weights_2, bias_2)  # (batch, outputs)
    loss, grad_out = quadratic_loss(sigmoid(in_2), target)
    delta_2 = grad_out * sigmoid_grad(in_2)
    grad_hidden, *grads_2 = affine_backward(delta_2, hidden, weights_2)
    delta_1 = grad_hidden * sigmoid_grad(in_1)
    _, *grads_1 = affine_backward(delta_1, x, weights_1)
    return loss, [tuple(grads_1), tuple(grads_2)]


def mlp_logits(params: Params, x: Array) -> tuple[Array, list[Array], list[Array]]:
    """Run the network forwards and keep what the way back needs.

    Args:
        params: Pairs of weights (n_in, n_out) and bias (n_out,), from input to output.
        x: (batch, n_in) float64.

    Returns:
        Logits (batch, classes), the input of each layer, and the pre-activation of each layer.
    """
    inputs, pre_activations = [], []
    for weights, bias in params:
        inputs.append(x)
        pre_activations.append(affine_forward(x, weights, bias))
        x = relu(pre_activations[-1])
    return pre_activations[-1], inputs, pre_activations


def mlp_loss(
    params: Params, x: Array, targets: Labels, weight_decay: float = 0.0
) -> tuple[float, Params]:
    """See the stub."""
    logits, inputs, pre_activations = mlp_logits(params, x)
    loss, grad = softmax_cross_entropy(logits, targets)
    loss += 0.5 * weight_decay * sum(float(np.sum(weights**2)) for weights, _ in params)
    grads: Params = []
    for layer in reversed(range(len(params))):
        if layer < len(params) - 1:  # the logits have no ReLU behind them
            grad = grad * relu_grad(pre_activations[layer])
        weights = params[layer][0]
        grad, grad_weights, grad_bias = affine_backward(grad, inputs[layer], weights)
        grads.insert(0, (grad_weights + weight_decay * weights, grad_bias))
    return loss, grads


def xavier_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """See the stub."""
    return rng.normal(0.0, np.sqrt(2.0 / (n_in + n_out)), size=(n_in, n_out))


def he_init(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """See the stub."""
    # Twice the 1 / n_in of a linear layer: ReLU throws half of the signal away.
    return rng.normal(0.0, np.sqrt(2.0 / n_in), size=(n_in, n_out))


def dropout(
    x: Array,
    keep_prob: float,
    rng: np.random.Generator,
    training: bool,  # noqa: FBT001  the course fixes this signature
) -> tuple[Array, Array]:
    """See the stub."""
    if not training:
        return x.copy(), np.ones(x.shape)
    mask = (rng.random(x.shape) < keep_prob) / keep_prob
    return x * mask, mask


def train_mlp(
    x: Array,
    targets: Labels,
    hidden: int | Sequence[int],
    learning_rate: float,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> Params:
    """See the stub."""
    n, n_in = x.shape
    sizes = [n_in, *np.atleast_1d(hidden).tolist(), int(targets.max()) + 1]
    params = [(he_init(a, b, rng), np.zeros(b)) for a, b in itertools.pairwise(sizes)]
    for _ in range(epochs):
        order = rng.permutation(n)
        for start in range(0, n, batch_size):
            batch = order[start : start + batch_size]  # the last one may be short
            _, grads = mlp_loss(params, x[batch], targets[batch])
            # All gradients are known before the first weight moves.
            params = [
                (weights - learning_rate * grad_weights, bias - learning_rate * grad_bias)
                for (weights, bias), (grad_weights, grad_bias) in zip(params, grads, strict=True)
            ]
    return params


def predict(params: Params, x: Array) -> Labels:
    """See the stub."""
    # Softmax keeps the order, so the largest logit is the most probable class.
    return np.argmax(mlp_logits(params, x)[0], axis=1)
