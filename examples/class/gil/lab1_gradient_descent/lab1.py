import numpy as np
import math


def grid(low=-10.0, high=10.0, gap=0.1):
  n = int((high - low) / gap + 0.5)  # gaps, so one more point
  points = np.zeros(n + 1)
  for i in range(n + 1):
    points[i] = low + i * gap
  return points


def square(x):
  return x * x


def square_grad(x):
  return x + x


def gradient_descent(grad, start, learning_rate, steps):
  x = np.array(start, dtype=float)
  path = [x]
  for k in range(steps):
    x -= learning_rate * grad(x)
    path.append(x)
  return np.array(path)


def momentum_descent(grad, start, learning_rate, momentum, steps):
  path = np.zeros((steps + 1,) + np.shape(start))
  path[0] = start
  velocity = 0
  for k in range(steps):
    g = grad(path[k])
    velocity = momentum * velocity + (1 - momentum) * g
    path[k + 1] = path[k] - learning_rate * velocity
  return path


def rmsprop_step(weights, grad, state, learning_rate=0.001, rho=0.9, eps=1e-8):
  v = np.zeros(weights.shape)
  new = np.zeros(weights.shape)
  for i in np.ndindex(*weights.shape):
    old = state["v"][i] if "v" in state else 0.0
    v[i] = rho * old + (1 - rho) * grad[i] * grad[i]
    new[i] = weights[i] - learning_rate * grad[i] / (math.sqrt(v[i]) + eps)
  return new, {"v": v}


def adam_step(weights, grad, state, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
  if "t" not in state:
    state["m"] = np.zeros(weights.shape)
    state["v"] = np.zeros(weights.shape)
    state["t"] = 0
  state["t"] += 1
  state["m"] = beta1 * state["m"] + (1 - beta1) * grad
  state["v"] = beta2 * state["v"] + (1 - beta2) * grad ** 2
  m_hat = state["m"] / (1 - beta1 ** state["t"])
  v_hat = state["v"] / (1 - beta2 ** state["t"])
  return weights - learning_rate * m_hat / (np.sqrt(v_hat) + eps), state


def behaviour(learning_rate):
  # just try it, starting from 1
  x1 = 1 - learning_rate * 2
  if x1 == 0:
    return "one step"
  if abs(x1) == 1:
    return "cycles"
  if abs(x1) > 1:
    return "diverges"
  if x1 < 0:
    return "oscillates"
  return "converges"


def minibatches(n, batch_size, rng):
  indices = list(range(n))
  rng.shuffle(indices)
  batches = []
  while len(indices) > 0:
    batches.append(np.array(indices[:batch_size]))
    indices = indices[batch_size:]
  return batches


def sgd_linear_regression(x, y, learning_rate, epochs, batch_size, rng):
  w = np.zeros(x.shape[1])
  b = 0.0
  for epoch in range(epochs):
    for batch in minibatches(len(y), batch_size, rng):
      # one matrix product for the batch, a loop was too slow here
      err = x[batch].dot(w) + b - y[batch]
      w = w - learning_rate * err.dot(x[batch]) / len(batch)
      b = b - learning_rate * sum(err) / len(batch)
  return w, b


def plot_descent(path):
  from matplotlib import pyplot as plt

  fig = plt.figure()
  ax = fig.add_subplot(1, 1, 1)
  ax.plot(grid(), square(grid()), color="grey")
  for i in range(len(path) - 1):
    ax.plot([path[i], path[i + 1]], [path[i] ** 2, path[i + 1] ** 2], "b.-")
  ax.set_xlabel("x")
  ax.set_ylabel("f(x)")
  return fig
