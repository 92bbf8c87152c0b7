"""Hidden checks of lab 3: what fit reports, and when it stops."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from oracle_lab3 import (
    BatchNormModel,
    Labels,
    Net,
    Optimizer,
    added,
    assert_float32,
    assert_net,
    batch,
    batch_norm_logits,
    forward,
    get,
    gradients,
    labels,
    log_softmax,
    losses_of,
    measure_net,
    put,
    random_net,
    tensor,
    train,
)

from grader.testing import Submission, assert_equal

Array = NDArray[np.float64]

MARGIN = 2e-3  # between validation losses that are compared; float32 is 1e-6 off


def numbers(history: Mapping[str, object], key: str) -> Array:
    """A list of a history as an array; what is not a number becomes NaN."""
    values = history.get(key)
    values = values if isinstance(values, list) else []
    good = (int, float, np.floating)
    return np.array([float(v) if isinstance(v, good) else np.nan for v in values[:1000]])


def test_history_exact(submission: Submission, rng: np.random.Generator) -> None:
    """Means over the epoch's examples as seen while training, short last batch and all.

    Catches mistakes: accuracy_after_the_step, accuracy_of_classes_over_batch,
    history_after_the_epoch, history_averages_batches, history_of_last_batch.
    """
    for n, batch_size in [(7, 3), (11, 4), (5, 1)]:
        net, x = random_net([5, 3], rng), batch(n, 5, rng)
        y = rng.integers(3, size=n)
        model = submission.build_softmax_regression(5, 3)
        put(submission, model, net)
        history = submission.fit(
            model,
            tensor(x),
            labels(y),
            epochs=2,
            batch_size=batch_size,
            optimizer="sgd",
            learning_rate=1e-9,  # the weights stay, so the order of the batches does not matter
            seed=int(rng.integers(2**31)),
        )
        for key, value in zip(("loss", "accuracy"), measure_net(net, x, y), strict=True):
            assert_float32(
                numbers(history, key),
                np.full(2, value),
                what=f"history['{key}'] of fit on a network that stays as it is",
                hint="Weigh each batch with its size; the last one is short.",
            )
    net, x, y = random_net([5, 11, 3], rng), batch(13, 5, rng), rng.integers(3, size=13)
    model = submission.build_mlp(5, 11, 3)
    put(submission, model, net)
    history = submission.fit(
        model,
        tensor(x),
        labels(y),
        epochs=3,
        batch_size=13,
        optimizer="sgd",
        learning_rate=0.5,
        x_val=tensor(x),
        y_val=labels(y),
    )
    nets = [train(net, x, y, e * [range(13)], learning_rate=0.5) for e in range(4)]
    measured = np.array([measure_net(stage, x, y) for stage in nets])
    for place, key in enumerate(("loss", "accuracy")):
        assert_float32(
            numbers(history, key),
            measured[:3, place],
            what=f"history['{key}'] of three full-batch steps",
            hint="As the network saw it while training: before the step of that batch.",
        )
        assert_float32(
            numbers(history, f"val_{key}"),
            measured[1:, place],
            what=f"history['val_{key}'] of three full-batch steps, validated on the training set",
            hint="Validation comes after the epoch.",
        )


def test_validation_apart(submission: Submission, rng: np.random.Generator) -> None:
    """Validation data changes nothing, and is measured as at test time.

    Catches mistakes: dropout_active_at_test, evaluate_in_train_mode, validation_in_train_mode,
    validation_in_training, validation_makes_steps.
    """
    sizes = [5, 11, 3]
    net, x, y = random_net(sizes, rng), batch(13, 5, rng), rng.integers(3, size=13)
    x_val, y_val = batch(17, 5, rng), rng.integers(3, size=17)
    validation = {"x_val": tensor(x_val), "y_val": labels(y_val)}
    oracle = train(net, x, y, 3 * [range(13)], learning_rate=0.25)
    for given in (validation, {}):
        model = submission.build_mlp(5, 11, 3)
        put(submission, model, net)
        submission.fit(
            model,
            tensor(x),
            labels(y),
            epochs=3,
            batch_size=30,  # more than there are, training and validation together too
            optimizer="sgd",
            learning_rate=0.25,
            **given,
        )
        words = "with" if given else "without"
        assert_net(
            added(get(submission, model, sizes, what="the model after fit"), net, 0.25),
            added(oracle, net, 0.25),
            what=f"what fit {words} validation data adds, divided by the learning rate",
            hint="Nothing is learned from x_val: it stands for images that nobody has seen.",
        )
    model = submission.build_mlp(5, 53, 3, dropout=0.5)
    net = random_net([5, 53, 3], rng)
    put(submission, model, net)
    history = submission.fit(
        model,
        tensor(x),
        labels(y),
        epochs=2,
        batch_size=13,
        optimizer="sgd",
        learning_rate=1e-9,
        **validation,
    )
    for key, value in zip(("loss", "accuracy"), measure_net(net, x_val, y_val), strict=True):
        assert_float32(
            numbers(history, f"val_{key}"),
            np.full(2, value),
            what=f"history['val_{key}'] of a network with dropout",
            hint="Validation is measured as at test time: no unit is switched off.",
        )


# Early stopping. Full-batch training is the same for everyone, so the oracle knows each epoch.


@dataclass(frozen=True, kw_only=True, eq=False)
class Story:
    """A training run, epoch by epoch, and what early stopping makes of it.

    Attributes:
        nets: The network after each epoch, from epoch 1.
        val_losses: Of these.
    """

    net: Net
    x: Array
    y: Labels
    x_val: Array
    y_val: Labels
    nets: list[Net]
    val_losses: Array

    def stop(self, patience: int, epochs: int) -> tuple[int, int]:
        """How many epochs are run, and which has the lowest validation loss, from 1."""
        best = 0
        for epoch in range(epochs):
            if self.val_losses[epoch] < self.val_losses[best]:
                best = epoch
            if epoch - best >= patience:
                return epoch + 1, best + 1
        return epochs, best + 1

    def stop_at_rises(self, patience: int, epochs: int) -> int:
        """How many epochs are run if each is compared with the one before instead."""
        rises = 0
        for epoch in range(1, epochs):
            rises = rises + 1 if self.val_losses[epoch] >= self.val_losses[epoch - 1] else 0
            if rises >= patience:
                return epoch + 1
        return epochs


EPOCHS, PATIENCE, RATE, CANDIDATES = 24, 3, 1.0, 256


def stories(rng: np.random.Generator) -> Iterator[Story]:
    """Runs with momentum and a large learning rate: the validation loss goes up and down."""
    y, y_val = np.arange(11) % 3, np.arange(7) % 3
    while True:
        # Many runs at once: every array has a leading axis of candidates.
        x, x_val = batches_of(11, rng), batches_of(7, rng)
        net = [(batches_of(5, rng)[..., :3], batches_of(1, rng)[:, 0, :3])]
        rule, nets = Optimizer("momentum", RATE), [net]
        for _ in range(EPOCHS):
            nets.append(rule.step(nets[-1], gradients(nets[-1], x, y)))
        losses = np.stack([losses_of(forward(n, x_val), y_val).mean(axis=-1) for n in nets[1:]], 1)
        lowest = np.minimum.accumulate(losses, axis=1)[:, :-1]
        gaps = np.minimum(np.abs(losses[:, 1:] - lowest), np.abs(np.diff(losses, axis=1)))
        for one in np.flatnonzero(gaps.min(axis=1) > MARGIN):
            yield Story(
                net=[(net[0][0][one], net[0][1][one])],
                x=x[one],
                y=y,
                x_val=x_val[one],
                y_val=y_val,
                nets=[[(n[0][0][one], n[0][1][one])] for n in nets[1:]],
                val_losses=losses[one],
            )


def batches_of(n: int, rng: np.random.Generator) -> Array:
    """Inputs (n, 5) for each candidate."""
    return batch(CANDIDATES * n, 5, rng).reshape(CANDIDATES, n, 5)


def telling(story: Story, patience: int, epochs: int) -> bool:
    """Whether other ways to stop early would show."""
    run, best = story.stop(patience, epochs)
    others = {story.stop(patience - 1, epochs)[0], story.stop(patience + 1, epochs)[0]}
    return (
        best > 1
        and run < epochs
        and run not in others
        and story.stop(patience - 1, epochs)[1] != best  # a rise, and then a new lowest
        and story.stop_at_rises(patience, epochs) != run
    )


@cache  # seconds to find; the known mistakes are asked about the same one
def find_story(seed: int) -> Story:
    """A run in which other ways to stop early would show."""
    found = stories(np.random.default_rng(seed))
    return next(story for story in found if telling(story, PATIENCE, EPOCHS))


def test_early_stopping(submission: Submission, rng: np.random.Generator) -> None:
    """Stops after `patience` epochs without a new lowest loss, with the best epoch's weights.

    Catches mistakes: history_cut_to_best, keeps_best_only_if_stopped, keeps_best_without_patience,
    keeps_best_without_statistics, keeps_last_weights, patience_not_reset, stops_at_rises,
    stops_on_accuracy, stops_on_training_loss, stops_one_early, stops_one_late.
    """
    patience = PATIENCE
    story = find_story(int(rng.integers(2**31)))
    run, best = story.stop(patience, EPOCHS)
    cases = [
        ("that stops early", patience, EPOCHS, run, best),
        ("with the epochs over before patience is", EPOCHS, run, run, best),
        ("without patience", None, run, run, run),
    ]
    for words, wait, epochs, wanted_epochs, kept in cases:
        model = submission.build_softmax_regression(5, 3)
        put(submission, model, story.net)
        history = submission.fit(
            model,
            tensor(story.x),
            labels(story.y),
            epochs=epochs,
            batch_size=11,
            optimizer="momentum",
            learning_rate=RATE,
            x_val=tensor(story.x_val),
            y_val=labels(story.y_val),
            patience=wait,
        )
        what = f"of a run {words}"
        lengths = [
            len(numbers(history, key)) for key in ("loss", "accuracy", "val_loss", "val_accuracy")
        ]
        assert_equal(
            lengths,
            4 * [wanted_epochs],
            what=f"lengths of the lists {what}",
            hint="Count the epochs since the lowest validation loss so far.",
        )
        assert_float32(
            numbers(history, "val_loss")[: min(epochs, wanted_epochs)],
            story.val_losses[:wanted_epochs],
            what=f"history['val_loss'] {what}",
        )
        assert_net(
            added(get(submission, model, [5, 3], what="the model after fit"), story.net, RATE),
            added(story.nets[kept - 1], story.net, RATE),
            what=f"what fit adds to the weights {what}",
            hint="With patience: the weights of the best epoch, always. state_dict() holds the "
            "live tensors, not copies.",
        )
    assert_statistics_restored(submission, rng)


def assert_statistics_restored(submission: Submission, rng: np.random.Generator) -> None:
    """A normalised network gets the running statistics of the best epoch back, too.

    The learning rate is so small that float32 weights stay: only the running statistics move, and
    the oracle knows where. Labels are chosen so that this makes each example's loss worse.
    """
    bn = BatchNormModel(submission, (5, 11, 3), rng)
    x, y, x_val = batch(17, 5, rng), rng.integers(3, size=17), batch(7, 5, rng)
    submission.ask(bn.model, "eval")
    got = np.asarray(submission.ask(bn.model, "__call__", tensor(x)))
    assert_float32(got, bn.find_roles(x, got), what="logits of a normalised network, eval mode")
    start = bn.vectors()
    pre = x @ bn.net[0][0] + start["bias"]
    stages = []
    for epoch in (1, 2):
        old = 0.9**epoch
        moved = {
            "mean": old * start["mean"] + (1.0 - old) * pre.mean(axis=0),
            "var": old * start["var"] + (1.0 - old) * pre.var(axis=0, ddof=1),
        }
        stages.append(batch_norm_logits(bn.net, start | moved, x_val, training=False))
    y_val = (log_softmax(stages[1]) - log_softmax(stages[0])).argmin(axis=1)
    submission.fit(
        bn.model,
        tensor(x),
        labels(y),
        epochs=2,
        batch_size=17,
        optimizer="sgd",
        learning_rate=1e-9,
        x_val=tensor(x_val),
        y_val=labels(y_val),
        patience=2,
    )
    loss, _ = submission.evaluate(bn.model, tensor(x_val), labels(y_val))
    assert_float32(
        loss,
        losses_of(stages[0], y_val).mean(),
        what="evaluate(model, x_val, y_val) of a normalised network after fit with patience",
        hint="The best epoch's running statistics belong to its weights.",
    )
