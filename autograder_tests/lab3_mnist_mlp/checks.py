"""Hidden checks of lab 3: images, networks, and how they are measured."""

import numpy as np
from oracle_lab3 import (
    BatchNormModel,
    as_float32,
    assert_float32,
    assert_net,
    batch,
    batch_norm_logits,
    forward,
    get,
    labels,
    measure_net,
    put,
    random_net,
    state_of,
    tensor,
)

from grader.testing import (
    Submission,
    Tensor,
    assert_close,
    assert_equal,
    assert_statistic,
    assert_that,
)


def test_images_random(submission: Submission, rng: np.random.Generator) -> None:
    """Any size and any white; an image does not depend on its neighbours.

    Catches mistakes: images_by_columns, images_flattened_together, images_not_scaled,
    images_own_maximum, images_scaled_by_256, images_standardised, images_white_is_255.
    """
    for shape, white in [((7, 5, 3), 255), ((1, 3, 11), 16), ((5, 8, 8), 100)]:
        images = rng.integers(0, white, size=shape, dtype=np.uint8)  # white itself never occurs
        got = submission.prepare_images(Tensor(images), max_value=white)
        rows = np.stack([[pixel / white for row in image for pixel in row] for image in images])
        assert_close(got, rows, what="prepare_images(images, max_value)", dtype="float32")
        alone = submission.prepare_images(Tensor(images[:1]), white)
        assert_close(
            alone,
            rows[:1],
            what="prepare_images(images[:1], max_value)",
            dtype="float32",
            hint="A test image alone becomes the same numbers as among a thousand others.",
        )


def test_network_structure(submission: Submission, rng: np.random.Generator) -> None:
    """The logits are those of the affine layers and ReLUs that the model's own weights make.

    Catches mistakes: hidden_layers_first_only, lecture5_sigmoid_output, no_biases, no_relu,
    relu_on_logits, sigmoid_hidden, softmax_in_model.
    """
    for sizes in [[5, 3], [5, 11, 3], [3, 7, 11, 2], [7, 5, 13, 11, 3]]:
        if len(sizes) == 2:
            model, name = submission.build_softmax_regression(*sizes), "build_softmax_regression"
        else:
            hidden = sizes[1] if len(sizes) == 3 else sizes[1:-1]
            model, name = submission.build_mlp(sizes[0], hidden, sizes[-1]), "build_mlp"
        net = random_net(sizes, rng)
        put(submission, model, net)
        what = f"{name} with layers {'-'.join(map(str, sizes))}"
        assert_net(get(submission, model, sizes, what=what), net, what=f"state_dict of {what}")
        for n, scale in [(17, 1.0), (1, 100.0)]:
            x = scale * batch(n, sizes[0], rng)
            got = submission.ask(model, "__call__", tensor(x))
            assert_float32(got, forward(net, as_float32(x)), what=f"logits of {what}")


def test_network_start(submission: Submission, rng: np.random.Generator) -> None:
    """Glorot weights, biases 0. A correct submission fails once in 150,000.

    Catches mistakes: biases_not_zero, he_start, torch_start, zero_start.
    """
    sizes = [150 + int(rng.integers(9)), 211, 97]
    model = submission.build_mlp(sizes[0], [211], sizes[-1])
    for layer, (weights, bias) in enumerate(get(submission, model, sizes, what="build_mlp"), 1):
        variance = 2.0 / (weights.shape[0] + weights.shape[1])
        what = f"weights of layer {layer} of a new network"
        assert_close(bias, np.zeros(len(bias)), what=f"biases of layer {layer} of a new network")
        # The fourth moment is 3 for normal and 1.8 for uniform weights: 3 is safe for both.
        error = variance * np.sqrt(2.0 / weights.size)
        assert_statistic(
            float((weights**2).mean()), variance, standard_error=error, what=f"variance of {what}"
        )
        error = np.sqrt(variance / weights.size)
        assert_statistic(float(weights.mean()), 0.0, standard_error=error, what=f"mean of {what}")
        products = weights[:, ::2][:, : weights.shape[1] // 2] * weights[:, 1::2]
        error = variance / np.sqrt(products.size)
        assert_statistic(
            float(products.mean()),
            0.0,
            standard_error=error,
            what=f"products of neighbouring {what}",
            hint="Units that start alike stay alike.",
        )


def test_network_dropout(submission: Submission, rng: np.random.Generator) -> None:
    """Each hidden unit on its own, with the probability that was asked for, rescaled; test: none.

    A correct submission fails once in 150,000.

    Catches mistakes: dropout_active_at_test, dropout_not_passed, dropout_not_rescaled,
    dropout_on_input, dropout_on_logits, lecture5_dropout_is_retained.
    """
    units, n = 40, 500
    # One class more than hidden units, so that each bias is known by its size.
    net = [(np.ones((1, units)), np.zeros(units)), (np.eye(units, units + 1), np.ones(units + 1))]
    for rate in (0.25, 0.6):
        model = submission.build_mlp(1, units, units + 1, dropout=rate)
        put(submission, model, net)  # out is 1 plus each hidden unit
        x = tensor(np.ones((n, 1)))
        submission.ask(model, "eval")
        assert_close(
            submission.ask(model, "__call__", x),
            np.hstack([np.full((n, units), 2.0), np.ones((n, 1))]),
            what=f"build_mlp(..., dropout={rate}) in eval mode",
            dtype="float32",
            hint="At test time nothing is switched off and nothing is rescaled.",
        )
        submission.ask(model, "train")
        out = np.asarray(submission.ask(model, "__call__", x))
        kept = 1.0 / (1.0 - rate)
        usable = out.shape == (n, units + 1) and out.dtype.kind == "f"
        mask = out[:, :units].astype(np.float64) - 1.0 if usable else np.zeros((n, units))
        values = [v for v in (0.0, kept) if np.isclose(mask, v, atol=1e-5).any()]
        assert_that(
            np.isin(np.round(mask, 4) + 0.0, np.round([0.0, kept], 4)).all()
            and len(values) == 2
            and usable
            and bool(np.allclose(out[:, units], 1.0)),
            f"build_mlp(..., dropout={rate}) in train mode should give each hidden unit 0 or "
            f"1 / {1 - rate:g} times its value.",
            shows=np.unique(np.round(mask, 4))[:9],
            hint="Which layer is dropout for, and what is its argument the probability of?",
        )
        is_kept = mask > 0.5 * kept
        share, spread = 1.0 - rate, np.sqrt(rate * (1.0 - rate))
        assert_statistic(
            float(is_kept.mean()),
            share,
            standard_error=spread / np.sqrt(mask.size),
            what=f"share of units kept with dropout={rate}",
        )
        for axis, words in ((0, "neighbouring examples"), (1, "neighbouring units")):
            centred = is_kept - share
            if axis == 1:
                centred = centred.T
            pairs = centred[::2] * centred[1::2]
            assert_statistic(
                float(pairs.mean()),
                0.0,
                standard_error=spread**2 / np.sqrt(pairs.size),
                what=f"correlation of {words} with dropout={rate}",
                hint="Every unit of every example has its own coin.",
            )


def test_network_batch_norm(submission: Submission, rng: np.random.Generator) -> None:
    """Normalised before the ReLU: by the running statistics at test, by the batch in training.

    Catches mistakes: batch_norm_after_relu, batch_norm_momentum_of_keras, batch_norm_not_passed.
    """
    for n in (17, 7):
        bn = BatchNormModel(submission, (5, 11, 3), rng)
        x = batch(n, 5, rng)
        submission.ask(bn.model, "eval")
        got = np.asarray(submission.ask(bn.model, "__call__", tensor(x)))
        what = "build_mlp(..., batch_norm=True)"
        hint = "The order of a hidden layer is affine, normalisation, ReLU."
        assert_float32(got, bn.find_roles(x, got), what=f"logits of {what}, eval mode", hint=hint)
        before = bn.vectors()
        submission.ask(bn.model, "train")
        got = submission.ask(bn.model, "__call__", tensor(x))
        wanted = batch_norm_logits(bn.net, before, x, training=True)
        assert_float32(got, wanted, what=f"logits of {what}, train mode", hint=hint)
        pre = x @ bn.net[0][0] + before["bias"]
        after = bn.vectors()
        for role, values in (("mean", pre.mean(axis=0)), ("var", pre.var(axis=0, ddof=1))):
            assert_float32(
                after[role],
                0.9 * before[role] + 0.1 * values,
                what=f"running {role} of {what} after one batch",
                hint="torch.nn.BatchNorm1d moves them by a tenth at each batch.",
            )


def test_parameters_frozen(submission: Submission) -> None:
    """What training may not change is not counted.

    Catches mistake: frozen_counted.
    """
    for args in [(5, 11, 3), (7, [5, 3], 2, 0.5, True)]:
        model = submission.build_mlp(*args)
        what = f"count_parameters of a network {args[0]}-{args[1]}-{args[2]}"
        submission.ask(model, "requires_grad_", requires_grad=False)
        assert_equal(submission.count_parameters(model), 0, what=f"{what}, all frozen")
        submission.ask(model, "requires_grad_", requires_grad=True)
        count = 11 * 6 + 3 * 12 if args[1] == 11 else 5 * 8 + 3 * 6 + 2 * 4 + 2 * (5 + 3)
        assert_equal(submission.count_parameters(model), count, what=f"{what}, thawed again")


def test_evaluate_exact(submission: Submission, rng: np.random.Generator) -> None:
    """Means over examples, whatever the batches; exact for logits of a thousand; right classes.

    Catches mistakes: accuracy_in_percent, evaluate_averages_batches, evaluate_clips_probabilities,
    evaluate_first_batch_only, evaluate_sums, predict_from_one, predict_least_likely,
    predict_over_examples, softmax_in_evaluate.
    """
    for n, sizes, scale in [(1009, [5, 11, 3], 1.0), (1, [5, 3], 1.0), (97, [7, 5, 2], 30.0)]:
        model = submission.build_mlp(sizes[0], sizes[1], sizes[-1])
        if len(sizes) == 2:
            model = submission.build_softmax_regression(*sizes)
        net = random_net(sizes, rng, scale)
        put(submission, model, net)
        x = batch(n, sizes[0], rng)
        x[-9:] *= 10.0  # the last ones weigh: a short last batch shows
        y = rng.integers(sizes[-1], size=n)
        wanted_loss, wanted_accuracy = measure_net(net, as_float32(x), y)
        loss, accuracy = submission.evaluate(model, tensor(x), labels(y))
        hint = "Sums over all batches, divided once by the number of examples."
        assert_float32(loss, wanted_loss, what="evaluate(model, x, y), loss", hint=hint)
        assert_close(
            accuracy,
            wanted_accuracy,
            what="evaluate(model, x, y), accuracy",
            rtol=1e-5,
            dtype="any",
            hint=hint,
        )
    for n, sizes in [(1009, [5, 11, 3]), (1, [5, 7, 2]), (97, [3, 5, 7])]:
        model = submission.build_mlp(sizes[0], sizes[1], sizes[-1])
        net = random_net(sizes, rng)
        net[-1] = (net[-1][0], as_float32(net[-1][1] - 20.0))  # all logits below 0
        put(submission, model, net)
        x = batch(n, sizes[0], rng)
        top = np.sort(forward(net, x), axis=1)
        x = x[top[:, -1] - top[:, -2] > 1e-3]  # no ties within float32
        x = x if len(x) else np.zeros((1, sizes[0]))
        assert_close(
            submission.predict(model, tensor(x)),
            forward(net, x).argmax(axis=1),
            what="predict(model, x)",
            dtype="int64",
        )


def test_evaluate_mode(submission: Submission, rng: np.random.Generator) -> None:
    """Test-time logits also in train mode; afterwards weights, statistics and mode are as before.

    Catches mistakes: evaluate_in_train_mode, evaluate_leaves_eval_mode, evaluate_leaves_train_mode,
    predict_from_one, predict_in_train_mode, predict_least_likely, predict_over_examples.
    """
    bn = BatchNormModel(submission, (5, 11, 3), rng)
    x, y = batch(23, 5, rng), rng.integers(3, size=23)
    submission.ask(bn.model, "eval")
    got = np.asarray(submission.ask(bn.model, "__call__", tensor(x)))
    logits = bn.find_roles(x, got)
    wanted = -np.log(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True))
    x_one, y_one = tensor(x[:1]), labels(y[:1])
    for mode in ("train", "eval"):
        submission.ask(bn.model, mode)
        before = state_of(submission, bn.model)
        loss, _ = submission.evaluate(bn.model, tensor(x), labels(y))
        hint = "evaluate and predict measure the network as it is at test time."
        assert_float32(
            loss,
            wanted[np.arange(23), y].mean(),
            what=f"evaluate(model, x, y) of a normalised network in {mode} mode, loss",
            hint=hint,
        )
        predicted = submission.predict(bn.model, tensor(x))
        assert_equal(
            predicted,
            logits.argmax(axis=1),
            what=f"predict(model, x) of a normalised network in {mode} mode",
            hint=hint,
        )
        loss, _ = submission.evaluate(bn.model, x_one, y_one)
        what = f"evaluate(model, x[:1], y[:1]) of a normalised network in {mode} mode, loss"
        assert_float32(loss, wanted[0, y[0]], what=what, hint="One example is a batch too.")
        after = state_of(submission, bn.model)
        moved = [name for name in before if not np.array_equal(before[name], after.get(name))]
        assert_that(
            not moved,
            f"evaluate and predict change the network in {mode} mode.",
            shows=len(moved),
            hint="Measuring must not move the running statistics.",
        )
    modes = []
    for function in ("evaluate", "predict"):
        model = submission.build_mlp(5, 53, 3, dropout=0.5)
        for mode in ("train", "eval"):
            submission.ask(model, mode)
            args = (tensor(x), labels(y)) if function == "evaluate" else (tensor(x),)
            getattr(submission, function)(model, *args)
            # The worker seeds its generators before each call, so one call with the same row
            # twice shows whether units are still switched off at random.
            twice = np.asarray(submission.ask(model, "__call__", tensor(np.tile(x[:1], (9, 1)))))
            is_random = twice.ndim == 2 and bool(np.ptp(twice, axis=0).max() > 1e-6)
            modes.append(f"{mode} becomes {'train' if is_random else 'eval'}")
    assert_equal(
        modes,
        2 * ["train becomes train", "eval becomes eval"],
        what="the mode of a network after evaluate, and after predict",
        hint="Remember model.training before you change it.",
    )
