"""Hidden checks of lab 4: the networks. One function per rubric line, named test_<check id>.

A network is proved by its weights, see oracle_lab4.
"""

from typing import Any

import numpy as np
from oracle_lab4 import (
    HIDDEN,
    Keys,
    Params,
    answer,
    assert_layers,
    block,
    block_readings,
    cnn,
    cnn_readings,
    drawn,
    known_cnn,
    load,
    nearest,
    plain,
    read,
    tolerance,
)

from grader.testing import (
    Submission,
    Tensor,
    assert_close,
    assert_equal,
    assert_statistic,
    assert_that,
)

Array = np.ndarray[Any, Any]
DRAWS = 400  # passes of HIDDEN units each
HEAD = ("fc2.weight", "fc2.bias")  # what transfer replaces


def images_of(rng: np.random.Generator, count: int, channels: int, size: int) -> Array:
    """Images whose statistics no batch norm remembers: every one has its own brightness."""
    x = rng.normal(size=(count, channels, size, size)) * rng.uniform(0.5, 2.0, (count, 1, 1, 1))
    return (x + rng.normal(size=(count, 1, 1, 1))).astype(np.float32)


def test_cnn_structure(submission: Submission, rng: np.random.Generator) -> None:
    """With weights of ours the model answers as the network of the statement does.

    Catches mistakes: cnn_without_padding, cnn_mean_pooling, cnn_without_last_relu,
    cnn_softmax_at_the_end, cnn_one_relu_less, cnn_norm_behind_relu, cnn_norm_always,
    cnn_sigmoid.
    """
    for sizes, batch_norm in [((2, 12, 5), False), ((1, 13, 10), True), ((3, 18, 7), True)]:
        in_channels, size, n_classes = sizes
        what = f"build_cnn({in_channels}, {size}, {n_classes}, batch_norm={batch_norm})"
        model = submission.build_cnn(*sizes, batch_norm=batch_norm, dropout=0.0)
        params, _ = known_cnn(submission, model, rng, sizes, what=what)
        assert_equal("norm1.gamma" in params, batch_norm, what=f"batch norm in {what}")
        x = images_of(rng, 7, in_channels, size)
        for mode in ("eval", "train"):
            wanted = cnn(params, x, training=mode == "train")
            got = answer(submission, model, x, mode)
            assert_close(got, wanted, what=f"{what} in {mode} mode", **tolerance(wanted))


def test_cnn_dropout(submission: Submission, rng: np.random.Generator) -> None:
    """Dropout acts on the hidden units, only while training, and keeps their mean.

    The weights let each logit show one hidden unit, which is 1. A correct submission fails with
    probability below 1e-6, and by 400 equal masks never.

    Catches mistakes: cnn_dropout_at_test, cnn_dropout_fixed, cnn_dropout_is_keep_probability,
    cnn_dropout_missing, cnn_dropout_on_logits, cnn_dropout_on_maps.
    """
    rate, sizes = 0.25, (2, 12, HIDDEN + 3)
    model = submission.build_cnn(*sizes, batch_norm=False, dropout=rate)
    what = f"build_cnn(2, 12, {HIDDEN + 3}, batch_norm=False, dropout={rate})"
    params, keys = known_cnn(submission, model, rng, sizes, what=what)
    x = np.repeat(images_of(rng, 1, 2, 12), DRAWS, axis=0)  # the same image again and again
    different = len(np.unique(answer(submission, model, x, "train"), axis=0))
    assert_that(
        different > DRAWS // 2,
        f"{what} in train mode answers the same for the same image again and again.",
        shows=different,
        hint="Every image has draws of its own, while training.",
    )
    show_units(submission, model, params, keys)
    ones = np.ones((DRAWS, HIDDEN + 3))
    got = answer(submission, model, x, "eval")
    assert_close(got, ones, what=f"{what} in eval mode, all hidden units 1,", **tolerance(ones))
    got = answer(submission, model, x, "train")
    assert_equal(got.shape, ones.shape, what=f"the shape of what {what} answers")
    if got.shape != ones.shape:
        return
    still = ones[:, HIDDEN:]
    assert_close(
        got[:, HIDDEN:],
        still,
        what=f"{what} in train mode, logits that use no hidden unit,",
        hint="Dropout switches off hidden units, never logits.",
        **tolerance(still),
    )
    assert_masks(got[:, :HIDDEN].astype(np.float64), rate, what=what)


def show_units(submission: Submission, model: Any, params: Params, keys: Keys) -> None:
    """Make each hidden unit 1, whatever the image, and each logit but the last three one unit."""
    state = plain(submission.ask(model, "state_dict"))
    chosen = {
        "fc1.weight": np.zeros_like(params["fc1.weight"]),
        "fc1.bias": np.ones(HIDDEN),
        "fc2.weight": np.eye(HIDDEN + 3, HIDDEN),
        "fc2.bias": np.repeat([0.0, 1.0], [HIDDEN, 3]),  # three logits that show no unit
    }
    values = {
        keys[role]: (array if array.shape == state[keys[role]].shape else array.T).astype(
            np.float32
        )
        for role, array in chosen.items()
    }
    load(submission, model, values)


def assert_masks(units: Array, rate: float, *, what: str) -> None:
    """Hidden units (draws, HIDDEN) that were 1 are 0 with this probability, else scaled up."""
    assert_that(
        bool((np.isclose(units, 0.0) | np.isclose(units, 1 / (1 - rate), rtol=1e-4)).all()),
        f"{what} in train mode does not make each hidden unit 0 or 1 / (1 - {rate}) as large.",
        shows=np.unique(units.round(4))[:5],
        hint="Dropout stands behind the ReLU of the first linear layer, and nowhere else.",
    )
    assert_statistic(
        float((units == 0.0).mean()),
        rate,
        standard_error=float(np.sqrt(rate * (1 - rate) / units.size)),
        what=f"the share of hidden units that {what} switches off",
        hint="The argument is the probability to be switched off, as in nn.Dropout.",
    )


def test_predict_modes(submission: Submission, rng: np.random.Generator) -> None:
    """Each image is judged on its own, in evaluation mode; the model stays as it was.

    Images whose two best classes are nearly equal are left out: rounding may decide there.

    Catches mistakes: predict_from_one, predict_in_train_mode, predict_least_likely,
    predict_leaves_eval_mode, predict_logits, predict_over_batch, predict_switches_to_train.
    """
    sizes = (2, 12, 5)
    model = submission.build_cnn(*sizes, batch_norm=True, dropout=0.0)
    what = "build_cnn(2, 12, 5, dropout=0.0)"
    params, _ = known_cnn(submission, model, rng, sizes, what=what)
    x = images_of(rng, 120, 2, 12)
    x[60:] *= 3.0  # in train mode these would change what the first ones are
    logits = cnn(params, x)
    best = np.sort(logits, axis=1)
    x = x[best[:, -1] - best[:, -2] > 1e-2 * np.abs(logits).max()]
    labels = cnn(params, x).argmax(axis=1)
    values = plain(submission.ask(model, "state_dict"))
    for mode in ("train", "eval"):
        load(submission, model, values)  # our own calls in training mode move batch norm
        submission.ask(model, mode)
        assert_labels(submission, model, x, labels, mode=mode)
        assert_that(
            same_state(values, submission.ask(model, "state_dict")),
            "predict(model, x) changes the model.",
            hint="What does batch norm do with every batch it sees in training mode?",
        )
        got = np.asarray(submission.ask(model, "__call__", Tensor(x[:5])))
        wanted = cnn(params, x[:5], training=mode == "train")
        assert_close(
            got,
            wanted,
            what=f"the model after predict, which found it in {mode} mode,",
            hint="predict leaves the model in the mode in which it found it.",
            **tolerance(wanted),
        )


def assert_labels(
    submission: Submission, model: Any, x: Array, labels: Array, *, mode: str
) -> None:
    """Judge the classes of all images, of the first few alone, and of the first alone."""
    label = f"predict(model, x), the model in {mode} mode,"
    assert_close(submission.predict(model, Tensor(x)), labels, what=label, dtype="int64")
    assert_close(
        submission.predict(model, Tensor(x[:8])),
        labels[:8],
        what="predict(model, x[:8]) against predict(model, x)[:8]",
        dtype="int64",
        hint="An image's class must not depend on which others are in the batch.",
    )
    assert_close(
        submission.predict(model, Tensor(x[:1])),
        labels[:1],
        what="predict(model, x[:1])",
        dtype="int64",
    )


def same_state(one: object, other: object) -> bool:
    """Whether two state_dicts hold the same arrays, bit for bit."""
    left, right = plain(one), plain(other)
    return set(left) == set(right) and all(np.array_equal(left[k], right[k]) for k in left)


def test_residual_block(submission: Submission, rng: np.random.Generator) -> None:
    """relu(F(x) + shortcut(x)) in both modes, with a projection exactly where it is needed.

    Catches mistakes: residual_no_shortcut, residual_one_norm_twice, residual_pads_channels,
    residual_projection_always, residual_projection_of_channels_only,
    residual_projection_without_norm, residual_relu_before_sum, residual_relu_on_path,
    residual_stride_in_second, residual_with_bias, residual_without_first_relu,
    residual_without_last_relu.
    """
    for in_channels, out_channels, stride in [(5, 5, 1), (3, 5, 1), (3, 7, 2), (6, 6, 2)]:
        what = f"ResidualBlock({in_channels}, {out_channels}, stride={stride})"
        module = submission.ResidualBlock(in_channels, out_channels, stride=stride)
        state = plain(submission.ask(module, "state_dict"))
        readings = list(block_readings(state, in_channels, out_channels, stride))
        assert_layers(readings, state, what=what)
        values = drawn(state, rng)
        load(submission, module, values)
        x = rng.normal(size=(5, in_channels, 7, 9)).astype(np.float32)
        got = answer(submission, module, x, "eval")

        def compute(params: Params, x: Array = x, stride: int = stride) -> Array:
            return block(params, x, stride, training=False)

        params = read(values, nearest(readings, values, compute, got))
        wanted = compute(params)
        assert_close(got, wanted, what=f"{what}(x) in eval mode", **tolerance(wanted))
        wanted = block(params, x, stride, training=True)
        got = answer(submission, module, x, "train")
        assert_close(got, wanted, what=f"{what}(x) in train mode", **tolerance(wanted))


def test_transfer_frozen(submission: Submission, rng: np.random.Generator) -> None:
    """Training moves the new head and not one bit of the rest; the old model is not touched.

    Catches mistakes: transfer_nothing_frozen, transfer_norm_moves, transfer_old_head,
    transfer_shares_weights, transfer_new_features, transfer_all_frozen,
    transfer_hidden_layer_learns, transfer_head_bias_frozen, transfer_norm_by_batch.
    """
    sizes, few = (2, 12, 5), 3
    model = submission.build_cnn(*sizes, batch_norm=True, dropout=0.0)
    params, _ = known_cnn(submission, model, rng, sizes, what="build_cnn(2, 12, 5, dropout=0.0)")
    original = submission.ask(model, "state_dict")
    moved = submission.transfer(model, few)
    what = "transfer(model, 3)"
    x = images_of(rng, 19, 2, 12)
    keys, before = assert_old_features(submission, moved, params, x, few)
    y = np.arange(len(x)) % few
    submission.fit(moved, Tensor(x), Tensor(y), epochs=3, batch_size=5, learning_rate=0.01)
    after = plain(submission.ask(moved, "state_dict"))
    changed = sorted(
        role for role, key in keys.items() if not np.array_equal(after.get(key), before[key])
    )
    assert_equal(
        changed,
        sorted(HEAD),
        what=f"which parameters and statistics of {what} training has changed",
        hint="Compare state_dict() before and after training, entry by entry.",
    )
    got = answer(submission, moved, x, "eval")
    head = {role: read(after, keys)[role] for role in HEAD if keys[role] in after}
    wanted = cnn({**params, **head}, x)
    assert_close(got, wanted, what=f"{what} after training", **tolerance(wanted))
    assert_that(
        same_state(original, submission.ask(model, "state_dict")),
        "transfer(model, 3), or training what it returns, changes the model that was given.",
        hint="Two models that share a tensor change together.",
    )
    assert_apart(submission, (model, original), (moved, after), x, sizes[2])


def assert_old_features(
    submission: Submission, moved: Any, params: Params, x: Array, n_classes: int
) -> tuple[Keys, dict[str, Array]]:
    """The new model answers with the old features and its own head, in both modes.

    Returns:
        The names of the roles in the new model, and its tensors.
    """
    what = f"transfer(model, {n_classes})"
    before = distinct(plain(submission.ask(moved, "state_dict")))
    readings = cnn_readings(before, *x.shape[1:3], n_classes)
    assert_layers(readings, before, what=what)
    got = answer(submission, moved, x, "eval")
    keys = nearest(readings, before, lambda p: cnn(p, x), got)
    head = {role: read(before, keys)[role] for role in HEAD}
    wanted = cnn({**params, **head}, x)
    assert_close(got, wanted, what=f"{what}: old features, new head,", **tolerance(wanted))
    got = answer(submission, moved, x, "train")
    assert_close(
        got,
        wanted,
        what=f"{what} in train mode",
        hint="model.train() reaches every batch norm in it. The frozen part must not listen.",
        **tolerance(wanted),
    )
    return keys, before


def assert_apart(
    submission: Submission, old: tuple[Any, Any], new: tuple[Any, Any], x: Array, n_classes: int
) -> None:
    """The old model can go on learning, and the new one does not notice.

    Args:
        submission: Holds both.
        old: The model that was given to transfer, and its state_dict before that.
        new: The model that came back, and its state_dict after training.
        x: (batch, channels, size, size).
        n_classes: Of the old model.
    """
    (model, original), (moved, after) = old, new
    y = np.arange(len(x)) % n_classes
    submission.fit(model, Tensor(x), Tensor(y), epochs=1, batch_size=5, learning_rate=0.01)
    assert_that(
        not same_state(original, submission.ask(model, "state_dict")),
        "fit no longer trains a model that was once given to transfer.",
        hint="Freezing a layer freezes it for every model that uses it.",
    )
    assert_that(
        same_state(after, submission.ask(moved, "state_dict")),
        "training the old model changes what transfer(model, 3) has returned.",
        hint="Two models that share a tensor change together.",
    )


def distinct(state: dict[str, Array]) -> dict[str, Array]:
    """A state_dict without tensors that it names twice; all our values differ."""
    seen: dict[bytes, str] = {}
    for key, array in state.items():
        seen.setdefault(array.tobytes(), key)
    return {key: state[key] for key in seen.values()}
