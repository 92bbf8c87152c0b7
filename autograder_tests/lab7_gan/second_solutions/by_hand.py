"""A correct solution without layers and optimisers: parameters, autograd.grad and arithmetic."""

import math

import numpy as np
import torch
from torch import nn


def value(d_real, d_fake):
    """Sums over Python lists."""
    real = sum(math.log(p) for p in d_real) / len(d_real)
    return real + sum(math.log(1 - p) for p in d_fake) / len(d_fake)


@np.vectorize
def _best(p, q):
    return float(p) / float(p + q) if p + q > 0 else 0.5


def optimal_discriminator(p_data, p_generator):
    """One point at a time."""
    return _best(p_data, p_generator)


def _log_one_plus_exp(z):
    return z.clamp(min=0) + torch.log1p(torch.exp(-z.abs()))


def discriminator_loss(real_logits, fake_logits):
    """Softplus written out."""
    return _log_one_plus_exp(-real_logits).mean() + _log_one_plus_exp(fake_logits).mean()


def generator_loss(fake_logits, saturating=False):
    """Softplus written out."""
    if saturating:
        return -_log_one_plus_exp(fake_logits).mean()
    return (_log_one_plus_exp(fake_logits) - fake_logits).mean()


class Net(nn.Module):
    """Weights in a list, a forward pass of matrix products."""

    def __init__(self, sizes, slope, end=None, scale=1.0):
        super().__init__()
        self.w, self.b = nn.ParameterList(), nn.ParameterList()
        for a, b in zip(sizes[:-1], sizes[1:]):
            bound = 1 / math.sqrt(a)
            self.w.append(nn.Parameter((2 * torch.rand(b, a) - 1) * bound))
            self.b.append(nn.Parameter((2 * torch.rand(b) - 1) * bound))
        self.slope, self.end, self.scale = slope, end, scale

    def forward(self, x):
        x = x * self.scale
        for place in range(3):
            if place:
                x = torch.maximum(x, self.slope * x)
            x = x @ self.w[place].T + self.b[place]
        return self.end(x) if self.end else x


def build_generator(latent, n_out, hidden=128, *, bounded=False):
    """ReLU is a leaky unit with slope 0."""
    return Net([latent, hidden, hidden, n_out], 0.0, torch.sigmoid if bounded else None)


def build_discriminator(n_in, hidden=128, *, scale=1.0):
    """Slope 0.2."""
    return Net([n_in, hidden, hidden, 1], 0.2, scale=scale)


class Rule:
    """What a step does to each parameter."""

    def __init__(self, model, rate, name):
        self.parameters, self.rate, self.name = list(model.parameters()), rate, name
        self.squares, self.count = [torch.zeros_like(p) for p in self.parameters], 0

    def zero_grad(self):
        """Forget."""
        for p in self.parameters:
            p.grad = None

    @torch.no_grad()
    def step(self):
        """Move."""
        if all(p.grad is None for p in self.parameters):
            return
        self.count += 1
        for p, square in zip(self.parameters, self.squares):
            move = p.grad
            if self.name == "adam":
                square.mul_(0.99).addcmul_(move, move, value=0.01)
                move = move / ((square / (1 - 0.99**self.count)).sqrt() + 1e-8)
            p -= self.rate * move


def make_optimizer(model, learning_rate, name="adam"):
    """An object of our own."""
    return Rule(model, learning_rate, name)


def _update(optimizer, loss):
    gradients = torch.autograd.grad(loss, optimizer.parameters)
    for parameter, gradient in zip(optimizer.parameters, gradients):
        parameter.grad = gradient
    optimizer.step()
    optimizer.zero_grad()
    return np.float64(loss.item())


def discriminator_step(generator, discriminator, optimizer, real, noise):
    """Both batches through the discriminator at once."""
    both = torch.cat([real, generator(noise).detach()])
    logits = discriminator(both)
    return _update(optimizer, discriminator_loss(logits[: len(real)], logits[len(real) :]))


def generator_step(generator, discriminator, optimizer, noise):
    """autograd.grad touches the generator's parameters only."""
    return _update(optimizer, generator_loss(discriminator(generator(noise))))


def _fit(x, latent, bounded, scale, rate, steps, batch_size, seed, device):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    generator = build_generator(latent, x.shape[1], bounded=bounded).to(device)
    discriminator = build_discriminator(x.shape[1], scale=scale).to(device)
    x, mean = x.to(device), [p.detach().clone() for p in generator.parameters()]
    of_g, of_d = make_optimizer(generator, rate), make_optimizer(discriminator, rate)
    order = np.empty(0, dtype=int)
    for step in range(steps):
        of_g.rate = of_d.rate = rate * (1 - 0.98 * step / steps)
        if len(order) < batch_size:
            order = np.concatenate(
                [order, *(rng.permutation(len(x)) for _ in range(1 + batch_size // len(x)))]
            )
        batch, order = order[:batch_size], order[batch_size:]
        noise = torch.from_numpy(rng.normal(size=(2, batch_size, latent))).float().to(device)
        discriminator_step(generator, discriminator, of_d, x[torch.from_numpy(batch)], noise[0])
        generator_step(generator, discriminator, of_g, noise[1])
        for old, new in zip(mean, generator.parameters()):
            old += 0.005 * (new.detach() - old)
    with torch.no_grad():
        for parameter, old in zip(generator.parameters(), mean):
            parameter.copy_(old)
    return generator


def fit_ring(x, *, steps=2500, batch_size=256, seed=0, device="cpu"):
    """The recipe, with NumPy's randomness."""
    return _fit(x, 2, False, 2.0, 4e-3, steps, batch_size, seed, device)


def fit_digits(x, *, steps=2000, batch_size=128, seed=0, device="cpu"):
    """Wider noise, fewer steps."""
    return _fit(x, 24, True, 1.0, 6e-3, steps, batch_size, seed, device)


def sample(generator, n, seed):
    """NumPy's noise."""
    weights = generator.w[0]
    noise = np.random.default_rng(seed).standard_normal((n, weights.shape[1]), dtype=np.float32)
    return generator(torch.from_numpy(noise).to(weights.device)).detach()


def interpolate(generator, z0, z1, n):
    """One point after the other."""
    rows = [generator((z0 + (z1 - z0) * (k / (n - 1)))[None])[0] for k in range(n)]
    return torch.stack(rows).detach().numpy()
