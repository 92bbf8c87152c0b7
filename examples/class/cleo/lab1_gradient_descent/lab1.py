import numpy as np
from itertools import accumulate


def grid(low=-10.0, high=10.0, gap=0.1):
    return np.arange(low, high + gap / 2, gap)


square = np.square
square_grad = lambda x: 2.0 * np.asarray(x)


def gradient_descent(grad, start, learning_rate, steps):
    step = lambda x, _: x - learning_rate * grad(x)
    return np.stack(list(accumulate(range(steps), step, initial=np.array(start, float))))


def momentum_descent(grad, start, learning_rate, momentum, steps):
    def step(xd, _):
        x, d = xd
        d = momentum * d + (1 - momentum) * grad(x)
        return x - learning_rate * d, d

    return np.stack([x for x, _ in accumulate(range(steps), step, initial=(np.array(start, float), 0.0))])


def rmsprop_step(weights, grad, state, learning_rate=0.001, rho=0.9, eps=1e-8):
    v = rho * state.get("v", 0) + (1 - rho) * grad**2
    return weights - learning_rate * grad / (v**0.5 + eps), dict(v=v)


def adam_step(weights, grad, state, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v, t = [state.get(k, 0) for k in "mvt"]
    m, v, t = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2, t + 1
    return (
        weights - learning_rate * m / (1 - beta1**t) / ((v / (1 - beta2**t)) ** 0.5 + eps),
        dict(m=m, v=v, t=t),
    )


def behaviour(learning_rate):
    f = 1 - 2 * learning_rate
    if abs(f) >= 1:
        return "cycles" if f == -1 else "diverges"
    return {1: "converges", 0: "one step", -1: "oscillates"}[np.sign(f)]


def minibatches(n, batch_size, rng):
    return np.split(rng.permutation(n), range(batch_size, n, batch_size))


def sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng):
    X, theta = np.c_[x, np.ones(len(x))], np.zeros(x.shape[1] + 1)
    for _ in range(epochs):
        for i in minibatches(len(X), batch_size, rng):
            theta = theta - learning_rate * X[i].T @ (X[i] @ theta - y[i]) / len(i)
    return theta[:-1], theta[-1]


def plot_descent(path):
    from matplotlib.figure import Figure

    fig = Figure()
    ax = fig.add_subplot(xlabel="x", ylabel="x²")
    ax.plot(grid(), grid() ** 2)
    ax.scatter(path, path**2)
    return fig
