"""Oracles of lab 7: both networks, their losses and their steps, by hand in float64.

A network is a list of (weights, bias) pairs as nn.Linear lays them out: weights (n_out, n_in).
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.testing import Submission, Tensor, assert_close, assert_equal

Array = NDArray[np.float64]
Net = list[tuple[Array, Array]]

RELU, LEAKY = 0.0, 0.2  # slopes for negative inputs in the generator and in the discriminator
# One step in float32 against float64: a correct program is off by 1e-6 of the largest value; the
# inputs are drawn so that no unit sits near its kink.
RTOL, ATOL = 1e-3, 1e-5


def f32(x: Array) -> NDArray[np.float32]:
    """What the submission gets is what the oracle must compute with."""
    return np.asarray(x, dtype=np.float32)


# Formulas


def softplus(x: Array) -> Array:
    """log(1 + exp(x)) for any x."""
    return np.logaddexp(0.0, x)


def sigmoid(x: Array) -> Array:
    """Through tanh, which never overflows."""
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def forward(net: Net, x: Array, slope: float) -> list[Array]:
    """Give the input of the network and the pre-activations of every layer; the last is linear."""
    seen = [np.asarray(x, dtype=np.float64)]
    for place, (weights, bias) in enumerate(net):
        before = seen[-1] if place == 0 else bent(seen[-1], slope)
        seen.append(before @ weights.T + bias)
    return seen


def bent(x: Array, slope: float) -> Array:
    """ReLU, leaky or not."""
    return np.where(x > 0.0, x, slope * x)


def output(net: Net, x: Array, slope: float) -> Array:
    """Give what the last layer gives."""
    return forward(net, x, slope)[-1]


def backward(net: Net, seen: list[Array], grad: Array, slope: float) -> tuple[Net, Array]:
    """Give the gradients of all parameters and of the input, from that of the output."""
    grads: Net = []
    for place in reversed(range(len(net))):
        before = seen[place] if place == 0 else bent(seen[place], slope)
        grads.append((grad.T @ before, grad.sum(axis=0)))
        grad = grad @ net[place][0]
        if place:
            grad = grad * np.where(seen[place] > 0.0, 1.0, slope)
    return grads[::-1], grad


def margin(seen: Sequence[Array]) -> float:
    """How near any hidden unit comes to its kink."""
    return min(float(np.abs(layer).min()) for layer in seen[1:-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a player: loss before it, gradients, and how near a kink is."""

    loss: float
    grads: Net
    margin: float


def discriminator_step(generator: Net, discriminator: Net, real: Array, noise: Array) -> Step:
    """Loss and gradients of the discriminator."""
    made = forward(generator, noise, RELU)
    on_real = forward(discriminator, real, LEAKY)
    on_fake = forward(discriminator, made[-1], LEAKY)
    loss = softplus(-on_real[-1]).mean() + softplus(on_fake[-1]).mean()
    parts = [
        backward(discriminator, on_real, -sigmoid(-on_real[-1]) / len(real), LEAKY)[0],
        backward(discriminator, on_fake, sigmoid(on_fake[-1]) / len(noise), LEAKY)[0],
    ]
    grads = [(w + v, b + c) for (w, b), (v, c) in zip(*parts, strict=True)]
    return Step(loss=float(loss), grads=grads, margin=min(map(margin, (made, on_real, on_fake))))


def generator_step(generator: Net, discriminator: Net, noise: Array) -> Step:
    """Loss and gradients of the generator, which come through the discriminator."""
    made = forward(generator, noise, RELU)
    judged = forward(discriminator, made[-1], LEAKY)
    grad = -sigmoid(-judged[-1]) / len(noise)
    _, grad_made = backward(discriminator, judged, grad, LEAKY)
    grads, _ = backward(generator, made, grad_made, RELU)
    loss = float(softplus(-judged[-1]).mean())
    return Step(loss=loss, grads=grads, margin=min(margin(made), margin(judged)))


def descend(net: Net, grads: Net, learning_rate: float) -> Net:
    """One plain gradient step."""
    return [
        (w - learning_rate * gw, b - learning_rate * gb)
        for (w, b), (gw, gb) in zip(net, grads, strict=True)
    ]


@dataclass(slots=True)
class Adam:
    """Adam with beta1 = 0. Source: Kingma and Ba (2015), arXiv:1412.6980, Algorithm 1."""

    learning_rate: float
    count: int = 0
    squares: list[tuple[Array, ...]] = field(default_factory=list)

    def step(self, net: Net, grads: Net) -> Net:
        """Return the new weights."""
        self.count += 1
        old = self.squares or [(0.0 * gw, 0.0 * gb) for gw, gb in grads]
        self.squares = [
            tuple(0.99 * v + 0.01 * g * g for v, g in zip(pair, grad, strict=True))
            for pair, grad in zip(old, grads, strict=True)
        ]
        scale = 1.0 - 0.99**self.count
        return [
            (
                w - self.learning_rate * gw / (np.sqrt(vw / scale) + 1e-8),
                b - self.learning_rate * gb / (np.sqrt(vb / scale) + 1e-8),
            )
            for (w, b), (gw, gb), (vw, vb) in zip(net, grads, self.squares, strict=True)
        ]


# Networks of the submission


def draw_net(rng: np.random.Generator, *sizes: int) -> Net:
    """Draw weights of moderate size, as float32 holds them."""
    pairs = itertools.pairwise(sizes)
    net = [(rng.normal(size=(b, a)) / np.sqrt(a), 0.5 * rng.normal(size=b)) for a, b in pairs]
    return [(f32(w).astype(float), f32(b).astype(float)) for w, b in net]


def names_of(state: object) -> tuple[list[str], list[str]]:
    """Give the names of the weights and of the biases of a state_dict, each in its order.

    Names mean nothing: weights have two axes, biases one.
    """
    known = state if isinstance(state, Mapping) else {}
    arrays = {name: array for name, array in known.items() if isinstance(array, np.ndarray)}
    found = [[name for name, array in arrays.items() if array.ndim == axes] for axes in (2, 1)]
    return found[0], found[1]


def read_net(submission: Submission, model: Any, sizes: Sequence[int], *, what: str) -> Net:
    """Read a module's weights; their shapes are judged, and zeros stand in for wrong ones."""
    state = submission.ask(model, "state_dict")
    weights, biases = names_of(state)
    shapes = [state[name].shape for name in (*weights, *biases)]
    pairs = list(itertools.pairwise(sizes))
    wanted = [(b, a) for a, b in pairs] + [(b,) for _, b in pairs]
    hint = "Three linear layers: weights (n_out, n_in) and a bias each, and nothing else."
    assert_equal(shapes, wanted, what=f"shapes of the parameters of {what}", hint=hint)
    if shapes != wanted:
        return [(np.zeros((b, a)), np.zeros(b)) for a, b in pairs]
    both = zip(weights, biases, strict=True)
    return [(state[w].astype(np.float64), state[b].astype(np.float64)) for w, b in both]


def write_net(submission: Submission, model: Any, net: Net) -> None:
    """Load weights into a module, whatever it calls them."""
    state = submission.ask(model, "state_dict")
    weights, biases = names_of(state)
    arrays = {name: array for name, array in state.items() if isinstance(array, np.ndarray)}
    for name, bias_name, (w, b) in zip(weights, biases, net, strict=False):
        arrays[name], arrays[bias_name] = f32(w), f32(b)
    sent = {name: Tensor(array) for name, array in arrays.items()}
    submission.ask(model, "load_state_dict", sent)


def sizes_of(net: Net) -> list[int]:
    """Give the widths of a network, from the input to the output."""
    return [net[0][0].shape[1], *(len(bias) for _, bias in net)]


def make_generator(submission: Submission, net: Net) -> Any:
    """Have the submission build a generator, and give it these weights."""
    latent, hidden, _, n_out = sizes_of(net)
    model = submission.build_generator(latent, n_out, hidden=hidden)
    write_net(submission, model, net)
    return model


def make_discriminator(submission: Submission, net: Net) -> Any:
    """Have the submission build a discriminator, and give it these weights."""
    n_in, hidden, _, _ = sizes_of(net)
    model = submission.build_discriminator(n_in, hidden=hidden)
    write_net(submission, model, net)
    return model


def assert_moved(got: Net, start: Net, expected: Net, *, what: str, hint: str = "") -> None:
    """Compare by how much every parameter moved, from the output back."""
    for layer in reversed(range(len(expected))):
        for part, name in ((1, "bias"), (0, "weights")):
            assert_close(
                got[layer][part] - start[layer][part],
                expected[layer][part] - start[layer][part],
                what=f"{what} moves {name} {layer + 1} of 3: by how much",
                rtol=RTOL,
                atol=ATOL,
                hint=hint,
            )


def draw_until(
    draw: Callable[[], tuple[Any, float]], least: float = 1e-3, tries: int = 10_000
) -> Any:
    """Draw cases until one keeps every unit away from its kink."""
    for _ in range(tries):
        case, distance = draw()
        if distance > least:
            return case
    raise RuntimeError("no well-conditioned case was found")
