"""Hidden checks of lab 4: training. One function per rubric line, named test_<check id>."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from oracle_lab4 import (
    Keys,
    Params,
    adam_steps,
    answer,
    cnn,
    cnn_readings,
    known_cnn,
    load,
    nearest,
    plain,
    read,
)

from grader.testing import (
    Dataset,
    Submission,
    Tensor,
    assert_at_least,
    assert_close,
    assert_that,
    show_curves,
    show_images,
    show_matrix,
)

Array = np.ndarray[Any, Any]
SIZES = (1, 8, 3)  # in_channels, image_size, n_classes of the small network
SMALL = "build_cnn(1, 8, 3, batch_norm=False, dropout=0.0)"
NEAR = 0.03  # of a step of Adam, for float32
FEW = 0.25  # of a tensor's weights; seen in 300 runs of correct programs: 0.15
RUNS = 16
# Training loss of the reference, an epoch each: digits, 30 epochs, and MNIST, 3.
REFERENCE_LOSS = {
    "digits": (
        1.743,
        0.6725,
        0.307,
        0.1871,
        0.1252,
        0.0989,
        0.0746,
        0.0521,
        0.0572,
        0.041,
        0.0386,
        0.0351,
        0.0323,
        0.0316,
        0.0326,
        0.0203,
        0.0235,
        0.0168,
        0.0216,
        0.0198,
        0.0173,
        0.0167,
        0.0116,
        0.0107,
        0.0135,
        0.0098,
        0.0138,
        0.014,
        0.0141,
        0.0079,
    ),
    "mnist": (0.1718, 0.0561, 0.0361),
}


def numbers(history: Mapping[object, object], key: str) -> Array:
    """A list of the history as an array; one nan if there is none."""
    try:
        return np.asarray(history.get(key, np.nan), dtype=np.float64).reshape(-1)
    except (TypeError, ValueError):
        return np.array([np.nan])


def first_loss(params: Params, x: Array, y: Array) -> tuple[float, float]:
    """Mean cross-entropy and accuracy of a network without batch norm."""
    logits = cnn(params, x)
    top = logits.max(axis=1)
    losses = top + np.log(np.exp(logits - top[:, None]).sum(axis=1)) - logits[np.arange(len(y)), y]
    return float(losses.mean()), float((logits.argmax(axis=1) == y).mean())


def assert_change(
    before: Params, got: Params, wanted: Params, clear: Params, learning_rate: float, *, what: str
) -> None:
    """Training moved every weight as far as our steps do, in units of the learning rate.

    Where a gradient is nearly 0 float32 does not know its sign, which is all that Adam uses; these
    weights are left out. In the next step a ReLU near its kink may then see the other side, and a
    few weights move elsewhere: up to FEW of a tensor. A wrong step moves nearly all of them.
    """
    for role in before:
        if got[role].shape != wanted[role].shape:
            got = {**got, role: np.full(wanted[role].shape, np.nan)}
        ours = (wanted[role] - before[role]) / learning_rate
        moved = np.where(clear[role], (got[role] - before[role]) / learning_rate, ours)
        is_off = ~(np.abs(moved - ours) <= NEAR)
        if is_off.mean() <= FEW:
            moved = np.where(is_off, ours, moved)
        assert_close(
            moved,
            ours,
            what=f"{what}: the change of {role}, in learning rates,",
            rtol=1e-3,
            atol=NEAR,
        )


def trained(
    submission: Submission, model: Any, keys: Keys, x: Array, y: Array, **how: Any
) -> tuple[Mapping[object, object], Params]:
    """History and weights after fit."""
    history = submission.fit(model, Tensor(x), Tensor(y), **how)
    return history, parameters(submission, model, keys)


def parameters(submission: Submission, model: Any, keys: Keys) -> Params:
    """A model's weights by role; an empty one for what is no longer there."""
    state = plain(submission.ask(model, "state_dict"))
    return read({key: state.get(key, np.zeros(0)) for key in keys.values()}, keys)


def start(submission: Submission, rng: np.random.Generator) -> tuple[Any, Params, Keys, Any]:
    """A small network with weights of ours, these by role, the names, and its whole state."""
    model = submission.build_cnn(*SIZES, batch_norm=False, dropout=0.0)
    params, keys = known_cnn(submission, model, rng, SIZES, what=SMALL, vectors=0.05)
    return model, params, keys, plain(submission.ask(model, "state_dict"))


def test_fit_steps(submission: Submission, rng: np.random.Generator) -> None:
    """Exactly the weights after one and two steps with all images, and the history of them.

    Catches mistakes: fit_ascends, fit_head_only, fit_history_after_epoch, fit_loss_summed,
    fit_no_zero_grad, fit_rate_constant, fit_rate_ends_at_zero, fit_rmsprop, fit_sgd,
    fit_softmax_before_loss, fit_squared_error, fit_weight_decay, fit_zero_grad_late.
    """
    rate = 0.01
    model, params, keys, state = start(submission, rng)
    x, y = rng.normal(size=(7, 1, 8, 8)).astype(np.float32), np.array([0, 2, 1, 2, 0, 0, 1])
    loss, accuracy = first_loss(params, x, y)
    for epochs, batch_size in ((1, 7), (2, 7), (3, 128)):
        load(submission, model, state)
        history, got = trained(
            submission,
            *(model, keys, x, y),
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=rate,
        )
        what = f"fit(model, x, y, epochs={epochs}, batch_size={batch_size}) on 7 images"
        first = numbers(history, "loss")[:1]
        assert_close(
            first,
            [loss],
            what=f"history['loss'][0] of {what}",
            rtol=1e-3,  # float32
            atol=1e-5,
            dtype="any",
            hint="The mean cross-entropy of the images as they were when their step was made.",
        )
        first = numbers(history, "accuracy")[:1]
        assert_close(
            first, [accuracy], what=f"history['accuracy'][0] of {what}", rtol=1e-5, dtype="any"
        )
        wanted, clear = adam_steps(params, x, y, [range(7)] * epochs, rate)
        assert_change(params, got, wanted, clear, rate, what=what)


def test_fit_batches(submission: Submission, rng: np.random.Generator) -> None:
    """Every image once an epoch, in a new order, the short last batch too.

    On three images with batches of two only the single one of each epoch is random: 9 courses of
    two epochs. A correct submission shows only equal epochs with probability 3 ** -16, and only one
    first epoch with 3 * 3 ** -16: together 1e-7.

    Catches mistakes: fit_drops_last_batch, fit_history_of_last_batch, fit_ignores_seed,
    fit_labels_misaligned, fit_mean_of_batch_means, fit_no_shuffle, fit_one_epoch_only,
    fit_rate_by_epoch, fit_shuffles_once, fit_with_replacement.
    """
    model, params, keys, state = start(submission, rng)
    x, y = rng.normal(size=(7, 1, 8, 8)).astype(np.float32), np.array([0, 2, 1, 2, 0, 0, 1])
    history, _ = trained(
        submission, *(model, keys, x, y), epochs=3, batch_size=3, learning_rate=0.0
    )
    assert_still(history, *first_loss(params, x, y))
    x, y, rate = x[:3], np.array([0, 1, 2]), 0.01
    courses = courses_of_three(params, x, y, rate)
    seen = []
    for number in range(RUNS):
        load(submission, model, state)
        seed = int(rng.integers(2**31))
        how = {"epochs": 2, "batch_size": 2, "learning_rate": rate, "seed": seed}
        _, got = trained(submission, model, keys, x, y, **how)
        alone = min(courses, key=lambda course: far(got, courses[course][0]))
        if number < 3 or far(got, courses[alone][0]) > 0.5 * rate:
            assert_change(
                params,
                got,
                *courses[alone],
                rate,
                what="fit(model, x, y, epochs=2, batch_size=2) on 3 images, against the nearest of "
                "the 9 orders there are",
            )
        seen.append(alone)
    assert_shuffled(seen)


def assert_shuffled(seen: Sequence[tuple[int, ...]]) -> None:
    """Not every run begins alike, and not in every run are both epochs alike."""
    firsts = {alone[0] for alone in seen}
    has_other = any(alone[0] != alone[1] for alone in seen)
    assert_that(
        len(firsts) > 1,
        "fit takes the images in the same order, whatever the seed.",
        shows=len(firsts),
        hint="The order is drawn, and follows from seed.",
    )
    assert_that(
        has_other,
        "fit takes the images in the same order in every epoch.",
        shows=has_other,
        hint="Where does the shuffling stand, before the loop over the epochs or in it?",
    )


def assert_still(history: Mapping[object, object], loss: float, accuracy: float) -> None:
    """Three epochs in which nothing moves have the mean over all images each."""
    what = "of fit(model, x, y, epochs=3, batch_size=3, learning_rate=0.0) on 7 images"
    hint = "Nothing moves at this learning rate, so every epoch has the mean over all 7 images."
    for key, value in (("loss", loss), ("accuracy", accuracy)):
        assert_close(
            numbers(history, key),
            np.full(3, value),
            what=f"history['{key}'] {what}",
            rtol=1e-3,  # float32
            atol=1e-5,
            dtype="any",
            hint=hint,
        )


def courses_of_three(
    params: Params, x: Array, y: Array, rate: float
) -> dict[tuple[int, ...], tuple[Params, Params]]:
    """Weights after two epochs in batches of two, by which of the three images was alone in each.

    Returns:
        As adam_steps gives them: the weights, and which of them float32 can know.
    """
    courses = {}
    for alone in itertools.product(range(3), repeat=2):
        batches = [b for i in alone for b in ([k for k in range(3) if k != i], [i])]
        courses[alone] = adam_steps(params, x, y, batches, rate)
    return courses


def far(got: Params, wanted: Params) -> float:
    """Mean distance of two networks' weights; rounding and a few unclear signs do not matter."""
    if any(got[role].shape != wanted[role].shape for role in wanted):
        return float("inf")
    parts = [np.abs(got[role] - wanted[role]).ravel() for role in wanted]
    return float(np.nan_to_num(np.concatenate(parts), nan=np.inf).mean())


def test_fit_seed(submission: Submission, rng: np.random.Generator) -> None:
    """With dropout and batch norm: equal seeds give equal weights; batch norm learns in fit.

    Catches mistakes: fit_dropout_unseeded, fit_ignores_seed, fit_in_eval_mode.
    """
    model = submission.build_cnn(*SIZES, batch_norm=True, dropout=0.5)
    what = "build_cnn(1, 8, 3, dropout=0.5)"
    _, keys = known_cnn(submission, model, rng, SIZES, what=what)
    state = plain(submission.ask(model, "state_dict"))
    x, y = rng.normal(size=(24, 1, 8, 8)).astype(np.float32), np.arange(24) % 3
    ends = []
    for seed in (3, 4, 3):
        load(submission, model, state)
        submission.ask(model, "eval")  # the mode in which predict may have found it
        how = {"epochs": 3, "batch_size": 7, "learning_rate": 0.01, "seed": seed}
        ends.append(trained(submission, model, keys, x, y, **how)[1])
    first, other, again = ends
    moved = not np.allclose(first["norm1.mean"], state[keys["norm1.mean"]].reshape(-1))
    assert_that(
        moved,
        "fit leaves batch norm's running statistics where they were.",
        shows=moved,
        hint="In which mode is a model that predict has used? fit has to switch it to training.",
    )
    for role in ("conv1.weight", "fc2.weight"):
        assert_close(
            again[role],
            first[role],
            what=f"{role} after fit(..., seed=3), twice from the same weights,",
            rtol=1e-4,  # the same program on the same numbers; threads may add in another order
            atol=1e-5,
            hint="What draws, besides the generator that seed seeds? Dropout does.",
        )
    differs = not np.array_equal(first["fc2.weight"], other["fc2.weight"])
    assert_that(
        differs,
        "fit gives the same weights for seed=3 and seed=4.",
        shows=differs,
        hint="Both the order of the images and dropout follow from seed.",
    )


def test_cnn_accuracy(
    submission: Submission,
    rng: np.random.Generator,
    dataset: Dataset,
    bars: Mapping[str, float],
    device: str,
) -> None:
    """Test accuracy with batch norm and dropout; our own forward pass judges the weights.

    Reference on digits, 12 seeds: 0.9898 +- 0.0042, 0.9833 to 0.9972, 2.7 CPU s a run. On MNIST,
    one seed: 0.9912, 62 CPU s on a busy machine.

    Catches mistakes: fit_stops_early, fit_labels_misaligned.
    """
    how = {"epochs": 30, "batch_size": 64} if dataset.name == "digits" else {"epochs": 3}
    x, x_test = (dataset.pixels(part)[:, None] for part in ("train", "test"))
    sizes = (1, x.shape[-1], int(dataset.y_train.max()) + 1)
    model = submission.build_cnn(*sizes)
    history = submission.fit(
        model,
        *(Tensor(x), Tensor(dataset.y_train)),
        **how,
        seed=int(rng.integers(2**31)),
        device=device,
    )
    submission.ask(model, "to", "cpu")
    state = plain(submission.ask(model, "state_dict"))
    readings = cnn_readings(state, *sizes)
    few = x_test[:16]
    got = answer(submission, model, few, "eval")
    logits = np.zeros((len(x_test), sizes[2]))
    if readings:
        params = read(state, nearest(readings, state, lambda p: cnn(p, few), got))
        logits = np.concatenate([cnn(params, part) for part in np.array_split(x_test, 20)])
    predicted = logits.argmax(axis=1)
    show(dataset, history, x_test, predicted, logits, state)
    assert_at_least(
        float((predicted == dataset.y_test).mean()),
        bars["accuracy"],
        what=f"test accuracy on {dataset.name} with batch norm and dropout",
        hint="Does the training loss keep falling? Is the whole of the data used?",
    )


def show(
    dataset: Dataset,
    history: Mapping[object, object],
    x_test: Array,
    predicted: Array,
    logits: Array,
    state: Mapping[str, Array],
) -> None:
    """Figures: the loss, who is taken for whom, the surest mistakes, the first filters."""
    curves = {"yours": numbers(history, "loss").tolist()}
    if REFERENCE_LOSS[dataset.name]:
        curves["reference"] = list(REFERENCE_LOSS[dataset.name])
    show_curves(f"training loss on {dataset.name}", curves, x="epoch", y="training loss")
    matrix = np.zeros((logits.shape[1],) * 2, dtype=int)
    np.add.at(matrix, (dataset.y_test, predicted), 1)
    show_matrix("which digit is taken for which", matrix)
    wrong = np.flatnonzero(predicted != dataset.y_test)
    sure = logits.max(axis=1)[wrong] - logits[wrong, dataset.y_test[wrong]]
    worst = wrong[np.argsort(-sure)[:16]]
    captions = [f"{dataset.y_test[i]} as {predicted[i]}" for i in worst]
    show_images("the surest mistakes", x_test[worst, 0], captions=captions)
    filters = [a[:, 0] for a in state.values() if a.ndim == 4 and a.shape[1] == 1]
    if filters:
        show_images("filters of the first layer", filters[0])
