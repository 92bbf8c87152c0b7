"""Plain loops over lists and numbers; NumPy only where the statement asks for arrays."""

import math
from itertools import pairwise

import numpy as np


def grid(low=-10.0, high=10.0, gap=0.1):
    points = []
    k = 0
    while low + k * gap <= high + gap / 2:
        points.append(low + k * gap)
        k += 1
    return np.array(points)


def square(x):
    return np.asarray(x) ** 2


def square_grad(x):
    return np.asarray(x) + np.asarray(x)


def gradient_descent(grad, start, learning_rate, steps):
    x = np.array(start, dtype=np.float64)
    path = [x.copy()]
    for _ in range(steps):
        x = x - learning_rate * np.asarray(grad(x.copy()))
        path.append(x)
    return np.array(path)


def momentum_descent(grad, start, learning_rate, momentum, steps):
    x = np.array(start, dtype=np.float64)
    path = [x.copy()]
    delta = 0.0
    for _ in range(steps):
        slope = np.asarray(grad(x.copy()))
        delta = delta + (1.0 - momentum) * (slope - delta)
        x = x - learning_rate * delta
        path.append(x)
    return np.array(path)


def rmsprop_step(weights, grad, state, learning_rate=0.001, rho=0.9, eps=1e-8):
    shape = np.shape(weights)
    old_v = np.ravel(state["v"]) if "v" in state else np.zeros(np.size(weights))
    new_weights, new_v = [], []
    for i in range(np.size(weights)):
        w, g = float(np.ravel(weights)[i]), float(np.ravel(grad)[i])
        v = rho * float(old_v[i]) + (1.0 - rho) * g * g
        new_v.append(v)
        new_weights.append(w - learning_rate * g / (math.sqrt(v) + eps))
    return np.reshape(new_weights, shape), {"v": np.reshape(new_v, shape)}


def adam_step(weights, grad, state, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    shape = np.shape(weights)
    if not state:
        state = {"m": np.zeros(shape), "v": np.zeros(shape), "t": 0}
    t = int(state["t"]) + 1
    new_weights, new_m, new_v = [], [], []
    for i in range(np.size(weights)):
        w, g = float(np.ravel(weights)[i]), float(np.ravel(grad)[i])
        m = beta1 * float(np.ravel(state["m"])[i]) + (1.0 - beta1) * g
        v = beta2 * float(np.ravel(state["v"])[i]) + (1.0 - beta2) * g * g
        new_m.append(m)
        new_v.append(v)
        m_hat = m / (1.0 - beta1**t)
        v_hat = v / (1.0 - beta2**t)
        new_weights.append(w - learning_rate * m_hat / (math.sqrt(v_hat) + eps))
    state = {"m": np.reshape(new_m, shape), "v": np.reshape(new_v, shape), "t": t}
    return np.reshape(new_weights, shape), state


def behaviour(learning_rate):
    """Follow the path for a few steps instead of solving for the borders."""
    path = [1.0]
    for _ in range(4):
        path.append(path[-1] - learning_rate * 2.0 * path[-1])
    if path[1] == 0.0:
        return "one step"
    if abs(path[1]) > 1.0:
        return "diverges"
    if abs(path[1]) == 1.0:
        return "cycles"
    return "converges" if path[1] > 0.0 else "oscillates"


def minibatches(n, batch_size, rng):
    left = list(range(n))
    batches = []
    while left:
        batch = []
        while left and len(batch) < batch_size:
            batch.append(left.pop(int(rng.integers(len(left)))))
        batches.append(np.array(batch))
    return batches


def sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng):
    """One matrix product a batch, or sgd_time could not pass; the bias is a column of ones."""
    inputs = np.ones((x.shape[0], x.shape[1] + 1))
    inputs[:, :-1] = x
    theta = np.zeros(x.shape[1] + 1)
    for _ in range(epochs):
        order = np.arange(len(y))
        rng.shuffle(order)
        first = 0
        while first < len(y):
            rows = inputs[order[first : first + batch_size]]
            target = y[order[first : first + batch_size]]
            theta = theta - learning_rate * np.dot(rows.T, np.dot(rows, theta) - target) / len(rows)
            first += batch_size
    return theta[:-1], float(theta[-1])


def plot_descent(path):
    """Each step is a line of its own."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    points = grid()
    axes.plot(points, points**2)
    for here, there in pairwise(path):
        axes.plot([here, there], [here**2, there**2], "r-")
    axes.set_xlabel("where")
    axes.set_ylabel("height")
    return figure
