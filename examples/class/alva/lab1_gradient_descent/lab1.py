"""Lab 1: gradient descent on x², in NumPy.

Replace each ``raise NotImplementedError`` and nothing else; helper functions of your own are
welcome. The README has the equations. Rules for every function: no argument is changed in place,
and a gradient has the shape of what it is the gradient of.
Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sections 4.3 and 8.1 to 8.5.
"""

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
# What an optimiser remembers from one step to the next, by name.
State = dict[str, Array | int]


def grid(low: float = -10.0, high: float = 10.0, gap: float = 0.1) -> Array:
    """Give evenly spaced points from low to high, both ends included.

    Args:
        low: First point.
        high: Last point, greater than low by a whole number of gaps (up to rounding).
        gap: Distance of neighbours. Greater than 0.

    Returns:
        (points,) float64, rising. The default is lecture 5's grid: 201 points.

    Checked by parabola_worked (1 point) and grid_gaps (1 point).
    """
    points = round((high - low) / gap) + 1
    return np.linspace(low, high, points)


def square(x: Array) -> Array:
    """Give x², entry by entry.

    Args:
        x: (*shape) float64 or float32, or a number.

    Returns:
        (*shape) float64; for float32 input float32 will do.

    Checked by parabola_worked (1 point) and square_any_shape (1 point).
    """
    return x**2


def square_grad(x: Array) -> Array:
    """Give the derivative of x² at x, entry by entry; exactly, not by differences.

    Args:
        x: (*shape) float64 or float32, or a number.

    Returns:
        (*shape) float64; for float32 input float32 will do.

    Checked by parabola_worked (1 point) and square_any_shape (1 point).
    """
    return 2 * x


def gradient_descent(grad: Gradient, start: Array, learning_rate: float, steps: int) -> Array:
    """Walk downhill and keep every point on the way.

        x[k + 1] = x[k] - learning_rate * grad(x[k])

    Args:
        grad: Takes a point (*shape), gives the gradient there (*shape), of any function, not only
            of x². Call it exactly `steps` times.
        start: (*shape) float64 or float32, or a number; whole numbers are allowed.
        learning_rate: Step size, in units of x per unit of the gradient. Any number.
        steps: How many steps, from 0.

    Returns:
        (steps + 1, *shape) float64, the path: row 0 is the start, row k the point after k steps.
        For a float32 start float32 will do.

    Checked by descent_worked (1 point), descent_closed_form (1 point) and descent_calls (1 point).
    """
    x = np.array(start, dtype=float)
    path = [x]
    for i in range(steps):
        x = x - learning_rate * grad(x)
        path.append(x)
    return np.array(path)


def momentum_descent(
    grad: Gradient, start: Array, learning_rate: float, momentum: float, steps: int
) -> Array:
    """Walk downhill along a moving average of the gradients (lecture 3, slide "Momentum").

        delta[k + 1] = momentum * delta[k] + (1 - momentum) * grad(x[k]),    delta[0] = 0
        x[k + 1]     = x[k] - learning_rate * delta[k + 1]

    Args:
        grad: As in gradient_descent; call it exactly `steps` times.
        start: (*shape) float64 or float32, or a number; whole numbers are allowed.
        learning_rate: Step size, in units of x per unit of the gradient.
        momentum: Weight of the past, in [0, 1). With 0 this is gradient_descent.
        steps: How many steps, from 0.

    Returns:
        (steps + 1, *shape) float64, the path, as in gradient_descent.

    Source: lecture 3, slide "Momentum". Mind that textbooks and libraries leave out the factor
    1 - momentum; this lab has it.

    Checked by momentum_worked (1 point) and momentum_closed_form (1 point).
    """
    x = np.array(start, dtype=float)
    delta = np.zeros(x.shape)
    path = [x]
    for i in range(steps):
        delta = momentum * delta + (1 - momentum) * grad(x)
        x = x - learning_rate * delta
        path.append(x)
    return np.array(path)


def rmsprop_step(
    weights: Array,
    grad: Array,
    state: State,
    learning_rate: float = 0.001,
    rho: float = 0.9,
    eps: float = 1e-8,
) -> tuple[Array, State]:
    """Make one RMSprop update and return the new weights and state; nothing is changed in place.

        v       <- rho * v + (1 - rho) * grad²
        weights <- weights - learning_rate * grad / (sqrt(v) + eps)

    Args:
        weights: (*shape) float64 or float32.
        grad: (*shape) float64 or float32, dloss/dweights.
        state: Before the first step {} or {"v": zeros}; then what the last step returned.
        learning_rate: Step size, in units of the weights. Greater than 0.
        rho: Weight of the past in the average of squares, in [0, 1).
        eps: Added after the square root (not inside it). Greater than 0.

    Returns:
        Updated weights (*shape) float64 (for float32 input float32 will do), and a new state
        {"v": (*shape)}.

    Source: Hinton, Neural Networks for Machine Learning (2012), lecture 6e.

    Checked by rmsprop_worked (1 point) and rmsprop_steps (1 point).
    """
    v = state.get("v", np.zeros(weights.shape))
    v = rho * v + (1 - rho) * grad**2
    new_weights = weights - learning_rate * grad / (np.sqrt(v) + eps)
    return new_weights, {"v": v}


def adam_step(
    weights: Array,
    grad: Array,
    state: State,
    learning_rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Array, State]:
    """Make one Adam update and return the new weights and state; nothing is changed in place.

    Args:
        weights: (*shape) float64 or float32.
        grad: (*shape) float64 or float32, dloss/dweights.
        state: Before the first step {} or {"m": zeros, "v": zeros, "t": 0}; then what the last
            step returned.
        learning_rate: Step size, in units of the weights. Greater than 0.
        beta1: Decay of the first moment per step, in [0, 1).
        beta2: Decay of the second moment per step, in [0, 1).
        eps: Added after the square root of the corrected second moment (not inside it).

    Returns:
        Updated weights (*shape) float64 (for float32 input float32 will do), and a new state:
        "m" (*shape) first moment and "v" (*shape) second moment, both as they are before the bias
        correction, and "t", the number of steps taken.

    Source: Kingma and Ba (2015), Adam, arXiv:1412.6980, Algorithm 1.

    Checked by adam_worked (1 point) and adam_steps (2 points).
    """
    m = state.get("m", np.zeros(weights.shape))
    v = state.get("v", np.zeros(weights.shape))
    t = state.get("t", 0) + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    new_weights = weights - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new_weights, {"m": m, "v": v, "t": t}


def behaviour(learning_rate: float) -> str:
    """Say how gradient descent on x² behaves, from any start other than 0.

    Args:
        learning_rate: Any number but 0, also a negative one.

    Returns:
        "converges"   the path comes ever closer to 0, always on the side it started from;
        "one step"    the first step lands on 0;
        "oscillates"  the path comes ever closer to 0 and changes sides with every step;
        "cycles"      the path returns to its start for ever;
        "diverges"    the path gets ever farther from 0.

    Checked by behaviour_words (1 point) and behaviour_borders (1 point).
    """
    # x becomes (1 - 2 * learning_rate) * x in every step
    factor = 1 - 2 * learning_rate
    if factor == 0:
        return "one step"
    elif factor == -1:
        return "cycles"
    elif abs(factor) > 1:
        return "diverges"
    elif factor > 0:
        return "converges"
    else:
        return "oscillates"


def minibatches(n: int, batch_size: int, rng: np.random.Generator) -> list[Indices]:
    """Deal the indices 0 ... n - 1 out into batches, in random order: one epoch.

    Args:
        n: Number of samples, from 1.
        batch_size: Samples in a batch, from 1; may be larger than n.
        rng: The only source of randomness: the same state gives the same batches.

    Returns:
        Index arrays (batch_size,) int64; only the last may be shorter. Every index stands in
        exactly one of them. A generator that yields them is fine too.

    Checked by minibatches_worked (1 point) and minibatches_order (1 point).
    """
    perm = rng.permutation(n)
    batches = []
    for start in range(0, n, batch_size):
        batches.append(perm[start : start + batch_size])
    return batches


def sgd_linear_regression(
    x: Array,
    y: Array,
    learning_rate: float,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> tuple[Array, float]:
    """Fit y by x @ weights + bias with minibatch gradient descent, from zeros.

    One step for each batch, down the gradient of the batch's loss

        loss = 1/2 * mean over the batch of (x[i] @ weights + bias - y[i])²

    Args:
        x: (N, d) float64 or float32, one sample a row.
        y: (N,) float64 or float32, what should come out.
        learning_rate: Step size. Greater than 0.
        epochs: How often to go through all samples, from 1; in a new random order each time.
        batch_size: Samples in a batch, as in minibatches.
        rng: The only source of randomness.

    Returns:
        weights (d,) float64 and bias, a number.

    Checked by sgd_line (1 point), sgd_steps (2 points), sgd_order (1 point),
    sgd_least_squares (1 point) and sgd_time (1 point).
    """
    weights = np.zeros(x.shape[1])
    bias = 0.0
    for epoch in range(epochs):
        for idx in minibatches(len(x), batch_size, rng):
            xb = x[idx]
            yb = y[idx]
            error = xb @ weights + bias - yb
            dw = xb.T @ error / len(idx)
            db = np.mean(error)
            weights = weights - learning_rate * dw
            bias = bias - learning_rate * db
    return weights, bias


def plot_descent(path: Array) -> Figure:
    """Draw the parabola x² and a path of gradient descent on it, in one pair of axes.

    Import matplotlib in here rather than at the top: that takes half a second.

    Args:
        path: (steps + 1,) float64, as gradient_descent returns it for a number as start.

    Returns:
        A figure whose axes have a label each and show the curve (x, x²) at the points of grid(),
        and the path (x[k], x[k]²) in its order. Lines and scatter plots are both fine.

    Checked by plot_drawn (1 point).
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots()
    x = grid()
    ax.plot(x, square(x))
    ax.plot(path, square(path), "ro-")
    ax.set_xlabel("x")
    ax.set_ylabel("x^2")
    return fig
