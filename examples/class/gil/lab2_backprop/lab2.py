import numpy as np


def sigmoid(x):
  # The naive 1/(1+exp(-x)) warns for x = -1e4. logaddexp(0, -x) is log(1 + exp(-x))
  # without overflow, so this is the same number.
  return np.exp(-np.logaddexp(0, -x))


def sigmoid_grad(x):
  s = sigmoid(x)
  return s * (1 - s)


def tanh_grad(x):
  t = np.tanh(x)
  return (1 - t) * (1 + t)


def relu(x):
  x[x < 0] = 0
  return x


def relu_grad(x):
  return np.where(x >= 0, 1.0, 0.0)


def softmax(logits):
  shifted = logits - np.max(logits, axis=1, keepdims=True)
  exps = np.exp(shifted)
  return exps / np.sum(exps, axis=1, keepdims=True)


def numerical_gradient(f, x, eps=1e-5):
  grad = np.zeros(x.shape)
  for i in np.ndindex(x.shape):
    xp = x.copy()
    xp[i] += eps
    xm = x.copy()
    xm[i] -= eps
    grad[i] = (f(xp) - f(xm)) / (2 * eps)
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
  h = sigmoid(affine_forward(x, w1, b1))
  return sigmoid(affine_forward(h, w2, b2))


def two_layer_backward(params, x, target):
  (w1, b1), (w2, b2) = params
  # forward again, because we need what is in between
  z1 = affine_forward(x, w1, b1)
  h = sigmoid(z1)
  z2 = affine_forward(h, w2, b2)
  y = sigmoid(z2)
  loss, dout = quadratic_loss(y, target)
  # backward
  dz2 = dout * sigmoid_grad(z2)
  dhidden, dw2, db2 = affine_backward(dz2, h, w2)
  dz1 = dhidden * sigmoid_grad(z1)
  _, dw1, db1 = affine_backward(dz1, x, w1)
  return loss, [(dw1, db1), (dw2, db2)]


def mlp_loss(params, x, targets, weight_decay=0.0):
  # forward
  inputs = []
  zs = []
  a = x
  for i, (w, b) in enumerate(params):
    inputs.append(a)
    z = affine_forward(a, w, b)
    zs.append(z)
    if i < len(params) - 1:
      a = relu(z)
  loss, delta = softmax_cross_entropy(zs[-1], targets)
  for w, b in params:
    loss += weight_decay / 2 * np.sum(w**2)

  # backward
  grads = [None] * len(params)
  for i in range(len(params) - 1, -1, -1):
    w, b = params[i]
    if i < len(params) - 1:
      delta = delta * relu_grad(zs[i])
    delta, dw, db = affine_backward(delta, inputs[i], w)
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
  keep = (rng.random(x.shape) < keep_prob) / keep_prob
  return x * keep, keep


def train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, rng):
  if np.isscalar(hidden):
    hidden = (hidden,)
  sizes = [x.shape[1], *hidden, targets.max() + 1]
  params = [[he_init(i, o, rng), np.zeros(o)] for i, o in zip(sizes[:-1], sizes[1:])]
  for epoch in range(epochs):
    p = rng.permutation(len(x))
    for s in range(0, len(x), batch_size):
      rows = p[s:s + batch_size]
      _, grads = mlp_loss(params, x[rows], targets[rows])
      for layer, (dw, db) in zip(params, grads):
        layer[0] -= learning_rate * dw
        layer[1] -= learning_rate * db
  return params


def predict(params, x):
  a = x
  for w, b in params[:-1]:
    a = relu(affine_forward(a, w, b))
  w, b = params[-1]
  return np.argmax(affine_forward(a, w, b), axis=1)


def run_network(params, x):
  """all activations, the last one are the logits"""
  acts = [x]
  for l in range(len(params)):
    w, b = params[l]
    z = acts[l].dot(w) + b
    if l != len(params) - 1:
      z[z < 0] = 0
    acts.append(z)
  return acts
