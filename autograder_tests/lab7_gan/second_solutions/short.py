"""A correct solution in few lines: logsigmoid, functional calls, arrays for samples."""

import copy

import numpy as np
import torch
from torch import nn
from torch.nn.functional import leaky_relu, logsigmoid

value = lambda d_real, d_fake: np.log(d_real).mean() + np.log(np.subtract(1, d_fake)).mean()  # noqa: E731


def optimal_discriminator(p_data, p_generator):
    """Through the larger one of the two."""
    top = np.maximum(np.maximum(p_data, p_generator), np.finfo(float).tiny)
    p, q = p_data / top, p_generator / top
    return np.where(p + q == 0, 0.5, p / np.maximum(p + q, 1))


def discriminator_loss(real_logits, fake_logits):
    """log(1 - sigmoid(z)) is logsigmoid(-z)."""
    return -(logsigmoid(real_logits).mean() + logsigmoid(-fake_logits).mean())


def generator_loss(fake_logits, saturating=False):
    """One of two."""
    return logsigmoid(-fake_logits).mean() if saturating else -logsigmoid(fake_logits).mean()


class Chain(nn.ModuleList):
    """Three linear layers, called one after the other."""

    def forward(self, x):
        one, two, three = self
        x = self.slope_of(one(self.scale * x))
        x = three(self.slope_of(two(x)))
        return x.sigmoid() if self.bounded else x


def _chain(a, b, hidden, slope, scale=1.0, bounded=False):
    chain = Chain([nn.Linear(a, hidden), nn.Linear(hidden, hidden), nn.Linear(hidden, b)])
    chain.slope_of = lambda x: leaky_relu(x, slope)
    chain.scale, chain.bounded = scale, bounded
    return chain


def build_generator(latent, n_out, hidden=128, *, bounded=False):
    """No slope."""
    return _chain(latent, n_out, hidden, 0.0, bounded=bounded)


def build_discriminator(n_in, hidden=128, *, scale=1.0):
    """Slope 0.2."""
    return _chain(n_in, 1, hidden, 0.2, scale=scale)


def make_optimizer(model, learning_rate, name="adam"):
    """AdamW without decay is Adam."""
    if name == "sgd":
        return torch.optim.SGD(model.parameters(), learning_rate, foreach=False)
    return torch.optim.AdamW(
        model.parameters(), learning_rate, betas=(0.0, 0.99), weight_decay=0, foreach=True
    )


def discriminator_step(generator, discriminator, optimizer, real, noise):
    """Gradients of the discriminator only."""
    optimizer.zero_grad(set_to_none=False)
    loss = discriminator_loss(discriminator(real), discriminator(generator(noise)))
    loss.backward(inputs=[*discriminator.parameters()])
    optimizer.step()
    return loss


def generator_step(generator, discriminator, optimizer, noise):
    """The discriminator as a function with frozen copies of its weights."""
    frozen = {name: p.detach() for name, p in discriminator.named_parameters()}
    optimizer.zero_grad()
    fake = generator(noise)
    loss = generator_loss(torch.func.functional_call(discriminator, frozen, (fake,)))
    loss.backward()
    optimizer.step()
    return loss


def _fit(x, build, scale, steps, batch_size, seed, rate, device):
    torch.manual_seed(seed)
    g, d = build().to(device), build_discriminator(x.shape[1], scale=scale).to(device)
    x, ema, latent = x.to(device), copy.deepcopy(g), g[0].in_features
    optimizers = [make_optimizer(g, rate), make_optimizer(d, rate)]
    for step in range(steps):
        for o in optimizers:
            o.param_groups[0]["lr"] = rate * max(0.02, 1 - step / steps)
        real = x[torch.randperm(len(x), device=device)[:batch_size]]
        z = lambda: torch.randn(batch_size, latent, device=device)  # noqa: E731
        discriminator_step(g, d, optimizers[1], real, z())
        generator_step(g, d, optimizers[0], z())
        torch._foreach_lerp_(
            [p.data for p in ema.parameters()], [p.data for p in g.parameters()], 0.005
        )
    return ema


def fit_ring(x, *, steps=2500, batch_size=256, seed=0, device="cpu"):
    """The recipe."""
    return _fit(x, lambda: build_generator(2, 2), 2.0, steps, batch_size, seed, 4e-3, device)


def fit_digits(x, *, steps=2500, batch_size=100, seed=0, device="cpu"):
    """A wider network."""
    build = lambda: build_generator(10, x.shape[1], 160, bounded=True)  # noqa: E731
    return _fit(x, build, 1.0, steps, batch_size, seed, 6e-3, device)


def sample(generator, n, seed):
    """An array."""
    rng = torch.Generator()
    rng.manual_seed(seed)
    noise = torch.empty(n, generator[0].in_features).normal_(generator=rng)
    return generator(noise.to(generator[0].weight.device)).detach().cpu().numpy()


def interpolate(generator, z0, z1, n):
    """An outer product."""
    t = torch.from_numpy(np.linspace(0, 1, n, dtype=np.float32))
    return generator(torch.outer(1 - t, z0) + torch.outer(t, z1)).detach()
