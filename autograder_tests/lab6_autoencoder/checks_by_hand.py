"""Hidden checks of lab 6: what is written in NumPy. One function per line of the rubric.

Gradients are compared with complex-step derivatives of formulas written here, right to about 1e-15.
Source: Squire and Trapp (1998), SIAM Review 40.
"""

import itertools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from oracle_lab6 import ista_iterates, lasso_oracle, objective, shrink, sigmoid

from grader.testing import (
    Submission,
    assert_at_most,
    assert_close,
    assert_equal,
    assert_not_aliased,
    assert_rng_untouched,
    assert_statistic,
    assert_that,
    assert_time_ratio,
    assert_unchanged,
)

Array = NDArray[np.float64]

STEP = 1e-30  # of the complex step: its square vanishes beside 1, and nothing is subtracted


def gradient(loss: Callable[[Array], complex], at: Array) -> Array:
    """Complex-step gradient of a scalar formula, one entry after the other."""
    grad = np.empty(at.shape)
    for index in np.ndindex(at.shape):
        moved = at.astype(np.complex128)
        moved[index] += STEP * 1j
        grad[index] = loss(moved).imag / STEP
    return grad


def usable(got: object, shape: tuple[int, ...]) -> Array:
    """The array if the shape is right and every value finite, else zeros.

    A check goes on after an assertion that did not hold; this keeps our own formulas defined.
    """
    array = np.asarray(got)
    fits = array.shape == shape and array.dtype.kind in "fiu" and bool(np.isfinite(array).all())
    return array.astype(np.float64) if fits else np.zeros(shape)


def fresh(rng: np.random.Generator) -> np.random.Generator:
    """A new generator with a seed drawn from ours."""
    return np.random.default_rng(int(rng.integers(2**32)))


def test_error_random(submission: Submission, rng: np.random.Generator) -> None:
    """Random batches, a single example, huge values.

    Catches mistakes: error_mean, error_mean_of_examples, error_no_half, error_not_squared.
    """
    what = "reconstruction_error(x, y)"
    for n, d, scale in [(7, 5, 1.0), (1, 11, 1.0), (11, 1, 1e4)]:
        x, y = scale * rng.normal(size=(2, n, d))
        expected = sum(0.5 * float(gap) ** 2 for gap in (x - y).ravel())
        assert_close(submission.reconstruction_error(x, y), expected, what=what)
    assert_unchanged(submission, "reconstruction_error", x, y, what=what)


def known_directions(n: int, d: int, rng: np.random.Generator) -> tuple[Array, Array, Array, Array]:
    """Data whose mean, directions (rows) and singular values are known because it is made so."""
    r = min(n - 1, d)
    drawn = rng.normal(size=(n, r))
    left, _ = np.linalg.qr(drawn - drawn.mean(axis=0))  # columns of mean 0
    right, _ = np.linalg.qr(rng.normal(size=(d, r)))
    sizes = 5.0 * 0.75 ** np.arange(r)  # far apart: the directions are well determined
    mean = 3.0 * rng.normal(size=d)
    return mean + (left * sizes) @ right.T, mean, right.T, sizes


def test_pca_random(submission: Submission, rng: np.random.Generator) -> None:
    """Mean, orthonormal rows, the right subspaces in the right order; fewer examples than features.

    Catches mistakes: pca_components_as_columns, pca_components_not_unit, pca_least_variance,
    pca_not_centred, pca_order_reversed, pca_standardised.
    """
    for n, d, k in [(29, 7, 3), (5, 11, 2), (13, 5, 5), (17, 3, 1)]:
        x, mean, directions, _ = known_directions(n, d, rng)
        got_mean, got = submission.pca(x, k)
        assert_close(got_mean, mean, what="pca(x, k)[0]")
        assert_equal(np.shape(got), (k, d), what="shape of pca(x, k)[1]")
        rows = usable(got, (k, d))
        assert_close(
            rows @ rows.T,
            np.eye(k),
            what="components @ components.T of pca(x, k)",
            hint="Rows of length 1, orthogonal to each other.",
        )
        assert_close(
            (rows @ directions[:k].T) ** 2,
            np.eye(k),
            what="squared cosines between pca(x, k)'s components and the true ones",
            hint="The first row has the largest variance. Is the mean taken away first?",
        )
    assert_unchanged(submission, "pca", x, k, what="pca(x, k)")


def test_pca_new_data(submission: Submission, rng: np.random.Generator) -> None:
    """The mean and the directions are those that were given, whatever the examples.

    Catches mistakes: pca_reconstruct_recentres, pca_reconstruct_standardises,
    pca_reconstruct_without_mean.
    """
    what = "pca_reconstruct(x, mean, components)"
    for n, d, k in [(11, 7, 3), (1, 5, 2), (3, 5, 5), (7, 11, 1)]:
        x, mean = rng.normal(size=(n, d)) + 4.0, rng.normal(size=d)
        rows = np.linalg.qr(rng.normal(size=(d, k)))[0].T
        expected = mean + np.einsum("nd,kd,ke->ne", x - mean, rows, rows)
        assert_close(
            submission.pca_reconstruct(x, mean, rows),
            expected,
            what=what,
            hint="New examples are measured from the mean of the data that pca saw.",
        )
    assert_unchanged(submission, "pca_reconstruct", x, mean, rows, what=what)


def test_autoencoder_gradient(submission: Submission, rng: np.random.Generator) -> None:
    """Answer, error and both gradients; large pre-activations.

    Catches mistakes: autoencoder_gradient_averaged, autoencoder_gradient_halved,
    autoencoder_gradient_sign, autoencoder_gradient_without_slope, autoencoder_no_sigmoid,
    autoencoder_sigmoid_output, autoencoder_sigmoid_overflows, autoencoder_slope_of_code,
    autoencoder_tied.
    """
    forward, backward = "autoencoder_forward(x, w, d)", "autoencoder_gradients(x, w, d)"
    for n, n_in, hidden in [(7, 5, 3), (1, 3, 2), (11, 2, 5), (5, 5, 5)]:
        x, w = rng.normal(size=(n, n_in)), rng.normal(size=(hidden, n_in))
        d = rng.normal(size=(n_in, hidden))

        def error(w: Array, d: Array, x: Array = x) -> complex:
            y = np.einsum("ih,nh->ni", d, sigmoid(np.einsum("hi,ni->nh", w, x)))
            return 0.5 * ((y - x) ** 2).sum()

        y = np.einsum("ih,nh->ni", d, sigmoid(np.einsum("hi,ni->nh", w, x)))
        assert_close(submission.autoencoder_forward(x, w, d), y, what=forward)
        got, grad_w, grad_d = submission.autoencoder_gradients(x, w, d)
        assert_close(got, error(w, d), what=f"{backward}[0]")
        assert_close(grad_d, gradient(lambda at, w=w: error(w, at), d), what=f"{backward}[2]")
        assert_close(grad_w, gradient(lambda at, d=d: error(at, d), w), what=f"{backward}[1]")
    assert_unchanged(submission, "autoencoder_forward", x, w, d, what=forward)
    assert_unchanged(submission, "autoencoder_gradients", x, w, d, what=backward)
    # Codes of exactly 0 and 1: y is one column of d, and no slope is left for w.
    x, w, d = np.array([[1.0], [-1.0]]), np.array([[1e4], [-1e4]]), np.array([[2.0, 5.0]])
    hint = "exp(1e4) is inf, and inf / inf is nan."
    assert_close(
        submission.autoencoder_forward(x, w, d),
        np.array([[2.0], [5.0]]),
        what="autoencoder_forward with pre-activations of 1e4",
        hint=hint,
    )
    got, grad_w, grad_d = submission.autoencoder_gradients(x, w, d)
    what = "autoencoder_gradients with pre-activations of 1e4"
    assert_close(got, 18.5, what=f"{what}, [0]", hint=hint)
    assert_close(grad_w, np.zeros((2, 1)), what=f"{what}, [1]", hint=hint)
    assert_close(grad_d, np.array([[1.0, 6.0]]), what=f"{what}, [2]", hint=hint)


def test_penalties_random(submission: Submission, rng: np.random.Generator) -> None:
    """Any shape, zeros strewn in.

    Catches mistakes: l1_gradient_at_zero, l1_gradient_without_strength, l2_gradient_doubled,
    l2_no_half, l2_not_squared.
    """
    for shape, strength in [((7,), 0.3), ((5, 3), 2.5), ((2, 3, 5), 0.0)]:
        w = rng.normal(size=shape)
        w[rng.random(shape) < 0.3] = 0.0
        w.ravel()[0] = 0.0
        value, grad = submission.l1_penalty(w, strength)
        what = "l1_penalty(w, strength)"
        assert_close(value, strength * sum(abs(w.ravel())), what=f"{what}[0]")
        expected = strength * ((w > 0).astype(float) - (w < 0))
        assert_close(grad, expected, what=f"{what}[1]", hint="What does the statement say at 0?")
        value, grad = submission.l2_penalty(w, strength)
        what = "l2_penalty(w, strength)"
        assert_close(value, strength * np.linalg.norm(w.ravel()) ** 2 / 2.0, what=f"{what}[0]")

        def half_squares(at: Array, strength: float = strength) -> complex:
            return 0.5 * strength * (at**2).sum()

        assert_close(grad, gradient(half_squares, w), what=f"{what}[1]")
    for name in ("l1_penalty", "l2_penalty"):
        assert_unchanged(submission, name, w, 0.5, what=f"{name}(w, strength)")


def test_sparse_random(submission: Submission, rng: np.random.Generator) -> None:
    """soft_threshold of any shape, sparse_objective of any codes.

    Catches mistakes: soft_threshold_flips_sign, soft_threshold_one_sided,
    soft_threshold_only_cuts, sparse_half, sparse_mean, sparse_penalty_squared.
    """
    for shape, t in [((7,), 0.5), ((5, 3), 1.2), ((2, 3, 5), 0.0)]:
        x = rng.normal(size=shape)
        assert_close(submission.soft_threshold(x, t), shrink(x, t), what="soft_threshold(x, t)")
    assert_unchanged(submission, "soft_threshold", x, 0.5, what="soft_threshold(x, t)")
    what = "sparse_objective(x, dictionary, codes, penalty)"
    for n, d, k, penalty in [(7, 5, 11, 0.3), (1, 3, 2, 2.0), (5, 7, 3, 0.0)]:
        x, dictionary = rng.normal(size=(n, d)), rng.normal(size=(k, d))
        codes = rng.normal(size=(n, k))
        expected = objective(x, dictionary, codes, penalty)
        assert_close(
            submission.sparse_objective(x, dictionary, codes, penalty), expected, what=what
        )
    assert_unchanged(submission, "sparse_objective", x, dictionary, codes, 0.3, what=what)


def test_ista_steps(submission: Submission, rng: np.random.Generator) -> None:
    """The codes after 0, 1, 2 and 7 steps, for atoms of any length.

    Catches mistakes: ista_frobenius, ista_hard_threshold, ista_one_step_more,
    ista_starts_at_projection, ista_step_too_long, ista_threshold_at_the_end,
    ista_threshold_not_halved, ista_threshold_without_step.
    """
    what = "ista(x, dictionary, penalty, steps={})"
    for n, d, k, penalty in [(7, 5, 11, 0.8), (1, 7, 3, 0.3), (5, 3, 2, 0.0)]:
        x = rng.normal(size=(n, d))
        dictionary = rng.uniform(0.5, 2.0, size=(k, 1)) * rng.normal(size=(k, d))
        expected = ista_iterates(x, dictionary, penalty, 7)
        for steps in (0, 1, 2, 7):
            assert_close(
                submission.ista(x, dictionary, penalty, steps),
                expected[steps],
                what=what.format(steps),
                hint="The penalty belongs to the whole objective, the step to half of its errors.",
            )
    assert_unchanged(submission, "ista", x, dictionary, 0.3, 3, what="ista(x, ...)")


def unit_atoms(k: int, d: int, rng: np.random.Generator) -> Array:
    """A random dictionary of atoms of length 1."""
    atoms = rng.normal(size=(k, d))
    return atoms / np.linalg.norm(atoms, axis=1, keepdims=True)


def test_ista_optimal(submission: Submission, rng: np.random.Generator) -> None:
    """Many steps reach the optimum: its conditions hold, and the objective only falls.

    Catches mistakes: ista_hard_threshold, ista_step_too_long, ista_threshold_at_the_end,
    ista_threshold_not_halved.
    """
    x, dictionary, penalty = rng.normal(size=(5, 29)), unit_atoms(7, 29, rng), 0.6
    codes = usable(submission.ista(x, dictionary, penalty, 500), (5, 7))
    # At the optimum the slope of the errors is the penalty where a code is not 0, and less at 0.
    slopes = 2.0 * (x - codes @ dictionary) @ dictionary.T
    assert_close(
        slopes,
        np.where(codes != 0.0, penalty * np.sign(codes), np.clip(slopes, -penalty, penalty)),
        what="the optimality conditions of ista(x, dictionary, penalty, steps=500)",
        rtol=0.0,
        atol=1e-6,  # 7 atoms in 29 dimensions converge fast: 2e-15 at most with 1000 seeds
        hint="2 atom . (x - reconstruction) is penalty * sign(code), or smaller where code is 0.",
    )
    # Not a small penalty: with 0.2 in 11 dimensions 500 steps are up to 6e-3 short of the optimum.
    x, dictionary, penalty = rng.normal(size=(11, 17)), unit_atoms(23, 17, rng), 1.0
    optimum = objective(x, dictionary, lasso_oracle(x, dictionary, penalty, 400), penalty)
    values = [
        objective(
            x, dictionary, usable(submission.ista(x, dictionary, penalty, steps), (11, 23)), penalty
        )
        for steps in (0, 1, 2, 3, 5, 8, 20, 100, 500)
    ]
    falls = all(b <= a * (1.0 + 1e-12) for a, b in itertools.pairwise(values))
    assert_that(
        falls,
        "ista's objective rises with the number of steps.",
        shows=np.array(values),
        hint="A step of 1 / L cannot make the objective larger. Which number is L?",
    )
    assert_at_most(
        values[-1] / optimum - 1.0,
        1e-3,  # ISTA's own gap is 1.4e-6 at most with 200 seeds, the oracle's 2e-9
        what="ista's objective after 500 steps, relative to the optimum, minus 1",
    )


def test_ista_time(submission: Submission, reference: Submission, rng: np.random.Generator) -> None:
    """All examples go through one matrix product a step.

    Catches mistake: ista_one_by_one.
    """
    x, dictionary = rng.normal(size=(2000, 16)), unit_atoms(20, 16, rng)
    assert_time_ratio(
        submission,
        reference,
        "ista",
        x,
        dictionary,
        0.2,
        30,
        at_most=4.0,
        fail_above=8.0,
        what="ista on 2000 examples with 20 atoms",
        hint="Is there a loop over the examples, or an eigenvalue in the loop over the steps?",
    )


def test_corrupt_noise(submission: Submission, rng: np.random.Generator) -> None:
    """Normal draws of the right size, one an entry. False failure below 1e-6 in all.

    Catches mistakes: corrupt_clipped, corrupt_global_random, corrupt_in_place,
    corrupt_one_draw_a_row, corrupt_own_seed, corrupt_uniform, corrupt_variance.
    """
    what = "corrupt(x, noise, rng)"
    rare = {"false_fail": 1e-8}
    for noise in (0.25, 3.0):
        x = rng.integers(2, size=(199, 101)).astype(np.float64)  # at both ends of [0, 1]
        first, second = fresh(rng), fresh(rng)
        got = submission.corrupt(x, noise, first)
        assert_close(np.zeros_like(got), np.zeros(x.shape), what=f"shape and dtype of {what}")
        z = (usable(got, x.shape) - x) / noise
        root = z.size**-0.5
        units = "in units of noise"
        assert_statistic(
            z.mean(), 0.0, standard_error=root, what=f"mean of {what} - x, {units},", **rare
        )
        assert_statistic(
            (z**2).mean(),
            1.0,
            standard_error=2.0**0.5 * root,
            what=f"variance of {what} - x, {units},",
            hint="noise is the standard deviation; values may leave [0, 1].",
            **rare,
        )
        assert_statistic(
            np.abs(z).mean(),
            (2.0 / np.pi) ** 0.5,
            standard_error=(1.0 - 2.0 / np.pi) ** 0.5 * root,
            what=f"mean size of {what} - x, {units},",
            hint="The draws are normal, not uniform, and nothing is clipped.",
            **rare,
        )
        for pairs, where in ((z[1:] * z[:-1], "rows"), (z[:, 1:] * z[:, :-1], "columns")):
            assert_statistic(
                pairs.mean(),
                0.0,
                standard_error=pairs.size**-0.5,
                what=f"correlation of neighbouring {where} of {what} - x",
                hint="Every entry has its own draw.",
                **rare,
            )
        other = (usable(submission.corrupt(x, noise, second), x.shape) - x) / noise
        assert_statistic(
            (z * other).mean(),
            0.0,
            standard_error=root,
            what=f"correlation of {what} - x for two different generators",
            hint="All randomness comes from the rng argument.",
            **rare,
        )
    assert_close(submission.corrupt(x, noise, first), got, what=f"{what} from an equal generator")
    x = rng.normal(size=(7, 5))
    assert_unchanged(submission, "corrupt", x, 0.5, fresh(rng), what=what)
    assert_not_aliased(submission, "corrupt", x, 0.0, fresh(rng), what="corrupt(x, 0, rng)")
    assert_rng_untouched(submission, "corrupt", x, 0.5, fresh(rng), what=what)
