"""Hidden checks of lab 2: training and prediction."""

from collections.abc import Mapping

import numpy as np
from oracle_lab2 import (
    RUNS,
    Array,
    Labels,
    Params,
    assert_form,
    assert_params,
    changes,
    fresh,
    mlp_logits_oracle,
    mlp_loss_oracle,
    random_params,
    sgd_oracle,
    usable_params,
)

from grader.testing import (
    Dataset,
    Submission,
    assert_at_least,
    assert_close,
    assert_equal,
    assert_statistic,
    assert_that,
    assert_time_ratio,
    assert_unchanged,
)


def test_train_steps(submission: Submission, rng: np.random.Generator) -> None:
    """With one batch for all, the order is no matter: weights after 0, 1 and 2 steps are exact.

    Catches mistakes: train_ascends, train_bias_frozen, train_last_layer_only,
    train_layers_in_turn, train_learning_rate_decays, train_momentum, train_one_epoch_only,
    train_random_bias, train_same_generator, train_weight_decay, train_xavier.
    """
    cases = [(7, 5, 11, 3, 0.3, 7), (5, 3, (7, 5, 5), 2, 0.1, 1000), (1, 5, [3], 2, 0.5, 1)]
    for n, n_in, hidden, classes, learning_rate, batch_size in cases:
        x, seed = rng.normal(size=(n, n_in)), fresh(rng)
        targets = rng.permutation(
            np.arange(classes - n, classes).clip(0)
        )  # the last class is there
        sizes = [n_in, *np.atleast_1d(hidden).tolist(), classes]
        what = "train_mlp(x, targets, hidden, learning_rate, epochs={}, batch_size=n or more, rng)"
        start = assert_form(
            submission.train_mlp(x, targets, hidden, learning_rate, 0, batch_size, seed),
            sizes,
            what=what.format(0),
        )
        for layer, (_, bias) in enumerate(start):
            assert_close(
                bias,
                np.zeros(bias.shape),
                what=f"bias of layer {layer} of {what.format(0)}",
                hint="Biases start at 0.",
            )
        for epochs in (1, 2):
            got = submission.train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, seed)
            oracle = sgd_oracle(start, x, targets, learning_rate, epochs * [np.arange(n)])
            assert_params(
                changes(got, start),
                changes(oracle, start),
                what=f"({what.format(epochs)} minus the result for epochs=0)",
                hint="All gradients of a step belong to the same weights.",
            )
    x, seed = rng.normal(size=(2, 101)), fresh(rng)
    start = assert_form(
        submission.train_mlp(x, np.array([0, 1]), (199, 199, 199), 0.1, 0, 2, seed),
        [101, 199, 199, 199, 2],
        what="train_mlp(x, targets, (199, 199, 199), learning_rate, epochs=0, batch_size, rng)",
    )
    rare = {"false_fail": 1e-8}
    whitened = [weights / np.sqrt(2.0 / len(weights)) for weights, _ in start[:3]]
    for layer, z in enumerate(whitened):
        assert_statistic(
            (z**2).mean(),
            1.0,
            standard_error=(2.0 / z.size) ** 0.5,
            what=f"variance of initial weights {layer} of train_mlp, in units of 2 / n_in",
            hint="ReLU layers start from he_init's distribution.",
            **rare,
        )
    assert_statistic(
        (whitened[1] * whitened[2]).mean(),
        0.0,
        standard_error=whitened[1].size ** -0.5,
        what="correlation of the initial weights of two layers of equal size",
        hint="One generator for all layers: the next layer continues where the last one stopped.",
        **rare,
    )


def test_train_batches(submission: Submission, rng: np.random.Generator) -> None:
    """All examples equal: no order, only the number of steps and the mean over each batch count.

    Catches mistakes: train_divides_by_batch_size, train_drops_last_batch, train_full_batch_only,
    train_sums_the_batch.
    """
    for n, batch_size, epochs in [(7, 3, 1), (7, 2, 2), (6, 3, 1), (3, 1, 1)]:
        x, seed = np.tile(rng.normal(size=(1, 5)), (n, 1)), fresh(rng)
        targets, hidden, learning_rate = np.full(n, 2), 7, 0.1
        start = assert_form(
            submission.train_mlp(x, targets, hidden, learning_rate, 0, batch_size, seed),
            [5, hidden, 3],
            what="train_mlp(x, targets, hidden, learning_rate, epochs=0, batch_size, rng)",
        )
        got = submission.train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, seed)
        steps = epochs * -(-n // batch_size)
        oracle = sgd_oracle(start, x, targets, learning_rate, steps * [np.array([0])])
        assert_params(
            changes(got, start),
            changes(oracle, start),
            what="change of train_mlp's weights on equal examples",
            hint="Count the steps of an epoch. The last one is the mean over what is left.",
        )


def distance(got: Params, expected: Params) -> float:
    """Largest difference between two networks of the same shapes."""
    return max(
        float(np.abs(a - b).max())
        for pair, other in zip(got, expected, strict=True)
        for a, b in zip(pair, other, strict=True)
    )


def nearest(end: Params, explanations: Mapping[str, Params]) -> str:
    """Which explanation gives these weights; "?" if none does."""
    gaps = {name: distance(weights, end) for name, weights in explanations.items()}
    best = min(gaps, key=lambda name: gaps[name])
    # Rounding is 1e-15; different orders are 1e-5 or more apart.
    return best if gaps[best] < 1e-9 else "?"


def epoch_trace(start: Params, end: Params, x: Array, targets: Labels) -> str:
    """What the steps of one epoch saw: "0" is example 0, "0/1" is its x with the target of 1."""
    pairs = [("0", 0, 0), ("1", 1, 1), ("0/1", 0, 1), ("1/0", 1, 0)]

    def step(params: Params, examples: list[int], labels: list[int]) -> Params:
        return sgd_oracle(params, x[examples], targets[labels], 0.5, [np.arange(len(examples))])

    found = {
        "0 1": step(step(start, [0], [0]), [1], [1]),
        "1 0": step(step(start, [1], [1]), [0], [0]),
    }
    if (name := nearest(end, found)) != "?":
        return name  # what a right one saw; the other traces cost ten times more
    found = {"both at once": step(start, [0, 1], [0, 1])}
    for first, example, label in pairs:
        found[first] = step(start, [example], [label])
        for second, other, other_label in pairs:
            found[f"{first} {second}"] = step(found[first], [other], [other_label])
    return nearest(end, found)


def two_epochs(start: Params, end: Params, x: Array, targets: Labels) -> str:
    """How the order of the second epoch compares with that of the first."""
    found = {}
    for first in ([0, 1], [1, 0]):
        for second in ([0, 1], [1, 0]):
            batches = [np.array([i]) for i in first + second]
            name = "same order" if first == second else "other order"
            found[f"{name} {first[0]}"] = sgd_oracle(start, x, targets, 0.5, batches)
    return nearest(end, found).rstrip(" 01")


def test_train_order(submission: Submission, rng: np.random.Generator) -> None:
    """Two examples, one at a time: the final weights give the order of each epoch away.

    A correct submission fails with probability 4 * 2 ** -24, below 3e-7.

    Catches mistakes: train_labels_misaligned, train_no_shuffle, train_one_batch_an_epoch,
    train_shuffles_once, train_with_replacement, train_fixed_batches.
    """
    x, targets, sizes = np.array([[1.0, 2.0], [-1.5, 0.5]]), np.array([0, 1]), [2, 3, 2]
    orders, repeats = set(), set()
    for _ in range(RUNS):
        seed = fresh(rng)
        start, one, two = (
            usable_params(submission.train_mlp(x, targets, 3, 0.5, epochs, 1, seed), sizes)
            for epochs in (0, 1, 2)
        )
        orders.add(epoch_trace(start, one, x, targets))
        repeats.add(two_epochs(start, two, x, targets))
    what = "of train_mlp on two examples with batches of one, over many generators"
    assert_equal(
        sorted(orders),
        ["0 1", "1 0"],
        what=f"the order of the steps in one epoch {what}",
        hint="Each example once an epoch, with its own target, in an order that is drawn.",
    )
    assert_equal(
        sorted(repeats),
        ["other order", "same order"],
        what=f"the order of the second epoch against the first {what}",
        hint="Where does the shuffling stand, before the loop over the epochs or in it?",
    )
    assert_that(  # a correct submission shows only these batches with probability 3 ** -24 = 4e-12
        not all(has_fixed_batches(submission, fresh(rng)) for _ in range(RUNS)),
        "train_mlp makes the same batches in every epoch; only their order is drawn.",
        hint="Is it the examples that are shuffled, or the batches?",
    )
    x, targets = rng.normal(size=(7, 5)), np.array([0, 1, 2, 0, 1, 2, 0])
    again = fresh(rng)  # arrives in the same state each time
    first, second = (submission.train_mlp(x, targets, 3, 0.1, 3, 2, again) for _ in range(2))
    assert_close(
        np.concatenate([weights.ravel() for weights, _ in second]),
        np.concatenate([weights.ravel() for weights, _ in first]),
        what="the weights of train_mlp, twice with equal generators,",
        hint="Where does the randomness come from, besides rng?",
    )


def has_fixed_batches(submission: Submission, seed: np.random.Generator) -> bool:
    """Whether one epoch over four examples in batches of two was 0, 1 and 2, 3, in some order."""
    x = np.array([[1.0, 2.0], [-1.5, 0.5], [0.5, -1.0], [2.0, 1.5]])
    targets, sizes = np.array([0, 1, 1, 0]), [2, 3, 2]
    start, end = (
        usable_params(submission.train_mlp(x, targets, 3, 0.5, epochs, 2, seed), sizes)
        for epochs in (0, 1)
    )
    pairs = [np.array([0, 1]), np.array([2, 3])]
    traces = {
        "in order": sgd_oracle(start, x, targets, 0.5, pairs),
        "reversed": sgd_oracle(start, x, targets, 0.5, pairs[::-1]),
    }
    return nearest(end, traces) != "?"


def test_predict_labels(submission: Submission, rng: np.random.Generator) -> None:
    """The class of the largest logit, negative ones included.

    Catches mistakes: predict_from_one, predict_least_likely, predict_over_batch,
    predict_relu_on_output, predict_without_relu.
    """
    split = np.hstack([np.eye(5), -np.eye(5)])  # relu of x and of -x: x can be put together again
    below_zero = [(split, np.zeros(10)), (split.T, np.full(5, -100.0))]  # logits x - 100
    for params, batch in [
        (random_params([5, 11, 3], rng), 97),
        (below_zero, 19),
        (random_params([5, 7, 7, 2], rng), 1),
        (random_params([5, 3], rng), 7),
    ]:
        x = rng.normal(size=(batch, 5))
        expected = np.argmax(mlp_logits_oracle(params, x), axis=1)
        assert_close(
            submission.predict(params, x), expected, what="predict(params, x)", dtype="int64"
        )
    assert_unchanged(submission, "predict", params, x, what="predict(params, x)")


def test_train_accuracy(
    submission: Submission, rng: np.random.Generator, dataset: Dataset, bars: Mapping[str, float]
) -> None:
    """Median accuracy of three runs; our own forward pass judges the weights that come back.

    Reference, 60 seeds: 0.9707 +- 0.0044, 0.9583 to 0.9806, 0.11 CPU s a run; three second
    solutions, 30 seeds each, the same. The bar cannot see unshuffled or dropped batches, other
    initialisations, momentum, frozen biases or layers updated in turn: the checks above do.

    Catches mistakes: train_labels_misaligned_later, train_stops_early.
    """
    scale, n_in = float(dataset.max_value), dataset.x_train[0].size
    x = dataset.x_train.reshape(-1, n_in) / scale
    x_test = dataset.x_test.reshape(-1, n_in) / scale
    accuracies = []
    for _ in range(3):
        params = assert_form(
            submission.train_mlp(x, dataset.y_train, 28, 0.2, 40, 32, fresh(rng)),
            [n_in, 28, int(dataset.y_train.max()) + 1],
            what="train_mlp on digits",
        )
        predicted = np.argmax(mlp_logits_oracle(params, x_test), axis=1)
        accuracies.append(float((predicted == dataset.y_test).mean()))
    assert_at_least(
        float(np.median(accuracies)),
        bars["accuracy"],
        what="median test accuracy of 3 networks with 28 hidden units, 40 epochs",
        hint="Does the loss fall in every epoch, up to the last?",
    )


def test_train_time(
    submission: Submission, reference: Submission, rng: np.random.Generator
) -> None:
    """Whole batches go through matrix products.

    Catches mistake: train_one_by_one.
    """
    x = rng.normal(size=(1024, 64))
    targets = np.argmax(x[:, :10], axis=1)

    def verify(params: Params, wanted: Params, x: Array, targets: Labels, *_: object) -> bool:
        """Whether the timed training has learned about as much as the reference's."""
        shapes = [(w.shape, b.shape) for w, b in params]
        if shapes != [(w.shape, b.shape) for w, b in wanted]:
            return False
        loss = mlp_loss_oracle(params, x, targets)
        # Seen over 60 seeds and 4 correct programs: 0.93 to 1.08; untrained weights 1.5 or more.
        return bool(loss < 1.3 * mlp_loss_oracle(wanted, x, targets))

    assert_time_ratio(
        submission,
        reference,
        "train_mlp",
        x,
        targets,
        64,
        0.1,
        2,
        64,
        fresh(rng),
        verify=verify,
        at_most=3.0,
        fail_above=4.0,
        what="train_mlp(x, targets, hidden, learning_rate, epochs, batch_size, rng)",
        hint="A Python loop over examples or units costs 10 times as much as a matrix product.",
    )
