"""What the hidden checks of lab 2 hold a submission against: losses and their gradients.

Gradients are complex-step derivatives of formulas written here: no backward pass and no
cancellation, so they are right to about 1e-15. Source: Squire and Trapp (1998), SIAM Review 40.
Parameters may carry leading axes, so that many perturbed copies run at once.
"""

import itertools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from grader.testing import (
    assert_close,
    assert_equal,
    assert_that,
)

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Params = list[tuple[Array, Array]]

STEP = 1e-30  # of the complex step: its square vanishes beside 1, and nothing is subtracted
RUNS = 24  # of two examples: the chance that a correct shuffle shows one order only is 2 ** -23


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
