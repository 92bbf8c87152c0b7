# Lab 1

import math

import numpy as np


def grid(low=-10.0, high=10.0, gap=0.1):
    n = int((high - low) / gap + 0.5)  # gaps, so one more point
    points = np.zeros(n + 1)
    for i in range(n + 1):
        points[i] = low + i * gap
    return points


def square(x):
    return x * x


def square_grad(x):
    return x + x


def gradient_descent(grad, start, learning_rate, steps):
    path = np.zeros((steps + 1,) + np.shape(start))
    path[0] = start
    for k in range(steps):
        path[k + 1] = path[k] - learning_rate * grad(path[k])
    return path


def momentum_descent(grad, start, learning_rate, momentum, steps):
    path = np.zeros((steps + 1,) + np.shape(start))
    path[0] = start
    delta = 0
    for k in range(steps):
        g = grad(path[k])
        delta = momentum * delta + (1 - momentum) * g
        path[k + 1] = path[k] - learning_rate * delta
    return path


def rmsprop_step(weights, grad, state, learning_rate=0.001, rho=0.9, eps=1e-8):
    v = np.zeros(weights.shape)
    new = np.zeros(weights.shape)
    for i in np.ndindex(*weights.shape):
        old = state["v"][i] if "v" in state else 0.0
        v[i] = rho * old + (1 - rho) * grad[i] * grad[i]
        new[i] = weights[i] - learning_rate * grad[i] / (math.sqrt(v[i]) + eps)
    return new, {"v": v}


def adam_step(weights, grad, state, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    if state == {}:
        state = {"m": np.zeros(weights.shape), "v": np.zeros(weights.shape), "t": 0}
    m = np.zeros(weights.shape)
    v = np.zeros(weights.shape)
    t = state["t"] + 1
    new = np.zeros(weights.shape)
    for i in np.ndindex(*weights.shape):
        m[i] = beta1 * state["m"][i] + (1 - beta1) * grad[i]
        v[i] = beta2 * state["v"][i] + (1 - beta2) * grad[i] ** 2
        m_hat = m[i] / (1 - beta1**t)
        v_hat = v[i] / (1 - beta2**t)
        new[i] = weights[i] - learning_rate * m_hat / (math.sqrt(v_hat) + eps)
    return new, {"m": m, "v": v, "t": t}


def behaviour(learning_rate):
    # just try it, starting from 1
    x1 = 1 - learning_rate * 2
    if x1 == 0:
        return "one step"
    if abs(x1) == 1:
        return "cycles"
    if abs(x1) > 1:
        return "diverges"
    if x1 < 0:
        return "oscillates"
    return "converges"


def minibatches(n, batch_size, rng):
    indices = list(range(n))
    rng.shuffle(indices)
    batches = []
    while len(indices) > 0:
        batches.append(np.array(indices[:batch_size]))
        indices = indices[batch_size:]
    return batches


def sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng):
    w = np.zeros(x.shape[1])
    b = 0.0
    for e in range(epochs):
        for batch in minibatches(len(y), batch_size, rng):
            # one matrix product for the batch, a loop was too slow here
            err = x[batch].dot(w) + b - y[batch]
            w = w - learning_rate * err.dot(x[batch]) / len(batch)
            b = b - learning_rate * sum(err) / len(batch)
    return w, b


def plot_descent(path):
    from matplotlib import pyplot as plt

    figure = plt.figure()
    axes = figure.add_subplot(1, 1, 1)
    axes.plot(grid(), square(grid()), color="grey")
    for i in range(len(path) - 1):
        axes.plot([path[i], path[i + 1]], [path[i] ** 2, path[i + 1] ** 2], "b.-")
    axes.set_xlabel("x")
    axes.set_ylabel("f(x)")
    return figure
