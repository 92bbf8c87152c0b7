# Lab 2
import math
import numpy as np

def sig(z):
    """sigmoid of one number"""
    if z < 0:
        return math.exp(z) / (1 + math.exp(z))
    return 1 / (1 + math.exp(-z))

def sigmoid(x):
    out = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        out[i] = sig(x[i])
    return out

def sigmoid_grad(x):
    out = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        s = sig(x[i])
        out[i] = s * (1 - s)
    return out

def tanh_grad(x):
    out = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        t = math.tanh(x[i])
        out[i] = 1 - t * t
    return out

def relu(x):
    out = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        if x[i] > 0:
            out[i] = x[i]
    return out

def relu_grad(x):
    out = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        if x[i] > 0:
            out[i] = 1
    return out

def softmax(logits):
    out = np.zeros(logits.shape)
    for i in range(logits.shape[0]):
        m = max(logits[i])  # without this exp overflows
        total = 0
        for k in range(logits.shape[1]):
            out[i, k] = math.exp(logits[i, k] - m)
            total += out[i, k]
        for k in range(logits.shape[1]):
            out[i, k] = out[i, k] / total
    return out

def numerical_gradient(f, x, eps=1e-5):
    x = x.copy()
    grad = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        old = x[i]
        x[i] = old + eps
        up = f(x)
        x[i] = old - eps
        down = f(x)
        x[i] = old
        grad[i] = (up - down) / (2 * eps)
    return grad

def quadratic_loss(pred, target):
    batch, outputs = pred.shape
    loss = 0
    grad = np.zeros(pred.shape)
    for i in range(batch):
        for k in range(outputs):
            d = pred[i, k] - target[i, k]
            loss += d * d / 2 / batch
            grad[i, k] = d / batch
    return loss, grad

def binary_cross_entropy(prob, target):
    batch = len(prob)
    loss = 0
    grad = np.zeros(prob.shape)
    for i in np.ndindex(*prob.shape):
        p = min(max(prob[i], 1e-12), 1 - 1e-12)
        if target[i] == 1:
            loss += -math.log(p) / batch
            grad[i] = -1 / p / batch
        else:
            loss += -math.log(1 - p) / batch
            grad[i] = 1 / (1 - p) / batch
    return loss, grad

def softmax_cross_entropy(logits, targets):
    batch = logits.shape[0]
    grad = softmax(logits)
    loss = 0
    for i in range(batch):
        m = max(logits[i])
        total = 0
        for z in logits[i]:
            total += math.exp(z - m)
        # -log softmax = log(sum) + m - z
        loss += math.log(total) + m - logits[i, targets[i]]
        grad[i, targets[i]] -= 1
    return loss / batch, grad / batch

def logistic_regression(weights, bias, x, target):
    batch, n_in = x.shape
    loss = 0
    grad_w = np.zeros(n_in)
    grad_b = 0
    for i in range(batch):
        z = bias
        for j in range(n_in):
            z += weights[j] * x[i, j]
        # log(1 + exp(z)) - y*z, safe for big z
        loss += max(z, 0) + math.log1p(math.exp(-abs(z))) - target[i] * z
        error = sig(z) - target[i]
        for j in range(n_in):
            grad_w[j] += error * x[i, j]
        grad_b += error
    return loss / batch, grad_w / batch, grad_b / batch

def affine_forward(x, weights, bias):
    out = np.zeros((x.shape[0], weights.shape[1]))
    for i in range(x.shape[0]):
        for k in range(weights.shape[1]):
            out[i, k] = np.sum(x[i] * weights[:, k]) + bias[k]
    return out

def affine_backward(grad_out, x, weights):
    grad_x = np.zeros(x.shape)
    grad_w = np.zeros(weights.shape)
    grad_b = np.zeros(weights.shape[1])
    for i in range(x.shape[0]):
        for k in range(weights.shape[1]):
            grad_x[i] += grad_out[i, k] * weights[:, k]
            grad_w[:, k] += grad_out[i, k] * x[i]
            grad_b[k] += grad_out[i, k]
    return grad_x, grad_w, grad_b

def two_layer_forward(params, x):
    w1, b1 = params[0]
    w2, b2 = params[1]
    h = sigmoid(affine_forward(x, w1, b1))
    return sigmoid(affine_forward(h, w2, b2))

def two_layer_backward(params, x, target):
    w1, b1 = params[0]
    w2, b2 = params[1]
    h = sigmoid(affine_forward(x, w1, b1))
    o = sigmoid(affine_forward(h, w2, b2))
    loss, d_o = quadratic_loss(o, target)
    # delta = error * s * (1 - s), like on the slide
    delta2 = np.zeros(o.shape)
    for i in np.ndindex(*o.shape):
        delta2[i] = d_o[i] * o[i] * (1 - o[i])
    d_h, d_w2, d_b2 = affine_backward(delta2, h, w2)
    delta1 = np.zeros(h.shape)
    for i in np.ndindex(*h.shape):
        delta1[i] = d_h[i] * h[i] * (1 - h[i])
    d_x, d_w1, d_b1 = affine_backward(delta1, x, w1)
    return loss, [(d_w1, d_b1), (d_w2, d_b2)]

def run_network(params, x):
    """all activations, the last one are the logits"""
    layers = [x]
    for l in range(len(params)):
        w, b = params[l]
        z = layers[l].dot(w) + b
        if l != len(params) - 1:
            z[z < 0] = 0
        layers.append(z)
    return layers

def mlp_loss(params, x, targets, weight_decay=0.0):
    n = len(x)
    loss = 0.0
    grads = [[np.zeros(w.shape), np.zeros(b.shape)] for w, b in params]
    # one example after the other
    for i in range(n):
        layers = run_network(params, x[i : i + 1])
        one_loss, d = softmax_cross_entropy(layers[-1], targets[i : i + 1])
        loss += one_loss / n
        for l in reversed(range(len(params))):
            w, b = params[l]
            grads[l][0] += layers[l].T.dot(d) / n
            grads[l][1] += d[0] / n
            d = d.dot(w.T)
            d[layers[l] <= 0] = 0
    for l in range(len(params)):
        w, b = params[l]
        loss += weight_decay / 2 * np.sum(w * w)
        grads[l][0] += weight_decay * w
    return loss, grads

def xavier_init(n_in, n_out, rng):
    w = np.zeros((n_in, n_out))
    for i in range(n_in):
        for j in range(n_out):
            w[i, j] = rng.normal() * math.sqrt(2 / (n_in + n_out))
    return w

def he_init(n_in, n_out, rng):
    w = np.zeros((n_in, n_out))
    for i in range(n_in):
        for j in range(n_out):
            w[i, j] = rng.normal() * math.sqrt(2 / n_in)
    return w

def dropout(x, keep_prob, rng, training):
    mask = np.ones(x.shape)
    if training:
        for i in np.ndindex(*x.shape):
            if rng.random() < keep_prob:
                mask[i] = 1 / keep_prob
            else:
                mask[i] = 0
    return x * mask, mask

def train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, rng):
    sizes = [x.shape[1]]
    if type(hidden) is int:
        sizes.append(hidden)
    else:
        for h in hidden:
            sizes.append(h)
    sizes.append(max(targets) + 1)

    params = []
    for l in range(len(sizes) - 1):
        params.append([he_init(sizes[l], sizes[l + 1], rng), np.zeros(sizes[l + 1])])

    order = np.arange(len(x))
    for epoch in range(epochs):
        rng.shuffle(order)
        start = 0
        while start < len(x):
            batch = order[start : start + batch_size]
            loss, grads = mlp_loss(params, x[batch], targets[batch])
            for l in range(len(params)):
                params[l][0] = params[l][0] - learning_rate * grads[l][0]
                params[l][1] = params[l][1] - learning_rate * grads[l][1]
            start += batch_size
    return params

def predict(params, x):
    logits = run_network(params, x)[-1]
    result = []
    for row in logits:
        best = 0
        for k in range(len(row)):
            if row[k] > row[best]:
                best = k
        result.append(best)
    return np.array(result)
