"""Lab 2"""

import numpy as np
from numpy import sqrt


def sigmoid(x):
    # two cases so that exp never gets a large positive number
    x = np.asarray(x)
    result = np.empty(x.shape, dtype=float)
    positive = x >= 0
    result[positive] = 1 / (1 + np.exp(-x[positive]))
    e = np.exp(x[~positive])
    result[~positive] = e / (1 + e)
    return result


def sigmoid_grad(x):
    # s' = s (1 - s)
    return x * (1 - x)


def tanh_grad(x):
    return 1 - x**2


def relu(x):
    return np.maximum(0.0, x)


def relu_grad(x):
    return (x > 0).astype(float)


def softmax(logits):
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    exps = np.exp(shifted)
    return exps / np.sum(exps, axis=1, keepdims=True)


def numerical_gradient(f, x, eps=1e-5):
    grad = np.zeros(x.shape)
    for l in np.ndindex(x.shape):
        right = x.copy()
        right[l] += eps
        left = x.copy()
        left[l] -= eps
        grad[l] = (f(right) - f(left)) / (2 * eps)
    return grad


def quadratic_loss(pred, target):
    n = len(pred)
    diff = pred - target
    loss = 0.5 * np.sum(diff**2) / n
    return loss, diff / n


def binary_cross_entropy(prob, target):
    n = len(prob)
    p = np.clip(prob, 1e-12, 1 - 1e-12)
    loss = -np.mean(target * np.log(p) + (1 - target) * np.log(1 - p))
    grad = (-(target / p) + (1 - target) / (1 - p)) / n
    return loss, grad


def softmax_cross_entropy(logits, targets):
    n = logits.shape[0]
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    log_probs = shifted - log_sum
    loss = -np.mean(log_probs[np.arange(n), targets])
    grad = np.exp(log_probs)
    grad[np.arange(n), targets] -= 1
    return loss, grad / n


def logistic_regression(weights, bias, x, target):
    n = len(x)
    z = x @ weights + bias
    # log(1 + e^z) - y z
    loss = np.mean(np.logaddexp(0, z) - target * z)
    dz = (sigmoid(z) - target) / n
    return loss, x.T @ dz, np.sum(dz)


def affine_forward(x, weights, bias):
    return x @ weights + bias


def affine_backward(grad_out, x, weights):
    grad_x = grad_out @ weights.T
    grad_weights = x.T @ grad_out
    grad_bias = np.sum(grad_out, axis=0)
    return grad_x, grad_weights, grad_bias


def two_layer_forward(params, x):
    (w1, b1), (w2, b2) = params
    hidden = sigmoid(affine_forward(x, w1, b1))
    return sigmoid(affine_forward(hidden, w2, b2))


def two_layer_backward(params, x, target):
    (w1, b1), (w2, b2) = params
    hidden = sigmoid(x @ w1 + b1)
    out = sigmoid(hidden @ w2 + b2)
    loss, error = quadratic_loss(out, target)
    delta2 = error * sigmoid_grad(out)
    delta1 = (delta2 @ w2.T) * sigmoid_grad(hidden)
    return loss, [(x.T @ delta1, delta1.sum(axis=0)), (hidden.T @ delta2, delta2.sum(axis=0))]


def mlp_loss(params, x, targets, weight_decay=0.0):
    # forward
    inputs = []
    zs = []
    a = x
    for l, (w, b) in enumerate(params):
        inputs.append(a)
        z = affine_forward(a, w, b)
        zs.append(z)
        if l < len(params) - 1:
            a = relu(z)
    loss, delta = softmax_cross_entropy(zs[-1], targets)
    for w, b in params:
        loss += weight_decay / 2 * np.sum(w**2)

    # backward
    grads = [None] * len(params)
    for l in range(len(params) - 1, -1, -1):
        w, b = params[l]
        if l < len(params) - 1:
            delta = delta * relu_grad(zs[l])
        delta, dw, db = affine_backward(delta, inputs[l], w)
        grads[l] = (dw + weight_decay * w, db)
    return loss, grads


def xavier_init(n_in, n_out, rng):
    return rng.normal(0, 2 / (n_in + n_out), (n_in, n_out))


def he_init(n_in, n_out, rng):
    return rng.normal(0, sqrt(2 / n_in), (n_in, n_out))


def dropout(x, keep_prob, rng, training):
    if not training:
        return x, np.ones(x.shape)
    mask = (rng.random(x.shape) < keep_prob) / keep_prob
    return x * mask, mask


def train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, rng):
    if isinstance(hidden, int):
        hidden = [hidden]
    n = len(x)
    sizes = [x.shape[1]] + list(hidden) + [int(np.max(targets)) + 1]
    params = []
    for l in range(len(sizes) - 1):
        params.append((he_init(sizes[l], sizes[l + 1], rng), np.zeros(sizes[l + 1])))

    for epoch in range(epochs):
        perm = rng.permutation(n)
        for start in range(0, n, batch_size):
            idx = perm[start : start + batch_size]
            loss, grads = mlp_loss(params, x[idx], targets[idx])
            new_params = []
            for (w, b), (dw, db) in zip(params, grads):
                new_params.append((w - learning_rate * dw, b - learning_rate * db))
            params = new_params
    return params


def predict(params, x):
    a = x
    for w, b in params[:-1]:
        a = relu(affine_forward(a, w, b))
    w, b = params[-1]
    return np.argmax(affine_forward(a, w, b), axis=1)
