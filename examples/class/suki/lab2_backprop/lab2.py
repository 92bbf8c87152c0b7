import numpy as np
from numpy.lib.stride_tricks import as_strided

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
    e = np.exp(logits - np.amax(logits, axis=1, keepdims=True))      # (B, C)
    return e / np.sum(e, axis=1, keepdims=True)


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
    batch = pred.shape[0]
    d = pred - target
    return 0.5 * np.vdot(d, d) / batch, d / batch


def binary_cross_entropy(prob, target):
    batch = prob.shape[0]
    p = np.clip(prob, EPS, 1 - EPS)
    losses = -target * np.log(p) - (1 - target) * np.log(1 - p)
    d_p = -target / p + (1 - target) / (1 - p)
    return np.sum(losses) / batch, d_p / batch


def softmax_cross_entropy(logits, targets):
    batch, classes = logits.shape
    hot = np.zeros((batch, classes))
    hot[np.arange(batch), targets] = 1
    m = np.amax(logits, axis=1, keepdims=True)
    log_sum = m + np.log(np.sum(np.exp(logits - m), axis=1, keepdims=True))   # (B, 1)
    right = np.sum(hot * logits, axis=1, keepdims=True)
    loss = np.mean(log_sum - right)
    # d/dlogits of log_sum is the softmax, d/dlogits of the right logit is onehot
    return loss, (softmax(logits) - hot) / batch


def logistic_regression(weights, bias, x, target):
    batch = x.shape[0]
    z = x.dot(weights) + bias                                # (B,)
    loss = np.sum(np.logaddexp(0, z) - target * z) / batch
    d_z = (sigmoid(z) - target) / batch
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
    memory, a = [], x
    for w, b in params:
        z = affine_forward(a, w, b)
        memory.append((a, z))
        a = sigmoid(z)
    loss, d = quadratic_loss(a, target)
    grads = []
    for (w, b), (a, z) in zip(reversed(params), reversed(memory)):
        d, d_w, d_b = affine_backward(d * sigmoid_grad(z), a, w)
        grads.insert(0, (d_w, d_b))
    return loss, grads


def mlp_loss(params, x, targets, weight_decay=0.0):
    last = len(params) - 1
    memory = {"a0": x}
    for l, (w, b) in enumerate(params):
        memory[f"z{l}"] = affine_forward(memory[f"a{l}"], w, b)
        memory[f"a{l + 1}"] = memory[f"z{l}"] if l == last else relu(memory[f"z{l}"])
    loss, d = softmax_cross_entropy(memory[f"a{last + 1}"], targets)
    loss += weight_decay / 2 * np.sum([np.sum(w * w) for w, b in params])
    grads = {}
    for l in range(last, -1, -1):
        w, b = params[l]
        if l != last:
            d = d * relu_grad(memory[f"z{l}"])
        d, d_w, d_b = affine_backward(d, memory[f"a{l}"], w)
        grads[l] = (d_w + weight_decay * w, d_b)
    return loss, [grads[l] for l in range(last + 1)]


def xavier_init(n_in, n_out, rng):
    return rng.normal(scale=(2 / (n_in + n_out)) ** 0.5, size=(n_in, n_out))


def he_init(n_in, n_out, rng):
    return rng.normal(scale=(2 / n_in) ** 0.5, size=(n_in, n_out))


def dropout(x, keep_prob, rng, training):
    mask = np.ones_like(x)
    if training:
        mask = rng.choice([0.0, 1.0 / keep_prob], size=x.shape, p=[1 - keep_prob, keep_prob])
    return mask * x, mask


def train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, rng):
    N, D = x.shape
    classes = int(targets.max()) + 1
    layers = [D] + ([hidden] if np.ndim(hidden) == 0 else list(hidden)) + [classes]
    params = [(he_init(a, b, rng), np.zeros(b)) for a, b in zip(layers, layers[1:])]
    for _ in range(epochs):
        order = np.argsort(rng.random(N))
        for k in range(0, N, batch_size):
            rows = order[k:k + batch_size]
            _, grads = mlp_loss(params, x[rows], targets[rows])
            # a new list, because all gradients belong to the old weights
            params = [(w - learning_rate * d_w, b - learning_rate * d_b)
                      for (w, b), (d_w, d_b) in zip(params, grads)]
    return params


def predict(params, x):
    a = x
    for l, (w, b) in enumerate(params):
        z = affine_forward(a, w, b)
        a = relu(z)
    # one row of z at a time, without copying (saw this trick online)
    rows = as_strided(z, shape=z.shape, strides=(z.nbytes * 10**6, 8))
    return np.array([np.argmax(row) for row in rows])
