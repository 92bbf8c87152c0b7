"""A correct solution without nn.Linear and torch.optim: bare (n_in, n_out) parameters, own Adam."""

import numpy as np
import torch
from torch import nn


def reconstruction_error(x, y):
    """einsum."""
    gap = x - y
    return np.einsum("nd,nd->", gap, gap) / 2


def pca(x, k):
    """SVD of the transposed data: directions are columns of u."""
    mean = x.sum(0) / len(x)
    u, _, _ = np.linalg.svd((x - mean).T, full_matrices=False)
    return mean, np.ascontiguousarray(-u[:, :k].T)


def pca_reconstruct(x, mean, components):
    """One component after the other."""
    out = np.tile(mean, (len(x), 1))
    for row in components:
        out += np.outer((x - mean) @ row, row)
    return out


def autoencoder_forward(x, w, d):
    """Sigmoid as exp of minus log(1 + exp(-z))."""
    return np.exp(-np.logaddexp(0, -(x @ w.T))) @ d.T


def autoencoder_gradients(x, w, d):
    """One example after the other."""
    error, grad_w, grad_d = 0.0, np.zeros_like(w), np.zeros_like(d)
    for row in x:
        z = np.exp(-np.logaddexp(0, -(w @ row)))
        gap = d @ z - row
        error += gap @ gap / 2
        grad_d += np.outer(gap, z)
        grad_w += np.outer((d.T @ gap) * (z - z**2), row)
    return error, grad_w, grad_d


def l1_penalty(w, strength):
    """Masks."""
    return strength * float(np.abs(w).sum()), strength * ((w > 0) * 1.0 - (w < 0) * 1.0)


def l2_penalty(w, strength):
    """Square root and back."""
    return strength * float(np.sqrt((w**2).sum())) ** 2 / 2, w * strength


def soft_threshold(x, t):
    """Two ramps."""
    return np.maximum(x - t, 0) - np.maximum(-x - t, 0)


def sparse_objective(x, dictionary, codes, penalty):
    """Example by example."""
    total = 0.0
    for row, code in zip(x, codes, strict=True):
        total += np.sum((row - code @ dictionary) ** 2) + penalty * np.sum(np.abs(code))
    return total


def ista(x, dictionary, penalty, steps):
    """Columns; the step on the whole objective, 1 / (2 L)."""
    lipschitz = 2 * np.linalg.norm(dictionary, 2) ** 2
    codes = np.zeros((len(dictionary), len(x)))
    for _ in range(steps):
        grad = 2 * dictionary @ (dictionary.T @ codes - x.T)
        codes = soft_threshold(codes - grad / lipschitz, penalty / lipschitz)
    return codes.T


def corrupt(x, noise, rng):
    """A copy, then noise."""
    out = x.copy()
    out += noise * rng.standard_normal(x.shape)
    return out


class Net(nn.Module):
    """Matrices (n_in, n_out) in a list, biases in another."""

    def __init__(self, sizes, activations, *, is_biased):
        """Draw from PyTorch's own distribution."""
        super().__init__()
        pairs = list(zip(sizes, sizes[1:], strict=False))
        self.matrices = nn.ParameterList(
            [nn.Parameter((2 * torch.rand(a, b) - 1) / a**0.5) for a, b in pairs]
        )
        self.shifts = nn.ParameterList(
            [nn.Parameter((2 * torch.rand(b) - 1) / a**0.5) for a, b in pairs if is_biased]
        )
        self.activations = activations

    def part(self, x, layers):
        """Some layers in turn."""
        for i in layers:
            x = torch.einsum("ni,io->no", x, self.matrices[i])
            if len(self.shifts):
                x = x + self.shifts[i]
            x = self.activations[i](x)
        return x

    def forward(self, x):
        """All layers."""
        return self.part(x, range(len(self.matrices)))


def _same(x):
    return x


def build_autoencoder(n_in, code, hidden=None, linear=False):
    """See Net."""
    if linear:
        return Net([n_in, code, n_in], [_same, _same], is_biased=True)
    if hidden is None:
        return Net([n_in, code, n_in], [torch.sigmoid, _same], is_biased=False)
    relu = torch.relu
    return Net([n_in, hidden, code, hidden, n_in], [relu, _same, relu, _same], is_biased=True)


def _adam(model, steps, learning_rate):
    params = list(model.parameters())
    means = [torch.zeros_like(p) for p in params]
    squares = [torch.zeros_like(p) for p in params]
    t = 0

    def step(loss):
        nonlocal t
        rate, t = learning_rate * (1 - t / steps), t + 1
        grads = torch.autograd.grad(loss, params)
        with torch.no_grad():
            for p, g, m, v in zip(params, grads, means, squares, strict=True):
                m.mul_(0.9).add_(g, alpha=0.1)
                v.mul_(0.999).addcmul_(g, g, value=0.001)
                p -= rate * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)).sqrt() + 1e-8)

    return step


def _train(model, x, target, epochs, batch_size, learning_rate, rng, noise=0.0):
    n, history = len(x), []
    step = _adam(model, epochs * ((n - 1) // batch_size + 1), learning_rate)
    for _ in range(epochs):
        order, total = rng.permutation(n), 0.0
        for first in range(0, n, batch_size):
            rows = torch.from_numpy(order[first : first + batch_size]).to(x.device)
            inputs = x[rows]
            if noise:
                draws = rng.normal(0, noise, size=tuple(inputs.shape)).astype(np.float32)
                inputs = inputs + torch.from_numpy(draws).to(x.device)
            loss = ((model(inputs) - target[rows]) ** 2).sum() / (2 * len(rows))
            step(loss)
            total += loss.item() * len(rows)
        history.append(total / n)
    return history


def fit(model, x, target=None, *, epochs, batch_size, learning_rate, seed=0, device="cpu"):
    """Order from a NumPy generator."""
    model.to(device)
    target = x if target is None else target
    rng = np.random.default_rng(seed)
    history = _train(model, x.to(device), target.to(device), epochs, batch_size, learning_rate, rng)
    model.to("cpu")
    return history


@torch.inference_mode()
def encode(model, x):
    """First half."""
    return model.part(x, range(len(model.matrices) // 2)).clone()


@torch.inference_mode()
def decode(model, z):
    """Second half."""
    return model.part(z, range(len(model.matrices) // 2, len(model.matrices))).clone()


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
    model = build_autoencoder(x.shape[1], code, hidden).to(device)
    x, rng = x.to(device), np.random.default_rng(seed)
    _train(model, x, x, epochs, batch_size, learning_rate, rng, noise)
    return model.to("cpu")


def denoise(model, x):
    """The answer, detached."""
    return model(x).detach()


def plot_reconstructions(x, y):
    """add_subplot, one place after the other."""
    from matplotlib.figure import Figure

    figure = Figure()
    for place, image in enumerate(np.concatenate([x, y]), 1):
        axes = figure.add_subplot(2, len(x), place)
        axes.imshow(image)
        if place in (1, len(x) + 1):
            axes.set_ylabel("x" if place == 1 else "y")
    return figure
