"""Lab 7: generative adversarial networks, in PyTorch.

Replace each ``raise NotImplementedError`` and nothing else; helper functions of your own are
welcome. The README has the equations. Rules for every function: `value` and `optimal_discriminator`
take float64 arrays, everything else float32 tensors; a loss is a mean, over the real examples and
over the fakes, each for itself; no argument is changed in place but the network that is trained.
Source: Goodfellow and others (2014), Generative adversarial nets, arXiv:1406.2661.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

Array = NDArray[np.float64]


def value(d_real: Array, d_fake: Array) -> float:
    """Give V(D, G) of lecture 2, estimated from samples.

        V = mean over real examples of log D(x) + mean over fakes of log(1 - D(G(z)))

    Args:
        d_real: (n_real,) float64, D's probability that a real example is real, in (0, 1].
        d_fake: (n_fake,) float64, D's probability that a fake is real, in [0, 1). Another length
            is allowed.

    Returns:
        A number, at most 0; natural logarithms.

    Checked by value_worked and value_random.
    """
    raise NotImplementedError("lab7_gan: value")


def optimal_discriminator(p_data: Array, p_generator: Array) -> Array:
    """Give the D that makes V largest when both densities are known.

    Args:
        p_data: (*shape) float64, density of the data at some points, at least 0.
        p_generator: (*shape) float64, density of the generator at the same points, at least 0.
            Densities of 1e-12 are as good as any other.

    Returns:
        (*shape) float64, D at these points; 0.5 where both densities are 0. No warnings.

    Checked by value_worked and value_random.
    """
    raise NotImplementedError("lab7_gan: optimal_discriminator")


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Give what the discriminator minimises: -V, from logits. The two means are added, not halved.

    Args:
        real_logits: (n_real, 1) or (n_real,) float32 or float64. -1e3 and 1e3 must work.
        fake_logits: (n_fake, 1) or (n_fake,), likewise; another length is allowed.

    Returns:
        () same dtype, at least 0.

    Checked by losses_worked, losses_random and losses_extreme.
    """
    raise NotImplementedError("lab7_gan: discriminator_loss")


def generator_loss(
    fake_logits: Tensor,
    saturating: bool = False,  # noqa: FBT001, FBT002  the course fixes this signature
) -> Tensor:
    """Give what the generator minimises, from the logits of its fakes.

        saturating:      mean of log(1 - D(G(z))), the generator's part of V
        not saturating:  mean of -log D(G(z))

    Args:
        fake_logits: (n, 1) or (n,) float32 or float64. -1e3 and 1e3 must work.
        saturating: Which of the two.

    Returns:
        () same dtype.

    Checked by losses_worked, losses_random and losses_extreme.
    """
    raise NotImplementedError("lab7_gan: generator_loss")


def build_generator(
    latent: int, n_out: int, hidden: int = 128, *, bounded: bool = False
) -> nn.Module:
    """Build latent - hidden - hidden - n_out: ReLU, ReLU, and a linear last layer.

    Args:
        latent: Width of the noise.
        n_out: Numbers in one example.
        hidden: Units in each of the two hidden layers.
        bounded: Whether a sigmoid follows the last layer, for pixels in [0, 1].

    Returns:
        A module: (batch, latent) float32 to (batch, n_out) float32. Its parameters are three
        weights and three biases, laid out and initialised as in nn.Linear, in this order.

    Checked by networks_shapes, generator_forward.
    """
    raise NotImplementedError("lab7_gan: build_generator")


def build_discriminator(n_in: int, hidden: int = 128, *, scale: float = 1.0) -> nn.Module:
    """Build n_in - hidden - hidden - 1: LeakyReLU with slope 0.2 twice, and one logit.

    Args:
        n_in: Numbers in one example.
        hidden: Units in each of the two hidden layers.
        scale: The input is multiplied by this before the first layer. A constant: it is not
            trained, and not multiplied into the weights.

    Returns:
        A module: (batch, n_in) float32 to logits (batch, 1) float32. Its parameters are three
        weights and three biases, laid out and initialised as in nn.Linear, in this order.

    Checked by networks_shapes, discriminator_forward.
    """
    raise NotImplementedError("lab7_gan: build_discriminator")


def make_optimizer(
    model: nn.Module, learning_rate: float, name: str = "adam"
) -> torch.optim.Optimizer:
    """Make an optimiser of a model's parameters.

    Args:
        model: Whose parameters.
        learning_rate: Step size.
        name: "adam": Adam with betas (0.0, 0.99) and eps 1e-8. "sgd": plain gradient steps.

    Returns:
        An object with `zero_grad()` and `step()`, as in torch.optim.

    Checked by optimizers.
    """
    raise NotImplementedError("lab7_gan: make_optimizer")


def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    real: Tensor,
    noise: Tensor,
) -> float:
    """Make one step of the discriminator; the generator keeps its weights and its gradients.

    Args:
        generator: Makes the fakes.
        discriminator: Is trained, in place.
        optimizer: Of the discriminator's parameters. Old gradients do not count.
        real: (n_real, features) float32.
        noise: (n_fake, latent) float32. Another batch size is allowed.

    Returns:
        discriminator_loss before the step, as a number.

    Checked by first_discriminator_step, discriminator_step_exact,
    alternating_steps and other_gradients.
    """
    raise NotImplementedError("lab7_gan: discriminator_step")


def generator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    noise: Tensor,
) -> float:
    """Make one step of the generator with the loss that does not saturate.

    The discriminator keeps its weights and its gradients, and can be trained afterwards.

    Args:
        generator: Is trained, in place.
        discriminator: Judges the fakes.
        optimizer: Of the generator's parameters. Old gradients do not count.
        noise: (batch, latent) float32.

    Returns:
        generator_loss before the step, as a number.

    Checked by first_generator_step, generator_step_exact, confident_steps, alternating_steps and
    other_gradients.
    """
    raise NotImplementedError("lab7_gan: generator_step")


def fit_ring(
    x: Tensor, *, steps: int = 2500, batch_size: int = 256, seed: int = 0, device: str = "cpu"
) -> nn.Module:
    """Train a generator of points in the plane; the README has a recipe that works.

    Args:
        x: (n, 2) float32, points of a distribution with eight narrow modes.
        steps: Steps of each network, taken in turn.
        batch_size: Real examples, and fakes, in one step.
        seed: All randomness comes from it: weights, batches, noise.
        device: Where to compute.

    Returns:
        The generator, as build_generator(2, 2) builds it, for noise of width 2.

    Checked by ring_seeds and ring_modes.
    """
    raise NotImplementedError("lab7_gan: fit_ring")


def fit_digits(
    x: Tensor, *, steps: int = 2500, batch_size: int = 128, seed: int = 0, device: str = "cpu"
) -> nn.Module:
    """Train a generator of small images.

    Args:
        x: (n, pixels) float32 in [0, 1].
        steps: Steps of each network, taken in turn. You may choose another default.
        batch_size: Real examples, and fakes, in one step. You may choose another default.
        seed: All randomness comes from it: weights, batches, noise.
        device: Where to compute.

    Returns:
        The generator, as build_generator(latent, pixels, bounded=True) builds it, with any latent
        width and any number of hidden units.

    Checked by digits_seeds, digits_frechet.
    """
    raise NotImplementedError("lab7_gan: fit_digits")


def sample(generator: nn.Module, n: int, seed: int) -> Tensor:
    """Draw examples from a generator: standard normal noise, new for every row, through it.

    Args:
        generator: From build_generator, of any sizes; its first weight is (hidden, latent).
        n: How many.
        seed: The noise comes from it alone. The same seed gives the same examples.

    Returns:
        (n, n_out) float32, without a graph.

    Checked by sample_shape and sample_noise.
    """
    raise NotImplementedError("lab7_gan: sample")


def interpolate(generator: nn.Module, z0: Tensor, z1: Tensor, n: int) -> Tensor:
    """Walk in n points along the straight line from z0 to z1, and give what each point generates.

    Args:
        generator: From build_generator.
        z0: (latent,) float32, the first point.
        z1: (latent,) float32, the last point.
        n: Number of points, both ends included. At least 2.

    Returns:
        (n, n_out) float32, without a graph.

    Checked by interpolation_ends and interpolation_latent.
    """
    raise NotImplementedError("lab7_gan: interpolate")
