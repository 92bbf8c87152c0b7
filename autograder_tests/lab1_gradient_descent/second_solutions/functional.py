"""Lambdas and np.vectorize as functions, centred sums instead of a bias column, NumPy scalars."""

import numpy as np


def grid(low=-10.0, high=10.0, gap=0.1):
    return low + gap * np.arange(int(np.rint((high - low) / gap)) + 1)


square = np.vectorize(lambda x: float(x) ** 2)
square_grad = np.vectorize(lambda x: 2.0 * float(x))


def _walk(step, start, steps):
    """Repeat a step that takes and gives (point, memory)."""
    point = np.asarray(np.asarray(start) * 1.0)
    memory = np.zeros(point.shape)
    points = point[np.newaxis]
    for _ in range(steps):
        point, memory = step(point, memory)
        points = np.concatenate([points, np.reshape(point, (1, *points.shape[1:]))])
    return points


def gradient_descent(grad, start, learning_rate, steps):
    return _walk(lambda x, memory: (x - learning_rate * grad(x), memory), start, steps)


def momentum_descent(grad, start, learning_rate, momentum, steps):
    """The whole history, weighted anew in every step."""
    x = np.array(start, dtype=float)
    path, slopes = [x], []
    for k in range(steps):
        slopes.append(np.asarray(grad(x)))
        powers = momentum ** np.arange(k, -1, -1)
        x = x - learning_rate * (1 - momentum) * np.tensordot(powers, slopes, axes=1)
        path.append(x)
    return np.array(path)


def rmsprop_step(weights, grad, state, learning_rate=0.001, rho=0.9, eps=1e-8):
    """As a weighted mean."""
    old = state["v"] if "v" in state else grad * 0
    v = np.average([old, grad * grad], axis=0, weights=[rho, 1 - rho])
    return weights - learning_rate / (v**0.5 + eps) * grad, {"v": v}


def adam_step(weights, grad, state, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    """The corrections as sums of geometric series."""
    t = state.get("t", 0) + 1
    m = grad + beta1 * (state.get("m", np.zeros(weights.shape)) - grad)
    v = grad**2 + beta2 * (state.get("v", np.zeros(weights.shape)) - grad**2)
    m_hat = m / ((1 - beta1) * sum(beta1**k for k in range(t)))
    v_hat = v / ((1 - beta2) * sum(beta2**k for k in range(t)))
    change = learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return weights - change, {"m": m, "v": v, "t": t}


def behaviour(learning_rate):
    """By a table of borders."""
    if learning_rate < 0 or learning_rate > 1:
        return "diverges"
    if learning_rate in (0.5, 1.0):
        return {0.5: "one step", 1.0: "cycles"}[learning_rate]
    return ("converges", "oscillates")[int(learning_rate > 0.5)]


def minibatches(n, batch_size, rng):
    """Sorts random keys."""
    order = np.argsort(rng.random(n))
    count = -(-n // batch_size)
    return [order[k * batch_size : (k + 1) * batch_size] for k in range(count)]


def sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng):
    """Gradients from second moments of the batch instead of from errors."""
    weights, bias = np.zeros(x.shape[1]), np.float64(0.0)
    for _ in range(epochs):
        for batch in minibatches(len(y), batch_size, rng):
            rows, target = x[batch], y[batch]
            mean_x, mean_y = rows.mean(axis=0), target.mean()
            products = rows.T @ rows / len(batch)
            grad_weights = products @ weights + bias * mean_x - rows.T @ target / len(batch)
            grad_bias = mean_x @ weights + bias - mean_y
            weights, bias = weights - learning_rate * grad_weights, bias - learning_rate * grad_bias
    return weights, bias


def plot_descent(path):
    """One dot for each point, on the second of two pairs of axes."""
    import matplotlib.pyplot as plt

    figure, (above, below) = plt.subplots(2, 1)
    above.plot(np.arange(len(path)), path)
    above.set(xlabel="step", ylabel="x")
    below.plot(grid(), grid() ** 2)
    for x in path:
        below.plot(x, x * x, "ko")
    below.set(xlabel="x", ylabel="x squared")
    return figure
