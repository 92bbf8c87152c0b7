"""Every key of the bank, computed a second time: by real objects, without looking at the key.

Written blind, from what students receive. A function takes the parameters of its question and
returns the response: a number, the typed words, fragments of the options to tick (or of the steps
in order), or a fragment of each left side with one of its right side. SLIPS are the known wrong
numbers, made by a machine that makes the mistake.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import hypot, inf

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import BatchSampler

Response = float | str | tuple[str, ...] | dict[str, str]
Key = Callable[..., Response]
COLOURS = 3


def said(*fragments: str) -> Key:
    """Return a key without parameters: fragments of what to tick, or of steps in order."""
    return lambda **_: fragments


def typed(text: str) -> Key:
    """Return a key without parameters: words to type."""
    return lambda **_: text


def matched(pairs: dict[str, str]) -> Key:
    """Return a key without parameters: fragments of left sides and of their right sides."""
    return lambda **_: pairs


def real(value: float | Sequence[float], *, asks_gradient: bool = False) -> Tensor:
    """Return a float64 tensor, as exact as the numbers in the questions."""
    return torch.tensor(value, dtype=torch.float64, requires_grad=asks_gradient)


# Counting


def dense(widths: Sequence[int]) -> nn.Sequential:
    """Return dense layers between widths."""
    return nn.Sequential(*(nn.Linear(*pair, device="meta") for pair in pairwise(widths)))


def count(module: nn.Module, *, without: tuple[str, ...] = ()) -> int:
    """Count parameters, less those whose name contains one of some words."""
    named = module.named_parameters()
    return sum(p.numel() for name, p in named if not any(word in name for word in without))


def inputs(module: nn.Module) -> int:
    """Add up how many inputs, or channels, the layers have."""
    layers = [layer for layer in module.modules() if not isinstance(layer, nn.Sequential)]
    return sum(getattr(layer, "in_features", 0) or layer.in_channels for layer in layers)


def counted_wrongly(build: Callable[..., nn.Module]) -> dict[str, Key]:
    """Return the slips in counting the parameters of dense layers or a convolution."""

    def weights(**params: int) -> int:
        return count(build(**params), without=("bias",))

    return {
        "counts_weights_only": weights,
        "bias_per_input": lambda **params: weights(**params) + inputs(build(**params)),
        "one_bias_per_layer": lambda **params: weights(**params) + len(build(**params)),
        "last_layer_not_counted": lambda **params: count(build(**params)[0]),
    }


def conv(c: int, f: int, k: int = 3, **_: int) -> nn.Conv2d:
    """Return a convolution from c channels to f with k by k kernels."""
    return nn.Conv2d(c, f, k, device="meta")


def conv_counted_wrongly(without: tuple[str, ...]) -> dict[str, Key]:
    """Return the slips in counting a convolution, with or without its biases."""

    def per_pixel(c: int, f: int, s: int, k: int = 3) -> int:
        places = torch.empty(s, s, device="meta").numel()
        return count(conv(c, f, k), without=("bias",)) * places + (0 if without else f)

    return {
        "vgg_without_input_channels": lambda c, f, k=3, s=0: count(conv(1, f, k), without=without),
        "weights_per_pixel": per_pixel,
        "kernel_side_only": lambda c, f, k=3, s=0: count(conv(c, f, (k, 1)), without=without),
    }


def recurrent(kind: type[nn.RNNBase], n: int, h: int, without: tuple[str, ...] = ()) -> int:
    """Count a recurrent layer with one bias vector: PyTorch's second one is left out."""
    return count(kind(n, h, device="meta"), without=("bias_hh", *without))


LSTM_SLIPS: dict[str, Key] = {
    "lstm_counted_as_rnn": lambda n, h, t=0: recurrent(nn.RNN, n, h),
    "candidate_not_counted": lambda n, h, t=0: recurrent(nn.GRU, n, h),  # three parts, not four
    "recurrent_weights_forgotten": lambda n, h, t=0: recurrent(nn.LSTM, n, h, ("weight_hh",)),
    "lstm_bias_forgotten": lambda n, h, t=0: recurrent(nn.LSTM, n, h, ("bias",)),
}


def batches(n: int, b: int, *, drop_last: bool = False) -> int:
    """Go through n examples in batches of b, and count the batches."""
    return sum(1 for _ in BatchSampler(range(n), b, drop_last=drop_last))


UPDATE_SLIPS: dict[str, Key] = {
    "last_batch_dropped": lambda n, b, e: e * batches(n, b, drop_last=True),
    "one_epoch_only": lambda n, b, e: batches(n, b),
    "one_step_per_epoch": lambda n, b, e: e * batches(n, n),
    "one_update_per_example": lambda n, b, e: e * batches(n, 1),
    "batch_size_as_count": lambda n, b, e: e * len(next(iter(BatchSampler(range(n), b, False)))),
}


SAME_IN_FIVE = ("last_batch_dropped", "one_step_per_epoch", "batch_size_as_count")


def grid(pieces: int, axes: int) -> int:
    """Count the cells of a grid: a tensor with that many axes."""
    return torch.empty((pieces,) * axes, device="meta").numel()


def stored(n: int, s: int, bits: int, colours: int = COLOURS) -> float:
    """Return the bytes of n square pictures."""
    kind = {8: torch.uint8, 32: torch.float32}[bits]
    pictures = torch.empty((n, s, s, colours), dtype=kind, device="meta")
    return float(pictures.nelement() * pictures.element_size())


def vgg_outputs() -> float:
    """Return how many numbers the layers of VGG-16 give out for an image, the image included."""
    x = torch.empty(1, 3, 224, 224, device="meta")
    total = x.numel()
    for width, depth in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(depth):
            x = nn.Conv2d(x.shape[1], width, 3, padding=1, device="meta")(x)
            total += x.numel()
        x = functional.max_pool2d(x, 2)
        total += x.numel()
    return total + 4096 + 4096 + 1000


# Gradients


def step(loss: Callable[[Tensor], Tensor], w: float, rate: float, **how: bool) -> float:
    """Make one step of gradient descent and return where it leads."""
    weight = real(float(w), asks_gradient=True)
    loss(weight).backward()
    torch.optim.SGD([weight], lr=rate, **how).step()
    return weight.item()


def parabola(a: float, **_: float) -> Callable[[Tensor], Tensor]:
    """Return the loss of l1-step."""
    return lambda w: (w - a) ** 2


def bowl(a: float, **_: float) -> Callable[[Tensor], Tensor]:
    """Return the loss of l1-step-2."""
    return lambda w: a * w**2 + 1


def step_slips(loss: Callable[..., Callable[[Tensor], Tensor]]) -> dict[str, Key]:
    """Return the slips in a step downhill."""
    return {
        "ascends": lambda a, w, r, **_: step(loss(a), w, r, maximize=True),
        "slope_without_two": lambda a, w, r, **_: step(lambda x: loss(a)(x) / 2, w, r),
        "step_size_ignored": lambda a, w, r, **_: step(loss(a), w, 1.0),
        "loss_for_slope": lambda a, w, r, **_: w - r * loss(a)(real(w)).item(),
    }


def cross_entropy(p: float, target: int) -> float:
    """Return the binary cross-entropy of a probability."""
    return functional.binary_cross_entropy(real(p), real(float(target))).item()


def slope(p: float, target: int) -> float:
    """Return the slope of the cross-entropy at a probability."""
    prob = real(p, asks_gradient=True)
    functional.binary_cross_entropy(prob, real(float(target))).backward()
    return prob.grad.item()


def slope_at_logit(p: float, target: int) -> float:
    """Return the slope of the cross-entropy with respect to what the sigmoid gets."""
    logit = torch.logit(real(p)).requires_grad_()
    functional.binary_cross_entropy_with_logits(logit, real(float(target))).backward()
    return logit.grad.item()


def weight_slope(p: float, x: float, target: int) -> float:
    """Return the slope with respect to the weight of an input x, where the output is p."""
    weight = real(0.0, asks_gradient=True)
    logit = torch.logit(real(p)) + weight * x
    functional.binary_cross_entropy_with_logits(logit, real(float(target))).backward()
    return weight.grad.item()


def moves(weight: str, gradient: float, *, ascends: bool = False) -> str:
    """Write the option of l2-chain for a gradient."""
    way = "smaller" if (gradient > 0) != ascends else "larger"
    return f"It makes ${weight}$ {way}, because $dL/d{weight} = {gradient:.2f}$."


def chain_slips(weight: str, target: int) -> dict[str, Key]:
    """Return the slips of l2-chain, as texts of options."""

    def option(p: float, x: float, change: Callable[[float], float]) -> str:
        return moves(weight, change(weight_slope(p, x, target)))

    return {
        "lecture2_dprob_dlogit_sign": lambda p, x, **_: option(p, x, lambda g: -g),
        "lecture2_chain_upside_down": lambda p, x, **_: option(p, x, lambda g: 1 / g),
        "output_delta_without_slope": lambda p, x, **_: moves(weight, x * slope(p, target)),
        "ascends": lambda p, x, **_: moves(weight, weight_slope(p, x, target), ascends=True),
    }


def back(at: float, weights: Sequence[float], upstream: Sequence[float]) -> Tensor:
    """Send derivatives back through connections to the output of a unit."""
    out = real(at, asks_gradient=True)
    (out * real(weights)).backward(real(upstream))
    return out.grad


def delta(z: Tensor, weights: Sequence[float], upstream: Sequence[float]) -> float:
    """Send derivatives back through connections and the sigmoid of a unit with input z."""
    z = z.clone().requires_grad_()
    (torch.sigmoid(z) * real(weights)).backward(real(upstream))
    return z.grad.item()


def hidden(d1: float, d2: float, w1: float, w2: float, h: float, **_: float) -> float:
    """Return the delta of a hidden sigmoid unit whose output was h."""
    return delta(torch.logit(real(h)), (w1, w2), (d1, d2))


HIDDEN_SLIPS: dict[str, Key] = {
    "hidden_delta_without_slope": lambda d1, d2, w1, w2, h, s: back(h, (w1, w2), (d1, d2)).item(),
    "hidden_delta_without_weights": lambda d1, d2, w1, w2, h, s: hidden(d1, d2, 1.0, 1.0, h),
    "slope_at_the_activation": lambda d1, d2, w1, w2, h, s: delta(real(h), (w1, w2), (d1, d2)),
}


def ways(weights: Sequence[float], upstream: Sequence[float]) -> float:
    """Return dJ/dx of an input that goes to several units."""
    return back(1.0, weights, upstream).item()


def ways_slips(*last: float) -> dict[str, Key]:
    """Return the slips of s5-chain; last is a unit without parameters: its weight, its gradient."""
    one, two = (last[:1], last[1:])
    return {
        "lecture5_gradient_of_weights_alone": lambda g1, g2, w1, w2: ways(
            (w1, w2, *one), (1.0, 1.0, *(1.0 for _ in one))
        ),
        "hidden_delta_without_weights": lambda g1, g2, w1, w2: ways(
            (1.0, 1.0, *(1.0 for _ in one)), (g1, g2, *two)
        ),
        "sums_before_products": lambda g1, g2, w1, w2: ways(
            (sum((w1, w2, *one)),), (sum((g1, g2, *two)),)
        ),
    }


def momentum(a: float, v: float, g: float, *, weight_of_new: float | None = None) -> float:
    """Let PyTorch's SGD, whose dampening makes an average, take in a gradient; return v."""
    theta = real(1.0, asks_gradient=True)
    theta.grad = real(float(g))
    dampening = a if weight_of_new is None else 1 - weight_of_new
    optimiser = torch.optim.SGD([theta], lr=0.1, momentum=a, dampening=dampening)
    optimiser.state[theta]["momentum_buffer"] = real(float(v))
    optimiser.step()
    return (1.0 - theta.item()) / 0.1


MOMENTUM_SLIPS: dict[str, Key] = {
    "classical_momentum": lambda a, v, g: momentum(a, v, g, weight_of_new=1.0),
    "momentum_weights_swapped": lambda a, v, g: momentum(1 - a, v, g),
}


def chain(n: int, unit: Callable[[Tensor], Tensor], weight: float) -> list[float]:
    """Return the slopes of a chain of units: of one, of two, ... of n, back to the input."""
    x = real(1.0, asks_gradient=True)
    slopes, out = [], x
    for _ in range(n):
        out = unit(out * weight)
        slopes.append(torch.autograd.grad(out, x, retain_graph=True)[0].item())
    return slopes


def centred_sigmoid(z: Tensor) -> Tensor:
    """Return a sigmoid whose bias makes its input 0."""
    return torch.sigmoid(z - z.detach())


def mistakes_gone(a: float, b: float) -> float:
    """Count the mistakes among 100 answers before and after; return the percentage gone."""
    before, after = (sum(answer >= right for answer in range(100)) for right in (a, b))
    return 100 * (before - after) / before


MISTAKE_SLIPS: dict[str, Key] = {
    "accuracy_difference_is_the_gain": lambda a, b: float(b - a),
    "share_left_for_share_gone": lambda a, b: 100 - mistakes_gone(a, b),
}


def residual(x: Sequence[float], path: Sequence[float], where: str = "after") -> str:
    """Write what a residual block gives out, with its last ReLU where it is or elsewhere."""
    x, path = real(x), real(path)
    out = {
        "after": torch.relu(x + path),
        "before": x + torch.relu(path),
        "nowhere": x + path,
        "path alone": torch.relu(path),
    }[where]
    return "$({:g}, {:g})$".format(*(out + 0.0).tolist())


def residual_slips(block: Callable[..., str]) -> dict[str, Key]:
    """Return the slips in a residual block, as texts of options."""
    names = {
        "residual_relu_before_sum": "before",
        "residual_without_last_relu": "nowhere",
        "residual_no_shortcut": "path alone",
    }
    return {
        name: lambda where=where, **params: block(where=where, **params)
        for name, where in names.items()
    }


def block_one(a: float, b: float, where: str = "after") -> str:
    """Return the option of l2-residual."""
    return residual((float(a), float(-b)), (-1.0, 1.0), where)


def block_two(g: float, h: float, where: str = "after") -> str:
    """Return the option of l2-residual-2."""
    return residual((2.0, float(h)), (-5.0, float(g)), where)


def shape(n: int, *one: int) -> str:
    """Write the shape of n examples, stacked."""
    return f"`{tuple(torch.stack([torch.empty(one, device='meta')] * n).shape)}`"


# Read from the stem: tables


def early_stop(losses: Sequence[float], patience: int) -> int:
    """Return after which epoch early stopping ends the training."""
    for epoch in range(1, len(losses) + 1):
        best = losses[:epoch].index(min(losses[:epoch])) + 1
        if epoch - best >= patience:
            return epoch
    return len(losses)


def early_stop_wrongly(
    losses: Sequence[float], patience: int, *, by_rises: bool = False, resets: bool = True
) -> int:
    """Stop early, but compare with the epoch before, or never start the count again."""
    bad, lowest, before = 0, inf, inf
    for epoch, loss in enumerate(losses, 1):
        is_better = loss < (before if by_rises else lowest)
        bad = bad + (not is_better) if not (is_better and resets) else 0
        lowest, before = min(lowest, loss), loss
        if bad >= patience:
            return epoch
    return len(losses)


def early_slips(losses: Sequence[float], patience: int) -> dict[str, int]:
    """Return where the known slips stop."""
    stop = early_stop(losses, patience)
    return {
        "stops_at_rises": early_stop_wrongly(losses, patience, by_rises=True),
        "patience_not_reset": early_stop_wrongly(losses, patience, resets=False),
        "stops_one_late": early_stop(losses, patience + 1),
        "stops_at_the_best_epoch": losses.index(min(losses[:stop])) + 1,
    }


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the cosine of two vectors of the plane."""
    return (one[0] * other[0] + one[1] * other[1]) / (hypot(*one) * hypot(*other))


def analogies(vectors: Mapping[str, Sequence[float]], a: str, b: str, c: str) -> dict[str, str]:
    """Return the word that completes a : b :: c, at "", and where the known slips lead."""
    query = [y - x + z for x, y, z in zip(vectors[a], vectors[b], vectors[c], strict=True)]
    turned = [x - y + z for x, y, z in zip(vectors[a], vectors[b], vectors[c], strict=True)]
    rest = [word for word in vectors if word not in (a, b, c)]
    return {
        "": max(rest, key=lambda word: cosine(query, vectors[word])),
        "analogy_not_excluded": max(vectors, key=lambda word: cosine(query, vectors[word])),
        "analogy_signs": max(rest, key=lambda word: cosine(turned, vectors[word])),
        "lecture2_analogy_not_cosine": max(
            rest, key=lambda word: cosine(query, vectors[word]) * hypot(*vectors[word])
        ),
    }


def best_epochs(rows: Sequence[Sequence[float]]) -> dict[str, float]:
    """Return the epoch to keep of (epoch, training, validation), at "", and the slips'."""
    return {
        "": min(rows, key=lambda row: row[2])[0],
        "gap_alone_means_overfitting": min(rows, key=lambda row: abs(row[1] - row[2]))[0],
        "sum_of_both_losses": min(rows, key=lambda row: row[1] + row[2])[0],
        "stops_on_training_loss": min(rows, key=lambda row: row[1])[0],
    }


# The keys


SECOND: dict[str, Key] = {
    # session 1
    "l1-dense-params": lambda s, h, n: count(dense((s * s, h, 10))),
    "l1-dense-params-2": lambda n, h, k: count(dense((n, h, k))),
    "l1-updates": lambda n, b, e: e * batches(n, b),
    "l1-updates-2": lambda n, b, e: e * batches(n, b),
    "l1-step": lambda a, w, r, g: step(parabola(a), w, r),
    "l1-step-2": lambda a, w, r, g: step(bowl(a), w, r),
    "l1-best-epoch": said("those after epoch 10"),
    "l1-best-epoch-2": said("epoch 15"),
    "l1-find-the-bug": said("line 2:"),
    "l1-find-the-bug-2": said("line 3:"),
    "l1-shapes": lambda n, s: {
        "made into a vector": shape(n, s * s),
        "colour images": shape(n, s, s, COLOURS),
        "films": shape(n, 10, s, s, COLOURS),
        "recordings": shape(n, 10, 3),
    },
    "l1-shapes-2": lambda n, m: {
        "blood values": shape(n, m),
        "in each of 24 hours": shape(n, 24, m),
        "photos": shape(n, 64, 64, COLOURS),
        "films": shape(n, 24, 64, 64, COLOURS),
    },
    "l1-learned": said("the weights of a hidden layer", "the biases of the softmax layer"),
    "l1-learned-2": said("loss function", "number of examples in a batch", "number of layers"),
    "l1-momentum": said("may roll over the bump"),
    "l1-momentum-2": said("False: it may carry you out"),
    # session 2
    "l2-loss-slope": lambda p: slope(p, 0),
    "l2-loss-slope-2": lambda p: 0.01 * slope(p, 0),
    "l2-chain": lambda p, x, g, s: (moves("a_3", weight_slope(p, x, 1)),),
    "l2-chain-2": lambda p, x, g, s: (moves("w_2", weight_slope(p, x, 0)),),
    "l2-conv-weights": lambda c, f, s: count(conv(c, f), without=("bias",)),
    "l2-conv-weights-2": lambda c, f, k, s: count(conv(c, f, k)),
    "l2-residual": lambda a, b: (block_one(a, b),),
    "l2-residual-2": lambda g, h: (block_two(g, h),),
    "l2-vanishing": said("batch normalisation", "shortcuts around", "ReLU units instead"),
    "l2-vanishing-2": said("LSTM cells", "ReLU units and recurrent weights"),
    "l2-gan": matched(
        {
            "$x$": "a real photo",
            "$z$": "random noise",
            "$G(z)$": "a made-up photo",
            "$D(x)$": "$D$ wants to be large",
            "$D(G(z))$": "$D$ wants to be small",
        }
    ),
    "l2-gan-2": matched(
        {
            "$p_{data}$": "distribution of the training pictures",
            "$p_z$": "distribution of noise",
            "$p_G$": "the pictures that $G$ makes",
            "$1 - D(x)$": "is not real",
        }
    ),
    "l2-lstm-params": lambda n, h: recurrent(nn.LSTM, n, h),
    "l2-lstm-params-2": lambda n, h, t: recurrent(nn.LSTM, n, h),
    "l2-vgg-memory": lambda: (f"{vgg_outputs() * torch.float32.itemsize / 1e6:.0f} MB",),
    "l2-analogy": said("Italy"),
    # session 3
    "s3-cubes": lambda k, d: grid(pieces=k, axes=d),
    "s3-finer-cubes": lambda m, d: grid(pieces=m, axes=d),
    "s3-one-unit": said("Exactly 1 for every fish"),
    "s3-one-unit-repair": said("`nn.Sigmoid()`"),
    "s3-delta": hidden,
    "s3-delta-again": hidden,
    "s3-momentum": momentum,
    "s3-momentum-step": lambda a, v, g: 1 - 0.1 * momentum(a, v, g),
    "s3-wide-code": said("To hand its input through"),
    "s3-wide-code-again": said("A penalty"),
    "s3-order": said(
        "outputs of the hidden", "answers of", "output units:", "hidden units:", "new weights"
    ),
    "s3-order-autoencoder": said(
        "the code $z", "reconstruction", "difference", "what goes back", "new $W$ and $D$"
    ),
    "s3-regularise": said("Dropout", "shifted copies", "L2 penalty"),
    "s3-regularise-again": said("Switching off a random half", "random rotation", "Raising"),
    # session 4
    "s4-coordinate": said("$x^2 + y^2$"),
    "s4-coordinate-again": said("$x \\cdot y$"),
    "s4-kinds": matched(
        {
            "A chess program": "nothing is learned",
            "A classifier": "by people",
            "A network of 50": "finds its features",
        }
    ),
    "s4-kinds-again": matched(
        {
            "A tax adviser": "nothing is learned",
            "A decision tree": "by people",
            "A deep network": "finds its features",
        }
    ),
    "s4-data-size": lambda s, bits, size: stored(1_400_000, s, bits) / 1e9,
    "s4-data-size-again": lambda n, s, bits, size: stored(n, s, bits) / 1e6,
    "s4-mistakes-gone": mistakes_gone,
    "s4-mistakes-fewer": mistakes_gone,
    "s4-vanish": lambda n: chain(n, centred_sigmoid, 1.0)[-1],
    "s4-explode": lambda w, n: chain(n, torch.relu, w)[-1],
    "s4-why-now": said("Graphics cards", "The internet", "Starting weights"),
    "s4-back-to-1992": said("A machine that", "A million photos"),
    "s4-missing-line": typed("loss.backward()"),
    "s4-missing-line-again": typed("opt.step()"),
    "s4-imagenet": said("It sorts photos"),
    "s4-imagenet-start": said("Telling plant diseases apart"),
    # session 5
    "s5-bce": lambda p: cross_entropy(p, 0),
    "s5-bce-again": lambda p: cross_entropy(p, 1),
    "s5-updates": lambda n, b, e: e * batches(n, b),
    "s5-updates-again": lambda m, k, e: e * batches(m, m // k),
    "s5-chain": lambda g1, g2, w1, w2: ways((w1, w2), (g1, g2)),
    "s5-chain-again": lambda g1, g2, w1, w2: ways((w1, w2, 1), (g1, g2, 2)),
    "s5-early": said("after epoch 6"),
    "s5-early-again": said("after epoch 8"),
    "s5-curves": said("Add dropout and weight decay"),
    "s5-two-accuracies": said("more layers and units"),
    "s5-outputs": said('`Dense(10, activation="softmax")`'),
    "s5-outputs-again": said("Ticking which of ten animals"),
    "s5-symptoms": matched(
        {
            "The loss jumps": "far too large",
            "In a network of 20": "vanishing gradients",
            "All units": "started equal",
            "The training loss": "overfitting",
        }
    ),
    "s5-causes": matched(
        {
            "1,000 times larger": "swings and grows",
            "1,000 times smaller": "but hardly",
            "at the same number": "copies of each other",
            "20": "almost no gradient",
        }
    ),
    "s5-dropout": said("In prediction, no unit", "20 % of the units are switched off"),
    "s5-dropout-again": said("`nn.Dropout(0.3)`", "all units are on"),
}

SLIPS: dict[str, dict[str, Key]] = {
    "l1-dense-params": counted_wrongly(lambda s, h, n: dense((s * s, h, 10))),
    "l1-dense-params-2": counted_wrongly(lambda n, h, k: dense((n, h, k))),
    "l1-updates": UPDATE_SLIPS,
    "l1-updates-2": UPDATE_SLIPS,
    "l1-step": step_slips(parabola),
    "l1-step-2": step_slips(bowl),
    "l2-loss-slope": {
        "lecture2_dloss_dprob_sign": lambda p: -slope(p, 0),
        "other_targets_term": lambda p: slope(p, 1),
        "loss_for_slope": lambda p: cross_entropy(p, 0),
        "slope_at_the_logit": lambda p: slope_at_logit(p, 0),
    },
    "l2-loss-slope-2": {
        "lecture2_dloss_dprob_sign": lambda p: -0.01 * slope(p, 0),
        "other_targets_term": lambda p: 0.01 * slope(p, 1),
        "slope_for_change": lambda p: slope(p, 0),
        "slope_at_the_logit": lambda p: 0.01 * slope_at_logit(p, 0),
    },
    "l2-chain": chain_slips("a_3", 1),
    "l2-chain-2": chain_slips("w_2", 0),
    "l2-conv-weights": {
        **conv_counted_wrongly(("bias",)),
        "vgg_biases_counted": lambda c, f, s: count(conv(c, f)),
    },
    "l2-conv-weights-2": {
        **conv_counted_wrongly(()),
        **{name: counted_wrongly(conv)[name] for name in ("counts_weights_only", "bias_per_input")},
    },
    "l2-residual": residual_slips(block_one),
    "l2-residual-2": residual_slips(block_two),
    "l2-lstm-params": LSTM_SLIPS,
    "l2-lstm-params-2": {
        **LSTM_SLIPS,
        "weights_per_step": lambda n, h, t: t * recurrent(nn.LSTM, n, h),
    },
    "l2-vgg-memory": {
        "bytes_forgotten": lambda: f"{vgg_outputs() / 1e6:.0f} MB",
        "bits_for_bytes": lambda: f"{vgg_outputs() * torch.finfo(torch.float32).bits / 1e6:.0f} MB",
    },
    "s3-cubes": {
        "curse_grows_linearly": lambda k, d: sum([k] * d),
        "curse_power_swapped": lambda k, d: grid(d, k),
    },
    "s3-finer-cubes": {
        "curse_grows_linearly": lambda m, d: sum([m] * d),
        "curse_one_axis_only": lambda m, d: grid(m, 1),
    },
    "s3-delta": HIDDEN_SLIPS,
    "s3-delta-again": HIDDEN_SLIPS,
    "s3-momentum": MOMENTUM_SLIPS,
    "s3-momentum-step": {
        **{
            name: lambda slip=slip, **params: 1 - 0.1 * slip(**params)
            for name, slip in MOMENTUM_SLIPS.items()
        },
        "momentum_missing": lambda a, v, g: 1 - 0.1 * momentum(0.0, v, g),
        "ascends": lambda a, v, g: 1 + 0.1 * momentum(a, v, g),
    },
    "s4-data-size": {
        "colour_channels_forgotten": lambda s, bits, size: stored(1_400_000, s, bits, 1) / 1e9,
        "bits_for_bytes": lambda s, bits, size: stored(1_400_000, s, 8) * bits / 1e9,
    },
    "s4-data-size-again": {
        "colour_channels_forgotten": lambda n, s, bits, size: stored(n, s, bits, 1) / 1e6,
        "bits_for_bytes": lambda n, s, bits, size: stored(n, s, 8) * bits / 1e6,
    },
    "s4-mistakes-gone": MISTAKE_SLIPS,
    "s4-mistakes-fewer": MISTAKE_SLIPS,
    "s4-vanish": {
        "slope_is_the_activation": lambda n: torch.sigmoid(real([0.0] * n)).prod().item(),
        "layers_add_up": lambda n: sum([chain(1, centred_sigmoid, 1.0)[0]] * n),
        "one_layer_counts": lambda n: chain(1, centred_sigmoid, 1.0)[0],
    },
    "s4-explode": {
        "layers_add_up": lambda w, n: sum([chain(1, torch.relu, w)[0]] * n),
        "weights_ignored_backwards": lambda w, n: chain(n, torch.relu, 1.0)[-1],
    },
    "s5-bce": {
        "lecture5_no_minus": lambda p: -cross_entropy(p, 0),
        "other_targets_term": lambda p: cross_entropy(p, 1),
        "cross_entropy_one_term": lambda p: -0.0 * torch.log(real(p)).item(),
    },
    "s5-bce-again": {
        "lecture5_no_minus": lambda p: -cross_entropy(p, 1),
        "other_targets_term": lambda p: cross_entropy(p, 0),
        "cross_entropy_is_the_distance": lambda p: functional.l1_loss(real(p), real(1.0)).item(),
    },
    "s5-updates": {name: UPDATE_SLIPS[name] for name in UPDATE_SLIPS if name in SAME_IN_FIVE},
    "s5-updates-again": {
        "last_batch_dropped": lambda m, k, e: e * batches(m, m // k, drop_last=True),
        "batch_size_as_count": lambda m, k, e: e * (m // batches(m, m // k, drop_last=True)),
        "one_step_per_epoch": lambda m, k, e: e * batches(m, m),
        "one_update_per_example": lambda m, k, e: e * batches(m, 1),
    },
    "s5-chain": ways_slips(),
    "s5-chain-again": ways_slips(1.0, 2.0),
}
