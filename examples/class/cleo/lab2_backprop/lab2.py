import numpy as np
from itertools import pairwise


sigmoid = lambda x: 0.5 * (1 + np.tanh(x / 2))
sigmoid_grad = lambda x: 0.25 * (1 - np.tanh(x / 2) ** 2)
tanh_grad = lambda x: 1 - np.tanh(x) ** 2
relu = lambda x: np.where(x > 0, x, 0)
relu_grad = lambda x: np.where(x > 0, 1.0, 0.0)


def log_softmax(z):
    z = z - z.max(1, keepdims=True)
    return z - np.log(np.exp(z).sum(1, keepdims=True))


def softmax(logits):
    return np.exp(log_softmax(logits))


def numerical_gradient(f, x, eps=1e-5):
    steps = np.eye(x.size).reshape(-1, *x.shape) * eps
    return np.array([(f(x + h) - f(x - h)) / (2 * eps) for h in steps]).reshape(x.shape)


def quadratic_loss(pred, target):
    e = pred - target
    return (e**2).sum() / 2 / len(e), e / len(e)


def binary_cross_entropy(prob, target):
    p = prob.clip(1e-12, 1 - 1e-12)
    loss = -np.where(target == 1, np.log(p), np.log(1 - p)).mean()
    return loss, (p - target) / (p * (1 - p)) / len(p)


def softmax_cross_entropy(logits, targets):
    logp, onehot = log_softmax(logits), np.eye(logits.shape[1])[targets]
    return -(onehot * logp).sum() / len(logp), (np.exp(logp) - onehot) / len(logp)


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
    acts = [x]
    for w, b in params[:-1]:
        acts.append(relu(acts[-1] @ w + b))
    w, b = params[-1]
    loss, d = softmax_cross_entropy(acts[-1] @ w + b, targets)
    loss += weight_decay / 2 * sum((w**2).sum() for w, _ in params)
    grads = []
    for (w, _), a in zip(params[::-1], acts[::-1]):
        grads.append((a.T @ d + weight_decay * w, d.sum(0)))
        d = d @ w.T * (a > 0)
    return loss, grads[::-1]


def xavier_init(n_in, n_out, rng):
    return rng.standard_normal((n_in, n_out)) * np.sqrt(2 / (n_in + n_out))


def he_init(n_in, n_out, rng):
    return rng.standard_normal((n_in, n_out)) * np.sqrt(2 / n_in)


def dropout(x, keep_prob, rng, training):
    mask = rng.binomial(1, keep_prob, x.shape) / keep_prob if training else np.ones(x.shape)
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
    for w, b in params[:-1]:
        x = relu(x @ w + b)
    return (x @ params[-1][0] + params[-1][1]).argmax(1)
