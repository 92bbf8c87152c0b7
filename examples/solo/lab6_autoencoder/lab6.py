"""My lab6."""

import math

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def reconstruction_error(x, y):
    """Squared Frobenius norm."""
    return np.linalg.norm(y - x) ** 2 / 2


def pca(x, k):
    """Eigenvectors of the covariance."""
    mean = np.average(x, axis=0)
    values, vectors = np.linalg.eigh(x.T @ x / len(x))
    return mean, vectors[:, np.argsort(values)[::-1][:k]].T


def pca_reconstruct(x, mean, components):
    """Through the projection matrix."""
    return mean + (x - mean) @ (components.T @ components)


def _sigmoid(x):
    out = np.empty_like(x)
    up = x >= 0
    out[up] = 1 / (1 + np.exp(-x[up]))
    out[~up] = np.exp(x[~up]) / (1 + np.exp(x[~up]))
    return out


def autoencoder_forward(x, w, d):
    """With columns, as on the slide."""
    return (d @ _sigmoid(w @ x.T)).T


def autoencoder_gradients(x, w, d):
    """With columns, as on the slide."""
    z = _sigmoid(w @ x.T)
    delta = d @ z - x.T
    return 0.5 * (delta**2).sum(), ((d.T @ delta) * z * (1 - z)) @ x, delta @ z.T


def l1_penalty(w, strength):
    """Sum of magnitudes."""
    return strength * np.linalg.norm(w.ravel(), 1), strength * np.sign(w)


def l2_penalty(w, strength):
    """Half of the sum of squares."""
    return strength / 2 * np.vdot(w, w), strength * w


def soft_threshold(x, t):
    """What is left when the clipped part is taken away."""
    return x - np.clip(x, -t, t)


def sparse_objective(x, dictionary, codes, penalty):
    """Norms."""
    return np.linalg.norm(x - codes @ dictionary) ** 2 + penalty * np.sum(np.abs(codes))


def ista(x, dictionary, penalty, steps):
    """With the errors instead of the Gram matrix."""
    largest = np.linalg.svd(dictionary, compute_uv=False)[0] ** 2
    codes = np.zeros((x.shape[0], dictionary.shape[0]))
    for _ in range(steps):
        codes = codes + (x - codes @ dictionary) @ dictionary.T / largest
        codes = soft_threshold(codes, penalty / (2 * largest))
    return codes


def corrupt(x, noise, rng):
    """Draws with the right deviation at once."""
    return x + rng.normal(0.0, noise, size=x.shape)


def build_autoencoder(n_in, code, hidden=None, linear=False):
    """A flat list of layers with an even number of modules."""
    if linear:
        return nn.Sequential(
            nn.Linear(n_in, code), nn.Identity(), nn.Identity(), nn.Linear(code, n_in)
        )
    if hidden is None:
        return nn.Sequential(
            nn.Linear(n_in, code, bias=False),
            nn.Sigmoid(),
            nn.Identity(),
            nn.Linear(code, n_in, bias=False),
        )
    return nn.Sequential(
        nn.Linear(n_in, hidden),
        nn.ReLU(),
        nn.Linear(hidden, code),
        nn.Linear(code, hidden),
        nn.ReLU(),
        nn.Linear(hidden, n_in),
    )


def _train(model, make_data, epochs, batch_size, learning_rate, device):
    model.to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    history, done = [], 0
    for _ in range(epochs):
        loader = make_data()
        count = epochs * math.ceil(len(loader.dataset) / batch_size)
        total = 0.0
        for x, target in loader:
            for group in optimizer.param_groups:
                group["lr"] = learning_rate * (1 - done / count)
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(
                model(x.to(device)), target.to(device), reduction="sum"
            ) / (2 * len(x))
            loss.backward()
            optimizer.step()
            done += 1
            total += loss.item() * len(x)
        history.append(total / len(loader.dataset))
    model.to("cpu")
    return history


def fit(model, x, target=None, *, epochs, batch_size, learning_rate, seed=0, device="cpu"):
    """DataLoader with a generator of its own."""
    generator = torch.Generator()
    generator.manual_seed(seed)
    data = TensorDataset(x, x if target is None else target)

    def loader():
        return DataLoader(data, batch_size=batch_size, shuffle=True, generator=generator)

    return _train(model, loader, epochs, batch_size, learning_rate, device)


def encode(model, x):
    """First half of the layers."""
    with torch.no_grad():
        return model[: len(model) // 2](x)


def decode(model, z):
    """Second half of the layers."""
    with torch.no_grad():
        return model[len(model) // 2 :](z)


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
    """A new noisy data set every epoch; everything from the global generator."""
    torch.manual_seed(seed)
    model = build_autoencoder(x.shape[1], code, hidden)

    def loader():
        noisy = x + noise * torch.randn_like(x)
        return DataLoader(TensorDataset(noisy, x), batch_size=batch_size, shuffle=True)

    _train(model, loader, epochs, batch_size, learning_rate, device)
    return model


def denoise(model, x):
    """Decode after encode."""
    return decode(model, encode(model, x))


def plot_reconstructions(x, y):
    """Through pyplot."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, len(x), squeeze=False)
    for ax, image in zip(axes.ravel(), [*x, *y], strict=True):
        ax.imshow(image, cmap="gray")
        ax.axis("off")
    axes[0, 0].set_title("originals")
    axes[1, 0].set_title("reconstructions")
    return figure
