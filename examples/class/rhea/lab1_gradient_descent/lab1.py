"""Lab 1 (Rhea)."""

import numpy as np


def grid(low=-10.0, high=10.0, gap=0.1):
    n = int((high - low) / gap + 0.5)  # gaps, so one more point
    points = np.zeros(n + 1)
    for i in range(n + 1):
        points[i] = low + i * gap
    return points


square = np.square


def square_grad(x):
    return np.add(x, x)


def gradient_descent(grad, start, learning_rate, steps):
    x = np.array(start, dtype=float)
    path = [x]
    for i in range(steps):
        x = x - learning_rate * grad(x)
        path.append(x)
    return np.array(path)


def momentum_descent(grad, start, learning_rate, momentum, steps):
    x = np.array(start, dtype=float)
    delta = np.zeros(x.shape)
    path = [x]
    for i in range(steps):
        delta = momentum * delta + (1 - momentum) * grad(x)
        x = x - learning_rate * delta
        path.append(x)
    return np.array(path)


def rmsprop_step(weights, grad, state, learning_rate=0.001, rho=0.9, eps=1e-8):
    v = state.get("v", np.zeros(weights.shape))
    v = rho * v + (1 - rho) * grad**2
    new_weights = weights - learning_rate * grad / (np.sqrt(v) + eps)
    return new_weights, {"v": v}


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
    # x becomes (1 - 2 * learning_rate) * x in every step
    q = 1 - 2 * learning_rate
    if q == 0:
        return "one step"
    elif q == -1:
        return "cycles"
    elif abs(q) > 1:
        return "diverges"
    elif q > 0:
        return "converges"
    else:
        return "oscillates"


def minibatches(n, batch_size, rng):
    return np.split(rng.permutation(n), range(batch_size, n, batch_size))


def sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng):
    w = np.zeros(x.shape[1])
    b = 0.0
    for _ in range(epochs):
        for idx in minibatches(len(x), batch_size, rng):
            residual = np.einsum("ij,j->i", x[idx], w) + b - y[idx]
            w = w - learning_rate * np.einsum("ij,i->j", x[idx], residual) / len(idx)
            b = b - learning_rate * residual.mean()
    return w, b


def plot_descent(path):
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots()
    x = grid()
    ax.plot(x, square(x))
    ax.plot(path, square(path), "ro-")
    ax.set_xlabel("x")
    ax.set_ylabel("x^2")
    return figure
