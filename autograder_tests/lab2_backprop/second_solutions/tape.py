"""A correct solution with a small tape: every operation says how to go back through it."""

import numpy as np


class Node:
    """A value, the gradient that has arrived, and the way back to what made it."""

    def __init__(self, value, back=None):
        """Start with no gradient."""
        self.value, self.grad, self.back = np.asarray(value, dtype=float), 0.0, back

    def pull(self, grad):
        """Add a gradient and send it on."""
        self.grad = self.grad + grad
        if self.back is not None:
            self.back(grad)


def _affine(x, weights, bias):
    def back(grad):
        x.pull(np.dot(grad, np.transpose(weights.value)))
        weights.pull(np.dot(np.transpose(x.value), grad))
        bias.pull(np.add.reduce(grad, axis=0))

    return Node(np.dot(x.value, weights.value) + bias.value, back)


def _apply(function, slope, x):
    return Node(function(x.value), lambda grad: x.pull(grad * slope(x.value)))


@np.vectorize
def sigmoid(x):
    """Safe on both sides, a number at a time."""
    return np.reciprocal(1.0 + np.exp(-x)) if x > -30 else np.exp(max(x, -700.0))


def sigmoid_grad(x):
    """Slope at -|x|, where nothing cancels."""
    value = sigmoid(-np.abs(np.asarray(x, dtype=float)))
    return value - value**2


def tanh_grad(x):
    """One over cosh squared, cut off where it is 0 in float64 anyway."""
    return np.cosh(np.clip(x, -300.0, 300.0)) ** -2.0


def relu(x):
    """Clip from below."""
    return np.clip(x, 0, None)


def relu_grad(x):
    """Sign of what is left."""
    return np.sign(relu(x))


def softmax(logits):
    """Transpose, so that rows broadcast."""
    exps = np.exp((logits.T - np.amax(logits, axis=1)).T)
    return (exps.T / np.sum(exps, axis=1)).T


def numerical_gradient(f, x, eps=1e-5):
    """Through a flat copy."""
    out = []
    for place in range(x.size):
        values = []
        for sign in (1.0, -1.0):
            flat = x.flatten()
            flat[place] += sign * eps
            values.append(float(f(flat.reshape(x.shape))))
        out.append((values[0] - values[1]) / (eps + eps))
    return np.reshape(np.array(out), x.shape)


def quadratic_loss(pred, target):
    """Mean over axis 0 of half of the sums over axis 1."""
    loss = np.mean(np.sum((pred - target) ** 2 / 2, axis=1))
    return loss, np.divide(pred - target, len(pred))


def binary_cross_entropy(prob, target):
    """Two masks."""
    safe, grad = np.clip(prob, 1e-12, 1 - 1e-12), np.empty(prob.shape)
    yes = target > 0.5
    grad[yes], grad[~yes] = -1 / safe[yes], 1 / (1 - safe[~yes])
    loss = -(np.log(safe[yes]).sum() + np.log1p(-safe[~yes]).sum()) / len(prob)
    return loss, grad / len(prob)


def softmax_cross_entropy(logits, targets):
    """Log of the sum of exponentials of the differences to the right logit."""
    right = np.take_along_axis(logits, targets[:, None], axis=1)
    top = np.max(logits, axis=1, keepdims=True)
    losses = np.log(np.sum(np.exp(logits - top), axis=1, keepdims=True)) + (top - right)
    wanted = np.arange(logits.shape[1]) == targets[:, None]
    return losses.mean(), (softmax(logits) - wanted) / len(targets)


def logistic_regression(weights, bias, x, target):
    """The loss as log(1 + exp(-margin)), with the margin's sign from the target."""
    signs = 2 * target - 1
    margins = signs * (np.dot(x, weights) + bias)
    loss = np.logaddexp(0, -margins).mean()
    back = -signs * sigmoid(-margins) / len(x)
    return loss, np.dot(back, x), np.sum(back)


def affine_forward(x, weights, bias):
    """A column of ones carries the bias."""
    ones = np.ones((len(x), 1))
    return np.hstack([x, ones]) @ np.vstack([weights, bias])


def affine_backward(grad_out, x, weights):
    """Run the tape over one operation."""
    nodes = [Node(x), Node(weights), Node(np.zeros(weights.shape[1]))]
    _affine(*nodes).pull(grad_out)
    return tuple(node.grad for node in nodes)


def _network(params, x, activations):
    nodes, value = [[Node(w), Node(b)] for w, b in params], Node(x)
    for (weights, bias), activation in zip(nodes, activations, strict=True):
        value = _affine(value, weights, bias)
        if activation is not None:
            value = _apply(*activation, value)
    return nodes, value


def two_layer_forward(params, x):
    """The tape's value."""
    return _network(params, x, 2 * [(sigmoid, sigmoid_grad)])[1].value


def two_layer_backward(params, x, target):
    """The tape's gradients."""
    nodes, out = _network(params, x, 2 * [(sigmoid, sigmoid_grad)])
    loss, grad = quadratic_loss(out.value, target)
    out.pull(grad)
    return loss, [[node.grad for node in pair] for pair in nodes]


def mlp_loss(params, x, targets, weight_decay=0.0):
    """The tape's gradients, the penalty added to the weights afterwards."""
    nodes, out = _network(params, x, [(relu, relu_grad)] * (len(params) - 1) + [None])
    loss, grad = softmax_cross_entropy(out.value, targets)
    out.pull(grad)
    for weights, _ in nodes:
        loss = loss + weight_decay * np.linalg.norm(weights.value) ** 2 / 2
        weights.grad = weights.grad + weight_decay * weights.value
    return loss, [(weights.grad, bias.grad) for weights, bias in nodes]


def xavier_init(n_in, n_out, rng):
    """Uniform draws."""
    return rng.uniform(-1.0, 1.0, (n_in, n_out)) * np.sqrt(6.0 / (n_in + n_out))


def he_init(n_in, n_out, rng):
    """Normal draws in one long row."""
    return rng.normal(scale=np.sqrt(2.0 / n_in), size=n_in * n_out).reshape(n_in, n_out)


def dropout(x, keep_prob, rng, training):
    """Scale first, then switch off."""
    if not training:
        return x, np.ones(x.shape)
    kept = rng.choice([False, True], size=x.shape, p=[1 - keep_prob, keep_prob])
    return np.where(kept, x / keep_prob, 0.0), kept / keep_prob


def train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, rng):
    """Shuffle copies of the data themselves, then cut them."""
    hidden = [hidden] if np.isscalar(hidden) else list(hidden)
    widths = [x.shape[1], *hidden, 1 + int(np.max(targets))]
    params = []
    for layer in range(len(widths) - 1):
        params.append([he_init(widths[layer], widths[layer + 1], rng), np.zeros(widths[layer + 1])])
    steps = -(-len(x) // batch_size)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        x, targets = x[order], targets[order]
        for step in range(steps):
            part = slice(step * batch_size, (step + 1) * batch_size)
            _, grads = mlp_loss(params, x[part], targets[part])
            params = [
                [weights - learning_rate * grad_weights, bias - learning_rate * grad_bias]
                for (weights, bias), (grad_weights, grad_bias) in zip(params, grads, strict=True)
            ]
    return params


def predict(params, x):
    """The most probable class."""
    _, out = _network(params, x, [(relu, relu_grad)] * (len(params) - 1) + [None])
    return np.argmax(softmax(out.value), axis=1)
