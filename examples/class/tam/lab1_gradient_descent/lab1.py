import numpy as np

DEBUG = True


def grid(low=-10.0, high=10.0, gap=0.1):
    points = round((high - low) / gap) + 1
    return np.linspace(low, high, points)


def square(x):
    return x**2


def square_grad(x):
    return 2 * x


def gradient_descent(grad, start, learning_rate, steps):
    x = np.array(start, dtype=float)
    path = [x]
    for i in range(steps):
        x = x - learning_rate * grad(x)
        path.append(x)
        if DEBUG:
            print("step", i, "learning rate", learning_rate, "path so far", path)
    return np.array(path)


def momentum_descent(grad, start, learning_rate, momentum, steps):
    x = np.array(start, dtype=float)
    delta = np.zeros(x.shape)
    path = [x]
    for i in range(steps):
        delta = momentum * delta + (1 - momentum) * grad(x)
        x = x - learning_rate * delta
        path.append(x)
        if DEBUG:
            print("step", i, "delta", delta, "path so far", path)
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
    perm = rng.permutation(n)
    batches = []
    for start in range(0, n, batch_size):
        batches.append(perm[start : start + batch_size])
    return batches


def sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng):
    weights = np.zeros(x.shape[1])
    bias = 0.0
    for epoch in range(epochs):
        for idx in minibatches(len(x), batch_size, rng):
            x_batch = x[idx]
            y_batch = y[idx]
            err = x_batch @ weights + bias - y_batch
            dw = x_batch.T @ err / len(idx)
            db = np.mean(err)
            weights = weights - learning_rate * dw
            bias = bias - learning_rate * db
    return weights, bias


def plot_descent(path):
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots()
    x = grid()
    ax.plot(x, square(x))
    ax.plot(path, square(path), "ro-")
    ax.set_xlabel("x")
    ax.set_ylabel("x^2")
    return fig
