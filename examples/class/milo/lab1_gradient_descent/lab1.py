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
    way = np.zeros((steps + 1,) + np.shape(start))
    way[0] = start
    for k in range(steps):
        way[k + 1] = way[k] - learning_rate * grad(way[k])
    return way

def momentum_descent(grad, start, learning_rate, momentum, steps):
    way = np.zeros((steps + 1,) + np.shape(start))
    way[0] = start
    d = 0
    for k in range(steps):
        g = grad(way[k])
        d = momentum * d + (1 - momentum) * g
        way[k + 1] = way[k] - learning_rate * d
    return way

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
    numbers = list(range(n))
    rng.shuffle(numbers)
    result = []
    while len(numbers) > 0:
        result.append(np.array(numbers[:batch_size]))
        numbers = numbers[batch_size:]
    return result

def sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng):
    features = x.shape[1]
    weights = [0.0] * features
    bias = 0.0
    for epoch in range(epochs):
        for batch in minibatches(len(y), batch_size, rng):
            grad_w = [0.0] * features
            grad_b = 0.0
            for i in batch:
                prediction = bias
                for j in range(features):
                    prediction += weights[j] * x[i, j]
                error = prediction - y[i]
                for j in range(features):
                    grad_w[j] += error * x[i, j] / len(batch)
                grad_b += error / len(batch)
            for j in range(features):
                weights[j] -= learning_rate * grad_w[j]
            bias -= learning_rate * grad_b
    return np.array(weights), bias

def plot_descent(way):
    from matplotlib import pyplot as plt

    figure = plt.figure()
    axes = figure.add_subplot(1, 1, 1)
    axes.plot(grid(), square(grid()), color="grey")
    for i in range(len(way) - 1):
        axes.plot([way[i], way[i + 1]], [way[i] ** 2, way[i + 1] ** 2], "b.-")
    axes.set_xlabel("x")
    axes.set_ylabel("f(x)")
    return figure
