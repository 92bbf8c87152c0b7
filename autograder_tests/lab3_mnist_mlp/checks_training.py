"""Hidden checks of lab 3: whole trainings, judged on images that nothing was trained on."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from oracle_lab3 import Net, forward, get, labels, put, random_net, tensor

from grader.testing import (
    Dataset,
    Submission,
    Tensor,
    assert_at_least,
    assert_at_most,
    assert_time_ratio,
    show_curves,
    show_images,
    show_matrix,
)

Array = NDArray[np.float64]

# Lecture 1's run on MNIST: training accuracy and loss after each epoch.
LECTURE_1_ACCURACY = (0.9245, 0.9690, 0.9793, 0.9848, 0.9890)
LECTURE_1_LOSS = (0.2577, 0.1042, 0.0687, 0.0508, 0.0382)

# Training loss of the reference on digits at one seed: 512 units, Adam.
REFERENCE_LOSS_512 = (
    *(1.5329, 0.5461, 0.3005, 0.2146, 0.1696, 0.1415, 0.1230, 0.1078, 0.0941, 0.0823),
    *(0.0773, 0.0710, 0.0628, 0.0616, 0.0569, 0.0483, 0.0447, 0.0431, 0.0398, 0.0342),
    *(0.0338, 0.0304, 0.0290, 0.0264, 0.0247, 0.0245, 0.0205, 0.0190, 0.0179, 0.0179),
)


def show_test(net: Net, x_test: NDArray[np.float32], dataset: Dataset, title: str) -> float:
    """Judge the weights themselves on the test images; show what a person would look at."""
    small: Net = [(w.astype(np.float32), b.astype(np.float32)) for w, b in net]
    logits = forward(small, x_test)
    predicted = logits.argmax(axis=1)
    confusion = np.zeros((logits.shape[1],) * 2, dtype=np.int64)
    np.add.at(confusion, (dataset.y_test, predicted), 1)
    show_matrix(f"{title}: test images", confusion)
    top = np.sort(logits, axis=1)
    sure = (top[:, -1] - top[:, -2]) * (predicted != dataset.y_test)
    worst = [i for i in np.argsort(-sure)[:24] if sure[i] > 0]
    show_images(
        f"{title}: surest mistakes",
        dataset.x_test[worst],
        captions=[f"{dataset.y_test[i]}, not {predicted[i]}" for i in worst],
    )
    strongest = np.argsort(-np.linalg.norm(net[0][0], axis=0))[:24]
    shape = dataset.x_test.shape[1:]
    show_images(f"{title}: what hidden units look for", net[0][0].T[strongest].reshape(-1, *shape))
    return float((predicted == dataset.y_test).mean())


def list_of(history: Mapping[str, object], key: str) -> Sequence[float]:
    """A list of a history; empty if there is none."""
    values = history.get(key)
    return values if isinstance(values, list) else []


def test_train_512(
    submission: Submission,
    rng: np.random.Generator,
    dataset: Dataset,
    bars: Mapping[str, float],
    device: str,
) -> None:
    """Lecture 1's network. On MNIST its run, and its training curve; on digits Adam, 30 epochs.

    The measured figures stand beside the bars in lab.toml. The bars see what ruins a training; the
    mistakes that leave the accuracy as it is are caught by exact steps.

    Catches mistake: labels_misaligned.
    """
    n_in, classes = dataset.x_train[0].size, int(dataset.y_train.max()) + 1
    x, x_test = (dataset.pixels(part).reshape(-1, n_in) for part in ("train", "test"))
    is_lecture = dataset.name == "mnist"
    model = submission.build_mlp(n_in, 512, classes)
    history = submission.fit(
        model,
        Tensor(x),
        labels(dataset.y_train),
        epochs=5 if is_lecture else 30,
        batch_size=128 if is_lecture else 32,
        optimizer="rmsprop" if is_lecture else "adam",
        seed=int(rng.integers(2**31)),
        device=device,
    )
    other = ("lecture 1", LECTURE_1_LOSS) if is_lecture else ("reference", REFERENCE_LOSS_512)
    losses, seen = list_of(history, "loss"), list_of(history, "accuracy")
    show_curves("512 units", {"yours": losses, other[0]: other[1]}, y="training loss")
    net = get(submission, model, [n_in, 512, classes], what="the model after fit")
    assert_at_least(
        show_test(net, x_test, dataset, "512 units"),
        bars["accuracy"],
        what=f"test accuracy of 512 units on {dataset.name}",
        hint="Does the training loss fall in every epoch?",
    )
    if is_lecture:
        gaps = [
            abs(float(mine) - his) if isinstance(mine, float) else np.inf
            for mine, his in zip(seen, LECTURE_1_ACCURACY, strict=False)
        ]
        gaps += [np.inf] * (5 - len(gaps))
        for words, gap, bar in (
            ("epoch 1", gaps[0], bars["curve_first"]),
            ("epochs 2 to 5", max(gaps[1:]), bars["curve_later"]),
        ):
            assert_at_most(
                gap,
                bar,
                what=f"distance of the training accuracy from lecture 1's, {words}",
                hint="RMSprop that keeps 0.9, Glorot weights, batches of 128.",
            )


def test_train_lecture5(
    submission: Submission,
    rng: np.random.Generator,
    dataset: Dataset,
    bars: Mapping[str, float],
    device: str,
) -> None:
    """Lecture 5's first network: 28 units, dropout 0.5, 100 images, 500 epochs.

    Catches mistake: labels_misaligned.
    """
    n_in, classes = dataset.x_train[0].size, int(dataset.y_train.max()) + 1
    x, x_test = (dataset.pixels(part).reshape(-1, n_in) for part in ("train", "test"))
    x = x[:100]
    model = submission.build_mlp(n_in, 28, classes, dropout=0.5)
    history = submission.fit(
        model,
        Tensor(x),
        labels(dataset.y_train[:100]),
        epochs=500,
        batch_size=32,
        optimizer="momentum",
        learning_rate=0.01,
        seed=int(rng.integers(2**31)),
        device=device,
    )
    show_curves("28 units, 100 images", {"yours": list_of(history, "loss")}, y="training loss")
    net = get(submission, model, [n_in, 28, classes], what="the model after fit")
    assert_at_least(
        show_test(net, x_test, dataset, "28 units, 100 images"),
        bars["lecture5_accuracy"],
        what=f"test accuracy of 28 units after 100 images of {dataset.name}",
        hint="Momentum keeps 0.9 of the velocity from step to step, over the ends of epochs too.",
    )


class Fresh:
    """One program's fit, each time from the same weights: what assert_time_ratio calls."""

    def __init__(self, program: Submission, net: Net) -> None:
        """Build the model.

        Args:
            program: The submission or the reference.
            net: Weights to start from.
        """
        self.program, self.net = program, net
        self.sizes = [net[0][0].shape[0], *(len(bias) for _, bias in net)]
        self.model = program.build_mlp(self.sizes[0], self.sizes[1], self.sizes[2])
        self.cpu_seconds = program.cpu_seconds

    def fit(self, x: Array, y: NDArray[np.int64]) -> list[Array]:
        """Train for an epoch; return all weights."""
        put(self.program, self.model, self.net)
        self.program.fit(
            self.model, tensor(x), labels(y), epochs=1, batch_size=64, learning_rate=1e-4
        )
        net = get(self.program, self.model, self.sizes, what="the model after fit")
        return [array for pair in net for array in pair]


def test_fit_time(submission: Submission, reference: Submission, rng: np.random.Generator) -> None:
    """An epoch costs about what it costs the reference.

    Correct programs: index per batch 1.0, DataLoader with its default collation about 2.

    Catches mistake: one_example_at_a_time.
    """
    net = random_net([64, 256, 10], rng)
    x, y = rng.normal(size=(1024, 64)), rng.integers(10, size=1024)
    mine, his = Fresh(submission, net), Fresh(reference, net)

    def verify(got: Sequence[Array], wanted: Sequence[Array], *_: object) -> bool:
        """Whether the timed training moved the weights about as far as the reference's."""
        start = [array for pair in net for array in pair]
        moved, should = (
            np.concatenate([(a - b).ravel() for a, b in zip(end, start, strict=True)])
            for end in (got, wanted)
        )
        # Other orders of the batches give other weights; the way is about as long.
        return bool(0.5 < np.linalg.norm(moved) / np.linalg.norm(should) < 2.0)

    assert_time_ratio(
        mine,
        his,
        "fit",
        x,
        y,
        verify=verify,
        at_most=4.0,
        fail_above=6.0,
        what="fit(model, x, y, epochs=1, batch_size=64)",
        hint="A whole batch goes through the network at once; x[indices] takes it from a tensor.",
    )
