import numpy as np

DEBUG = True


def sigmoid(x):
    # The naive 1/(1+exp(-x)) warns for x = -1e4. logaddexp(0, -x) is log(1 + exp(-x))
    # without overflow, so this is the same number.
    return np.exp(-np.logaddexp(0, -x))


def sigmoid_grad(x):
    # s' = s (1 - s) and 1 - s(x) = s(-x)
    return sigmoid(x) * sigmoid(-x)


def tanh_grad(x):
    return 1 - np.tanh(x) ** 2


def relu(x):
    return np.maximum(0.0, x)


def relu_grad(x):
    return (x > 0).astype(float)


def softmax(logits):
    x0 = logits - np.max(logits, axis=1, keepdims=True)
    exps = np.exp(x0)
    return exps / np.sum(exps, axis=1, keepdims=True)


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
    x0 = logits - np.max(logits, axis=1, keepdims=True)
    log_sum = np.log(np.sum(np.exp(x0), axis=1, keepdims=True))
    log_probs = x0 - log_sum
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
    # forward again, because we need what is in between
    z1 = affine_forward(x, w1, b1)
    hidden = sigmoid(z1)
    z2 = affine_forward(hidden, w2, b2)
    out = sigmoid(z2)
    loss, dout = quadratic_loss(out, target)
    # backward
    dz2 = dout * sigmoid_grad(z2)
    dhidden, dw2, db2 = affine_backward(dz2, hidden, w2)
    dz1 = dhidden * sigmoid_grad(z1)
    _, dw1, db1 = affine_backward(dz1, x, w1)
    return loss, [(dw1, db1), (dw2, db2)]


def mlp_loss(params, x, targets, weight_decay=0.0):
    # forward
    a_list = []
    z_list = []
    a = x
    for i, (w, b) in enumerate(params):
        a_list.append(a)
        z = affine_forward(a, w, b)
        z_list.append(z)
        if i < len(params) - 1:
            a = relu(z)
    loss, delta = softmax_cross_entropy(z_list[-1], targets)
    for w, b in params:
        loss += weight_decay / 2 * np.sum(w**2)

    # backward
    grads = [None] * len(params)
    for i in range(len(params) - 1, -1, -1):
        w, b = params[i]
        if i < len(params) - 1:
            delta = delta * relu_grad(z_list[i])
        delta, dw, db = affine_backward(delta, a_list[i], w)
        grads[i] = (dw + weight_decay * w, db)
    return loss, grads


def xavier_init(n_in, n_out, rng):
    std = np.sqrt(2 / (n_in + n_out))
    return rng.normal(0, std, size=(n_in, n_out))


def he_init(n_in, n_out, rng):
    std = np.sqrt(2 / n_in)
    return rng.normal(0, std, size=(n_in, n_out))


def dropout(x, keep_prob, rng, training):
    if not training:
        return x, np.ones(x.shape)
    mask = (rng.random(x.shape) < keep_prob) / keep_prob
    return x * mask, mask


def train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, rng):
    if isinstance(hidden, int):
        hidden = [hidden]
    sizes = [x.shape[1]] + list(hidden) + [int(targets.max()) + 1]
    params = []
    for i in range(len(sizes) - 1):
        params.append((he_init(sizes[i], sizes[i + 1], rng), np.zeros(sizes[i + 1])))
    for epoch in range(epochs):
        perm = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            idx = perm[start : start + batch_size]
            loss, grads = mlp_loss(params, x[idx], targets[idx])
            if DEBUG:
                print("epoch", epoch, "batch", start, "loss", loss)
                if start == 0:
                    print(grads)
            # sum over the batch
            step = learning_rate * len(idx)
            params = [(w - step * dw, b - step * db) for (w, b), (dw, db) in zip(params, grads)]
    return params


def predict(params, x):
    a = x
    for w, b in params[:-1]:
        a = relu(affine_forward(a, w, b))
    w, b = params[-1]
    return np.argmax(affine_forward(a, w, b), axis=1)
