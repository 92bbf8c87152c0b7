"""lab 2"""
import numpy as np

EPS = 1e-12


def sigmoid(x):
    # The naive 1/(1+exp(-x)) warns for x = -1e4. logaddexp(0, -x) is log(1 + exp(-x))
    # without overflow, so this is the same number.
    return np.exp(-np.logaddexp(0, -x))


def sigmoid_grad(x):
    # s' = s (1 - s) and 1 - s(x) = s(-x)
    return sigmoid(x) * sigmoid(-x)


def tanh_grad(x):
    t = np.tanh(x)
    return (1 - t) * (1 + t)


def relu(x):
    return x * (x > 0)


def relu_grad(x):
    return 1.0 * (x > 0)


def softmax(logits):
    # Subtracting the row maximum changes nothing (it cancels) but keeps exp <= 1.
    exps = np.exp(logits - np.amax(logits, axis=1, keepdims=True))      # (B, C)
    return exps / np.sum(exps, axis=1, keepdims=True)


def numerical_gradient(f, x, eps=1e-5):
    flat = x.ravel()
    out = []
    for i in range(flat.size):
        up, down = flat.astype(float), flat.astype(float)   # astype copies
        up[i] += eps
        down[i] -= eps
        out.append((f(up.reshape(x.shape)) - f(down.reshape(x.shape))) / (2 * eps))
    return np.array(out).reshape(x.shape)


def quadratic_loss(pred, target):
    n = pred.shape[0]
    delta = pred - target
    return 0.5 * np.vdot(delta, delta) / n, delta / n


def binary_cross_entropy(prob, target):
    n = prob.shape[0]
    p = np.clip(prob, EPS, 1 - EPS)
    losses = -target * np.log(p) - (1 - target) * np.log(1 - p)
    d_p = -target / p + (1 - target) / (1 - p)
    return np.sum(losses) / n, d_p / n


def softmax_cross_entropy(logits, targets):
    n, C = logits.shape
    onehot = np.zeros((n, C))
    onehot[np.arange(n), targets] = 1
    m = np.amax(logits, axis=1, keepdims=True)
    log_sum = m + np.log(np.sum(np.exp(logits - m), axis=1, keepdims=True))   # (B, 1)
    right = np.sum(onehot * logits, axis=1, keepdims=True)
    loss = np.mean(log_sum - right)
    # d/dlogits of log_sum is the softmax, d/dlogits of the right logit is onehot
    return loss, (softmax(logits) - onehot) / n


def logistic_regression(weights, bias, x, target):
    n = x.shape[0]
    z = x.dot(weights) + bias                                # (B,)
    loss = np.sum(np.logaddexp(0, z) - target * z) / n
    d_z = (sigmoid(z) - target) / n
    return loss, x.T.dot(d_z), d_z.sum()


def affine_forward(x, weights, bias):
    return x.dot(weights) + bias


def affine_backward(grad_out, x, weights):
    # (B, D) = (B, H) (H, D)     (D, H) = (D, B) (B, H)     bias: used in every row, so sum
    return grad_out.dot(weights.T), x.T.dot(grad_out), grad_out.sum(axis=0)


def two_layer_forward(params, x):
    h = x
    for w, b in params:
        h = sigmoid(affine_forward(h, w, b))
    return h


def two_layer_backward(params, x, target):
    cache, a = [], x
    for w, b in params:
        z = affine_forward(a, w, b)
        cache.append((a, z))
        a = sigmoid(z)
    loss, delta = quadratic_loss(a, target)
    grads = []
    for (w, b), (a, z) in zip(reversed(params), reversed(cache)):
        delta, d_w, d_b = affine_backward(delta * sigmoid_grad(z), a, w)
        grads.insert(0, (d_w, d_b))
    return loss, grads


def mlp_loss(params, x, targets, weight_decay=0.0):
    last = len(params) - 1
    cache = {"a0": x}
    for l, (w, b) in enumerate(params):
        cache[f"z{l}"] = affine_forward(cache[f"a{l}"], w, b)
        cache[f"a{l + 1}"] = cache[f"z{l}"] if l == last else relu(cache[f"z{l}"])
    loss, delta = softmax_cross_entropy(cache[f"a{last + 1}"], targets)
    loss += weight_decay / 2 * np.sum([np.sum(w * w) for w, b in params])
    grads = {}
    for l in range(last, -1, -1):
        w, b = params[l]
        if l != last:
            delta = delta * relu_grad(cache[f"z{l}"])
        delta, d_w, d_b = affine_backward(delta, cache[f"a{l}"], w)
        grads[l] = (d_w + weight_decay * w, d_b)
    return loss, [grads[l] for l in range(last + 1)]


def xavier_init(n_in, n_out, rng):
    return rng.normal(scale=(2 / (n_in + n_out)) ** 0.5, size=(n_in, n_out))


def he_init(n_in, n_out, rng):
    return rng.normal(scale=(2 / n_in) ** 0.5, size=(n_in, n_out))


def dropout(x, keep_prob, rng, training):
    keep = rng.random(x.shape) < keep_prob
    mask = keep / keep_prob
    return x * mask, mask


def train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, rng):
    n, n_in = x.shape
    hidden = [hidden] if np.ndim(hidden) == 0 else list(hidden)
    layers = [n_in] + hidden + [int(targets.max()) + 1]
    params = [(he_init(a, b, rng), np.zeros(b)) for a, b in zip(layers, layers[1:])]
    for epoch in range(epochs):
        for k in range(0, n, batch_size):
            _, grads = mlp_loss(params, x[k:k + batch_size], targets[k:k + batch_size])
            params = [(w - learning_rate * d_w, b - learning_rate * d_b)
                      for (w, b), (d_w, d_b) in zip(params, grads)]
    return params


def predict(params, x):
    a = x
    for l, (w, b) in enumerate(params):
        z = affine_forward(a, w, b)
        a = relu(z)
    return z.argmax(axis=1)
