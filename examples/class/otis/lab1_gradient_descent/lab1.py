import numpy as np
import math

def grid(low=-10.0, high=10.0, gap=0.1):
    points = round((high - low) / gap) + 1
    return np.linspace(low, high, points)

def square(x):
    return np.asarray(x) ** 2

def square_grad(x):
    return 2 * np.asarray(x)

def gradient_descent(grad, start, learning_rate, steps):
    points = np.zeros((steps + 1,) + np.shape(start))
    points[0] = start
    for k in range(steps):
        points[k + 1] = points[k] - learning_rate * grad(points[k])
    return points

def momentum_descent(grad, start, learning_rate, momentum, steps):
    points = np.zeros((steps + 1,) + np.shape(start))
    points[0] = start
    delta = 0
    for k in range(steps):
        g = grad(points[k])
        delta = momentum * delta + (1 - momentum) * g
        points[k + 1] = points[k] - learning_rate * delta
    return points

def rmsprop_step(weights, grad, state, learning_rate=0.001, rho=0.9, eps=1e-8):
    v = np.zeros(weights.shape)
    result = np.zeros(weights.shape)
    for i in np.ndindex(*weights.shape):
        old = state["v"][i] if "v" in state else 0.0
        v[i] = rho * old + (1 - rho) * grad[i] * grad[i]
        result[i] = weights[i] - learning_rate * grad[i] / (math.sqrt(v[i]) + eps)
    return result, {"v": v}

def adam_step(weights, grad, state, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    if state == {}:
        state = {"m": np.zeros(weights.shape), "v": np.zeros(weights.shape), "t": 0}
    m = np.zeros(weights.shape)
    v = np.zeros(weights.shape)
    t = state["t"] + 1
    result = np.zeros(weights.shape)
    for i in np.ndindex(*weights.shape):
        m[i] = beta1 * state["m"][i] + (1 - beta1) * grad[i]
        v[i] = beta2 * state["v"][i] + (1 - beta2) * grad[i] ** 2
        m_hat = m[i] / (1 - beta1**t)
        v_hat = v[i] / (1 - beta2**t)
        result[i] = weights[i] - learning_rate * m_hat / (math.sqrt(v_hat) + eps)
    return result, {"m": m, "v": v, "t": t}

def behaviour(learning_rate):
    # x becomes (1 - 2 * learning_rate) * x in every step
    factor = 1 - 2 * learning_rate
    if factor == 0:
        return "one step"
    elif factor == -1:
        return "cycles"
    elif abs(factor) > 1:
        return "diverges"
    elif factor > 0:
        return "converges"
    else:
        return "oscillates"

def minibatches(n, batch_size, rng):
    indices = list(range(n))
    rng.shuffle(indices)
    batches = []
    while len(indices) > 0:
        batches.append(np.array(indices[:batch_size]))
        indices = indices[batch_size:]
    return batches

def sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng):
    weights_ = np.zeros(x.shape[1])
    offset = 0.0
    for e in range(epochs):
        for batch in minibatches(len(y), batch_size, rng):
            # one matrix product for the batch, a loop was too slow here
            e = x[batch].dot(weights_) + offset - y[batch]
            weights_ = weights_ - learning_rate * e.dot(x[batch]) / len(batch)
            offset = offset - learning_rate * sum(e) / len(batch)
    return weights_, offset

def plot_descent(points):
    from matplotlib import pyplot as plt

    figure = plt.figure()
    axes = figure.add_subplot(1, 1, 1)
    axes.plot(grid(), square(grid()), color="grey")
    for i in range(len(points) - 1):
        axes.plot([points[i], points[i + 1]], [points[i] ** 2, points[i + 1] ** 2], "b.-")
    axes.set_xlabel("x")
    axes.set_ylabel("f(x)")
    return figure
