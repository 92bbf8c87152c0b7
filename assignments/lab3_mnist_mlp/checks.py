"""Public checks of lab 3. One function per rubric line, named test_<check id>."""

from collections.abc import Mapping

import numpy as np

from grader.testing import (
    Dataset,
    Submission,
    Tensor,
    assert_at_least,
    assert_close,
    assert_equal,
    assert_that,
    show_curves,
    show_images,
    show_matrix,
)

LN_2, LN_3 = np.log(2.0), np.log(3.0)

# Training loss of the reference on digits, epoch by epoch, at one seed.
REFERENCE_LOSS = (
    *(1.9122, 1.1910, 0.8031, 0.5830, 0.4531, 0.3733, 0.3168, 0.2774, 0.2488, 0.2247),
    *(0.2071, 0.1911, 0.1793, 0.1654, 0.1584, 0.1491, 0.1428, 0.1365, 0.1300, 0.1249),
)


def tensor(values: object) -> Tensor:
    """Send as a float32 tensor."""
    return Tensor(np.asarray(values, dtype=np.float32))


def labels(values: object) -> Tensor:
    """Send as an int64 tensor."""
    return Tensor(np.asarray(values, dtype=np.int64))


def arrays_of(submission: Submission, model: object) -> dict[str, np.ndarray]:
    """The model's arrays by name."""
    state = submission.ask(model, "state_dict")
    pairs = state.items() if isinstance(state, dict) else ()
    return {str(name): array for name, array in pairs if isinstance(array, np.ndarray)}


def set_last_bias(submission: Submission, model: object, bias: np.ndarray) -> None:
    """Make every weight 0, except for the biases of the output."""
    zeros = {name: np.zeros(a.shape) for name, a in arrays_of(submission, model).items()}
    last = [name for name, array in zeros.items() if array.shape == bias.shape]
    zeros |= dict.fromkeys(last[-1:], bias)
    sent = {name: tensor(array) for name, array in zeros.items()}
    submission.ask(model, "load_state_dict", sent)


def test_images_worked(submission: Submission) -> None:
    """Two small images, rows one after the other.

    Catches mistakes: images_by_columns, images_flattened_together, images_float64,
    images_not_scaled, images_own_maximum, images_scaled_by_256, images_standardised,
    images_white_is_255.
    """
    images = np.array([[[0, 51, 102], [153, 204, 255]], [[0, 0, 51], [0, 102, 0]]], np.uint8)
    rows = np.array([[0.0, 0.2, 0.4, 0.6, 0.8, 1.0], [0.0, 0.0, 0.2, 0.0, 0.4, 0.0]])
    assert_close(
        submission.prepare_images(Tensor(images)),
        rows,
        what="prepare_images([[[0, 51, 102], [153, 204, 255]], [[0, 0, 51], [0, 102, 0]]])",
        dtype="float32",
    )
    assert_close(
        submission.prepare_images(Tensor(images[1:]), 255),
        rows[1:],
        what="prepare_images([[[0, 0, 51], [0, 102, 0]]], 255)",
        dtype="float32",
        hint="The same image becomes the same numbers, whatever other images are beside it.",
    )
    assert_close(
        submission.prepare_images(Tensor(np.array([[[4, 8], [0, 12]]], np.uint8)), 16),
        np.array([[0.25, 0.5, 0.0, 0.75]]),
        what="prepare_images([[[4, 8], [0, 12]]], 16)",
        dtype="float32",
        hint="White is max_value, even if no pixel is white.",
    )


def test_one_hot_worked(submission: Submission) -> None:
    """Five columns also if the largest label is 3.

    Catches mistakes: one_hot_as_integers, one_hot_counts_labels, one_hot_transposed.
    """
    expected = np.zeros((4, 5))
    expected[[0, 1, 2, 3], [2, 0, 3, 2]] = 1.0
    assert_close(
        submission.one_hot(labels([2, 0, 3, 2]), 5),
        expected,
        what="one_hot([2, 0, 3, 2], 5)",
        dtype="float32",
        hint="One row a label, one column a class, and what multiplies weights is float32.",
    )


def test_parameters_counted(submission: Submission) -> None:
    """Numbers to work out on paper.

    Catches mistakes: counts_layers, counts_weights_only, no_biases, running_statistics_counted.
    """
    for name, args, count in [
        ("build_softmax_regression", (784, 10), 7_850),
        ("build_mlp", (784, 512, 10), 407_050),
        ("build_mlp", (784, 28, 10), 22_270),
        ("build_mlp", (64, [32, 16], 10), 2_778),
        ("build_mlp", (784, 28, 10, 0.5), 22_270),
        ("build_mlp", (784, 28, 10, 0.0, True), 22_326),
    ]:
        model = getattr(submission, name)(*args)
        assert_equal(
            submission.count_parameters(model),
            count,
            what=f"count_parameters({name}({', '.join(map(str, args))}))",
            hint="A layer has n_in * n_out weights and n_out biases; a normalised unit learns two "
            "numbers more.",
        )


def test_logits_not_probabilities(submission: Submission) -> None:
    """With all other weights 0 the biases of the output are the logits.

    Catches mistakes: lecture5_sigmoid_output, relu_on_logits, softmax_in_model.
    """
    logits, x = np.array([-2.0, 0.5, 4.0]), np.arange(10.0).reshape(2, 5) - 4.0
    for name, args in [("build_softmax_regression", (5, 3)), ("build_mlp", (5, 7, 3))]:
        model = getattr(submission, name)(*args)
        set_last_bias(submission, model, logits)
        assert_close(
            submission.ask(model, "__call__", tensor(x)),
            np.tile(logits, (2, 1)),
            what=f"{name}({', '.join(map(str, args))})(x) with last biases -2, 0.5, 4 and all "
            "other weights 0",
            dtype="float32",
            hint="The softmax belongs to the loss. What is the last thing your network does?",
        )


def test_evaluate_worked(submission: Submission) -> None:
    """Probabilities 1/4, 1/2, 1/4 for everyone; seven labels.

    Catches mistakes: accuracy_in_percent, evaluate_sums, softmax_in_evaluate.
    """
    model = submission.build_softmax_regression(2, 3)
    set_last_bias(submission, model, np.log([1.0, 2.0, 1.0]))
    x, y = np.arange(14.0).reshape(7, 2), [0, 1, 1, 1, 2, 0, 1]
    loss, accuracy = submission.evaluate(model, tensor(x), labels(y))
    what = "evaluate(model, x, [0, 1, 1, 1, 2, 0, 1]) with biases log([1, 2, 1]), weights 0"
    assert_close(
        loss,
        10.0 * LN_2 / 7.0,
        what=f"{what}, loss,",
        rtol=1e-5,  # float32
        dtype="any",
        hint="Four labels have probability 1/2, three have 1/4. Mean of -log.",
    )
    assert_close(
        accuracy,
        4.0 / 7.0,
        what=f"{what}, accuracy,",
        rtol=1e-5,
        dtype="any",
        hint="Class 1 is predicted for everyone.",
    )


def test_fit_worked(submission: Submission) -> None:
    """One step of plain gradient descent from zero, on two examples, worked by hand.

    Catches mistakes: ascends, bce_per_class, double_step, history_after_the_epoch, label_smoothing,
    learning_rate_ignored, loss_summed, mse_on_one_hot, softmax_before_the_loss.
    """
    model = submission.build_softmax_regression(2, 3)
    set_last_bias(submission, model, np.zeros(3))
    history = submission.fit(
        model,
        tensor([[1.0, 0.0], [0.0, 2.0]]),
        labels([0, 2]),
        epochs=1,
        batch_size=2,
        optimizer="sgd",
        learning_rate=0.6,
    )
    case = "after fit(model, [[1, 0], [0, 2]], [0, 2], epochs=1, batch_size=2, optimizer='sgd', "
    case += "learning_rate=0.6) from weights 0"
    arrays = [array for array in arrays_of(submission, model).values() if array.dtype.kind == "f"]
    bias = next((array for array in arrays if array.shape == (3,)), np.zeros(0))
    weights = next((array for array in arrays if array.ndim == 2), np.zeros((0, 0)))
    assert_close(
        bias,
        np.array([0.1, -0.2, 0.1]),
        what=f"the biases {case}",
        rtol=1e-4,  # float32
        atol=1e-6,
        dtype="any",
        hint="1/3 minus the share of each class, times 0.6, downhill.",
    )
    assert_close(
        weights.T if weights.shape == (3, 2) else weights,
        np.array([[0.2, -0.1, -0.1], [-0.2, -0.2, 0.4]]),
        what=f"the weights {case}",
        rtol=1e-4,
        atol=1e-6,
        dtype="any",
    )
    assert_close(
        first_of(history, "loss"),
        LN_3,
        what="the loss in the history of this epoch",
        rtol=1e-4,
        dtype="any",
        hint="The loss that the network had while training: before the step, ln 3.",
    )


def first_of(history: object, key: str) -> float:
    """The first number of a history's list; NaN if there is none."""
    values = history.get(key) if isinstance(history, dict) else None
    value = values[0] if isinstance(values, list) and values else np.nan
    return float(value) if isinstance(value, int | float | np.floating) else np.nan


def test_history_lengths(submission: Submission, rng: np.random.Generator) -> None:
    """Four lists of Python floats, one an epoch; no validation, no validation numbers.

    Catches mistakes: history_holds_tensors, history_one_number_a_batch, history_without_val_keys.
    """
    x, y = rng.normal(size=(7, 5)), [0, 1, 2, 0, 1, 2, 2]
    for case, given, epochs in [
        ("without validation data", {}, 3),
        ("with validation data", {"x_val": tensor(x[:3]), "y_val": labels(y[:3])}, 4),
    ]:
        model = submission.build_softmax_regression(5, 3)
        history = submission.fit(model, tensor(x), labels(y), epochs=epochs, batch_size=3, **given)
        count = epochs if given else 0
        what = f"the history of {epochs} epochs {case}"
        keys = ("accuracy", "loss", "val_accuracy", "val_loss")
        lengths = {
            key: len(v) if isinstance(v := history.get(key), list) else "no list" for key in keys
        }
        assert_equal(
            lengths,
            dict(zip(keys, (epochs, epochs, count, count), strict=True)),
            what=f"number of entries in the lists of {what}",
            hint="One number an epoch. Empty lists where there is nothing to validate on.",
        )
        lists = [history.get(key) for key in keys]
        kinds = {type(v) for values in lists if isinstance(values, list) for v in values}
        assert_equal(
            sorted(kind.__name__ for kind in kinds - {int, np.float32, np.float64}),
            ["float"],
            what=f"the types in {what}",
            hint="A tensor in a list keeps the graph that made it. float(loss) does not.",
        )


def test_train_softmax_regression(
    submission: Submission,
    rng: np.random.Generator,
    dataset: Dataset,
    bars: Mapping[str, float],
    device: str,
) -> None:
    """Softmax regression on the whole training set: lecture 3's run. Look at its curve.

    What the reference reaches stands beside the bars in lab.toml.

    Catches mistake: labels_misaligned.
    """
    n_in, classes = dataset.x_train[0].size, int(dataset.y_train.max()) + 1
    x = submission.prepare_images(Tensor(dataset.x_train), dataset.max_value)
    x_test = submission.prepare_images(Tensor(dataset.x_test), dataset.max_value)
    is_small = dataset.name == "digits"
    model = submission.build_softmax_regression(n_in, classes)
    history = submission.fit(
        model,
        Tensor(x),
        labels(dataset.y_train),
        epochs=20,
        batch_size=32 if is_small else 128,
        learning_rate=0.005 if is_small else 0.001,
        seed=int(rng.integers(2**31)),
        device=device,
    )
    predicted = submission.predict(model, Tensor(x_test))
    fits = predicted.shape == dataset.y_test.shape and predicted.dtype.kind in "iu"
    predicted = np.clip(predicted, 0, classes - 1) if fits else np.zeros_like(dataset.y_test)
    curves = {"yours": history.get("loss", [])}
    if is_small:
        curves["reference"] = REFERENCE_LOSS
    show_curves(f"softmax regression on {dataset.name}", curves, y="training loss")
    confusion = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(confusion, (dataset.y_test, predicted), 1)
    show_matrix("softmax regression on test images", confusion)
    wrong = np.flatnonzero(predicted != dataset.y_test)[:24]
    show_images(
        "taken for another",
        dataset.x_test[wrong],
        captions=[f"{dataset.y_test[i]}, not {predicted[i]}" for i in wrong],
    )
    assert_at_least(
        float((predicted == dataset.y_test).mean()) if fits else 0.0,
        bars["softmax_accuracy"],
        what="test accuracy of softmax regression after 20 epochs",
        hint="Does the training loss fall? Do images and labels stay together when shuffled?",
    )


def test_plot_curves(submission: Submission) -> None:
    """What is drawn are the history's numbers, over epochs counted from 1.

    Catches mistakes: plot_from_epoch_0, plot_one_axes, plot_without_labels,
    plot_without_validation.
    """
    full = {
        "loss": [1.9, 0.8, 0.5, 0.4],
        "accuracy": [0.31, 0.72, 0.81, 0.9],
        "val_loss": [1.2, 0.7, 0.6, 0.65],
        "val_accuracy": [0.5, 0.7, 0.75, 0.74],
    }
    bare = {
        "loss": [2.0, 1.0, 0.7],
        "accuracy": [0.2, 0.6, 0.7],
        "val_loss": [],
        "val_accuracy": [],
    }
    for case, history in [("with validation", full), ("without validation", bare)]:
        figure = submission.plot_history(history)
        what = f"plot_history(history {case})"
        places = {}
        for key, values in history.items():
            if values:
                curve = np.column_stack([np.arange(1.0, len(values) + 1.0), values])
                found = [i for i, axes in enumerate(figure.axes) if is_drawn(curve, axes)]
                places[key] = found[:1]
        assert_that(
            all(places.values()),
            f"{what} should draw every list that is not empty, from epoch 1 on.",
            shows=sorted(key for key, found in places.items() if found),
            hint="Which number stands below the first point?",
        )
        assert_equal(
            [places["loss"] != places["accuracy"], places.get("val_loss", places["loss"])],
            [True, places["loss"]],
            what=f"in which axes {what} draws losses and accuracies",
            hint="Two axes: losses in one, accuracies in the other.",
        )
        used = [axes for i, axes in enumerate(figure.axes) if [i] in places.values()]
        assert_that(
            all(axes.xlabel.strip() and axes.ylabel.strip() for axes in used) and used,
            f"every axis of {what} should have a label.",
        )


def is_drawn(curve: np.ndarray, axes: object) -> bool:
    """Whether one of the lines or point clouds of these axes is this curve."""
    drawn = [*axes.lines, *axes.points]
    return any(d.shape == curve.shape and np.allclose(d, curve) for d in drawn)
