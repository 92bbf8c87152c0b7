"""Reference solution of lab 1: gradient descent on x². The docstrings are in the stub."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Gradient = Callable[[Array], Array]
State = dict[str, Array | int]


def grid(low: float = -10.0, high: float = 10.0, gap: float = 0.1) -> Array:
    """See the stub."""
    # Count first, then divide evenly: 0.1 is not exact in binary, so a loop or arange that adds
    # gaps until it passes the end may stop one point early or late.
    return np.linspace(low, high, round((high - low) / gap) + 1)


def square(x: Array) -> Array:
    """See the stub."""
    return x * x


def square_grad(x: Array) -> Array:
    """See the stub."""
    return 2 * x


def gradient_descent(grad: Gradient, start: Array, learning_rate: float, steps: int) -> Array:
    """See the stub."""
    x = _as_float(start)
    path = np.empty((steps + 1, *x.shape), x.dtype)
    path[0] = x
    for k in range(steps):
        # Each row is computed from the row before; no row is ever written twice.
        path[k + 1] = path[k] - learning_rate * grad(path[k])
    return path


def momentum_descent(
    grad: Gradient, start: Array, learning_rate: float, momentum: float, steps: int
) -> Array:
    """See the stub."""
    x = _as_float(start)
    path = np.empty((steps + 1, *x.shape), x.dtype)
    path[0] = x
    delta = np.zeros_like(x)
    for k in range(steps):
        # Lecture 3: a moving average, so the weights momentum and 1 - momentum add up to 1.
        delta = momentum * delta + (1 - momentum) * grad(path[k])
        path[k + 1] = path[k] - learning_rate * delta
    return path


def _as_float(start: Array) -> Array:
    """Copy the start; whole numbers become float64, or the path would be cut to whole numbers."""
    x = np.array(start)
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def rmsprop_step(
    weights: Array,
    grad: Array,
    state: State,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-8,
) -> tuple[Array, State]:
    """See the stub."""
    v = rho * state.get("v", 0.0) + (1 - rho) * grad**2
    # sqrt(v) is the typical size of recent gradients: dividing by it makes every weight's step
    # about learning_rate long, whatever the scale of its gradient.
    return weights - learning_rate * grad / (np.sqrt(v) + eps), {"v": v}


def adam_step(
    weights: Array,
    grad: Array,
    state: State,
    learning_rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Array, State]:
    """See the stub."""
    # t counts this step too: with t = 0 both corrections would divide by zero.
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0.0) + (1 - beta1) * grad
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2
    # The averages start at 0, so early on they are too small by these factors. The state keeps
    # the uncorrected ones.
    m_corrected = m / (1 - beta1**t)
    v_corrected = v / (1 - beta2**t)
    weights = weights - learning_rate * m_corrected / (np.sqrt(v_corrected) + eps)
    return weights, {"m": m, "v": v, "t": t}


def behaviour(learning_rate: float) -> str:
    """See the stub."""
    # Each step multiplies x by 1 - 2 * learning_rate: its sign says whether the path changes
    # sides, its size whether the path comes closer.
    factor = 1 - 2 * learning_rate
    if factor == 0:
        return "one step"
    if abs(factor) == 1:
        return "cycles"
    if abs(factor) > 1:
        return "diverges"
    return "converges" if factor > 0 else "oscillates"


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[Indices]:
    """See the stub."""
    order = rng.permutation(n)
    # A slice that reaches over the end is cut there: the last batch is short by itself.
    return [order[first : first + batch_size] for first in range(0, n, batch_size)]


def sgd_linear_regression(
    x: Array,
    y: Array,
    learning_rate: float,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> tuple[Array, float]:
    """See the stub."""
    weights, bias = np.zeros(x.shape[1]), 0.0
    for _ in range(epochs):
        for batch in minibatches(len(x), batch_size, rng):
            error = x[batch] @ weights + bias - y[batch]  # (len(batch),)
            # Both gradients come from the same error. The mean is over the samples that are
            # really in this batch: the last one may be short.
            weights = weights - learning_rate * (error @ x[batch]) / len(batch)  # (d,)
            bias = bias - learning_rate * error.mean()
    return weights, float(bias)


def plot_descent(path: Array) -> Figure:
    """See the stub."""
    from matplotlib.figure import Figure  # here, not above: it takes half a second to import

    figure = Figure()
    axes = figure.subplots()
    x = grid()
    axes.plot(x, square(x), label="x²")
    axes.plot(path, square(path), "o-", label="path")
    axes.set_xlabel("x")
    axes.set_ylabel("x²")
    axes.legend()
    return figure
