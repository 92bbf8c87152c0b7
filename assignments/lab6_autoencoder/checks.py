"""Public checks of lab 6. One function per rubric line, named test_<check id>."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from grader.testing import (
    Dataset,
    Submission,
    Tensor,
    assert_at_most,
    assert_close,
    assert_that,
    show_curves,
    show_images,
)

Array = NDArray[np.float64]

LN_3 = np.log(3.0)
SETTINGS = {
    "digits": {"code": 16, "epochs": 60, "batch_size": 64, "learning_rate": 0.02},
    "mnist": {"code": 32, "epochs": 10, "batch_size": 128, "learning_rate": 0.002},
}
SHOWN = 8  # digits in a figure
NO_LESS = 0.999  # of PCA on its own training images, less 0.001 for float32
# The reference's mean squared error of a training image in each epoch, digits, seed 0.
# fmt: off
REFERENCE_CURVE = (
    7.021, 2.498, 1.570, 1.217, 1.038, 0.937, 0.872, 0.832, 0.801, 0.782,
    0.766, 0.759, 0.749, 0.755, 0.742, 0.737, 0.736, 0.733, 0.729, 0.730,
    0.728, 0.728, 0.728, 0.727, 0.725, 0.726, 0.725, 0.724, 0.725, 0.724,
    0.722, 0.722, 0.722, 0.721, 0.720, 0.719, 0.720, 0.719, 0.719, 0.719,
    0.718, 0.716, 0.717, 0.717, 0.716, 0.715, 0.714, 0.714, 0.714, 0.713,
    0.713, 0.712, 0.712, 0.712, 0.711, 0.710, 0.710, 0.709, 0.709, 0.708,
)
# fmt: on


def test_error_worked(submission: Submission) -> None:
    """Two examples, worked by hand.

    Catches mistakes: error_mean, error_mean_of_examples, error_no_half, error_not_squared.
    """
    assert_close(
        submission.reconstruction_error(
            np.array([[1.0, 2.0, 0.0], [0.0, 1.0, -1.0]]),
            np.array([[1.0, 0.0, 1.0], [3.0, 1.0, 0.0]]),
        ),
        7.5,
        what="reconstruction_error([[1, 2, 0], [0, 1, -1]], [[1, 0, 1], [3, 1, 0]])",
        hint="Half of 4 + 1 + 9 + 1: a sum over everything, with lecture 3's half.",
    )


def test_pca_worked(submission: Submission) -> None:
    """Four corners of a rectangle around (10, 20), longer along (3, 4) / 5 than across.

    Catches mistakes: pca_components_as_columns, pca_components_not_unit, pca_least_variance,
    pca_not_centred, pca_reconstruct_without_mean, pca_standardised.
    """
    along, across = np.array([3.0, 4.0]), np.array([-0.8, 0.6])
    middle = np.array([10.0, 20.0])
    x = middle + np.array([along + across, along - across, across - along, -along - across])
    mean, components = submission.pca(x, 1)
    what = "pca([[12.2, 24.6], [13.8, 23.4], [6.2, 16.6], [7.8, 15.4]], 1)"
    assert_close(mean, middle, what=f"{what}[0]", hint="The centre of the rectangle.")
    # A direction and its opposite are the same component, so products of two entries are compared.
    assert_close(
        np.asarray(components).T @ np.asarray(components),
        np.outer(along, along) / 25.0,
        what=f"components.T @ components of {what}",
        hint="One row of length 1, along the rectangle's long side: (0.6, 0.8) or its opposite.",
    )
    assert_close(
        submission.pca_reconstruct(x, middle, along[None] / 5.0),
        middle + np.array([along, along, -along, -along]),
        what="pca_reconstruct(the same corners, [10, 20], [[0.6, 0.8]])",
        hint="Each corner drops onto the line through (10, 20): (13, 24) or (7, 16).",
    )


def test_autoencoder_worked(submission: Submission) -> None:
    """One hidden unit whose sigmoid gives 3/4 and 1/4.

    Catches mistakes: autoencoder_gradient_averaged, autoencoder_gradient_halved,
    autoencoder_gradient_sign, autoencoder_gradient_without_slope, autoencoder_no_sigmoid,
    autoencoder_sigmoid_output, autoencoder_slope_of_code, autoencoder_tied.
    """
    x = np.array([[1.0, 2.0], [1.0, -2.0]])
    w, d = np.array([[0.0, LN_3 / 2.0]]), np.array([[4.0], [8.0]])
    case = "([[1, 2], [1, -2]], w=[[0, ln(3) / 2]], d=[[4], [8]])"
    assert_close(
        submission.autoencoder_forward(x, w, d),
        np.array([[3.0, 6.0], [1.0, 2.0]]),
        what=f"autoencoder_forward{case}",
        hint="The two codes are s(ln 3) = 3/4 and s(-ln 3) = 1/4. No sigmoid after the decoder.",
    )
    error, grad_w, grad_d = submission.autoencoder_gradients(x, w, d)
    what = f"autoencoder_gradients{case}"
    assert_close(error, 18.0, what=f"{what}[0]", hint="Half of 4 + 16 + 0 + 16.")
    assert_close(
        grad_d,
        np.array([[1.5], [4.0]]),
        what=f"{what}[2]",
        hint="The errors y - x are (2, 4) and (0, 4). Each is multiplied by its code.",
    )
    assert_close(
        grad_w,
        np.array([[13.5, 3.0]]),
        what=f"{what}[1]",
        hint="Carry each error back through d, then through the slope 3/16 of the sigmoid.",
    )


def test_penalties_worked(submission: Submission) -> None:
    """Three weights, one of them 0.

    Catches mistakes: l1_gradient_at_zero, l1_gradient_without_strength, l2_gradient_doubled,
    l2_no_half, l2_not_squared.
    """
    w = np.array([3.0, 0.0, -4.0])
    value, grad = submission.l1_penalty(w, 0.5)
    assert_close(value, 3.5, what="l1_penalty([3, 0, -4], 0.5)[0]")
    assert_close(
        grad,
        np.array([0.5, 0.0, -0.5]),
        what="l1_penalty([3, 0, -4], 0.5)[1]",
        hint="The slope of |w| is 1 or -1, whatever the size of w; at 0 the statement says 0.",
    )
    value, grad = submission.l2_penalty(w, 0.5)
    assert_close(
        value, 6.25, what="l2_penalty([3, 0, -4], 0.5)[0]", hint="Half of 25, times the strength."
    )
    assert_close(grad, np.array([1.5, 0.0, -2.0]), what="l2_penalty([3, 0, -4], 0.5)[1]")


def test_soft_threshold_worked(submission: Submission) -> None:
    """Values on both sides of the threshold and of 0.

    Catches mistakes: soft_threshold_flips_sign, soft_threshold_one_sided,
    soft_threshold_only_cuts.
    """
    assert_close(
        submission.soft_threshold(np.array([-3.0, -1.0, -0.25, 0.0, 0.5, 1.0, 4.0]), 1.0),
        np.array([-2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0]),
        what="soft_threshold([-3, -1, -0.25, 0, 0.5, 1, 4], 1)",
        hint="Everything comes 1 closer to 0; what is closer than 1 already becomes 0.",
    )


def test_sparse_worked(submission: Submission) -> None:
    """With orthonormal atoms one step is the exact answer, and it can be read off.

    Catches mistakes: ista_threshold_not_halved, ista_threshold_without_step, sparse_half,
    sparse_mean, sparse_penalty_squared.
    """
    x = np.array([[3.0, -0.5], [1.0, -4.0]])
    assert_close(
        submission.sparse_objective(x, 2.0 * np.eye(2), np.array([[1.0, 0.0], [0.5, -1.5]]), 0.1),
        2.55,
        what="sparse_objective([[3, -0.5], [1, -4]], 2 * eye(2), [[1, 0], [0.5, -1.5]], 0.1)",
        hint="1 + 0.25 + 0 + 1 for the errors, 0.1 times 1 + 0.5 + 1.5 for the codes.",
    )
    assert_close(
        submission.ista(x, np.eye(2), 2.0, 1),
        np.array([[2.0, 0.0], [0.0, -3.0]]),
        what="ista([[3, -0.5], [1, -4]], eye(2), penalty=2, steps=1)",
        hint="(3 - a)**2 + 2 a is smallest at a = 2: differentiate it.",
    )
    assert_close(
        submission.ista(x, 2.0 * np.eye(2), 2.0, 1),
        np.array([[1.25, 0.0], [0.25, -1.75]]),
        what="ista([[3, -0.5], [1, -4]], 2 * eye(2), penalty=2, steps=1)",
        hint="(3 - 2 a)**2 + 2 a is smallest at a = 1.25. L is 4 here.",
    )


def test_code_width(submission: Submission, rng: np.random.Generator) -> None:
    """A code has as many numbers as were asked for, and the answer is made of it.

    Catches mistakes: code_as_wide_as_input, encode_returns_reconstruction.
    """
    x = rng.uniform(size=(7, 13)).astype(np.float32)
    for options in ({"linear": True}, {}, {"hidden": 11}):
        case = "".join(f", {name}={value}" for name, value in options.items())
        model = submission.build_autoencoder(13, 3, **options)
        codes = submission.encode(model, Tensor(x))
        assert_close(
            np.zeros(codes.shape),
            np.zeros((7, 3)),
            what=f"encode(model, x) for model = build_autoencoder(13, 3{case})",
            hint="3 numbers an example, whatever n_in is: that is the bottleneck.",
        )
        fits = codes.shape == (7, 3) and codes.dtype.kind == "f"
        z = codes.astype(np.float32) if fits else np.zeros((7, 3), dtype=np.float32)
        assert_close(
            submission.decode(model, Tensor(z)),
            np.asarray(submission.ask(model, "__call__", Tensor(x))),
            what=f"decode(model, encode(model, x)) for model = build_autoencoder(13, 3{case})",
            dtype="floating",
            hint="The model's answer and decode after encode are the same thing.",
        )


def pixels(images: NDArray[np.uint8], max_value: int) -> NDArray[np.float32]:
    """Images as rows of numbers in [0, 1]."""
    return images.reshape(len(images), -1).astype(np.float32) / np.float32(max_value)


def squared_error(x: NDArray[np.float32], y: object) -> float:
    """Squared distance summed over all examples; infinite if y is not as many numbers as x."""
    got = np.asarray(y)
    if got.shape != x.shape or got.dtype.kind != "f":
        return float("inf")
    return float(((got.astype(np.float64) - x) ** 2).sum())


def pca_error(x: NDArray[np.float32], k: int) -> float:
    """Squared error of x's own best k directions: what the other directions hold."""
    centred = x.astype(np.float64) - x.mean(axis=0, dtype=np.float64)
    return float(np.linalg.eigvalsh(centred.T @ centred)[:-k].sum())


def test_train_linear(
    submission: Submission,
    rng: np.random.Generator,
    dataset: Dataset,
    bars: Mapping[str, float],
    device: str,
) -> None:
    """A linear autoencoder finds PCA's subspace, and no linear one can do better.

    Catches mistakes: fit_one_epoch, fit_sgd.
    """
    settings = SETTINGS[dataset.name].copy()
    code = settings.pop("code")
    x = pixels(dataset.x_train, dataset.max_value)
    model = submission.build_autoencoder(x.shape[1], code, linear=True)
    seed = int(rng.integers(2**31))
    history = submission.fit(model, Tensor(x), seed=seed, device=device, **settings)
    codes = np.asarray(submission.encode(model, Tensor(x)), dtype=np.float32)
    answers = submission.decode(model, Tensor(codes))
    limit = pca_error(x, code)
    curves = {
        "yours": 2.0 * np.asarray(history, dtype=np.float64),
        "PCA": np.full(len(history), limit / len(x)),
    }
    if dataset.name == "digits":
        curves["reference"] = np.array(REFERENCE_CURVE)
    show_curves("linear autoencoder", curves, y="squared error of an image")
    height, width = dataset.x_train.shape[1:]
    pairs = np.concatenate([x[:SHOWN], np.asarray(answers)[:SHOWN]])
    images = pairs.reshape(-1, height, width)
    show_images("digits, and what comes back below", images, columns=SHOWN)
    ratio = squared_error(x, answers) / limit
    what = f"squared error on the training images with a code of {code}, over PCA's"
    assert_at_most(
        ratio,
        bars["linear"],
        what=what,
        hint="Does the loss fall in every epoch? Does the last step count as much as the first?",
    )
    assert_that(
        ratio >= NO_LESS,
        f"{what} is {ratio:.4g}; no linear map can bring it below 1 (Eckart and Young).",
        shows=np.float64(ratio),
        hint="Below 1 the model is not linear, or its code is wider than it says.",
    )
