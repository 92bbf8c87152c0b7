"""Hidden checks of lab 3: exactly which steps fit makes."""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from oracle_lab3 import (
    BatchNormModel,
    Labels,
    Net,
    added,
    as_float32,
    assert_float32,
    assert_net,
    assert_steps,
    batch,
    batch_norm_logits,
    get,
    gradients,
    labels,
    losses_of,
    put,
    random_net,
    tensor,
    train,
)

from grader.testing import Submission, assert_equal, assert_that

Array = NDArray[np.float64]

RUNS = 24  # seeds; the chance that a correct shuffle shows one order of four only is 24 ** -23


def away_from_zero(net: Net, x: Array, y: Labels) -> bool:
    """Whether every gradient is far above rounding, measured by the input it belongs to."""
    (weights, bias) = gradients(net, x, y)[0]
    sizes = np.abs(x).max(axis=0)[:, None]
    return bool(np.abs(weights / sizes).min() > 1e-3 and np.abs(bias).min() > 1e-3)


def well_posed(
    rng: np.random.Generator, scales: Sequence[float], n: int
) -> tuple[Net, Array, Labels]:
    """A softmax regression, inputs with columns of these sizes, and labels.

    RMSprop and Adam divide by the size of the gradient: where that is rounding noise the first
    step's sign is too, and no program could be right.
    """
    while True:
        net = random_net([len(scales), 3], rng)
        x = as_float32(rng.normal(size=(n, len(scales))) * np.asarray(scales))
        y = rng.integers(3, size=n)
        if away_from_zero(net, x, y):
            return net, x, y


def test_steps_sgd(submission: Submission, rng: np.random.Generator) -> None:
    """Plain steps down the mean cross-entropy, on a layer alone and through hidden layers.

    Catches mistakes: ascends, bce_per_class, double_step, gradient_clipped, label_smoothing,
    last_layer_only, learning_rate_decays, learning_rate_ignored, loss_summed, mse_on_one_hot,
    no_zero_grad, optimizer_ignored, softmax_before_the_loss, weight_decay.
    """
    hint = "Mean cross-entropy of the logits, its gradient alone, one step a batch."
    for n, epochs in [(7, 1), (7, 3), (1, 1)]:
        net, x = random_net([5, 3], rng), batch(n, 5, rng)
        y = rng.integers(3, size=n)
        assert_steps(submission, net, x, y, epochs=epochs, learning_rate=0.25, hint=hint)
    for sizes in ([5, 11, 3], [3, 7, 11, 2]):
        net, x = random_net(sizes, rng), batch(13, sizes[0], rng)
        y = rng.integers(sizes[-1], size=13)
        assert_steps(submission, net, x, y, epochs=2, learning_rate=0.25, hint=hint)


def test_steps_momentum(submission: Submission, rng: np.random.Generator) -> None:
    """One and three steps of v = 0.9 v + g.

    Catches mistakes: lecture3_momentum_average, momentum_forgotten_each_epoch, momentum_missing,
    nesterov_momentum, optimizer_ignored.
    """
    for epochs in (1, 3):
        net, x, y = random_net([5, 3], rng), batch(7, 5, rng), rng.integers(3, size=7)
        assert_steps(
            submission,
            net,
            x,
            y,
            epochs=epochs,
            optimizer="momentum",
            learning_rate=0.1,
            hint="The first step is a plain one; the second adds 0.9 of the first.",
        )


def test_steps_rmsprop(submission: Submission, rng: np.random.Generator) -> None:
    """One and three steps, with gradients down to 1e-7, where eps shows.

    Catches mistakes: rmsprop_eps_inside_root, rmsprop_eps_of_torch, rmsprop_torch_defaults,
    rmsprop_with_momentum.
    """
    for epochs, scales in [(1, (1,) * 5), (3, (1,) * 5), (1, (1, 1, 1, 1e-4, 1e-6))]:
        net, x, y = well_posed(rng, scales, 7)
        assert_steps(
            submission,
            net,
            x,
            y,
            epochs=epochs,
            optimizer="rmsprop",
            learning_rate=0.1,  # weights of 2 are rounded to 1e-7: 1e-6 of a step
            hint="The average keeps 0.9 of the old. 1e-7 is added to the root, not under it.",
        )


def test_steps_adam(submission: Submission, rng: np.random.Generator) -> None:
    """One and three steps, with gradients down to 1e-7, where eps shows.

    Catches mistakes: adam_betas_swapped, adam_eps_of_keras, adam_with_decay,
    momentum_forgotten_each_epoch, optimizer_ignored.
    """
    for epochs, scales in [(1, (1,) * 5), (3, (1,) * 5), (1, (1, 1, 1, 1e-4, 1e-6))]:
        net, x, y = well_posed(rng, scales, 7)
        assert_steps(
            submission,
            net,
            x,
            y,
            epochs=epochs,
            optimizer="adam",
            learning_rate=0.1,  # weights of 2 are rounded to 1e-7: 1e-6 of a step
            hint="Corrected moments, 0.9 and 0.999; 1e-8 is added to the root; no weight decay.",
        )


def test_batches_counted(submission: Submission, rng: np.random.Generator) -> None:
    """Equal examples: only the number of steps and the mean over each batch count.

    Catches mistakes: batch_size_as_count, last_batch_divided_by_batch_size, last_batch_dropped,
    one_batch_an_epoch.
    """
    for n, batch_size, epochs in [(7, 3, 1), (7, 2, 2), (6, 3, 1), (3, 1, 1), (5, 100, 2)]:
        net, x = random_net([5, 3], rng), np.tile(batch(1, 5, rng), (n, 1))
        y = np.full(n, 2)
        model = submission.build_softmax_regression(5, 3)
        put(submission, model, net)
        submission.fit(
            model,
            tensor(x),
            labels(y),
            epochs=epochs,
            batch_size=batch_size,
            optimizer="sgd",
            learning_rate=0.1,
        )
        steps = epochs * -(-n // batch_size)
        got = get(submission, model, [5, 3], what="the model after fit")
        assert_net(
            added(got, net, 0.1),
            added(train(net, x, y, steps * [[0]]), net, 0.1),
            what="what fit adds on equal examples, divided by the learning rate",
            hint="Count the steps of an epoch. The last one is the mean over what is left.",
        )


# Which example each step saw. Four examples one at a time: the final weights give it away.

ORDERS = list(itertools.permutations(range(4)))


def follow(net: Net, x: Array, y: Labels, xs: Array, ys: Array) -> Array:
    """Final weights, flat, for many sequences of single examples at once.

    Args:
        net: One layer.
        x: (4, n_in).
        y: (4,).
        xs: (sequences, steps), which example's inputs each step saw.
        ys: (sequences, steps), which example's label.
    """
    (weights, bias) = net[0]
    weights, bias = np.tile(weights, (len(xs), 1, 1)), np.tile(bias, (len(xs), 1))
    for inputs, targets in zip(xs.T, ys.T, strict=True):
        logits = np.einsum("si,sic->sc", x[inputs], weights) + bias
        delta = np.exp(logits - logits.max(axis=1, keepdims=True))
        delta /= delta.sum(axis=1, keepdims=True)
        delta[np.arange(len(xs)), y[targets]] -= 1.0
        weights = weights - 0.5 * x[inputs][:, :, None] * delta[:, None, :]
        bias = bias - 0.5 * delta
    return np.concatenate([weights.reshape(len(xs), -1), bias], axis=1)


def flat(net: Net) -> Array:
    """All numbers of a one-layer network."""
    return np.concatenate([net[0][0].ravel(), net[0][1]])


def nearest(end: Array, ends: Array) -> int:
    """Which explanation gives these weights; -1 if none does."""
    gaps = np.abs(ends - end).max(axis=1)
    best = int(gaps.argmin())
    return best if gaps[best] < 5e-5 else -1  # rounding is 1e-6; other orders are 2e-4 apart


def kind_of(net: Net, x: Array, y: Labels, end: Array) -> str:
    """What the four steps of one epoch saw, in words."""
    orders = np.array(ORDERS)
    any_four = np.array(list(itertools.product(range(4), repeat=4)))
    stories = {
        "every example once": (orders, orders),
        "labels in another order": (orders, np.tile(np.arange(4), (24, 1))),
        "examples drawn again": (any_four, any_four),
    }
    for story, (xs, ys) in stories.items():
        if nearest(end, follow(net, x, y, xs, ys)) >= 0:
            return story
    return "something else"


def test_batches_order(submission: Submission, rng: np.random.Generator) -> None:
    """Every example once an epoch with its own label, in an order that the seed draws anew.

    A correct submission fails less than once in a million: 24 ** -23 for one order at all seeds,
    and as little for equal orders in both epochs of all seeds.

    Catches mistakes: batches_fixed, drawn_with_replacement, labels_misaligned, no_shuffling,
    seed_ignored, shuffled_once.
    """
    x, y = np.array([[1.0, 2.0], [-1.5, 0.5], [0.5, -1.0], [2.0, -1.0]]), np.array([0, 1, 2, 1])
    net = random_net([2, 3], rng)
    orders = np.array(ORDERS)
    pairs = np.array([(*a, *b) for a in ORDERS for b in ORDERS])
    ends_of_one, ends_of_two = (follow(net, x, y, seen, seen) for seen in (orders, pairs))
    kinds, first_orders, repeats = set(), [], set()
    model = submission.build_softmax_regression(2, 3)
    for run in range(RUNS):
        one, two = (weights_after(submission, model, net, x, y, epochs=e, seed=run) for e in (1, 2))
        found = nearest(one, ends_of_one)
        first_orders.append(orders[found].tolist() if found >= 0 else [])
        kinds.add("every example once" if found >= 0 else kind_of(net, x, y, one))
        both = nearest(two, ends_of_two)
        halves = pairs[both].reshape(2, 4).tolist() if both >= 0 else [[0], [1]]
        repeats.add("other order" if halves[0] != halves[1] else "same order")
    hint = "Each example once an epoch, with its own label."
    assert_equal(
        sorted(kinds),
        ["every example once"],
        what="what the steps of one epoch of fit see, batches of one, over many seeds",
        hint=hint,
    )
    assert_that(
        len({tuple(order) for order in first_orders}) > 1,
        "fit takes the examples in one order at all seeds.",
        shows=first_orders,
        hint="A new order each epoch, drawn from the seed.",
    )
    assert_that(
        "other order" in repeats,
        "fit takes the examples in the same order in every epoch.",
        shows=sorted(repeats),
        hint="Where does the shuffling stand, before the loop over the epochs or in it?",
    )
    assert_that(  # a correct submission shows only these batches with probability 3 ** -24 = 4e-12
        not all(has_fixed_batches(submission, net, x, y, seed) for seed in range(RUNS)),
        "fit makes the same batches in every epoch; only their order is drawn.",
        hint="Is it the examples that are shuffled, or the batches?",
    )
    again = [weights_after(submission, model, net, x, y, epochs=3, seed=5) for _ in range(2)]
    assert_float32(again[1], again[0], what="the weights after fit, twice with one seed,")


def weights_after(
    submission: Submission,
    model: object,
    net: Net,
    x: Array,
    y: Labels,
    *,
    epochs: int,
    seed: int,
    batch_size: int = 1,
) -> Array:
    """All weights after training from `net`."""
    put(submission, model, net)
    submission.fit(
        model,
        tensor(x),
        labels(y),
        epochs=epochs,
        batch_size=batch_size,
        optimizer="sgd",
        learning_rate=0.5,
        seed=seed,
    )
    return flat(get(submission, model, [2, 3], what="the model after fit"))


def has_fixed_batches(submission: Submission, net: Net, x: Array, y: Labels, seed: int) -> bool:
    """Whether one epoch in batches of two was 0, 1 and 2, 3, in some order."""
    model = submission.build_softmax_regression(2, 3)
    end = weights_after(submission, model, net, x, y, epochs=1, seed=seed, batch_size=2)
    steps = ([[0, 1], [2, 3]], [[2, 3], [0, 1]])
    ends = [flat(train(net, x, y, batches, learning_rate=0.5)) for batches in steps]
    return nearest(end, np.array(ends)) >= 0


def test_train_mode(submission: Submission, rng: np.random.Generator) -> None:
    """Training normalises by the batch and moves the running statistics, in every epoch.

    Catches mistakes: eval_after_validation, trains_in_eval_mode, validation_in_train_mode.
    """
    bn = BatchNormModel(submission, (5, 11, 3), rng)
    x, y = batch(17, 5, rng), rng.integers(3, size=17)
    x_val, y_val = batch(7, 5, rng) + 50.0, rng.integers(3, size=7)
    submission.ask(bn.model, "eval")
    got = np.asarray(submission.ask(bn.model, "__call__", tensor(x)))
    assert_float32(got, bn.find_roles(x, got), what="logits of a normalised network, eval mode")
    start = bn.vectors()
    pre = x @ bn.net[0][0] + start["bias"]
    loss = losses_of(batch_norm_logits(bn.net, start, x, training=True), y).mean()
    for mode, epochs, given in [
        ("eval", 1, {}),
        ("train", 3, {}),
        ("train", 3, {"x_val": tensor(x_val), "y_val": labels(y_val)}),
    ]:
        bn.restore()
        submission.ask(bn.model, mode)
        history = submission.fit(
            bn.model,
            tensor(x),
            labels(y),
            epochs=epochs,
            batch_size=17,
            optimizer="sgd",
            learning_rate=1e-9,  # the weights stay: float32 cannot hold so small a step
            **given,
        )
        validated = "with" if given else "without"
        what = f"after {epochs} epochs of fit {validated} validation, model in {mode} mode before,"
        share = 0.9**epochs
        after = bn.vectors()
        for role, values in (("mean", pre.mean(axis=0)), ("var", pre.var(axis=0, ddof=1))):
            assert_float32(
                after[role],
                share * start[role] + (1.0 - share) * values,
                what=f"running {role} {what}",
                hint="They move in train mode only, and only validation is measured in eval mode.",
            )
        losses = history.get("loss")
        losses = [v for v in losses if isinstance(v, float)] if isinstance(losses, list) else []
        assert_float32(np.array(losses), np.full(epochs, loss), what=f"losses {what}")
