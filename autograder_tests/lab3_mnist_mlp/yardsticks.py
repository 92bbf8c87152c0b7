"""The lectures' numbers about MLPs on MNIST beside the reference's."""

from types import ModuleType

import torch

from grader.dataset import Dataset
from grader.yardstick import Row

LECTURE_1_ACCURACY = (0.9245, 0.9690, 0.9793, 0.9848, 0.9890)
LECTURE_1_LOSS = (0.2577, 0.1042, 0.0687, 0.0508, 0.0382)
LECTURE_1_TEST = 0.9777
SEED = 0


def load(solution: ModuleType, dataset: Dataset) -> tuple[torch.Tensor, ...]:
    """Training images and labels, test images and labels, as the solution prepares them."""
    tensors = []
    for images, labels in ((dataset.x_train, dataset.y_train), (dataset.x_test, dataset.y_test)):
        # A copy: the dataset's arrays cannot be written to, which torch warns about.
        tensors += [
            solution.prepare_images(torch.from_numpy(images.copy()), dataset.max_value),
            torch.from_numpy(labels.copy()),
        ]
    return tuple(tensors)


def yardstick_lecture_1(solution: ModuleType, dataset: Dataset, device: str) -> list[Row]:
    """512 ReLU units, RMSprop, 5 epochs, batches of 128: lecture 1, Train the network."""
    x, y, x_test, y_test = load(solution, dataset)
    is_lecture = dataset.name == "mnist"  # the slide's numbers are MNIST's
    torch.manual_seed(SEED)
    model = solution.build_mlp(x.shape[1], 512, 10)
    history = solution.fit(model, x, y, epochs=5, batch_size=128, seed=SEED, device=device)
    count = solution.count_parameters(solution.build_mlp(784, 512, 10))
    rows = [Row(what="parameters of 784-512-10", lecture=None, measured=count)]
    for name, slide in (("loss", LECTURE_1_LOSS), ("accuracy", LECTURE_1_ACCURACY)):
        rows += [
            Row(
                what=f"512 units, training {name}, epoch {epoch}",
                lecture=number if is_lecture else None,
                measured=history[name][epoch - 1],
            )
            for epoch, number in enumerate(slide, 1)
        ]
    accuracy = solution.evaluate(model, x_test, y_test)[1]
    slide_test = LECTURE_1_TEST if is_lecture else None
    return [*rows, Row(what="512 units, test accuracy", lecture=slide_test, measured=accuracy)]


def yardstick_lecture_3(solution: ModuleType, dataset: Dataset, device: str) -> list[Row]:
    """Softmax regression, RMSprop, 20 epochs, batches of 128: the lab session's slides."""
    x, y, x_test, y_test = load(solution, dataset)
    torch.manual_seed(SEED)
    model = solution.build_softmax_regression(x.shape[1], 10)
    solution.fit(model, x, y, epochs=20, batch_size=128, seed=SEED, device=device)
    accuracy = solution.evaluate(model, x_test, y_test)[1]
    what = "softmax regression, test accuracy after 20 epochs"
    return [Row(what=what, lecture=None, measured=accuracy)]


def yardstick_lecture_5(solution: ModuleType, dataset: Dataset, device: str) -> list[Row]:
    """28 units, dropout 0.5, momentum, 500 epochs on 100 images: lecture 5's notebook."""
    x, y, x_test, y_test = load(solution, dataset)
    torch.manual_seed(SEED)
    model = solution.build_mlp(x.shape[1], 28, 10, dropout=0.5)
    solution.fit(
        model,
        x[:100],
        y[:100],
        epochs=500,
        batch_size=32,
        optimizer="momentum",
        learning_rate=0.01,
        seed=SEED,
        device=device,
    )
    accuracy = solution.evaluate(model, x_test, y_test)[1]
    return [Row(what="28 units on 100 images, test accuracy", lecture=None, measured=accuracy)]
