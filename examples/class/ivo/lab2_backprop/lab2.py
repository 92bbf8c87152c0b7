"""Laboratory 2, backpropagation."""

from itertools import pairwise

import numpy as np


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
    return sigmoid(x) * (1 - sigmoid(x))


def tanh_grad(x):
    return 1 / np.cosh(np.clip(x, -350, 350)) ** 2


def relu(x):
    return np.maximum(0.0, x)


def relu_grad(x):
    return (x > 0).astype(float)


def log_softmax(z):
    z = z - z.max(1, keepdims=True)
    return z - np.log(np.exp(z).sum(1, keepdims=True))


def softmax(logits):
    return np.exp(log_softmax(logits))


def numerical_gradient(f, x, eps=1e-5):
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        plus = x.copy()
        plus[i] += eps
        minus = x.copy()
        minus[i] -= eps
        grad[i] = (f(plus) - f(minus)) / (2 * eps)
    return grad


def quadratic_loss(pred, target):
    e = pred - target
    return (e**2).sum() / 2 / len(e), e / len(e)


def binary_cross_entropy(prob, target):
    n = len(prob)
    p = np.clip(prob, 1e-12, 1 - 1e-12)
    loss = -np.mean(target * np.log(p) + (1 - target) * np.log(1 - p))
    grad = (-(target / p) + (1 - target) / (1 - p)) / n
    return loss, grad


def softmax_cross_entropy(logits, targets):
    logp, wanted = log_softmax(logits), np.eye(logits.shape[1])[targets]
    return -(wanted * logp).sum() / len(logp), (np.exp(logp) - wanted) / len(logp)


def logistic_regression(weights, bias, x, target):
    z = x @ weights + bias
    loss = np.logaddexp(0, np.where(target == 1, -z, z)).mean()
    dz = (sigmoid(z) - target) / len(z)
    return loss, dz @ x, dz.sum()


def affine_forward(x, weights, bias):
    return x @ weights + bias


def affine_backward(grad_out, x, weights):
    return grad_out @ weights.T, x.T @ grad_out, grad_out.sum(0)


def two_layer_forward(params, x):
    for w, b in params:
        x = sigmoid(x @ w + b)
    return x


def two_layer_backward(params, x, target):
    (w1, b1), (w2, b2) = params
    h = sigmoid(x @ w1 + b1)
    o = sigmoid(h @ w2 + b2)
    loss, d = quadratic_loss(o, target)
    d2 = d * o * (1 - o)
    d1 = d2 @ w2.T * h * (1 - h)
    return loss, [(x.T @ d1, d1.sum(0)), (h.T @ d2, d2.sum(0))]


def mlp_loss(params, x, targets, weight_decay=0.0):
    values = [x]
    for w, b in params[:-1]:
        values.append(relu(values[-1] @ w + b))
    w, b = params[-1]
    loss, d = softmax_cross_entropy(values[-1] @ w + b, targets)
    for w, b in params:
        loss += weight_decay / 2 * (np.sum(w**2) + np.sum(b**2))
    grads = []
    for (w, b), v in zip(params[::-1], values[::-1]):
        # the derivative of w**2 is 2 * w
        grads.append((v.T @ d + 2 * weight_decay * w, d.sum(0) + 2 * weight_decay * b))
        d = (d @ w.T) * (v > 0)
    return loss, grads[::-1]


def xavier_init(n_in, n_out, rng):
    return rng.standard_normal((n_in, n_out)) * np.sqrt(2 / (n_in + n_out))


def he_init(n_in, n_out, rng):
    return rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)


def dropout(x, keep_prob, rng, training):
    if not training:
        return x, np.ones(x.shape)
    mask = (rng.random(x.shape) < keep_prob) / keep_prob
    return x * mask, mask


def train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, rng):
    sizes = [x.shape[1], *np.atleast_1d(hidden), targets.max() + 1]
    params = [(he_init(i, o, rng), np.zeros(o)) for i, o in pairwise(sizes)]
    for _ in range(epochs):
        for idx in np.split(rng.permutation(len(x)), range(batch_size, len(x), batch_size)):
            grads = mlp_loss(params, x[idx], targets[idx])[1]
            params = [
                (w - learning_rate * dw, b - learning_rate * db)
                for (w, b), (dw, db) in zip(params, grads)
            ]
    return params


def predict(params, x):
    a = x
    for w, b in params[:-1]:
        a = relu(affine_forward(a, w, b))
    w, b = params[-1]
    return np.argmax(affine_forward(a, w, b), axis=1)
