"""Reference solution of lab 7: generative adversarial networks. The docstrings are in the stub."""

import copy

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

Array = NDArray[np.float64]


def value(d_real: Array, d_fake: Array) -> float:
    """See the stub."""
    # Two expectations, two means: there may be more real examples than fakes.
    return float(np.log(d_real).mean() + np.log1p(-np.asarray(d_fake)).mean())


def optimal_discriminator(p_data: Array, p_generator: Array) -> Array:
    """See the stub."""
    total = np.asarray(p_data) + p_generator
    # Where nobody puts anything, V does not depend on D; by our convention it is undecided there.
    return np.divide(p_data, total, out=np.full(total.shape, 0.5), where=total > 0)


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """See the stub."""
    # -log sigmoid(z) = softplus(-z) and -log(1 - sigmoid(z)) = softplus(z): no probability is ever
    # formed, so none can underflow.
    return functional.softplus(-real_logits).mean() + functional.softplus(fake_logits).mean()


def generator_loss(
    fake_logits: Tensor,
    saturating: bool = False,  # noqa: FBT001, FBT002  the course fixes this signature
) -> Tensor:
    """See the stub."""
    if saturating:
        return -functional.softplus(fake_logits).mean()
    return functional.softplus(-fake_logits).mean()


def build_generator(
    latent: int, n_out: int, hidden: int = 128, *, bounded: bool = False
) -> nn.Module:
    """See the stub."""
    layers = [
        *(nn.Linear(latent, hidden), nn.ReLU()),
        *(nn.Linear(hidden, hidden), nn.ReLU()),
        nn.Linear(hidden, n_out),
    ]
    return nn.Sequential(*layers, nn.Sigmoid()) if bounded else nn.Sequential(*layers)


class Scale(nn.Module):
    """Multiplies by a constant, which is neither a parameter nor a buffer."""

    def __init__(self, factor: float) -> None:
        """Keep the factor."""
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        """Multiply."""
        return self.factor * x


def build_discriminator(n_in: int, hidden: int = 128, *, scale: float = 1.0) -> nn.Module:
    """See the stub."""
    return nn.Sequential(
        Scale(scale),
        *(nn.Linear(n_in, hidden), nn.LeakyReLU(0.2)),
        *(nn.Linear(hidden, hidden), nn.LeakyReLU(0.2)),
        nn.Linear(hidden, 1),
    )


def make_optimizer(
    model: nn.Module, learning_rate: float, name: str = "adam"
) -> torch.optim.Optimizer:
    """See the stub."""
    if name == "sgd":
        return torch.optim.SGD(model.parameters(), lr=learning_rate)
    # No momentum: the other network moves on, so old gradients belong to another game.
    return torch.optim.Adam(model.parameters(), lr=learning_rate, betas=(0.0, 0.99), fused=True)


def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    real: Tensor,
    noise: Tensor,
) -> float:
    """See the stub."""
    with torch.no_grad():  # the fakes are data here; no graph leads back to the generator
        fake = generator(noise)
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def generator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    noise: Tensor,
) -> float:
    """See the stub."""
    # The gradient must pass through the discriminator, so nothing may be detached; `inputs` says
    # where it is kept, and that is in the generator only.
    loss = generator_loss(discriminator(generator(noise)))
    optimizer.zero_grad()
    loss.backward(inputs=list(generator.parameters()))
    optimizer.step()
    return loss.item()


def train(
    generator: nn.Module,
    discriminator: nn.Module,
    x: Tensor,
    *,
    latent: int,
    steps: int,
    batch_size: int,
    learning_rate: float,
    averaging: float = 0.995,
) -> nn.Module:
    """Play the game for some steps and return the average of the generators on the way.

    Args:
        generator: Starts with its initial weights.
        discriminator: Its opponent.
        x: (n, features) float32, the training examples, on the networks' device.
        latent: Width of the noise.
        steps: Turns of each player.
        batch_size: Real examples, and fakes, in one turn.
        learning_rate: Of both; falls on a straight line to 2 % of this.
        averaging: Share of the old average that is kept in each step.
    """
    average = copy.deepcopy(generator)
    players = [make_optimizer(model, learning_rate) for model in (generator, discriminator)]
    for step in range(steps):
        # The two players circle around the solution; smaller and smaller steps let them settle,
        # and averaging the weights takes out what circling is left.
        for player in players:
            player.param_groups[0]["lr"] = learning_rate * (1.0 - 0.98 * step / steps)
        real = x[torch.randint(len(x), (batch_size,), device=x.device)]
        noise = torch.randn(2, batch_size, latent, device=x.device)
        discriminator_step(generator, discriminator, players[1], real, noise[0])
        generator_step(generator, discriminator, players[0], noise[1])
        with torch.no_grad():
            for kept, new in zip(average.parameters(), generator.parameters(), strict=True):
                kept.lerp_(new, 1.0 - averaging)
    return average


def fit_ring(
    x: Tensor, *, steps: int = 2500, batch_size: int = 256, seed: int = 0, device: str = "cpu"
) -> nn.Module:
    """See the stub."""
    torch.manual_seed(seed)
    generator = build_generator(2, 2).to(device)
    # The modes are narrow: a discriminator that sees them twice as large learns them sooner.
    discriminator = build_discriminator(2, scale=2.0).to(device)
    return train(
        generator,
        discriminator,
        x.to(device),
        latent=2,
        steps=steps,
        batch_size=batch_size,
        learning_rate=4e-3,
    )


def fit_digits(
    x: Tensor, *, steps: int = 2500, batch_size: int = 128, seed: int = 0, device: str = "cpu"
) -> nn.Module:
    """See the stub."""
    torch.manual_seed(seed)
    generator = build_generator(16, x.shape[1], bounded=True).to(device)
    discriminator = build_discriminator(x.shape[1]).to(device)
    return train(
        generator,
        discriminator,
        x.to(device),
        latent=16,
        steps=steps,
        batch_size=batch_size,
        learning_rate=6e-3,
    )


@torch.no_grad()
def sample(generator: nn.Module, n: int, seed: int) -> Tensor:
    """See the stub."""
    first = next(generator.parameters())  # (hidden, latent): knows the noise's width and device
    # A generator of its own: the same noise for the same seed, and nobody else's randomness moves.
    source = torch.Generator().manual_seed(seed)
    noise = torch.randn(n, first.shape[1], generator=source)
    return generator(noise.to(first.device))


@torch.no_grad()
def interpolate(generator: nn.Module, z0: Tensor, z1: Tensor, n: int) -> Tensor:
    """See the stub."""
    share = torch.linspace(0.0, 1.0, n)[:, None].to(z0.device)  # (n, 1), both ends included
    # The line is straight in the latent space; what the generator makes of it need not be.
    return generator((1.0 - share) * z0 + share * z1)
