"""What the hidden checks of lab 6 hold a submission against: formulas of their own.

A model is described by what is in its state_dict. Which tensor is which is found by shape, for any
names and either orientation, so that every correct module fits; what is left open, such as two
biases of equal length, is decided by the model's own answers.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.testing import Submission, Tensor

Array = NDArray[np.float64]
Array32 = NDArray[np.float32]
State = dict[str, Array32]

N_IN, HIDDEN, CODE = 13, 7, 3
# What build_autoencoder is asked for; the sizes of the layers that must come; their activations.
KINDS: dict[str, tuple[dict[str, Any], list[int], list[str]]] = {
    "linear": ({"linear": True}, [N_IN, CODE, N_IN], ["", ""]),
    "lecture": ({}, [N_IN, CODE, N_IN], ["sigmoid", ""]),
    "hidden": (
        {"hidden": HIDDEN},
        [N_IN, HIDDEN, CODE, HIDDEN, N_IN],
        ["relu", "", "relu", ""],
    ),
}


def sigmoid(x: Array) -> Array:
    """Logistic function of real or complex numbers."""
    return 0.5 * (1.0 + np.tanh(0.5 * x))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer of a model, by the names of its tensors in the state_dict."""

    weights: str
    is_transposed: bool  # True for (n_in, n_out)
    bias: str  # empty for none
    activation: str


Layout = tuple[Layer, ...]


def is_biased(kind: str) -> bool:
    """Whether the layers of this kind have biases."""
    return kind != "lecture"


def wanted_shapes(kind: str) -> list[tuple[int, ...]]:
    """Shapes of all tensors of this kind, whatever their orientation: sorted, ones left out."""
    _, sizes, _ = KINDS[kind]
    shapes = [tuple(sorted(pair)) for pair in itertools.pairwise(sizes)]
    return sorted([*shapes, *((size,) for size in sizes[1:] if is_biased(kind))])


def found_shapes(state: State) -> list[tuple[int, ...]]:
    """The same of what a state_dict holds."""
    return sorted(tuple(sorted(n for n in value.shape if n != 1)) for value in state.values())


def read_state(submission: Submission, model: Any) -> State:
    """A model's arrays by name; empty if what came is anything else."""
    told = submission.ask(model, "state_dict")
    if not isinstance(told, Mapping) or len(told) > 100:
        return {}
    arrays = {str(name): np.asarray(value) for name, value in told.items()}
    usable = all(a.dtype.kind == "f" and np.isfinite(a).all() for a in arrays.values())
    return {name: a.astype(np.float32) for name, a in arrays.items()} if usable else {}


def layouts(state: State, kind: str) -> Iterator[Layout]:
    """All ways to read the tensors as the layers of this kind."""
    if found_shapes(state) != wanted_shapes(kind):
        return
    _, sizes, activations = KINDS[kind]
    matrices = [name for name, a in state.items() if sum(n != 1 for n in a.shape) == 2]
    vectors = [name for name in state if name not in matrices] if is_biased(kind) else []
    pairs = list(itertools.pairwise(sizes))
    for weights in itertools.permutations(matrices):
        shapes = [state[name].shape for name in weights]
        fits = zip(shapes, pairs, strict=True)
        if not all(shape in ((a, b), (b, a)) for shape, (a, b) in fits):
            continue
        turned = [shape == pair for shape, pair in zip(shapes, pairs, strict=True)]
        for biases in itertools.permutations(vectors) if vectors else [("",) * len(pairs)]:
            if vectors and any(
                state[name].size != size for name, size in zip(biases, sizes[1:], strict=True)
            ):
                continue
            parts = zip(weights, turned, biases, activations, strict=True)
            yield tuple(
                Layer(weights=w, is_transposed=t, bias=b, activation=a) for w, t, b, a in parts
            )


ACTIVATIONS = {"": lambda x: x, "relu": lambda x: np.maximum(x, 0.0), "sigmoid": sigmoid}


def run(layers: Layout, state: State, x: Array32) -> Array:
    """Send rows through some layers, in float64."""
    out = x.astype(np.float64)
    for layer in layers:
        weights = state[layer.weights].astype(np.float64)
        out = out @ (weights if layer.is_transposed else weights.T)
        out = out + state[layer.bias].ravel() if layer.bias else out
        out = ACTIVATIONS[layer.activation](out)
    return out


def halves(layout: Layout) -> tuple[Layout, Layout]:
    """The encoder and the decoder."""
    middle = len(layout) // 2
    return layout[:middle], layout[middle:]


def random_state(state: State, rng: np.random.Generator) -> State:
    """Random weights and biases of the same names and shapes."""
    return {
        name: (rng.normal(size=a.shape) / np.sqrt(max(a.shape, default=1))).astype(np.float32)
        for name, a in state.items()
    }


def load(submission: Submission, model: Any, state: State) -> None:
    """Give a model these weights."""
    tensors = {name: Tensor(value) for name, value in state.items()}
    submission.ask(model, "load_state_dict", tensors)


def read_layout(
    submission: Submission, model: Any, state: State, kind: str, rng: np.random.Generator
) -> Layout | None:
    """The reading of a model's tensors that explains its answers best; None if there is none."""
    x = rng.normal(size=(5, N_IN)).astype(np.float32)
    answers = np.asarray(submission.ask(model, "__call__", Tensor(x)))
    if answers.shape != x.shape or answers.dtype.kind != "f":
        answers = np.zeros(x.shape)
    return min(
        layouts(state, kind),
        key=lambda layout: float(np.nan_to_num(np.abs(run(layout, state, x) - answers)).sum()),
        default=None,
    )


# Training: PyTorch's autograd and Adam in float64, with a step size set for every step.


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """Where some training steps lead."""

    state: dict[str, Array]
    losses: list[float]  # mean over the batch, before each step
    least_gradient: float  # smallest magnitude in the first step that is not exactly 0


def train_oracle(
    layout: Layout, state: State, batches: list[tuple[Array32, Array32]], rates: list[float]
) -> Trained:
    """Make one Adam step for each (x, target) with each rate."""
    import torch  # here: most checks do without

    params = {
        name: torch.tensor(a.astype(np.float64), requires_grad=True) for name, a in state.items()
    }
    optimizer = torch.optim.Adam(params.values(), lr=1.0)
    activations = {"": lambda x: x, "relu": torch.relu, "sigmoid": torch.sigmoid}
    losses, least = [], np.inf
    for step, ((x, target), rate) in enumerate(zip(batches, rates, strict=True)):
        out = torch.tensor(x.astype(np.float64))
        for layer in layout:
            weights = params[layer.weights]
            out = out @ (weights if layer.is_transposed else weights.T)
            out = out + params[layer.bias].ravel() if layer.bias else out
            out = activations[layer.activation](out)
        loss = 0.5 * ((out - torch.tensor(target.astype(np.float64))) ** 2).sum(dim=1).mean()
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            sizes = np.concatenate([p.grad.abs().numpy().ravel() for p in params.values()])
            least = float(sizes[sizes > 0.0].min(initial=np.inf))
        optimizer.param_groups[0]["lr"] = rate
        optimizer.step()
        losses.append(float(loss.detach()))
    end = {name: p.detach().numpy() for name, p in params.items()}
    return Trained(state=end, losses=losses, least_gradient=least)


def falling(learning_rate: float, steps: int) -> list[float]:
    """The statement's learning rate for each step."""
    return [learning_rate * (1.0 - step / steps) for step in range(steps)]


def as_vector(state: Mapping[str, Array], like: State) -> Array:
    """All tensors one after the other, in the order of `like`; nan where one is not as it was."""
    parts = [
        np.ravel(state[name]).astype(np.float64)
        if name in state and state[name].shape == a.shape
        else np.full(a.size, np.nan)
        for name, a in like.items()
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


# Sparse coding.


def objective(x: Array, dictionary: Array, codes: Array, penalty: float) -> float:
    """Lecture 3's objective, written out."""
    errors = x - np.einsum("nk,kd->nd", codes, dictionary)
    return float(np.einsum("nd,nd->", errors, errors) + penalty * np.abs(codes).sum())


def shrink(x: Array, t: float) -> Array:
    """Soft threshold by cases."""
    return np.where(x > t, x - t, np.where(x < -t, x + t, 0.0))


def ista_iterates(x: Array, dictionary: Array, penalty: float, steps: int) -> list[Array]:
    """The codes after 0, 1, ..., steps."""
    curvature = float(np.linalg.norm(dictionary, 2) ** 2)
    codes = [np.zeros((len(x), len(dictionary)))]
    for _ in range(steps):
        errors = codes[-1] @ dictionary - x
        moved = codes[-1] - errors @ dictionary.T / curvature
        codes.append(shrink(moved, penalty / (2.0 * curvature)))
    return codes


def lasso_oracle(x: Array, dictionary: Array, penalty: float, sweeps: int) -> Array:
    """Coordinate descent: each code in turn is set to the best value, the others kept.

    Source: Friedman, Hastie and Tibshirani (2010), Journal of Statistical Software 33.
    """
    squares = (dictionary**2).sum(axis=1)
    codes = np.zeros((len(x), len(dictionary)))
    errors = x.copy()
    for _ in range(sweeps):
        for atom, direction in enumerate(dictionary):
            best = shrink(errors @ direction + codes[:, atom] * squares[atom], penalty / 2.0)
            best /= squares[atom]
            errors -= np.outer(best - codes[:, atom], direction)
            codes[:, atom] = best
    return codes
