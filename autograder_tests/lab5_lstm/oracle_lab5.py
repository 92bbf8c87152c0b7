"""What the checks of lab 5 hold answers against: PyTorch's own cells, run here in float64."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from grader.testing import Submission, Tensor, assert_equal

Array = NDArray[np.float64]
Labels = NDArray[np.int64]


# The cells


def cell_sizes(rng: np.random.Generator, batch: int, n_in: int, hidden: int) -> list[Array]:
    """Random x, hidden, cell, w_ih, w_hh and bias for one step of an LSTM."""
    shapes = [(batch, n_in), (batch, hidden), (batch, hidden)]
    shapes += [(4 * hidden, n_in), (4 * hidden, hidden), (4 * hidden,)]
    return [rng.normal(size=shape) for shape in shapes]


def lstm_cell(*args: Array) -> tuple[Array, Array]:
    """One step of PyTorch's LSTM: hidden and cell, (batch, hidden) each."""
    x, hidden, cell, w_ih, w_hh, bias = map(torch.from_numpy, args)
    both = torch.lstm_cell(x, (hidden, cell), w_ih, w_hh, bias, torch.zeros_like(bias))
    return both[0].numpy(), both[1].numpy()


def lstm_cell_gradients(grad_hidden: Array, grad_cell: Array, *args: Array) -> list[Array]:
    """Gradients of one step by autograd: of x, hidden, cell, w_ih, w_hh and bias."""
    leaves = [torch.from_numpy(arg).requires_grad_() for arg in args]
    x, hidden, cell, w_ih, w_hh, bias = leaves
    both = torch.lstm_cell(x, (hidden, cell), w_ih, w_hh, bias, torch.zeros_like(bias))
    upstream = [torch.from_numpy(grad_hidden), torch.from_numpy(grad_cell)]
    return [grad.numpy() for grad in torch.autograd.grad(both, leaves, upstream)]


def rnn_cell(*args: Array) -> Array:
    """One step of PyTorch's plain RNN with tanh: (batch, hidden)."""
    x, hidden, w_x, w_h, bias = map(torch.from_numpy, args)
    return torch.rnn_tanh_cell(x, hidden, w_x, w_h, bias, torch.zeros_like(bias)).numpy()


def lstm_layer(*args: Array) -> tuple[Array, Array, Array]:
    """PyTorch's LSTM over x (batch, time, n_in): outputs, last hidden, last cell."""
    x, hidden, cell, *weights = map(torch.from_numpy, args)
    outputs, last, last_cell = _layer(x, (hidden[None], cell[None]), weights)
    return outputs.numpy(), last[0].numpy(), last_cell[0].numpy()


def _layer(x: Any, state: tuple[Any, Any], weights: list[Any]) -> tuple[Any, Any, Any]:
    w_ih, w_hh, bias = weights
    flat = [w_ih, w_hh, bias, torch.zeros_like(bias)]
    # has_biases, one layer, no dropout, not training, one direction, batch first
    return torch.lstm(x, state, flat, True, 1, 0.0, False, False, True)  # noqa: FBT003


# The classifier


@dataclass(frozen=True, slots=True)
class Network:
    """The arrays of a classifier, float64, whatever its tensors are called.

    Attributes:
        biases: One of the LSTM, or two that are added up, (4 hidden,) each.
    """

    w_ih: Array
    w_hh: Array
    biases: tuple[Array, ...]
    w_out: Array
    b_out: Array

    @property
    def arrays(self) -> tuple[Array, ...]:
        """All arrays, in a fixed order."""
        return (self.w_ih, self.w_hh, *self.biases, self.w_out, self.b_out)

    def logits(self, x: Array, lengths: Labels | None = None) -> Array:
        """Logits (batch, n_classes) for x (batch, time, n_in)."""
        with torch.no_grad():
            return _logits([torch.from_numpy(a) for a in self.arrays], x, lengths).numpy()


def _logits(tensors: list[Any], x: Array, lengths: Labels | None) -> Any:
    w_ih, w_hh, *biases, w_out, b_out = tensors
    start = torch.zeros(1, len(x), w_hh.shape[1], dtype=torch.float64)
    values = torch.from_numpy(x.astype(np.float64))
    outputs, _, _ = _layer(values, (start, start), [w_ih, w_hh, sum(biases)])
    last = np.full(len(x), x.shape[1]) if lengths is None else lengths
    return outputs[torch.arange(len(x)), torch.from_numpy(last - 1)] @ w_out.T + b_out


def shapes_of(n_in: int, hidden: int, n_classes: int) -> list[tuple[int, ...]]:
    """Shapes of w_ih, w_hh, the LSTM's bias, w_out and b_out. Choose sizes that keep them apart."""
    rows = 4 * hidden
    return [(rows, n_in), (rows, hidden), (rows,), (n_classes, hidden), (n_classes,)]


def state_of(submission: Submission, model: Any) -> dict[str, NDArray[Any]]:
    """The arrays of floats among the tensors of a model, by name."""
    state = submission.ask(model, "state_dict")
    pairs = state.items() if isinstance(state, dict) else ()
    return {
        name: array
        for name, array in pairs
        if isinstance(name, str) and isinstance(array, np.ndarray) and array.dtype.kind == "f"
    }


def read_network(
    submission: Submission, model: Any, sizes: tuple[int, int, int], *, what: str
) -> Network:
    """Find the tensors of an LSTM classifier by their shapes; zeros if they are not there."""
    arrays = list(state_of(submission, model).values())
    wanted = shapes_of(*sizes)
    found = sorted(array.shape for array in arrays)
    biases = max(1, min(2, found.count(wanted[2])))
    assert_equal(
        found,
        sorted([*wanted, *[wanted[2]] * (biases - 1)]),
        what=f"the shapes of the tensors in the state_dict of {what}",
        hint="One LSTM, as in nn.LSTM or nn.LSTMCell, and one affine layer, as in nn.Linear.",
    )

    def pick(shape: tuple[int, ...], count: int = 1) -> list[Array]:
        fits = [a.astype(np.float64) for a in arrays if a.shape == shape and np.isfinite(a).all()]
        return (fits + [np.zeros(shape)] * count)[:count]

    w_ih, w_hh, _, w_out, b_out = (pick(shape)[0] for shape in wanted)
    return Network(w_ih, w_hh, tuple(pick(wanted[2], biases)), w_out, b_out)


def load_random(
    submission: Submission, model: Any, rng: np.random.Generator, scale: float = 1.0
) -> None:
    """Give every tensor of a model random values, from a set order of shapes."""
    state = state_of(submission, model)
    names = sorted(state, key=lambda name: (state[name].shape, name))
    fresh = {
        name: Tensor((scale * rng.normal(size=state[name].shape)).astype(np.float32))
        for name in names
    }
    submission.ask(model, "load_state_dict", fresh)


# Training


@dataclass(frozen=True, slots=True)
class Trace:
    """What training does: the weights, and the loss and the share of right answers of each step.

    Attributes:
        smallest: The smallest gradient that Adam has divided by its own size; the sign of a
            gradient that is nearly 0 is a matter of rounding.
        norm: Of the first step's gradient, before clipping.
    """

    network: Network
    losses: tuple[float, ...]
    right: tuple[float, ...]
    smallest: float
    norm: float


def train(
    network: Network,
    batches: list[tuple[Array, Labels, Labels | None]],
    *,
    optimizer: str,
    learning_rate: float,
    max_norm: float,
) -> Trace:
    """One step on each batch, in float64: mean cross-entropy, clipped by the global norm."""
    tensors = [torch.from_numpy(array.copy()).requires_grad_() for array in network.arrays]
    kind = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[optimizer]
    stepper, losses, right, smallest = kind(tensors, lr=learning_rate), [], [], np.inf
    norms = []
    for x, targets, lengths in batches:
        labels = torch.from_numpy(targets)
        logits = _logits(tensors, x, lengths)
        loss = functional.cross_entropy(logits, labels)
        grads = torch.autograd.grad(loss, tensors)
        norm = float(torch.sqrt(sum((grad**2).sum() for grad in grads)))
        norms.append(norm)
        for tensor, grad in zip(tensors, grads, strict=True):
            tensor.grad = grad * min(1.0, max_norm / norm)
            smallest = min(smallest, float(tensor.grad.abs().min()))
        stepper.step()
        losses.append(loss.item())
        right.append(float((logits.argmax(dim=1) == labels).double().mean()))
    w_ih, w_hh, *biases, w_out, b_out = (tensor.detach().numpy() for tensor in tensors)
    end = Network(w_ih, w_hh, tuple(biases), w_out, b_out)
    return Trace(end, tuple(losses), tuple(right), smallest, norms[0])
