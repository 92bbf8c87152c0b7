import sys

import numpy as np


def grid(low=-10.0, high=10.0, gap=0.1):
    # Not np.arange(low, high, gap): it leaves out the end. Count the points first.
    n = int(np.rint((high - low) / gap)) + 1
    return np.linspace(low, high, num=n)


def square(x):
    return np.power(x, 2)


def square_grad(x):
    return 2.0 * x        # power rule


def gradient_descent(grad, start, learning_rate, steps):
    x = np.asarray(start, dtype=np.float64).copy()    # whole numbers would be cut otherwise
    path = np.empty((steps + 1, *x.shape))
    path[0] = x
    for k in range(1, steps + 1):
        x = x - learning_rate * grad(x)               # a new array, not x -= ...
        path[k] = x
    return path


def momentum_descent(grad, start, learning_rate, momentum, steps):
    # The lecture's form: a moving average, so the gradient is multiplied by 1 - momentum.
    x = np.asarray(start, dtype=np.float64).copy()
    delta = np.zeros_like(x)
    path = np.empty((steps + 1, *x.shape))
    path[0] = x
    for k in range(1, steps + 1):
        delta = momentum * delta + (1 - momentum) * grad(x)
        x = x - learning_rate * delta
        path[k] = x
    return path


def rmsprop_step(weights, grad, state, learning_rate=0.001, rho=0.9, eps=1e-8):
    v_old = state["v"] if "v" in state else np.zeros_like(grad)
    v = rho * v_old + (1 - rho) * np.square(grad)
    return weights - learning_rate / (np.sqrt(v) + eps) * grad, {"v": v}


def adam_step(weights, grad, state, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    # Algorithm 1 in the paper, one line each.
    t = int(state.get("t", 0)) + 1
    m = beta1 * state.get("m", np.zeros_like(grad)) + (1 - beta1) * grad
    v = beta2 * state.get("v", np.zeros_like(grad)) + (1 - beta2) * np.square(grad)
    m_hat = m / (1 - beta1 ** t)
    v_hat = v / (1 - beta2 ** t)
    weights = weights - learning_rate * m_hat / (np.sqrt(v_hat) + eps)
    return weights, {"m": m, "v": v, "t": t}          # without the hats


def behaviour(learning_rate):
    # x -> x - lr * 2x = (1 - 2 lr) x
    r = 1 - 2 * learning_rate
    if r == 0:
        return "one step"
    if r == -1:
        return "cycles"
    if -1 < r < 0:
        return "oscillates"
    if 0 < r < 1:
        return "converges"
    return "diverges"


def minibatches(n, batch_size, rng):
    if batch_size > n:
        sys.exit("batch_size is larger than n")
    order = rng.permutation(n)
    batches = []
    for k in range(n // batch_size):
        batches.append(order[k * batch_size:(k + 1) * batch_size])
    if n % batch_size > 0:
        batches.append(order[-(n % batch_size):])
    return batches


def sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng):
    N, d = x.shape
    coef, intercept = np.zeros(d), 0.0
    for _ in range(epochs):
        for rows in minibatches(N, batch_size, rng):  # a new order in every epoch
            diff = x[rows].dot(coef) + intercept - y[rows]          # (batch,)
            coef = coef - learning_rate * x[rows].T.dot(diff) / len(rows)
            intercept = intercept - learning_rate * diff.mean()
    return coef, float(intercept)


def plot_descent(path):
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots()
    ax.plot(grid(), square(grid()), "k-", lw=1)
    ax.plot(path, square(path), "o--")
    ax.set_xlabel("x")
    ax.set_ylabel("$x^2$")
    ax.set_title("Gradient descent on $x^2$")
    return fig
