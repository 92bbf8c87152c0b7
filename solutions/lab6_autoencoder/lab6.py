"""Reference solution of lab 6: autoencoder. The docstrings are in the stub."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]


def reconstruction_error(x: Array, y: Array) -> float:
    """See the stub."""
    return float(0.5 * np.sum((y - x) ** 2))


def pca(x: Array, k: int) -> tuple[Array, Array]:
    """See the stub."""
    mean = x.mean(axis=0)
    # The rows of vt are the eigenvectors of the covariance, by falling variance. full_matrices
    # would build an (N, N) matrix that nobody looks at.
    _, _, vt = np.linalg.svd(x - mean, full_matrices=False)
    return mean, vt[:k]  # (D,), (k, D)


def pca_reconstruct(x: Array, mean: Array, components: Array) -> Array:
    """See the stub."""
    codes = (x - mean) @ components.T  # (N, k): all that is kept of an example
    return codes @ components + mean


def sigmoid(x: Array) -> Array:
    """Logistic function through tanh, which cannot overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def autoencoder_forward(x: Array, w: Array, d: Array) -> Array:
    """See the stub."""
    # Lecture 3 writes y = D s(W x) for one column x; here the examples are rows.
    return sigmoid(x @ w.T) @ d.T


def autoencoder_gradients(x: Array, w: Array, d: Array) -> tuple[float, Array, Array]:
    """See the stub."""
    codes = sigmoid(x @ w.T)  # (N, H)
    delta_out = codes @ d.T - x  # (N, D_in), dE/dy: the half cancels the 2 of the square
    delta_code = (delta_out @ d) * codes * (1.0 - codes)  # (N, H), dE/d(W x)
    error = float(0.5 * np.sum(delta_out**2))
    return error, delta_code.T @ x, delta_out.T @ codes


def l1_penalty(w: Array, strength: float) -> tuple[float, Array]:
    """See the stub."""
    # sign(0) is 0: of all slopes in [-1, 1] that fit under the kink, the one that rests there.
    return float(strength * np.abs(w).sum()), strength * np.sign(w)


def l2_penalty(w: Array, strength: float) -> tuple[float, Array]:
    """See the stub."""
    return float(0.5 * strength * np.sum(w**2)), strength * w


def soft_threshold(x: Array, t: float) -> Array:
    """See the stub."""
    return np.sign(x) * np.maximum(np.abs(x) - t, 0.0)


def sparse_objective(x: Array, dictionary: Array, codes: Array, penalty: float) -> float:
    """See the stub."""
    return float(np.sum((x - codes @ dictionary) ** 2) + penalty * np.abs(codes).sum())


def ista(x: Array, dictionary: Array, penalty: float, steps: int) -> Array:
    """See the stub."""
    # Half the objective, so that its smooth part has curvature L and not 2 L; half of the
    # penalty goes with it.
    gram = dictionary @ dictionary.T  # (K, K), small; x meets the dictionary only once
    match = x @ dictionary.T  # (N, K)
    step = 1.0 / np.linalg.eigvalsh(gram)[-1]
    codes = np.zeros_like(match)
    for _ in range(steps):
        codes = soft_threshold(codes - step * (codes @ gram - match), 0.5 * step * penalty)
    return codes


def corrupt(x: Array, noise: float, rng: np.random.Generator) -> Array:
    """See the stub."""
    return x + noise * rng.standard_normal(x.shape)


class Autoencoder(nn.Module):
    """An encoder and a decoder that share nothing but the code between them."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module) -> None:
        """Keep the two halves."""
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, x: Tensor) -> Tensor:
        """Give the reconstruction (N, n_in) of x (N, n_in)."""
        return self.decoder(self.encoder(x))


def build_autoencoder(
    n_in: int,
    code: int,
    hidden: int | None = None,
    linear: bool = False,  # noqa: FBT001, FBT002  the course fixes this signature
) -> Autoencoder:
    """See the stub."""
    if linear:
        # The two biases let the model subtract the mean and add it again, as PCA does.
        return Autoencoder(nn.Linear(n_in, code), nn.Linear(code, n_in))
    if hidden is None:
        encoder = nn.Sequential(nn.Linear(n_in, code, bias=False), nn.Sigmoid())
        return Autoencoder(encoder, nn.Linear(code, n_in, bias=False))
    # No ReLU on the code or on the output: half of all values could never be reached.
    return Autoencoder(
        nn.Sequential(nn.Linear(n_in, hidden), nn.ReLU(), nn.Linear(hidden, code)),
        nn.Sequential(nn.Linear(code, hidden), nn.ReLU(), nn.Linear(hidden, n_in)),
    )


def half_squared_error(y: Tensor, target: Tensor) -> Tensor:
    """Half of the squared distance, summed over the features, averaged over the examples."""
    return 0.5 * (y - target).square().sum(dim=1).mean()


def train(
    model: nn.Module,
    epochs: Iterable[list[tuple[Tensor, Tensor]]],
    steps: int,
    learning_rate: float,
) -> list[float]:
    """Make one Adam step for each batch (x, target) of each epoch; steps is their number in all.

    Returns:
        For each epoch, the mean loss of an example.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    # Without the decay Adam's steps keep their size and the weights never come to rest.
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0 - step / max(steps, 1))
    history = []
    for batches in epochs:
        losses = []
        for x, target in batches:
            loss = half_squared_error(model(x), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            # The last batch may be short: weigh its mean by its size. detach, or the list would
            # keep the graph of every batch alive.
            losses.append(len(x) * loss.detach())
        history.append(float(sum(losses)) / sum(len(x) for x, _ in batches))
    return history


def batch_count(n: int, batch_size: int) -> int:
    """Batches of an epoch; the last one may be short."""
    return -(-n // batch_size)


def fit(
    model: nn.Module,
    x: Tensor,
    target: Tensor | None = None,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    seed: int = 0,
    device: str = "cpu",
) -> list[float]:
    """See the stub."""
    generator = torch.Generator().manual_seed(seed)  # a private one: nobody else's draws matter
    x = x.to(device)
    target = x if target is None else target.to(device)

    def shuffled() -> list[tuple[Tensor, Tensor]]:
        order = torch.randperm(len(x), generator=generator).to(device)
        # The same order for both, or example and target would part.
        return list(zip(x[order].split(batch_size), target[order].split(batch_size), strict=True))

    steps = epochs * batch_count(len(x), batch_size)
    history = train(model.to(device), (shuffled() for _ in range(epochs)), steps, learning_rate)
    model.to("cpu")
    return history


@torch.no_grad()
def encode(model: Autoencoder, x: Tensor) -> Tensor:
    """See the stub."""
    return model.encoder(x)


@torch.no_grad()
def decode(model: Autoencoder, z: Tensor) -> Tensor:
    """See the stub."""
    return model.decoder(z)


def fit_denoising(
    x: Tensor,
    noise: float,
    *,
    code: int = 32,
    hidden: int | None = 256,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    seed: int = 0,
    device: str = "cpu",
) -> Autoencoder:
    """See the stub."""
    torch.manual_seed(seed)  # the initial weights come from the global generator
    model = build_autoencoder(x.shape[1], code, hidden).to(device)
    generator = torch.Generator().manual_seed(seed)
    x = x.to(device)

    def corrupted() -> list[tuple[Tensor, Tensor]]:
        clean = x[torch.randperm(len(x), generator=generator).to(device)]
        # New noise every epoch: a network that sees the same noise twice can learn it by heart.
        draws = torch.randn(x.shape, generator=generator).to(device)
        noisy = clean + noise * draws
        return list(zip(noisy.split(batch_size), clean.split(batch_size), strict=True))

    steps = epochs * batch_count(len(x), batch_size)
    train(model, (corrupted() for _ in range(epochs)), steps, learning_rate)
    return model.to("cpu")


@torch.no_grad()
def denoise(model: nn.Module, x: Tensor) -> Tensor:
    """See the stub."""
    return model(x)


def plot_reconstructions(x: Array, y: Array) -> Figure:
    """See the stub."""
    from matplotlib.figure import Figure  # here, not above: it takes half a second to import

    figure = Figure(figsize=(len(x), 2.5))
    axes = figure.subplots(2, len(x), squeeze=False)
    for row, (name, images) in enumerate((("original", x), ("reconstruction", y))):
        for ax, image in zip(axes[row], images, strict=True):
            # One grey scale for all: a pale reconstruction has to look pale.
            ax.imshow(image, cmap="gray_r", vmin=float(np.min(x)), vmax=float(np.max(x)))
            ax.set_xticks([])
            ax.set_yticks([])
        axes[row, 0].set_ylabel(name)
    return figure
