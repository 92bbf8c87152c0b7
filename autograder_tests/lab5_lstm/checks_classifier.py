"""Hidden checks of lab 5: the classifier and its training, recomputed here from its tensors."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from oracle_lab5 import Array, Labels, Network, load_random, read_network, state_of, train

from grader.testing import Submission, Tensor, assert_close, assert_equal, assert_that

RTOL, ATOL = 1e-3, 1e-5  # float32 against float64; inputs of order one, at most 11 steps
RUNS = 24  # of two examples: the chance that a correct shuffle shows one order only is 2 ** -23


def assert_logits(got: object, wanted: Array, *, what: str, hint: str = "") -> None:
    """Compare the answer of a float32 model with float64."""
    scale = max(1.0, float(np.abs(wanted).max()))
    assert_close(got, wanted, what=what, rtol=RTOL, atol=ATOL * scale, dtype="floating", hint=hint)


def draw_batch(
    rng: np.random.Generator, n: int, time: int, n_in: int, n_classes: int
) -> tuple[Array, Labels, Labels]:
    """X (n, time, n_in) as float32 holds it, targets (n,), lengths (n,), the first one full."""
    x = rng.normal(size=(n, time, n_in)).astype(np.float32)
    lengths = rng.integers(1, time + 1, size=n)
    lengths[0] = time
    return x, rng.integers(n_classes, size=n), lengths


def loaded_model(
    submission: Submission, rng: np.random.Generator, sizes: tuple[int, int, int], scale: float
) -> tuple[Any, Network]:
    """A classifier with random weights of ours, and these weights."""
    model = submission.build_lstm_classifier(*sizes)
    load_random(submission, model, rng, scale)
    what = "build_lstm_classifier(n_in, hidden, n_classes)"
    return model, read_network(submission, model, sizes, what=what)


def test_classifier_structure(submission: Submission, rng: np.random.Generator) -> None:
    """What the model answers is what its tensors make of x: an LSTM and an affine layer.

    Catches mistakes: classifier_cell_for_hidden, classifier_first_step, classifier_keeps_state,
    classifier_logits_of_all_steps, classifier_mean_over_time, classifier_relu_before_output,
    classifier_softmax, classifier_time_first, classifier_two_layers.
    """
    for sizes, n, time in [((5, 7, 3), 6, 4), ((3, 2, 11), 1, 9), ((2, 5, 7), 4, 1)]:
        model, network = loaded_model(submission, rng, sizes, 0.5)
        x, _, _ = draw_batch(rng, n, time, sizes[0], sizes[2])
        other, _, _ = draw_batch(rng, n, time + 1, sizes[0], sizes[2])
        wanted = network.logits(x)
        for words in ("", ", asked again,", " after another batch"):
            logits = submission.ask(model, "__call__", Tensor(x))
            assert_logits(
                logits,
                wanted,
                what=f"build_lstm_classifier(n_in, hidden, n_classes)(x){words}",
                hint="The LSTM starts at zero for every batch; the affine layer sees its last "
                "hidden state. x is (batch, time, n_in).",
            )
            if words:
                submission.ask(model, "__call__", Tensor(other))


def test_classifier_lengths(submission: Submission, rng: np.random.Generator) -> None:
    """What follows the last real step does not matter.

    Catches mistakes: classifier_lengths_ignored, classifier_lengths_off_by_one,
    classifier_lengths_sorted, classifier_longest_of_batch, classifier_padding_zeroed_inputs,
    classifier_softmax, classifier_time_first.
    """
    for sizes, n, time in [((5, 7, 3), 11, 6), ((3, 2, 7), 4, 9), ((2, 5, 3), 1, 5)]:
        model, network = loaded_model(submission, rng, sizes, 0.5)
        x, _, lengths = draw_batch(rng, n, time, sizes[0], sizes[2])
        # The longest one may be shorter than the batch; the second batch has a full one.
        lengths = rng.permutation(lengths) if n == 4 else np.minimum(lengths, time - 1)
        wanted = network.logits(x, lengths)
        padded = x.copy()
        for row, length in zip(padded, lengths, strict=True):
            row[length:] = 3.0 * rng.normal(size=row[length:].shape)
        logits = submission.ask(model, "__call__", Tensor(padded), Tensor(lengths))
        assert_logits(
            logits,
            wanted,
            what="build_lstm_classifier(n_in, hidden, n_classes)(x, lengths)",
            hint="Example i ends at step lengths[i] - 1. Its hidden state there is the one to use.",
        )


def assert_trained(
    submission: Submission, model: Any, start: Network, wanted: Network, sizes: tuple[int, int, int]
) -> None:
    """What training added to each tensor."""
    got = read_network(submission, model, sizes, what="the model after fit")
    names = ["w_ih", "w_hh", *["bias"] * len(wanted.biases), "weights of the output", "output bias"]
    pairs = zip(got.arrays, wanted.arrays, start.arrays, names, strict=False)
    for after, expected, before, name in list(pairs)[::-1]:
        change = expected - before
        assert_close(
            after - before if after.shape == before.shape else after,
            change,
            what=f"what fit adds to the {name}",
            rtol=RTOL,
            # Weights of order 0.3 in float32 are known to 3e-8.
            atol=1e-6 + 1e-4 * float(np.abs(change).max()),
            hint="One step: mean cross-entropy, gradients from zero, clipped, then the update.",
        )


def assert_history(history: object, losses: list[float], shares: list[float]) -> None:
    """One loss and one accuracy an epoch."""
    for key, wanted in (("loss", losses), ("accuracy", shares)):
        values = history.get(key, ()) if isinstance(history, dict) else ()
        numbers = [v for v in values if isinstance(v, int | float | np.number)]
        assert_close(
            np.array(numbers, dtype=np.float64),
            np.array(wanted),
            what=f"fit(model, x, y, ...)[{key!r}]",
            rtol=RTOL,
            atol=ATOL,
            hint="The mean over all examples of the epoch, before each step, one number an epoch.",
        )


def test_fit_steps(submission: Submission, rng: np.random.Generator) -> None:
    """Exactly the weights after some steps on one batch that holds all examples.

    Catches mistakes: classifier_lengths_ignored, fit_clips_by_value, fit_clips_each_tensor,
    fit_history_after_epoch, fit_learning_rate_fixed, fit_lengths_ignored, fit_max_norm_fixed,
    fit_no_zero_grad, fit_not_clipped, fit_one_epoch_only, fit_softmax_before_loss,
    fit_step_against_gradient, fit_sums_the_batch, fit_zero_grad_late.
    """
    cases = [  # the last numbers: examples, and how large the weights are
        ("sgd", 0.5, 1e6, 1, False, 11, 0.3),
        ("sgd", 0.5, 0.05, 2, False, 11, 0.3),
        ("sgd", 0.1, 0.2, 2, False, 2, 1.0),  # gradients longer than 1
        ("sgd", 0.5, 0.2, 2, True, 11, 0.3),
        ("adam", 0.01, 1.0, 3, True, 11, 0.3),
    ]
    sizes = (5, 7, 3)
    for optimizer, learning_rate, max_norm, epochs, with_lengths, n, scale in cases:
        how = {"optimizer": optimizer, "learning_rate": learning_rate, "max_norm": max_norm}
        model, start = loaded_model(submission, rng, sizes, scale)
        for _ in range(50):  # a gradient of nearly 0 has a sign by rounding only, and Adam shows it
            x, y, lengths = draw_batch(rng, n, 4, sizes[0], sizes[2])
            used = lengths if with_lengths else None
            trace = train(start, [(x, y, used)] * epochs, **how)
            is_sound = trace.smallest > 1e-5 if optimizer == "adam" else True
            if is_sound and (trace.norm > 1.2 or scale < 1.0):
                break
        extra = {"lengths": Tensor(lengths)} if with_lengths else {}
        seed = int(rng.integers(2**31))
        how |= {"epochs": epochs, "batch_size": 17, "seed": seed, **extra}
        history = submission.fit(model, Tensor(x), Tensor(y), **how)
        assert_trained(submission, model, start, trace.network, sizes)
        assert_history(history, list(trace.losses), list(trace.right))


def test_fit_batches(submission: Submission, rng: np.random.Generator) -> None:
    """All examples equal: no order, only the number of steps and the mean over each batch count.

    Catches mistakes: fit_drops_last_batch, fit_full_batch_only, fit_history_after_epoch,
    fit_history_of_steps, fit_loss_of_batches_averaged, fit_no_zero_grad, fit_one_epoch_only,
    fit_zero_grad_late.
    """
    sizes, how = (5, 7, 3), {"optimizer": "sgd", "learning_rate": 0.5, "max_norm": 1.0}
    for n, batch_size, epochs in [(7, 3, 1), (7, 2, 2), (6, 3, 2)]:
        model, start = loaded_model(submission, rng, sizes, 0.3)
        x, y, _ = draw_batch(rng, 1, 4, sizes[0], sizes[2])
        sizes_of = [min(batch_size, n - first) for first in range(0, n, batch_size)]
        trace = train(start, [(x, y, None)] * (epochs * len(sizes_of)), **how)
        history = submission.fit(
            model,
            Tensor(np.repeat(x, n, axis=0)),
            Tensor(np.repeat(y, n)),
            epochs=epochs,
            batch_size=batch_size,
            seed=int(rng.integers(2**31)),
            **how,
        )
        assert_trained(submission, model, start, trace.network, sizes)
        weights = np.array(sizes_of) / n
        losses = np.array(trace.losses).reshape(epochs, -1) @ weights
        shares = np.array(trace.right).reshape(epochs, -1) @ weights
        assert_history(history, losses.tolist(), shares.tolist())


def gap(state: dict[str, Any], network: Network) -> float:
    """Largest difference of the tensors of a state to those of a network, found by shape."""
    worst = 0.0
    for wanted in network.arrays:
        fits = [np.abs(a - wanted).max() for a in state.values() if a.shape == wanted.shape]
        worst = max([worst, min(fits, default=np.inf)])
    return worst


Order = list[int] | None
PAIR = {"optimizer": "sgd", "learning_rate": 0.5, "max_norm": 1e6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two examples, and a model that begins with weights of ours.

    Attributes:
        begin: What load_state_dict takes to begin anew.
        x: (2, time, n_in) float32.
        y: (2,) class indices.
        lengths: (2,) steps.
    """

    submission: Submission
    model: Any
    start: Network
    begin: dict[str, Tensor]
    x: Array
    y: Labels
    lengths: Labels

    def fit(self, epochs: int, seed: int) -> dict[str, Any]:
        """Train by the submission, one example at a time; give the model's tensors."""
        self.submission.ask(self.model, "load_state_dict", self.begin)
        arrays = {"lengths": Tensor(self.lengths)}
        how_long = {"epochs": epochs, "batch_size": 1, "seed": seed}
        self.submission.fit(
            self.model, Tensor(self.x), Tensor(self.y), **arrays, **how_long, **PAIR
        )
        return state_of(self.submission, self.model)

    def train(self, order: list[int], y_order: Order = None, l_order: Order = None) -> Network:
        """Train by the oracle, in this order of examples and, if given, of targets and lengths."""
        places = zip(order, y_order or order, l_order or order, strict=True)
        batches = [(self.x[[i]], self.y[[j]], self.lengths[[k]]) for i, j, k in places]
        return train(self.start, batches, **PAIR).network


def seen(state: dict[str, Any], explanations: dict[str, Network]) -> str:
    """Name the course that explains the tensors, or "?"."""
    gaps = {name: gap(state, network) for name, network in explanations.items()}
    best = min(gaps, key=lambda name: gaps[name])
    return best if gaps[best] < 1e-5 else "?"  # rounding is 1e-7, other orders 1e-3 or more


def courses(pair: Pair) -> tuple[dict[str, Network], dict[str, Network]]:
    """Give what one epoch may end with, right or wrong, and what two right ones may."""
    right = {"0 1": [0, 1], "1 0": [1, 0]}
    once = {name: pair.train(order) for name, order in right.items()}
    once |= {
        "examples moved alone": pair.train([1, 0], [0, 1], [0, 1]),
        "lengths left behind": pair.train([1, 0], [1, 0], [0, 1]),
        "targets left behind": pair.train([1, 0], [0, 1], [1, 0]),
    }
    twice = {
        f"{first}, then {second}": pair.train([*right[first], *right[second]])
        for first in right
        for second in right
    }
    return once, twice


def test_fit_order(submission: Submission, rng: np.random.Generator) -> None:
    """Two examples, one at a time: the weights give away in which order fit took them.

    A correct submission fails with probability 4 * 2 ** -24, below 3e-7.

    Catches mistakes: fit_labels_misaligned, fit_lengths_misaligned, fit_no_shuffle,
    fit_seed_ignored, fit_seed_of_the_clock, fit_shuffles_once, fit_with_replacement.
    """
    sizes = (3, 2, 5)
    model, start = loaded_model(submission, rng, sizes, 0.5)
    pair = Pair(
        submission=submission,
        model=model,
        start=start,
        begin={name: Tensor(array) for name, array in state_of(submission, model).items()},
        x=draw_batch(rng, 2, 6, sizes[0], sizes[2])[0],
        y=np.array([1, 3]),
        lengths=np.array([6, 2]),
    )
    once, twice = courses(pair)
    seeds = [int(seed) for seed in rng.integers(2**31, size=RUNS)]
    orders = [seen(pair.fit(1, seed), once) for seed in seeds]
    repeats = [seen(pair.fit(2, seed), twice) for seed in seeds]
    what = "of fit on two examples with batches of one, over many seeds"
    assert_equal(
        sorted(set(orders)),
        ["0 1", "1 0"],
        what=f"the order of the steps in one epoch {what}",
        hint="Each example once an epoch, with its own target and length, in an order drawn anew.",
    )
    same = {"?" if name == "?" else str(name[:3] == name[-3:]) for name in repeats}
    assert_equal(
        sorted(same),
        ["False", "True"],
        what=f"whether the second epoch has the order of the first {what}",
        hint="Where does the shuffling stand, before the loop over the epochs or in it?",
    )
    assert_equal(
        [seen(pair.fit(1, seed), once) for seed in seeds],
        orders,
        what="the orders of fit, a second time with the same seeds,",
        hint="All randomness of fit comes from its seed.",
    )


def test_predict_labels(submission: Submission, rng: np.random.Generator) -> None:
    """The most probable class, for any batch, with and without lengths.

    Catches mistakes: predict_first_1024, predict_from_one, predict_lengths_ignored,
    predict_over_batch, predict_probabilities, predict_sorted_by_length.
    """
    for sizes, n, time in [((5, 7, 3), 31, 6), ((3, 2, 7), 1, 9), ((2, 3, 5), 2049, 3)]:
        model, network = loaded_model(submission, rng, sizes, 1.0)
        x, _, lengths = draw_batch(rng, 2 * n, time, sizes[0], sizes[2])
        for used in (None, lengths):
            logits = network.logits(x, used)
            top = np.sort(logits, axis=1)
            # Only examples with a clear winner: the rest is a matter of rounding.
            clear = np.flatnonzero(top[:, -1] - top[:, -2] > 1e-3)[:n]
            extra = () if used is None else (Tensor(used[clear]),)
            words = "x" if used is None else "x, lengths"
            assert_close(
                submission.predict(model, Tensor(x[clear]), *extra),
                np.argmax(logits[clear], axis=1),
                what=f"predict(model, {words})",
                dtype="int64",
                hint="One class index from 0 for each example, and all examples.",
            )
    before = state_of(submission, model)
    submission.predict(model, Tensor(x))
    after = state_of(submission, model)
    same = all(np.array_equal(before[name], after.get(name)) for name in before)
    assert_that(same, "predict(model, x) changes the model.", shows=same)
