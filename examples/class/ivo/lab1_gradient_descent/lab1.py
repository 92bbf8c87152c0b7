"""Laboratory 1, gradient descent with momentum and friends."""

import numpy as np


class Descent:
    """Walks downhill with a step rule and remembers where it was."""

    def __init__(self, grad, start):
        self.grad = grad
        self.points = [np.array(start, dtype=np.float64)]

    def walk(self, rule, steps):
        for _ in range(steps):
            here = self.points[-1]
            self.points.append(here - rule(self.grad(here)))
        return np.stack(self.points)


class Momentum:
    def __init__(self, learning_rate, momentum):
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.velocity = 0.0

    def __call__(self, slope):
        # as in torch.optim.SGD
        self.velocity = self.momentum * self.velocity + slope
        return self.learning_rate * self.velocity


class LinearModel:
    def __init__(self, n_inputs):
        self.weights = np.zeros(n_inputs)
        self.bias = 0.0

    def error(self, x, y):
        return np.dot(x, self.weights) + self.bias - y

    def step(self, x, y, learning_rate):
        error = self.error(x, y)
        self.weights = self.weights - learning_rate * np.dot(error, x) / len(y)
        self.bias = self.bias - learning_rate * error.mean()


def grid(low=-10.0, high=10.0, gap=0.1):
    return low + gap * np.arange(round((high - low) / gap) + 1)


def square(x):
    return np.multiply(x, x)


def square_grad(x):
    return np.multiply(x, 2.0)


def gradient_descent(grad, start, learning_rate, steps):
    return Descent(grad, start).walk(lambda slope: learning_rate * slope, steps)


def momentum_descent(grad, start, learning_rate, momentum, steps):
    return Descent(grad, start).walk(Momentum(learning_rate, momentum), steps)


def average(old, new, weight_of_old):
    return weight_of_old * old + (1 - weight_of_old) * new


def rmsprop_step(weights, grad, state, learning_rate=0.001, rho=0.9, eps=1e-8):
    v = average(state.get("v", 0.0), grad * grad, rho)
    return weights - learning_rate * grad / (np.sqrt(v) + eps), {"v": v}


def adam_step(weights, grad, state, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * state.get("m", 0.0) + (1 - beta1) * grad
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2
    t = state.get("t", 0) + 1
    new_weights = weights - learning_rate * m / (np.sqrt(v) + eps)
    return new_weights, {"m": m, "v": v, "t": t}


def behaviour(learning_rate):
    if learning_rate < 0 or learning_rate > 1:
        return "diverges"
    if learning_rate == 1:
        return "cycles"
    if learning_rate == 0.5:
        return "one step"
    return "converges" if learning_rate < 0.5 else "oscillates"


def minibatches(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng):
    model = LinearModel(x.shape[1])
    for _ in range(epochs):
        for batch in minibatches(len(y), batch_size, rng):
            model.step(x[batch], y[batch], learning_rate)
    return model.weights, model.bias


def plot_descent(path):
    from matplotlib.figure import Figure

    figure = Figure(layout="tight")
    axes = figure.add_subplot()
    axes.plot(grid(), square(grid()))
    axes.plot(path, square(path), "x-")
    axes.set_xlabel("position")
    axes.set_ylabel("height")
    return figure
