"""A correct solution with classes: modules of its own, a DataLoader, requires_grad switched off."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, RandomSampler, TensorDataset


def value(d_real, d_fake):
    """The two means one after the other."""
    real_part = np.mean(np.log(np.asarray(d_real, dtype=float)))
    fake_part = np.mean(np.log(1.0 - np.asarray(d_fake, dtype=float)))
    return real_part + fake_part


def optimal_discriminator(p_data, p_generator):
    """Fill the places where there is a density."""
    p_data, p_generator = np.asarray(p_data, dtype=float), np.asarray(p_generator, dtype=float)
    result = np.full(p_data.shape, 0.5)
    somewhere = (p_data > 0) | (p_generator > 0)
    result[somewhere] = p_data[somewhere] / (p_data[somewhere] + p_generator[somewhere])
    return result


def discriminator_loss(real_logits, fake_logits):
    """Binary cross-entropy with labels."""
    real = F.binary_cross_entropy_with_logits(real_logits, torch.ones_like(real_logits))
    fake = F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))
    return real + fake


def generator_loss(fake_logits, saturating=False):
    """Binary cross-entropy with labels."""
    if saturating:
        return -F.binary_cross_entropy_with_logits(fake_logits, torch.zeros_like(fake_logits))
    return F.binary_cross_entropy_with_logits(fake_logits, torch.ones_like(fake_logits))


class Generator(nn.Module):
    """Noise to examples."""

    def __init__(self, latent, n_out, hidden, bounded):
        super().__init__()
        self.fc1 = nn.Linear(latent, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.fc3 = nn.Linear(hidden, n_out)
        self.bounded = bounded

    def forward(self, z):
        out = self.fc3(F.relu(self.fc2(F.relu(self.fc1(z)))))
        return torch.sigmoid(out) if self.bounded else out


class Discriminator(nn.Module):
    """Examples to logits. The scale is a buffer."""

    def __init__(self, n_in, hidden, scale):
        super().__init__()
        self.register_buffer("scale", torch.tensor(float(scale)))
        self.fc1 = nn.Linear(n_in, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.fc3 = nn.Linear(hidden, 1)

    def forward(self, x):
        h = F.leaky_relu(self.fc1(x * self.scale), 0.2)
        return self.fc3(F.leaky_relu(self.fc2(h), 0.2))


def build_generator(latent, n_out, hidden=128, *, bounded=False):
    """A module."""
    return Generator(latent, n_out, hidden, bounded)


def build_discriminator(n_in, hidden=128, *, scale=1.0):
    """A module."""
    return Discriminator(n_in, hidden, scale)


def make_optimizer(model, learning_rate, name="adam"):
    """By name."""
    kinds = {
        "adam": lambda p: torch.optim.Adam(p, lr=learning_rate, betas=(0.0, 0.99), eps=1e-8),
        "sgd": lambda p: torch.optim.SGD(p, lr=learning_rate),
    }
    return kinds[name](model.parameters())


def discriminator_step(generator, discriminator, optimizer, real, noise):
    """With detach; the gradients of the step are taken away afterwards."""
    optimizer.zero_grad()
    fake = generator(noise).detach()
    loss = discriminator_loss(discriminator(real), discriminator(fake))
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


def generator_step(generator, discriminator, optimizer, noise):
    """The discriminator does not collect gradients for the time of the step."""
    for parameter in discriminator.parameters():
        parameter.requires_grad_(False)
    optimizer.zero_grad()
    loss = generator_loss(discriminator(generator(noise)))
    loss.backward()
    optimizer.step()
    for parameter in discriminator.parameters():
        parameter.requires_grad_(True)
    return loss.detach()


def _fit(generator, discriminator, x, latent, steps, batch_size, rate, device):
    generator.to(device), discriminator.to(device)
    of_g, of_d = make_optimizer(generator, rate), make_optimizer(discriminator, rate)
    decay = lambda step: 1 - 0.98 * step / max(steps, 1)  # noqa: E731
    schedules = [torch.optim.lr_scheduler.LambdaLR(o, decay) for o in (of_g, of_d)]
    ema = torch.optim.swa_utils.AveragedModel(
        generator, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995)
    )
    data = TensorDataset(x.to(device))
    order = RandomSampler(data, replacement=True, num_samples=max(steps, 1) * batch_size)
    loader = iter(DataLoader(data, batch_size=batch_size, sampler=order, collate_fn=_gather(x)))
    for _ in range(steps):
        real = next(loader).to(device)
        discriminator_step(
            generator, discriminator, of_d, real, torch.randn(batch_size, latent, device=device)
        )
        generator_step(
            generator, discriminator, of_g, torch.randn(batch_size, latent, device=device)
        )
        ema.update_parameters(generator)
        for schedule in schedules:
            schedule.step()
    return ema.module


def _gather(x):
    return lambda rows: torch.stack([row[0] for row in rows])


def fit_ring(x, *, steps=2500, batch_size=256, seed=0, device="cpu"):
    """Points in the plane."""
    torch.manual_seed(seed)
    return _fit(
        Generator(2, 2, 128, False),
        Discriminator(2, 128, 2.0),
        x,
        2,
        steps,
        batch_size,
        4e-3,
        device,
    )


def fit_digits(x, *, steps=2500, batch_size=64, seed=0, device="cpu"):
    """Images."""
    torch.manual_seed(seed)
    generator, discriminator = (
        Generator(20, x.shape[1], 128, True),
        Discriminator(x.shape[1], 128, 1.0),
    )
    return _fit(generator, discriminator, x, 20, steps, batch_size, 5e-3, device)


def sample(generator, n, seed):
    """The global generator, put back afterwards."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        noise = torch.randn(n, generator.fc1.in_features)
    generator.eval()
    with torch.no_grad():
        return generator(noise.to(generator.fc1.weight.device)).cpu()


def interpolate(generator, z0, z1, n):
    """torch.lerp."""
    points = torch.stack([torch.lerp(z0, z1, k / (n - 1)) for k in range(n)])
    with torch.inference_mode():
        return generator(points)
