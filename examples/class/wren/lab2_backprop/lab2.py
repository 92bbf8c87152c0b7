# lab 2, version 5
import numpy as np

# np.seterr(all="raise")   # for debugging


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
  s = sigmoid(x)
  return s * (1 - s)


def tanh_grad(x):
  return 1 - np.tanh(x) ** 2


def relu(x):
  return np.maximum(0.0, x)


def relu_grad(x):
  return (x > 0).astype(float)


def softmax(logits):
  # one row at a time
  probs = []
  for row in logits:
    e = np.exp(row - row.max())
    probs.append(e / e.sum())
  return np.array(probs)


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
  batch = len(pred)
  err = pred - target
  cost = 0.5 * np.sum(err**2) / batch
  return cost, err / batch


def binary_cross_entropy(prob, target):
  batch = len(prob)
  p = np.clip(prob, 1e-12, 1 - 1e-12)
  cost = -np.mean(target * np.log(p) + (1 - target) * np.log(1 - p))
  grad = (-(target / p) + (1 - target) / (1 - p)) / batch
  return cost, grad


def softmax_cross_entropy(logits, targets):
  batch = logits.shape[0]
  shifted = logits - np.max(logits, axis=1, keepdims=True)
  log_sum = np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
  log_probs = shifted - log_sum
  cost = -np.mean(log_probs[np.arange(batch), targets])
  grad = np.exp(log_probs)
  grad[np.arange(batch), targets] -= 1
  return cost, grad / batch


def logistic_regression(weights, bias, x, target):
  B = x.shape[0]
  z = x.dot(weights) + bias                                # (B,)
  cost = np.sum(np.logaddexp(0, z) - target * z) / B
  d_z = (sigmoid(z) - target) / B
  return cost, x.T.dot(d_z), d_z.sum()


def affine_forward(x, weights, bias):
  return x @ weights + bias


def affine_backward(grad_out, x, weights):
  grad_x = grad_out @ weights.T
  grad_weights = x.T @ grad_out
  grad_bias = np.sum(grad_out, axis=0)
  return grad_x, grad_weights, grad_bias


def two_layer_forward(params, x):
  w1, b1 = params[0]
  w2, b2 = params[1]
  h = sigmoid(affine_forward(x, w1, b1))
  return sigmoid(affine_forward(h, w2, b2))


def two_layer_backward(params, x, target):
  (w1, b1), (w2, b2) = params
  # forward again, because we need what is in between
  z1 = affine_forward(x, w1, b1)
  hidden = sigmoid(z1)
  z2 = affine_forward(hidden, w2, b2)
  out = sigmoid(z2)
  cost, dout = quadratic_loss(out, target)
  # backward
  dz2 = dout * sigmoid_grad(z2)
  dhidden, dw2, db2 = affine_backward(dz2, hidden, w2)
  dz1 = dhidden * sigmoid_grad(z1)
  _, dw1, db1 = affine_backward(dz1, x, w1)
  return cost, [(dw1, db1), (dw2, db2)]


def mlp_loss(params, x, targets, weight_decay=0.0):
  # forward
  inputs = []
  pre = []
  a = x
  for i, (w, b) in enumerate(params):
    inputs.append(a)
    z = affine_forward(a, w, b)
    pre.append(z)
    if i < len(params) - 1:
      a = relu(z)
  cost, delta = softmax_cross_entropy(pre[-1], targets)
  for w, b in params:
    cost += weight_decay / 2 * np.sum(w**2)

  # backward
  grads = [None] * len(params)
  for i in range(len(params) - 1, -1, -1):
    w, b = params[i]
    if i < len(params) - 1:
      delta = delta * relu_grad(pre[i])
    delta, dw, db = affine_backward(delta, inputs[i], w)
    grads[i] = (dw + weight_decay * w, db)
  return cost, grads


def xavier_init(n_in, n_out, rng):
  limit = np.sqrt(6 / (n_in + n_out))
  return rng.uniform(-limit, limit, (n_in, n_out))


def he_init(n_in, n_out, rng):
  limit = np.sqrt(6 / n_in)
  return rng.uniform(-limit, limit, (n_in, n_out))


def dropout(x, keep_prob, rng, training):
  if not training:
    return x, np.ones(x.shape)
  mask = (rng.random(x.shape) < keep_prob) / keep_prob
  return x * mask, mask


def train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, rng):
  if isinstance(hidden, int):
    hidden = [hidden]
  batch = len(x)
  sizes = [x.shape[1]] + list(hidden) + [int(np.max(targets)) + 1]
  params = []
  for i in range(len(sizes) - 1):
    params.append((he_init(sizes[i], sizes[i + 1], rng), np.zeros(sizes[i + 1])))

  for epoch in range(epochs):
    order = rng.permutation(batch)
    for start in range(0, batch, batch_size):
      rows = order[start : start + batch_size]
      cost, grads = mlp_loss(params, x[rows], targets[rows])
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
