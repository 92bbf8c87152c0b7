"""A correct solution in plain Python loops: one number at a time, batches only where they train."""

import math

import numpy as np


def _each(function, x):
    out = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        out[index] = function(float(x[index]))
    return out


def _sigmoid_of(z):
    if z >= 0:
        return 1.0 / (1.0 + math.exp(-z))
    return math.exp(z) / (1.0 + math.exp(z))


def sigmoid(x):
    """Each value on its own, with the safe form for its sign."""
    return _each(_sigmoid_of, x)


def sigmoid_grad(x):
    """The activation times what is missing to 1."""
    return _each(lambda z: _sigmoid_of(z) * (1.0 - _sigmoid_of(z)), x)


def tanh_grad(x):
    """One minus the square of math.tanh."""
    return _each(lambda z: 1.0 - math.tanh(z) * math.tanh(z), x)


def relu(x):
    """The larger one of 0 and the value."""
    return _each(lambda z: max(z, 0.0), x)


def relu_grad(x):
    """Whether the value is above 0."""
    return _each(lambda z: float(z > 0), x)


def softmax(logits):
    """Row by row, each with its own maximum."""
    rows = []
    for row in logits.tolist():
        top = max(row)
        exps = [math.exp(value - top) for value in row]
        total = math.fsum(exps)
        rows.append([value / total for value in exps])
    return np.array(rows)


def numerical_gradient(f, x, eps=1e-5):
    """Move an entry of one copy, remember it, put it back."""
    moved, grad = x.copy(), np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = moved[index]
        moved[index] = old - eps
        below = f(moved)
        moved[index] = old + eps
        above = f(moved)
        moved[index] = old
        grad[index] = (above - below) / (2 * eps)
    return grad


def quadratic_loss(pred, target):
    """Two nested loops."""
    batch, outputs = pred.shape
    total, grad = 0.0, np.zeros((batch, outputs))
    for i in range(batch):
        for k in range(outputs):
            difference = pred[i, k] - target[i, k]
            total += difference * difference / 2
            grad[i, k] = difference / batch
    return total / batch, grad


def binary_cross_entropy(prob, target):
    """An if for each of the two answers."""
    total, grad, batch = 0.0, np.zeros(prob.shape), prob.size
    for index in np.ndindex(prob.shape):
        p = min(max(float(prob[index]), 1e-12), 1 - 1e-12)
        if target[index] == 1:
            total -= math.log(p)
            grad[index] = -1 / (p * batch)
        else:
            total -= math.log(1 - p)
            grad[index] = 1 / ((1 - p) * batch)
    return total / batch, grad


def softmax_cross_entropy(logits, targets):
    """Log-sum-exp with the maximum outside, one example after the other."""
    probs, total, batch = softmax(logits), 0.0, len(logits)
    for i, target in enumerate(targets.tolist()):
        row = logits[i].tolist()
        top = max(row)
        total += top + math.log(math.fsum(math.exp(value - top) for value in row)) - row[target]
        probs[i, target] -= 1
    return total / batch, probs / batch


def logistic_regression(weights, bias, x, target):
    """The loss from the logit, with log1p on the safe side."""
    batch, n_in = x.shape
    loss, grad_weights, grad_bias = 0.0, [0.0] * n_in, 0.0
    for row, y in zip(x.tolist(), target.tolist(), strict=True):
        z = bias + sum(w * value for w, value in zip(weights.tolist(), row, strict=True))
        loss += max(z, 0.0) - y * z + math.log1p(math.exp(-abs(z)))
        error = (_sigmoid_of(z) - y) / batch
        grad_bias += error
        for j in range(n_in):
            grad_weights[j] += error * row[j]
    return loss / batch, np.array(grad_weights), grad_bias


def affine_forward(x, weights, bias):
    """Three nested loops."""
    out = np.zeros((x.shape[0], weights.shape[1]))
    for i in range(x.shape[0]):
        for k in range(weights.shape[1]):
            out[i, k] = bias[k]
            for j in range(x.shape[1]):
                out[i, k] += x[i, j] * weights[j, k]
    return out


def affine_backward(grad_out, x, weights):
    """Each product of the forward pass gives two terms."""
    grad_x, grad_weights = np.zeros(x.shape), np.zeros(weights.shape)
    grad_bias = np.zeros(weights.shape[1])
    for i in range(x.shape[0]):
        for k in range(weights.shape[1]):
            grad_bias[k] += grad_out[i, k]
            for j in range(x.shape[1]):
                grad_x[i, j] += grad_out[i, k] * weights[j, k]
                grad_weights[j, k] += grad_out[i, k] * x[i, j]
    return grad_x, grad_weights, grad_bias


def two_layer_forward(params, x):
    """One layer after the other."""
    return sigmoid(affine_forward(sigmoid(affine_forward(x, *params[0])), *params[1]))


def two_layer_backward(params, x, target):
    """Lecture 3's two deltas, example by example."""
    (w1, b1), (w2, b2) = params
    batch = len(x)
    grads = [[np.zeros(w1.shape), np.zeros(b1.shape)], [np.zeros(w2.shape), np.zeros(b2.shape)]]
    loss = 0.0
    for row, wanted in zip(x, target, strict=True):
        hidden = [_sigmoid_of(b1[j] + float(row @ w1[:, j])) for j in range(len(b1))]
        out = [_sigmoid_of(b2[k] + float(w2[:, k] @ np.array(hidden))) for k in range(len(b2))]
        delta_k = [(o - t) * o * (1 - o) / batch for o, t in zip(out, wanted.tolist(), strict=True)]
        loss += sum((o - t) ** 2 / 2 for o, t in zip(out, wanted.tolist(), strict=True)) / batch
        for j, h in enumerate(hidden):
            back = sum(d * w2[j, k] for k, d in enumerate(delta_k))
            delta_j = back * h * (1 - h)
            grads[0][1][j] += delta_j
            grads[0][0][:, j] += delta_j * row
            for k, d in enumerate(delta_k):
                grads[1][0][j, k] += d * h
        grads[1][1] += np.array(delta_k)
    return loss, grads


def _layers(params, x):
    values = [x]
    for number, (weights, bias) in enumerate(params, 1):
        x = x @ weights + bias
        if number < len(params):
            x = np.where(x > 0, x, 0)
        values.append(x)
    return values


def mlp_loss(params, x, targets, weight_decay=0.0):
    """Walk back over the kept activations; a unit was on if its activation is above 0."""
    values, batch = _layers(params, x), len(x)
    logits = values[-1] - values[-1].max(axis=1, keepdims=True)
    exps = np.exp(logits)
    totals = exps.sum(axis=1, keepdims=True)
    picked = np.arange(batch), targets
    loss = float((np.log(totals[:, 0]) - logits[picked]).sum()) / batch
    delta = exps / totals
    delta[picked] -= 1
    delta /= batch
    grads = [None] * len(params)
    for number in range(len(params) - 1, -1, -1):
        weights, _ = params[number]
        loss += weight_decay / 2 * float((weights * weights).sum())
        grads[number] = [values[number].T @ delta + weight_decay * weights, delta.sum(0)]
        if number:
            delta = (delta @ weights.T) * (values[number] > 0)
    return loss, grads


def xavier_init(n_in, n_out, rng):
    """Uniform, one number at a time."""
    limit = math.sqrt(6 / (n_in + n_out))
    return np.array([[rng.uniform(-limit, limit) for _ in range(n_out)] for _ in range(n_in)])


def he_init(n_in, n_out, rng):
    """Normal, one number at a time."""
    return np.array(
        [[rng.normal(0, math.sqrt(2 / n_in)) for _ in range(n_out)] for _ in range(n_in)]
    )


def dropout(x, keep_prob, rng, training):
    """A coin for every entry."""
    mask = np.ones(x.shape)
    if training:
        for index in np.ndindex(x.shape):
            mask[index] = 1 / keep_prob if rng.uniform() < keep_prob else 0
    return x * mask, mask


def train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, rng):
    """Update the arrays of the network in place, after the gradients are known."""
    sizes = [x.shape[1]]
    sizes += list(hidden) if isinstance(hidden, list | tuple) else [int(hidden)]
    sizes.append(int(max(targets)) + 1)
    params = []
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        params.append([rng.normal(0, math.sqrt(2 / n_in), (n_in, n_out)), np.zeros(n_out)])
    order = list(range(len(x)))
    for _ in range(epochs):
        rng.shuffle(order)
        first = 0
        while first < len(order):
            batch = order[first : first + batch_size]
            _, grads = mlp_loss(params, x[batch], targets[batch])
            for pair, grad in zip(params, grads, strict=True):
                pair[0] -= learning_rate * grad[0]
                pair[1] -= learning_rate * grad[1]
            first += batch_size
    return params


def predict(params, x):
    """The place of the largest logit of each row."""
    return np.array([row.index(max(row)) for row in _layers(params, x)[-1].tolist()])
