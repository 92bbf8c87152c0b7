"""Hidden checks of lab 7: training. The samples that are judged are made here, from the weights."""

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
from frechet import features, frechet_distance, nearest_distances
from numpy.typing import NDArray
from oracle_lab7 import RELU, Net, f32, names_of, output, sigmoid

from grader.testing import (
    Dataset,
    Submission,
    Tensor,
    assert_at_least,
    assert_at_most,
    assert_equal,
    assert_that,
    show_images,
    show_points,
)

Array = NDArray[np.float64]

MODES, RADIUS, SIGMA = 8, 2.0, 0.02
DRAWN = 2500  # samples that are judged, as in PacGAN's code
COVERED = 20  # good samples that make a mode covered; every eighth of all would be 312


def draw_ring(rng: np.random.Generator, n: int) -> tuple[NDArray[np.float32], Array]:
    """Draw points of eight normal distributions on a circle, and give their centres.

    Source of the benchmark and its measures: Srivastava and others (2017), VEEGAN,
    arXiv:1705.07761; Lin and others (2018), PacGAN, arXiv:1712.04086. Only the angle is ours.
    """
    angles = 2.0 * np.pi * (np.arange(MODES) / MODES + rng.random())
    centers = RADIUS * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    points = centers[rng.integers(MODES, size=n)] + SIGMA * rng.normal(size=(n, 2))
    return f32(points), centers


def read_trained(submission: Submission, model: Any, n_out: int, *, what: str) -> Net:
    """Read the generator that training returned: three layers of any widths, to n_out numbers."""
    state = submission.ask(model, "state_dict")
    weights, biases = names_of(state)
    shapes = [state[name].shape for name in weights]
    chained = len(shapes) == 3 and all(a[0] == b[1] for a, b in itertools.pairwise(shapes))
    fits = (
        chained
        and shapes[-1][0] == n_out
        and [state[name].shape for name in biases] == [shape[:1] for shape in shapes]
    )
    assert_that(
        fits,
        f"{what} does not return a generator as build_generator builds it.",
        shows=[str(shape) for shape in shapes],
        hint="Return the trained module itself.",
    )
    if not fits:
        return [(np.zeros((b, a)), np.zeros(b)) for a, b in ((2, 2), (2, 2), (2, n_out))]
    both = zip(weights, biases, strict=True)
    return [(state[w].astype(np.float64), state[b].astype(np.float64)) for w, b in both]


def flat(net: Net) -> Array:
    """All parameters in one row."""
    return np.concatenate([part.ravel() for pair in net for part in pair])


def assert_seeded(submission: Submission, name: str, x: NDArray[np.float32], seeds: Any) -> None:
    """Judge what a few steps of training make of equal and of other seeds."""
    what = f"{name}(x, steps=3, batch_size=7, seed=seed)"
    ends = []
    for seed in (seeds[0], seeds[0], seeds[1]):
        model, after = submission.call_and_look(
            name, Tensor(x), steps=3, batch_size=7, seed=int(seed), device="cpu"
        )
        ends.append(flat(read_trained(submission, model, x.shape[1], what=what)))
        given = after[0] if isinstance(after, tuple) and after else None
        assert_that(
            isinstance(given, np.ndarray) and np.array_equal(given, x),
            f"{what} changes x in place.",
            hint="Scale or shuffle a copy.",
        )
    assert_that(
        ends[0].shape == ends[1].shape and np.array_equal(ends[0], ends[1]),
        f"{what} gives other weights when it is called again with the same seed.",
        hint="Weights, batches and noise: which of them does the seed not reach?",
    )
    assert_that(
        ends[0].shape != ends[2].shape or not np.array_equal(ends[0], ends[2]),
        f"{what} gives the same weights for another seed.",
        hint="Where is seed used?",
    )
    model = getattr(submission, name)(
        Tensor(x), steps=40, batch_size=7, seed=int(seeds[0]), device="cpu"
    )
    longer = flat(read_trained(submission, model, x.shape[1], what=what))
    assert_that(
        longer.shape != ends[0].shape or not np.array_equal(longer, ends[0]),
        f"{name} gives the same weights after 3 steps and after 40.",
        hint="How many steps were asked for, and is it the trained network that is returned?",
    )


def test_ring_seeds(submission: Submission, rng: np.random.Generator) -> None:
    """The seed decides over everything, and x is left alone.

    Catches mistakes: fit_ring_ignores_seed, fit_ring_returns_initial, fit_ring_scales_in_place,
    fit_ring_stores_examples, fit_ring_unseeded.
    """
    x, _ = draw_ring(rng, 101)
    assert_seeded(submission, "fit_ring", x, rng.choice(2**31, size=2, replace=False))


def test_digits_seeds(submission: Submission, rng: np.random.Generator, dataset: Dataset) -> None:
    """The seed decides over everything, x is left alone, and pixels are in [0, 1].

    Catches mistakes: fit_digits_centers_in_place, fit_digits_ignores_seed,
    fit_digits_stores_examples, fit_digits_unbounded.
    """
    x = f32(dataset.x_train[rng.permutation(len(dataset.x_train))[:101]] / dataset.max_value)
    x = x.reshape(len(x), -1)
    assert_seeded(submission, "fit_digits", x, rng.choice(2**31, size=2, replace=False))
    model = submission.fit_digits(Tensor(x), steps=3, batch_size=7, seed=1, device="cpu")
    made = np.asarray(submission.sample(model, 11, 1))
    what = "sample(fit_digits(x, steps=3), 11, seed=1)"
    assert_equal(made.shape, (11, x.shape[1]), what=f"shape of {what}")
    assert_that(
        made.dtype.kind == "f" and np.all(made >= 0.0) and np.all(made <= 1.0),
        f"{what} is not within [0, 1].",
        shows=made,
        hint="Build the generator with bounded=True.",
    )


def test_ring_modes(
    submission: Submission, rng: np.random.Generator, bars: Mapping[str, float], device: str
) -> None:
    """All eight modes, and most samples within three deviations of one.

    Catches mistakes: fit_ring_constant_rate, fit_ring_one_mode, fit_ring_uniform_noise.
    """
    x, centers = draw_ring(rng, 5000)
    model = submission.fit_ring(Tensor(x), seed=int(rng.integers(2**31)), device=device)
    net = read_trained(submission, model, 2, what="fit_ring")
    made = output(net, rng.normal(size=(DRAWN, net[0][0].shape[1])), RELU)
    distances = np.linalg.norm(made[:, None] - centers, axis=2)
    good = distances.min(axis=1) <= 3.0 * SIGMA
    counts = np.bincount(distances.argmin(axis=1)[good], minlength=MODES)
    show_points("2500 samples of your generator, and the modes", made, centers=centers)
    assert_at_least(
        int((counts >= COVERED).sum()),
        bars["ring_modes"],
        what="modes that your samples cover",
        unit="of 8",
        hint="Draw your samples over the data. Which modes are missing?",
    )
    assert_at_least(
        float(good.mean()),
        bars["ring_quality"],
        what="share of samples within three deviations of a mode",
        hint="The players circle around the solution. What lets them settle?",
    )


def show_digits(images: Array, classes: NDArray[np.int64]) -> None:
    """Lay out six fakes of each class."""
    shown = [np.flatnonzero(classes == digit)[:6] for digit in range(10)]
    places = np.concatenate(shown)
    show_images(
        "Your digits, and what the grader's classifier takes them for",
        images[places],
        captions=[str(classes[place]) for place in places],
    )


def kinship(images: Array) -> float:
    """How much a pixel says of its right neighbour: 1 all, 0 nothing, as in noise."""
    centred = images - images.mean(axis=0)
    together = float((centred[:, :, :-1] * centred[:, :, 1:]).mean())
    return together / max(float((centred**2).mean()), 1e-12)


def frechet_hint(images: Array, x: Array, shares: Array) -> str:
    """Say what to look at where fakes (n, 8, 8) are far from images x, by what is most wrong.

    Seen, as the fakes' variance, kinship and rarest digit: the images 1, 0.30, 0.097; the reference
    0.92, 0.27, 0.07; before training 0.00, and grey; collapsed 0.00 to 0.01, nearly black and
    white; noise 1, 0.00; other noise in training than in sample 0.3, 0.05; 300 steps 0.3, 0.33,
    0.000; the same 128 images in every step 0.85, 0.28, 0.01 to 0.04.
    """
    variance = float(images.var(axis=0).mean() / x.var(axis=0).mean())
    rarest = float(shares.min())
    if variance < 0.1 and np.abs(images - 0.5).mean() < 0.2:
        return (
            "Your fakes are grey, as before training. How many steps did it make, and is it the "
            "trained generator that comes back?"
        )
    if variance < 0.1:
        return (
            f"Your fakes are nearly one picture: their pixels vary {variance:.2f} times as much as "
            "those of the images. Print both losses: from which step on does one player win, and "
            "do real images and fakes have the same range?"
        )
    if kinship(images) < 0.5 * kinship(x):
        return (
            "Your fakes look like noise: neighbouring pixels have little to do with each other. "
            "Does training draw its noise as sample does, and are there enough steps?"
        )
    if rarest < 0.02:
        return (
            f"Your fakes look drawn, but some digits are missing: the rarest is {rarest:.1%}. "
            "Show samples after every 500 steps. Do missing digits still turn up?"
        )
    return (
        "Your fakes vary as much as the images and show all digits; what is wrong is finer. Does "
        "the discriminator see all images, and do samples still change in the last 500 steps?"
    )


def test_digits_frechet(
    submission: Submission,
    rng: np.random.Generator,
    dataset: Dataset,
    bars: Mapping[str, float],
    device: str,
) -> None:
    """Close to the training images in a classifier's features, all classes, no copies.

    Catches mistakes: fit_digits_first_batch, fit_digits_other_range, fit_digits_too_short,
    fit_digits_uniform_noise.
    """
    x = dataset.x_train / dataset.max_value
    pixels = x.reshape(len(x), -1)
    model = submission.fit_digits(Tensor(f32(pixels)), seed=int(rng.integers(2**31)), device=device)
    net = read_trained(submission, model, pixels.shape[1], what="fit_digits")
    made = sigmoid(output(net, rng.normal(size=(2000, net[0][0].shape[1])), RELU))
    made = np.nan_to_num(made)  # weights that are not finite make no digits, and no crash here
    images = made.reshape(-1, *x.shape[1:])
    ours, logits = features(images)
    classes = logits.argmax(axis=1)
    show_digits(images, classes)
    real, _ = features(x)
    shares = np.bincount(classes, minlength=10) / len(classes)
    assert_at_most(
        frechet_distance(ours, real),
        bars["digits_frechet"],
        what="Frechet distance to the training images",
        hint=frechet_hint(images, x, shares),
    )
    assert_at_least(
        float(shares.min()),
        bars["digits_share"],
        what="share of the rarest digit",
        hint="A generator that makes few digits well has found a weak spot of the discriminator.",
    )
    assert_at_least(
        float(nearest_distances(made, pixels).mean()),
        bars["digits_novelty"],
        what="mean distance to the nearest training image",
        hint="A generator makes new images; it does not bring back old ones.",
    )
