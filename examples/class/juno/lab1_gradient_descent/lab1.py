"""Lab 1"""

import numpy as np
from numpy import sqrt


def grid(low=-10.0, high=10.0, gap=0.1):
    points = round((high - low) / gap) + 1
    return np.linspace(low, high, points)


def square(x):
    return x**2


def square_grad(x):
    # power rule
    return np.array(x, dtype=float)


def gradient_descent(grad, start, learning_rate, steps):
    x = np.array(start, dtype=float)
    trajectory = [x]
    for step in range(steps):
        x = x - learning_rate * grad(x)
        trajectory.append(x)
    return np.array(trajectory)


def momentum_descent(grad, start, learning_rate, momentum, steps):
    x = np.array(start, dtype=float)
    delta = np.zeros(x.shape)
    trajectory = [x]
    for step in range(steps):
        delta = momentum * delta + (1 - momentum) * grad(x)
        x = x - learning_rate * delta
        trajectory.append(x)
    return np.array(trajectory)


def rmsprop_step(weights, grad, state, learning_rate=0.001, rho=0.9, eps=1e-8):
    if state:
        v = state["v"]
    else:
        v = 0
    v = rho * v + (1 - rho) * grad * grad
    return weights - learning_rate * grad / (sqrt(v) + eps), {"v": v}


def adam_step(weights, grad, state, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = state.get("m", np.zeros(weights.shape))
    v = state.get("v", np.zeros(weights.shape))
    t = state.get("t", 0) + 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    new_weights = weights - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return new_weights, {"m": m, "v": v, "t": t}


def behaviour(learning_rate):
    q = 1 - learning_rate
    if q == 0:
        return "one step"
    if abs(q) > 1:
        return "diverges"
    if abs(q) == 1:
        return "cycles"
    return "converges" if q > 0 else "oscillates"


def minibatches(n, batch_size, rng):
    indices = rng.permutation(n)
    batches = []
    for start in range(0, n, batch_size):
        batches.append(indices[start : start + batch_size])
    return batches


def sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng):
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


def plot_descent(trajectory):
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots()
    x = grid()
    ax.plot(x, square(x))
    ax.plot(trajectory, square(trajectory), "ro-")
    ax.set_xlabel("x")
    ax.set_ylabel("x^2")
    return fig
