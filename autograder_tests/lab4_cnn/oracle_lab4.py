"""What the hidden checks of lab 4 hold answers against.

Layers and networks are computed by torch in float64 on our side; neither the submission nor the
solution has a part in it. A model of the submission is proved by its weights: they are set to
numbers of ours, the network is computed here, and the model must answer the same. Tensors are found
by size and order, never by name.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F  # noqa: N812  the name everybody uses

from grader.testing import Submission, Tensor, assert_that

Array = NDArray[Any]
Params = dict[str, Array]  # by role, such as "conv1.weight"
Keys = dict[str, str]  # role to the submission's own name

EPS = 1e-5  # of batch norm
FILTERS, HIDDEN = (16, 32), 64
BATCH_NORM = ("gamma", "beta", "mean", "var")
RTOL32, ATOL32 = 1e-3, 1e-4  # of a float32 network; atol times the largest value, see CALIBRATION


def with_gradients(
    function: Callable[..., torch.Tensor], grad_out: Callable[[tuple[int, ...]], Array], *at: Array
) -> tuple[Array, Array, list[Array]]:
    """Output of a function in float64, the upstream gradient for it, and the gradients at `at`."""
    inputs = [torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in at]
    out = function(*inputs)
    upstream = grad_out(tuple(out.shape))
    grads = torch.autograd.grad(out, inputs, torch.tensor(upstream))
    return out.detach().numpy(), upstream, [grad.numpy() for grad in grads]


def sobel(image: Array) -> Array:
    """Gradient magnitude from the sums written out: right column minus left, bottom minus top."""
    a = np.asarray(image, dtype=np.float64)
    across = a[:, 2:] - a[:, :-2]
    down = a[2:] - a[:-2]
    along_x = across[:-2] + 2.0 * across[1:-1] + across[2:]
    along_y = down[:, :-2] + 2.0 * down[:, 1:-1] + down[:, 2:]
    return np.sqrt(along_x**2 + along_y**2)


def shifted(images: Array, dx: int, dy: int) -> Array:
    """Each pixel taken from where it was; zeros where that is outside."""
    height, width = images.shape[-2:]
    rows, columns = np.arange(height) - dy, np.arange(width) - dx
    inside = np.ix_((rows >= 0) & (rows < height), (columns >= 0) & (columns < width))
    out = np.zeros_like(images)
    taken = images[..., rows.clip(0, height - 1), :][..., columns.clip(0, width - 1)]
    out[(..., *inside)] = taken[(..., *inside)]
    return out


# Networks from their parameters.


def batch_norm(x: torch.Tensor, params: Mapping[str, Any], name: str, *, training: bool) -> Any:
    """Batch norm by its definition; while training, the batch's own biased variance."""
    gamma, beta, mean, var = (params[f"{name}.{role}"].view(-1, 1, 1) for role in BATCH_NORM)
    if training:
        mean = x.mean(dim=(0, 2, 3), keepdim=True)
        var = ((x - mean) ** 2).mean(dim=(0, 2, 3), keepdim=True)
    return (x - mean) / torch.sqrt(var + EPS) * gamma + beta


def torch_params(params: Params) -> dict[str, torch.Tensor]:
    """Parameters in float64."""
    return {role: torch.tensor(np.asarray(array, np.float64)) for role, array in params.items()}


def cnn_logits(params: Mapping[str, Any], x: torch.Tensor, *, training: bool = False) -> Any:
    """Logits of build_cnn's network without dropout; whether it has batch norm shows in params."""
    for layer in ("1", "2"):
        bias = params.get(f"conv{layer}.bias")
        x = F.conv2d(x, params[f"conv{layer}.weight"], bias, padding=1)
        if f"norm{layer}.gamma" in params:
            x = batch_norm(x, params, f"norm{layer}", training=training)
        x = F.max_pool2d(F.relu(x), 2)
    x = F.relu(F.linear(x.flatten(1), params["fc1.weight"], params["fc1.bias"]))
    return F.linear(x, params["fc2.weight"], params["fc2.bias"])


def cnn(params: Params, x: Array, *, training: bool = False) -> Array:
    """The same for arrays."""
    with torch.no_grad():
        out = cnn_logits(torch_params(params), torch.tensor(x.astype(float)), training=training)
    return out.numpy()


def block(params: Params, x: Array, stride: int, *, training: bool) -> Array:
    """Output of ResidualBlock; whether the shortcut is a projection shows in params."""
    p, inputs = torch_params(params), torch.tensor(x.astype(float))
    path = F.conv2d(inputs, p["conv1.weight"], stride=stride, padding=1)
    path = F.relu(batch_norm(path, p, "norm1", training=training))
    path = F.conv2d(path, p["conv2.weight"], padding=1)
    path = batch_norm(path, p, "norm2", training=training)
    shortcut = inputs
    if "conv3.weight" in p:
        shortcut = F.conv2d(inputs, p["conv3.weight"], stride=stride)
        shortcut = batch_norm(shortcut, p, "norm3", training=training)
    return F.relu(path + shortcut).numpy()


def adam_steps(
    params: Params, x: Array, y: Array, batches: Sequence[Sequence[int]], learning_rate: float
) -> tuple[Params, Params]:
    """Train build_cnn's network without batch norm by Adam with a falling learning rate.

    Returns:
        The weights afterwards; and for each whether all its gradients were large enough for float32
        to know their sign: Adam's first steps are about learning_rate * sign(gradient).
    """
    now = {role: tensor.requires_grad_() for role, tensor in torch_params(params).items()}
    firsts = {role: torch.zeros_like(tensor) for role, tensor in now.items()}
    seconds = {role: torch.zeros_like(tensor) for role, tensor in now.items()}
    clear = {role: np.ones(array.shape, dtype=bool) for role, array in params.items()}
    for step, batch in enumerate(batches):
        loss = F.cross_entropy(
            cnn_logits(now, torch.tensor(x[list(batch)].astype(float))),
            torch.tensor(y[list(batch)]),
        )
        grads = torch.autograd.grad(loss, list(now.values()))
        rate = learning_rate * (1 - step / len(batches))
        for (role, tensor), grad in zip(list(now.items()), grads, strict=True):
            clear[role] &= (grad.abs() >= 1e-3 * grad.abs().max()).numpy()
            firsts[role] = 0.9 * firsts[role] + 0.1 * grad
            seconds[role] = 0.999 * seconds[role] + 0.001 * grad**2
            first = firsts[role] / (1 - 0.9 ** (step + 1))
            second = seconds[role] / (1 - 0.999 ** (step + 1))
            moved = tensor.detach() - rate * first / (second.sqrt() + 1e-8)
            now[role] = moved.requires_grad_()
    return {role: tensor.detach().numpy() for role, tensor in now.items()}, clear


# Which tensor of a state_dict is what.


def plain(state: object) -> dict[str, Array]:
    """Arrays with at least one axis by name; whatever else a state_dict holds is no weight."""
    pairs = state.items() if isinstance(state, dict) else ()
    return {
        key: array
        for key, array in pairs
        if isinstance(key, str)
        and isinstance(array, np.ndarray)
        and array.ndim
        and array.dtype.kind == "f"
    }


def keys_of_size(state: Mapping[str, Array], size: int) -> list[str]:
    """Names of the vectors of this length, in order; a vector may have axes of length 1."""
    return [key for key, array in state.items() if array.size == size == max(array.shape)]


def one_norm(state: Mapping[str, Array], number: str, filters: int) -> list[Keys]:
    """Ways to read the vectors of one convolution and its batch norm, if it has one."""
    bias, norm = f"conv{number}.bias", [f"norm{number}.{role}" for role in BATCH_NORM]
    gamma, beta, mean, var = norm
    orders: dict[int, list[list[str]]] = {
        1: [[bias]],
        4: [norm],
        5: [
            [bias, *norm],
            [*norm, bias],
            [gamma, beta, bias, mean, var],
            [gamma, bias, beta, mean, var],
        ],
    }
    keys = keys_of_size(state, filters)
    return [dict(zip(order, keys, strict=True)) for order in orders.get(len(keys), [])]


def only(state: Mapping[str, Array], role: str, shapes: Sequence[tuple[int, ...]]) -> list[Keys]:
    """The tensor that alone has one of these shapes."""
    keys = [key for key, array in state.items() if array.shape in shapes]
    return [{role: keys[0]}] if len(keys) == 1 else []


def cnn_readings(
    state: Mapping[str, Array], in_channels: int, image_size: int, n_classes: int
) -> list[Keys]:
    """All ways to read a state_dict as build_cnn's network; none if it cannot be one."""
    flat = FILTERS[1] * (image_size // 4) ** 2
    ends = [keys_of_size(state, size) for size in (HIDDEN, n_classes)]
    parts = [
        only(state, "conv1.weight", [(FILTERS[0], in_channels, 3, 3)]),
        only(state, "conv2.weight", [(FILTERS[1], FILTERS[0], 3, 3)]),
        only(state, "fc1.weight", [(HIDDEN, flat), (flat, HIDDEN)]),
        only(state, "fc2.weight", [(n_classes, HIDDEN), (HIDDEN, n_classes)]),
        *([{f"fc{i}.bias": keys[0]}] if len(keys) == 1 else [] for i, keys in enumerate(ends, 1)),
        one_norm(state, "1", FILTERS[0]),
        one_norm(state, "2", FILTERS[1]),
    ]
    return [
        {k: v for part in parts for k, v in part.items()} for parts in itertools.product(*parts)
    ]


def block_readings(
    state: Mapping[str, Array], in_channels: int, out_channels: int, stride: int
) -> Iterator[Keys]:
    """All ways to read a state_dict as a ResidualBlock."""
    is_changing = stride != 1 or in_channels != out_channels
    count = 3 if is_changing else 2
    shapes = [(out_channels, in_channels, 3, 3), (out_channels, out_channels, 3, 3)]
    shapes += [(out_channels, in_channels, 1, 1)] * is_changing
    vectors = keys_of_size(state, out_channels)
    kernels = [
        key for key, array in state.items() if array.ndim == 4 and array.size != out_channels
    ]
    kernels = [key for key in kernels if state[key].shape in shapes]
    if len(vectors) != 4 * count or len(kernels) != count:
        return
    each = [vectors[4 * i : 4 * i + 4] for i in range(count)]  # one batch norm after the other
    half = 2 * count  # first what is learned, then what is remembered
    both = [vectors[2 * i : 2 * i + 2] + vectors[half + 2 * i :][:2] for i in range(count)]
    for order in itertools.permutations(kernels):
        if [state[key].shape for key in order] != shapes:
            continue
        for norms in (*itertools.permutations(each), *itertools.permutations(both)):
            keys = {f"conv{i}.weight": key for i, key in enumerate(order, 1)}
            for i, norm in enumerate(norms, 1):
                keys |= {f"norm{i}.{r}": k for r, k in zip(BATCH_NORM, norm, strict=True)}
            yield keys


def read(state: Mapping[str, Array], keys: Keys) -> Params:
    """Take the parameters out of a state_dict, each in the shape that torch gives it."""
    params = {role: np.asarray(state[key], dtype=np.float64) for role, key in keys.items()}
    for role, array in params.items():
        if not role.endswith("weight"):
            params[role] = array.reshape(-1)
    for role, n_out in (("fc1.weight", HIDDEN), ("fc2.weight", params.get("fc2.bias", ()))):
        if role in params:
            rows = n_out if isinstance(n_out, int) else len(n_out)
            params[role] = params[role] if len(params[role]) == rows else params[role].T
    return params


def drawn(
    state: Mapping[str, Array], rng: np.random.Generator, *, vectors: float = 1.0
) -> dict[str, Array]:
    """Values of ours for each tensor; vectors are positive, since one may be a variance."""
    values = {}
    for key, array in state.items():
        shape = array.shape
        if max(shape) == array.size:
            values[key] = (vectors * rng.uniform(0.5, 1.5, shape)).astype(np.float32)
        else:
            fan_in = array.size / max(shape[0], 1) if array.ndim > 2 else min(shape)
            values[key] = (rng.normal(size=shape) / np.sqrt(fan_in)).astype(np.float32)
    return values


def load(submission: Submission, model: Any, values: Mapping[str, Array]) -> None:
    """Set a model's tensors, those that we do not know of as they are."""
    whole = submission.ask(model, "state_dict")
    tensors = {
        key: Tensor(values[key] if key in values else np.asarray(array))
        for key, array in whole.items()
    }
    submission.ask(model, "load_state_dict", tensors)


def answer(submission: Submission, model: Any, x: Array, mode: str) -> Array:
    """What a model answers in "train" or "eval" mode."""
    submission.ask(model, mode)
    return np.asarray(submission.ask(model, "__call__", Tensor(x)))


def nearest(
    readings: Sequence[Keys],
    state: Mapping[str, Array],
    compute: Callable[[Params], Array],
    got: Array,
) -> Keys:
    """The reading of a state_dict under which our network answers most like the model."""

    def error(keys: Keys) -> float:
        wanted = compute(read(state, keys))
        if got.shape != wanted.shape or got.dtype.kind != "f":
            return np.inf
        return float(np.nan_to_num(np.abs(got - wanted), nan=np.inf).max(initial=0.0))

    return min(readings, key=error)


def known_cnn(
    submission: Submission,
    model: Any,
    rng: np.random.Generator,
    sizes: tuple[int, int, int],
    *,
    what: str,
    vectors: float = 1.0,
) -> tuple[Params, Keys]:
    """Give a network weights of ours; return them by role, and the names of the roles.

    Args:
        submission: Holds the model.
        model: Its handle.
        rng: Draws the weights.
        sizes: in_channels, image_size, n_classes.
        what: The call as a student would write it.
        vectors: Mean of the biases. Large ones make a loss of 9 and more, and a few steps of Adam
            from there magnify float32's rounding without end.
    """
    state = plain(submission.ask(model, "state_dict"))
    readings = cnn_readings(state, *sizes)
    assert_layers(readings, state, what=what)
    values = drawn(state, rng, vectors=vectors)
    load(submission, model, values)
    in_channels, size, _ = sizes
    x = rng.normal(size=(3, in_channels, size, size)).astype(np.float32)
    got = answer(submission, model, x, "eval")
    keys = nearest(readings, values, lambda params: cnn(params, x), got)
    return read(values, keys), keys


class OtherLayersError(AssertionError):
    """The model is not the network of the statement; there is nothing to go on with."""


def assert_layers(readings: Sequence[Keys], state: Mapping[str, Array], *, what: str) -> None:
    """The state_dict has the tensors that the statement's layers have."""
    shapes = sorted(array.shape for array in state.values())
    assert_that(
        bool(readings),
        f"{what} does not have the layers of the statement: the shapes in its state_dict differ.",
        shows=shapes,
        hint="Compare [tuple(p.shape) for p in model.parameters()] with the table of layers.",
    )
    if not readings:
        raise OtherLayersError


def tolerance(wanted: Array) -> dict[str, Any]:
    """Keywords for assert_close with a float32 network: rounding adds up over its layers."""
    scale = max(1.0, float(np.abs(wanted).max(initial=0.0)))
    return {"rtol": RTOL32, "atol": ATOL32 * scale, "dtype": "float32"}
