"""A correct solution: nn.Module with encode and decode methods, index per batch, plain loops."""

import math

import numpy as np
import torch
from torch import nn


def reconstruction_error(x, y):
    """Entry by entry."""
    return sum((float(b) - float(a)) ** 2 for a, b in zip(x.flat, y.flat, strict=True)) / 2


def pca(x, k):
    """Full SVD, then the first rows."""
    mean = np.array([math.fsum(column) / len(x) for column in x.T])
    return mean, np.linalg.svd(x - mean[None, :])[2][0:k]


def pca_reconstruct(x, mean, components):
    """Row by row."""
    return np.array([mean + components.T.dot(components.dot(row - mean)) for row in x])


def _sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z > -700 else 0.0


def autoencoder_forward(x, w, d):
    """Unit by unit."""
    codes = np.array([[_sigmoid(float(row @ unit)) for unit in w] for row in x])
    return codes @ d.T


def autoencoder_gradients(x, w, d):
    """Unit by unit."""
    codes = np.array([[_sigmoid(float(row @ unit)) for unit in w] for row in x])
    gaps = codes @ d.T - x
    grad_w = np.zeros(w.shape)
    for h in range(len(w)):
        for n in range(len(x)):
            slope = codes[n, h] * (1 - codes[n, h])
            grad_w[h] += float(gaps[n] @ d[:, h]) * slope * x[n]
    return float((gaps**2).sum() / 2), grad_w, gaps.T @ codes


def l1_penalty(w, strength):
    """np.where."""
    grad = np.where(w == 0, 0.0, w / np.where(w == 0, 1.0, np.abs(w)))
    return float(np.abs(w).sum() * strength), grad * strength


def l2_penalty(w, strength):
    """Sum of squares."""
    return float(np.square(w).sum()) * strength / 2, np.multiply(w, strength)


def soft_threshold(x, t):
    """By cases."""
    out = np.zeros(x.shape)
    out[x > t] = x[x > t] - t
    out[x < -t] = x[x < -t] + t
    return out


def sparse_objective(x, dictionary, codes, penalty):
    """Two sums."""
    errors = x - np.dot(codes, dictionary)
    return float(np.sum(errors * errors)) + penalty * float(np.sum(np.abs(codes)))


def ista(x, dictionary, penalty, steps):
    """Eigenvalues of D x D instead of K x K: the largest one is the same."""
    step = 1 / max(np.linalg.eigvalsh(dictionary.T @ dictionary))
    codes = np.zeros((len(x), len(dictionary)))
    for _ in range(steps):
        codes -= step * ((codes @ dictionary - x) @ dictionary.T)
        codes = soft_threshold(codes, step * penalty / 2)
    return codes


def corrupt(x, noise, rng):
    """Draws of the size of x."""
    return np.add(x, noise * rng.normal(size=x.shape))


class Model(nn.Module):
    """Layers by name; the decoder is registered first."""

    def __init__(self, n_in, code, hidden, kind):
        """Make the layers."""
        super().__init__()
        self.kind = kind
        if kind == "deep":
            self.decoder_out = nn.Linear(hidden, n_in)
            self.decoder_in = nn.Linear(code, hidden)
            self.encoder_out = nn.Linear(hidden, code)
            self.encoder_in = nn.Linear(n_in, hidden)
        else:
            self.decoder_out = nn.Linear(code, n_in, bias=kind == "linear")
            self.encoder_in = nn.Linear(n_in, code, bias=kind == "linear")

    def encode(self, x):
        """Give the codes."""
        x = self.encoder_in(x)
        if self.kind == "deep":
            return self.encoder_out(nn.functional.relu(x))
        return torch.sigmoid(x) if self.kind == "lecture" else x

    def decode(self, z):
        """Give the reconstructions."""
        if self.kind == "deep":
            z = nn.functional.relu(self.decoder_in(z))
        return self.decoder_out(z)

    def forward(self, x):
        """Both."""
        return self.decode(self.encode(x))


def build_autoencoder(n_in, code, hidden=None, linear=False):
    """See Model."""
    kind = "linear" if linear else "lecture" if hidden is None else "deep"
    return Model(n_in, code, hidden, kind)


def fit(model, x, target=None, *, epochs, batch_size, learning_rate, seed=0, device="cpu"):
    """LinearLR does the same as a falling line, down to 0."""
    torch.manual_seed(seed)
    return _loop(model, x, target, epochs, batch_size, learning_rate, device, 0.0)


def _loop(model, x, target, epochs, batch_size, learning_rate, device, noise):
    x = x.to(device)
    target = x if target is None else target.to(device)
    model = model.to(device).train()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    total_steps = max(1, epochs * math.ceil(x.shape[0] / batch_size))
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, total_iters=total_steps)
    history = []
    for _ in range(epochs):
        summed = 0.0
        order = torch.randperm(x.shape[0])
        for start in range(0, x.shape[0], batch_size):
            chosen = order[start : start + batch_size].to(device)
            inputs = x[chosen]
            if noise:
                inputs = inputs + noise * torch.randn(inputs.shape).to(device)
            gaps = model(inputs) - target[chosen]
            loss = gaps.pow(2).sum(1).mul(0.5).mean()
            model.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            summed += float(loss.detach()) * len(chosen)
        history.append(summed / x.shape[0])
    model.to("cpu").eval()
    return history


def encode(model, x):
    """The method, detached."""
    return model.encode(x).detach()


def decode(model, z):
    """The method, detached."""
    return model.decode(z).detach()


def fit_denoising(
    x,
    noise,
    *,
    code=32,
    hidden=256,
    epochs,
    batch_size,
    learning_rate,
    seed=0,
    device="cpu",
):
    """New noise for every batch."""
    torch.manual_seed(seed)
    model = build_autoencoder(x.shape[1], code, hidden)
    _loop(model, x, None, epochs, batch_size, learning_rate, device, noise)
    return model


def denoise(model, x):
    """The answer."""
    with torch.no_grad():
        return model.forward(x)


def plot_reconstructions(x, y):
    """Two loops."""
    from matplotlib.figure import Figure

    figure = Figure()
    grid = figure.subplots(2, x.shape[0], squeeze=False)
    for i in range(x.shape[0]):
        grid[0][i].imshow(x[i], vmin=0, vmax=1)
    for i in range(x.shape[0]):
        grid[1][i].imshow(y[i], vmin=0, vmax=1)
    grid[0][0].set_ylabel("original")
    grid[1][0].set_title("reconstruction")
    return figure
