"""As short as it goes: recursion by accumulate, einsum, in place on copies, generators."""

from itertools import accumulate

import numpy as np


def grid(low=-10.0, high=10.0, gap=0.1):
    return np.arange(low, high + gap / 2, gap)


def square(x):
    return np.square(x)


def square_grad(x):
    return np.multiply(2.0, x, dtype=np.float64)


def gradient_descent(grad, start, learning_rate, steps):
    start = np.array(start) * 1.0
    walk = accumulate(range(steps), lambda x, _: x - learning_rate * grad(x), initial=start)
    return np.stack([np.asarray(x) for x in walk])


def momentum_descent(grad, start, learning_rate, momentum, steps):
    """Without delta: the old one is read off the last two points."""
    path = np.zeros((steps + 1, *np.shape(start)))
    path[0] = start
    for k in range(steps):
        past = path[k] - path[max(k - 1, 0)]
        path[k + 1] = path[k] + momentum * past - learning_rate * (1 - momentum) * grad(path[k])
    return path


def rmsprop_step(weights, grad, state, learning_rate=0.001, rho=0.9, eps=1e-8):
    v = np.array(state["v"]) if state else np.zeros_like(weights)
    v += (1 - rho) * (np.square(grad) - v)
    return weights - np.divide(learning_rate * grad, np.sqrt(v) + eps), {"v": v}


def adam_step(weights, grad, state, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    """The paper's faster form, with eps scaled so that it equals Algorithm 1."""
    m, v, t = (state.get(key, 0.0) for key in "mvt")
    m, v, t = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2, t + 1
    root = np.sqrt(1 - beta2**t)
    rate = learning_rate * root / (1 - beta1**t)
    return weights - rate * m / (np.sqrt(v) + eps * root), {"m": m, "v": v, "t": np.array(t)}


def behaviour(learning_rate):
    """By the distance from 1/2, which mirrors the two sides."""
    away = abs(learning_rate - 0.5)
    if away == 0.5:
        return "cycles"
    if away > 0.5:
        return "diverges"
    return "one step" if away == 0 else ("oscillates" if learning_rate > 0.5 else "converges")


def minibatches(n, batch_size, rng):
    order = rng.choice(n, size=n, replace=False)
    yield from np.split(order, range(batch_size, n, batch_size))


def sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng):
    theta = np.zeros(x.shape[1] + 1)
    for batch in (b for _ in range(epochs) for b in minibatches(len(x), batch_size, rng)):
        rows = np.c_[x[batch], np.ones(len(batch))]
        error = np.einsum("ij,j->i", rows, theta) - y[batch]
        theta -= learning_rate * np.einsum("ij,i->j", rows, error) / batch.size
    return theta[:-1], theta[-1]


def plot_descent(path):
    """One scatter for the path; the curve as a scatter too."""
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.add_subplot(xlabel="x", ylabel="f(x)", title="gradient descent")
    axes.scatter(grid(), grid() ** 2, s=1)
    axes.scatter(path, path**2)
    return figure
