"""Hidden checks of lab 2: initial weights and dropout."""

import numpy as np
from oracle_lab2 import fresh, usable

from grader.testing import (
    Submission,
    assert_close,
    assert_equal,
    assert_rng_untouched,
    assert_statistic,
    assert_unchanged,
)


def assert_draws(
    submission: Submission, name: str, rng: np.random.Generator, variance: str
) -> None:
    """Mean, variance and independence of one matrix of 20,099 draws, in both orientations."""
    for n_in, n_out in [(199, 101), (101, 199)]:
        expected = 2.0 / (n_in + n_out) if variance == "xavier" else 2.0 / n_in
        first, second = fresh(rng), fresh(rng)
        weights = getattr(submission, name)(n_in, n_out, first)
        what = f"{name}(n_in, n_out, rng)"
        shape = (n_in, n_out)
        assert_close(np.zeros_like(weights), np.zeros(shape), what=f"shape and dtype of {what}")
        z = usable(weights, shape) / np.sqrt(expected)
        # Ten times rarer than one in a million each: six statistics of four matrices are judged,
        # and the sample variance of a normal has a longer tail than the normal quantile used.
        rare = {"false_fail": 1e-8}
        assert_statistic(z.mean(), 0.0, standard_error=z.size**-0.5, what=f"mean of {what}", **rare)
        assert_statistic(
            (z**2).mean(),
            1.0,
            standard_error=(2.0 / z.size) ** 0.5,  # of normal draws; uniform ones spread less
            what=f"variance of {what}, in units of the stated variance",
            hint="Variance is the standard deviation squared; uniform on [-a, a] it is a*a/3.",
            **rare,
        )
        hint = "Every weight needs its own draw."
        for neighbours, direction in [(z[1:] * z[:-1], "rows"), (z[:, 1:] * z[:, :-1], "columns")]:
            assert_statistic(
                neighbours.mean(),
                0.0,
                standard_error=neighbours.size**-0.5,
                what=f"correlation of neighbouring {direction} of {what}",
                hint=hint,
                **rare,
            )
        other = usable(getattr(submission, name)(n_in, n_out, second), shape) / np.sqrt(expected)
        assert_statistic(
            (z * other).mean(),
            0.0,
            standard_error=z.size**-0.5,
            what=f"correlation of {what} for two different generators",
            hint="All randomness comes from the rng argument.",
            **rare,
        )
        again = getattr(submission, name)(n_in, n_out, first)
        assert_close(again, weights, what=f"{what} from an equal generator")


def test_init_statistics(submission: Submission, rng: np.random.Generator) -> None:
    """False failure of a correct submission: 20 statistics at 1e-8, below 1e-6 in all.

    Catches mistakes: he_for_xavier, init_fan_out, init_global_random, init_not_centred,
    init_one_over_n_in, init_own_seed, init_rows_repeated, init_shape_transposed,
    init_uniform_too_narrow, init_variance_for_deviation, init_zeros, xavier_for_he.
    """
    assert_draws(submission, "xavier_init", rng, "xavier")
    assert_draws(submission, "he_init", rng, "he")
    for name in ("xavier_init", "he_init"):
        assert_rng_untouched(
            submission,
            name,
            5,
            3,
            fresh(rng),
            what=f"{name}(n_in, n_out, rng)",
            hint="Draw from the rng argument, not from NumPy's global generator.",
        )


def test_dropout_mask(submission: Submission, rng: np.random.Generator) -> None:
    """Share kept, rescaling and independence; false failure below 1e-6 in all.

    Catches mistakes: dropout_mask_not_divided, dropout_not_rescaled, dropout_own_seed,
    dropout_probability_swapped, dropout_scaled_down, dropout_whole_examples, dropout_whole_units.
    """
    what = "dropout(x, keep_prob, rng, training=True)"
    for keep in (0.3, 0.8):
        x, first, second = rng.normal(size=(199, 101)), fresh(rng), fresh(rng)
        out, mask = submission.dropout(x, keep, first, training=True)
        assert_equal(np.shape(mask), x.shape, what=f"shape of {what}[1]")
        mask = usable(mask, x.shape)
        kept = mask != 0.0
        assert_equal(np.shape(out), x.shape, what=f"shape of {what}[0]")
        assert_close(
            usable(out, x.shape),
            np.where(kept, x / keep, 0.0),
            what=f"{what}[0] where the mask is not 0",
            hint="What stays is divided by keep_prob, so that the mean of the output stays.",
        )
        assert_close(
            mask,
            np.where(kept, 1.0 / keep, 0.0),
            what=f"{what}[1]",
            hint="Each entry of the mask is 0 or 1 / keep_prob, so that its mean is 1.",
        )
        # x * (kept / keep_prob) and (x * kept) / keep_prob may differ in the last bit.
        assert_close(out, x * mask, what=f"{what}[0], against x * mask", rtol=1e-12, atol=0.0)
        rare = {"false_fail": 1e-8}
        spread = keep * (1.0 - keep)
        assert_statistic(
            kept.mean(),
            keep,
            standard_error=(spread / kept.size) ** 0.5,
            what=f"share of entries that {what} keeps",
            hint="keep_prob is the probability of staying.",
            **rare,
        )
        z = (kept - keep) / spread**0.5
        for neighbours, direction in [(z[1:] * z[:-1], "rows"), (z[:, 1:] * z[:, :-1], "columns")]:
            assert_statistic(
                neighbours.mean(),
                0.0,
                standard_error=neighbours.size**-0.5,
                what=f"correlation of neighbouring {direction} of the mask of {what}",
                hint="Every entry of x is decided on its own.",
                **rare,
            )
        _, other = submission.dropout(x, keep, second, training=True)
        assert_statistic(
            (z * ((usable(other, x.shape) != 0.0) - keep) / spread**0.5).mean(),
            0.0,
            standard_error=z.size**-0.5,
            what="correlation of the masks for two different generators",
            hint="All randomness comes from the rng argument.",
            **rare,
        )
    x = rng.normal(size=(7, 5))
    out, mask = submission.dropout(x, 1.0, fresh(rng), training=True)
    assert_close(mask, np.ones((7, 5)), what="dropout(x, 1.0, rng, training=True)[1]")
    assert_close(out, x, what="dropout(x, 1.0, rng, training=True)[0]")
    assert_unchanged(submission, "dropout", x, 0.5, fresh(rng), True, what=what)  # noqa: FBT003  positional only here
    again = fresh(rng)  # arrives in the same state each time
    masks = [submission.dropout(x, 0.5, again, training=True)[1] for _ in range(2)]
    assert_close(masks[1], masks[0], what="the mask of dropout, twice with equal generators,")
