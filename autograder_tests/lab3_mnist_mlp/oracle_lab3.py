"""What the hidden checks of lab 3 hold a submission against: networks and optimisers in NumPy.

Everything here is float64 and written out; nothing of PyTorch and nothing of the solution is used.
A network is a list of (weights (n_in, n_out), bias (n_out,)) pairs, ReLU between them.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from grader.testing import Submission, Tensor, assert_close, assert_that

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Net = list[tuple[Array, Array]]

RTOL, ATOL = 1e-3, 1e-5  # float32 against float64: rounding is about 1e-6 of a step here


def random_net(sizes: Sequence[int], rng: np.random.Generator, scale: float = 1.0) -> Net:
    """Weights and biases of a network with these layer sizes, as float32 can hold them."""
    return [
        (
            as_float32(scale * rng.normal(size=(a, b)) / np.sqrt(a)),
            as_float32(scale * rng.normal(size=b)),
        )
        for a, b in itertools.pairwise(sizes)
    ]


def as_float32(values: Array) -> Array:
    """Round to what float32 can hold, so that both sides start from the same numbers."""
    return values.astype(np.float32).astype(np.float64)


def batch(n: int, n_in: int, rng: np.random.Generator) -> Array:
    """Random inputs (n, n_in) that float32 can hold."""
    return as_float32(rng.normal(size=(n, n_in)))


def tensor(values: Array) -> Tensor:
    """Send as a float32 tensor."""
    return Tensor(np.asarray(values, dtype=np.float32))


def labels(values: Iterable[int]) -> Tensor:
    """Send as an int64 tensor."""
    return Tensor(np.asarray(values, dtype=np.int64))


# The network, its loss and its gradient.


def forward(net: Net, x: Array) -> Array:
    """Logits (..., n, classes)."""
    for layer, (weights, bias) in enumerate(net):
        x = x @ weights + bias[..., None, :]
        if layer < len(net) - 1:
            x = np.maximum(x, 0.0)
    return x


def log_softmax(logits: Array) -> Array:
    """Log probabilities, exact for any logits."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def losses_of(logits: Array, y: Labels) -> Array:
    """Cross-entropy (..., n) of each example."""
    return -log_softmax(logits)[..., np.arange(len(y)), y]


def measure_net(net: Net, x: Array, y: Labels) -> tuple[float, float]:
    """Mean loss and accuracy of a network."""
    logits = forward(net, x)
    return float(losses_of(logits, y).mean()), float((logits.argmax(axis=-1) == y).mean())


def gradients(net: Net, x: Array, y: Labels) -> Net:
    """Gradient of the mean cross-entropy, by backpropagation; leading axes of net are kept."""
    inputs = [x]
    for weights, bias in net[:-1]:
        inputs.append(np.maximum(inputs[-1] @ weights + bias[..., None, :], 0.0))
    delta = np.exp(log_softmax(forward(net, x)))
    delta[..., np.arange(len(y)), y] -= 1.0
    delta /= len(y)
    grads: Net = []
    for (weights, _), value in zip(reversed(net), reversed(inputs), strict=True):
        grads.insert(0, (np.swapaxes(value, -1, -2) @ delta, delta.sum(axis=-2)))
        delta = (delta @ np.swapaxes(weights, -1, -2)) * (value > 0.0)
    return grads


# The optimisers, as the statement writes them.


class Optimizer:
    """One of the four update rules; keeps the state of every parameter."""

    def __init__(self, name: str, learning_rate: float) -> None:
        """Start without a memory.

        Args:
            name: "sgd", "momentum", "rmsprop" or "adam".
            learning_rate: Step size.
        """
        self.name, self.learning_rate, self.steps = name, learning_rate, 0
        self.state: dict[int, tuple[Array, Array]] = {}

    def step(self, net: Net, grads: Net) -> Net:
        """Return the network after one step."""
        self.steps += 1
        flat = [p for pair in net for p in pair]
        moves = [self._move(i, g) for i, g in enumerate(g for pair in grads for g in pair)]
        moved = [p - self.learning_rate * m for p, m in zip(flat, moves, strict=True)]
        return list(zip(moved[::2], moved[1::2], strict=True))

    def _move(self, place: int, grad: Array) -> Array:
        first, second = self.state.get(place, (np.zeros_like(grad), np.zeros_like(grad)))
        if self.name == "sgd":
            return grad
        if self.name == "momentum":
            first = 0.9 * first + grad
            move = first
        elif self.name == "rmsprop":
            second = 0.9 * second + 0.1 * grad**2
            move = grad / (np.sqrt(second) + 1e-7)
        else:
            first, second = 0.9 * first + 0.1 * grad, 0.999 * second + 0.001 * grad**2
            mean, square = first / (1 - 0.9**self.steps), second / (1 - 0.999**self.steps)
            move = mean / (np.sqrt(square) + 1e-8)
        self.state[place] = (first, second)
        return move


def train(
    net: Net,
    x: Array,
    y: Labels,
    batches: Iterable[Sequence[int]],
    *,
    optimizer: str = "sgd",
    learning_rate: float = 0.1,
) -> Net:
    """The network after one step for each batch of indices."""
    rule = Optimizer(optimizer, learning_rate)
    for indices in batches:
        net = rule.step(net, gradients(net, x[list(indices)], y[list(indices)]))
    return net


# The way to a model that stays in the worker. Parameters are told apart by their shapes alone.


def state_of(submission: Submission, model: object) -> dict[str, NDArray[np.generic]]:
    """All arrays of a model by name; what is not an array is left out."""
    state = submission.ask(model, "state_dict")
    pairs = state.items() if isinstance(state, dict) else ()
    return {str(name): array for name, array in pairs if isinstance(array, np.ndarray)}


def put(submission: Submission, model: object, net: Net) -> None:
    """Give a model without batch normalisation these weights."""
    new = dict(state_of(submission, model))
    waiting = [values for weights, bias in net for values in (weights.T, bias)]
    for name, array in new.items():
        for place, values in enumerate(waiting):
            fitting = next((v for v in (values, values.T) if v.shape == array.shape), None)
            if fitting is not None:
                new[name] = fitting
                del waiting[place]
                break
    submission.ask(
        model,
        "load_state_dict",
        {name: tensor(a) if a.dtype.kind == "f" else Tensor(a) for name, a in new.items()},
    )


def get(submission: Submission, model: object, sizes: Sequence[int], *, what: str) -> Net:
    """Read the weights of a model without batch normalisation; zeros where they are unusable."""
    state = state_of(submission, model)
    arrays = [array for array in state.values() if array.dtype.kind == "f"]
    net: Net = []
    for a, b in itertools.pairwise(sizes):
        weights = take(arrays, [(b, a), (a, b)])
        bias = take(arrays, [(b,)])
        assert_that(
            weights is not None and bias is not None,
            f"{what} should have weights for {a} inputs and {b} outputs, and {b} biases.",
            shows=sorted(str(array.shape) for array in state.values()),
        )
        weights = np.zeros((b, a)) if weights is None else weights
        net.append(
            (
                as_usable(weights if weights.shape == (a, b) and a != b else weights.T),
                as_usable(np.zeros(b) if bias is None else bias),
            )
        )
    return net


def take(
    arrays: list[NDArray[np.generic]], shapes: Sequence[tuple[int, ...]]
) -> NDArray[np.generic] | None:
    """Remove and return the first array with one of these shapes."""
    for place, array in enumerate(arrays):
        if array.shape in shapes:
            return arrays.pop(place)
    return None


def as_usable(values: NDArray[np.generic]) -> Array:
    """In float64; our own formulas stay defined where a submission's numbers are not."""
    return np.nan_to_num(np.asarray(values, dtype=np.float64), nan=1e6, posinf=1e6, neginf=-1e6)


def assert_net(got: Net, expected: Net, *, what: str, hint: str = "") -> None:
    """All weights and biases agree as far as float32 goes, from the output backwards."""
    for layer in reversed(range(len(expected))):
        for part, name in enumerate(("weights", "biases")):
            assert_float32(
                got[layer][part],
                expected[layer][part],
                what=f"{what}, {name} of layer {layer + 1},",
                hint=hint,
            )


def assert_float32(got: object, expected: object, *, what: str, hint: str = "") -> None:
    """Compare what may have been computed in float32 with what was computed in float64."""
    scale = max(1.0, float(np.max(np.abs(expected), initial=0.0)))
    assert_close(got, expected, what=what, rtol=RTOL, atol=ATOL * scale, dtype="any", hint=hint)


def added(after: Net, before: Net, learning_rate: float) -> Net:
    """What training added to the weights, in units of the learning rate."""
    return [
        ((w - old_w) / learning_rate, (b - old_b) / learning_rate)
        for (w, b), (old_w, old_b) in zip(after, before, strict=True)
    ]


def assert_steps(
    submission: Submission,
    net: Net,
    x: Array,
    y: Labels,
    *,
    hint: str,
    epochs: int,
    optimizer: str = "sgd",
    learning_rate: float = 0.1,
) -> None:
    """Full-batch training from known weights adds what the oracle adds."""
    sizes = [net[0][0].shape[0], *(len(bias) for _, bias in net)]
    if len(net) == 1:
        model = submission.build_softmax_regression(*sizes)
    else:
        model = submission.build_mlp(sizes[0], sizes[1:-1], sizes[-1])
    put(submission, model, net)
    submission.fit(
        model,
        tensor(x),
        labels(y),
        epochs=epochs,
        batch_size=len(x),
        optimizer=optimizer,
        learning_rate=learning_rate,
    )
    what = f"what {epochs} full-batch steps of fit(optimizer='{optimizer}') add"
    got = get(submission, model, sizes, what="the model after fit")
    everyone = epochs * [range(len(x))]
    oracle = train(net, x, y, everyone, optimizer=optimizer, learning_rate=learning_rate)
    assert_net(
        added(got, net, learning_rate),
        added(oracle, net, learning_rate),
        what=f"{what}, divided by the learning rate",
        hint=hint,
    )


# Batch normalisation: five vectors of one size, whose names are not known.

ROLES = ("bias", "gamma", "beta", "mean", "var")


def batch_norm_logits(
    layers: Net, vectors: Mapping[str, Array], x: Array, *, training: bool
) -> Array:
    """Logits of affine, batch normalisation, ReLU, affine. `layers[0][1]` is not used."""
    (first, _), (second, last_bias) = layers
    mean, var = vectors["mean"], vectors["var"]
    pre = x @ first + vectors["bias"]
    if training:
        mean, var = pre.mean(axis=0), pre.var(axis=0)
    normal = (pre - mean) / np.sqrt(var + 1e-5) * vectors["gamma"] + vectors["beta"]
    return np.maximum(normal, 0.0) @ second + last_bias


class BatchNormModel:
    """A model with one normalised hidden layer and known weights, and which vector is which."""

    def __init__(
        self, submission: Submission, sizes: tuple[int, int, int], rng: np.random.Generator
    ) -> None:
        """Build it and give it weights.

        Args:
            submission: Whose build_mlp.
            sizes: Inputs, hidden units, classes; all different.
            rng: Draws the weights.
        """
        n_in, hidden, classes = sizes
        self.submission, self.sizes = submission, sizes
        self.model = submission.build_mlp(n_in, hidden, classes, batch_norm=True)
        self.net = random_net(sizes, rng)
        put(submission, self.model, self.net)
        state = state_of(submission, self.model)
        names = [name for name, array in state.items() if array.shape == (hidden,)]
        assert_that(
            len(names) == len(ROLES),
            "build_mlp(..., batch_norm=True) should have biases, two learned vectors and two "
            "running statistics for its hidden layer.",
            shows=len(names),
        )
        # Positive, because one of them is a variance, and no two alike.
        self.start = {name: as_float32(rng.uniform(0.5, 2.0, size=hidden)) for name in names}
        self.names = dict(zip(ROLES, names, strict=False))
        self.restore()

    def restore(self) -> None:
        """Give it the known weights again."""
        put(self.submission, self.model, self.net)
        sent = {name: tensor(values) for name, values in self.start.items()}
        self.submission.ask(self.model, "load_state_dict", sent, strict=False)

    def find_roles(self, x: Array, logits: NDArray[np.generic]) -> Array:
        """Find which vector is which from test-time logits; return the best explanation's."""
        best: tuple[float, Array] = (np.inf, np.zeros((len(x), self.sizes[-1])))
        if len(self.start) != len(ROLES):
            return best[1]
        for order in itertools.permutations(self.start):
            vectors = {role: self.start[name] for role, name in zip(ROLES, order, strict=True)}
            expected = batch_norm_logits(self.net, vectors, x, training=False)
            usable = logits.shape == expected.shape and logits.dtype.kind == "f"
            gap = float(np.abs(as_usable(logits) - expected).max()) if usable else np.inf
            if gap < best[0] or not best[1].any():
                best = (gap, expected)
                self.names = dict(zip(ROLES, order, strict=True))
        return best[1]

    def vectors(self) -> dict[str, Array]:
        """The five vectors by role as they are now; zeros where there are none."""
        state = state_of(self.submission, self.model)
        hidden = self.sizes[1]
        return {
            role: as_usable(state.get(self.names.get(role, ""), np.zeros(hidden))) for role in ROLES
        }
