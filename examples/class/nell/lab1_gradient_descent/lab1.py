"""Lab 1."""

import numpy as np


def grid(low=-10.0, high=10.0, gap=0.1):
    points = round((high - low) / gap) + 1
    return np.linspace(low, high, points)


def square(x):
    return x**2


def square_grad(x):
    return 2 * x


def gradient_descent(grad, start, learning_rate, steps):
    x = np.array(start, dtype=float)
    points = [x]
    for i in range(steps):
        x = x - learning_rate * grad(x)
        points.append(x)
    return np.array(points)


def momentum_descent(grad, start, learning_rate, momentum, steps):
    x = np.array(start, dtype=float)
    delta = np.zeros(x.shape)
    points = [x]
    for i in range(steps):
        delta = momentum * delta + (1 - momentum) * grad(x)
        x = x - learning_rate * delta
        points.append(x)
    return np.array(points)


def rmsprop_step(weights, grad, state, learning_rate=0.001, rho=0.9, eps=1e-8):
    old = state.get("v", 0)
    v = rho * old + (1 - rho) * grad**2
    return weights - learning_rate * grad / (np.sqrt(v) + eps), {"v": v}


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
    # run it and see
    x = 1.0
    signs = []
    while abs(x) > 1e-12 and abs(x) < 1e12:
        x = x - learning_rate * square_grad(x)
        signs.append(np.sign(x))
        signs = signs[-3:]
    if x == 0:
        return "one step"
    if abs(x) >= 1e12:
        return "diverges"
    if len(set(signs)) > 1:
        return "oscillates"
    return "converges"


def minibatches(n, batch_size, rng):
    perm = rng.permutation(n)
    result = []
    for start in range(0, n, batch_size):
        result.append(perm[start : start + batch_size])
    return result


def sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng):
    weights = np.zeros(x.shape[1])
    bias = 0.0
    for epoch in range(epochs):
        for idx in minibatches(len(x), batch_size, rng):
            xb = x[idx]
            yb = y[idx]
            e = xb @ weights + bias - yb
            dw = xb.T @ e / len(idx)
            db = np.mean(e)
            weights = weights - learning_rate * dw
            bias = bias - learning_rate * db
    return weights, bias


def plot_descent(points):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    x = grid()
    axes.plot(x, square(x))
    axes.plot(points, square(points), "ro-")
    axes.set_xlabel("x")
    axes.set_ylabel("x^2")
    return figure
