"""Hidden checks of lab 4: shifted images. One function per rubric line, named test_<check id>."""

import numpy as np
from numpy.typing import NDArray
from oracle_lab4 import shifted

from grader.testing import (
    Submission,
    assert_close,
    assert_equal,
    assert_rng_untouched,
    assert_statistic,
    assert_that,
    assert_unchanged,
)

MOVES = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]


def test_shift_random(submission: Submission, rng: np.random.Generator) -> None:
    """Any number of axes and any dtype; far shifts leave nothing.

    Catches mistakes: shift_wraps_around, shift_repeats_the_border, shift_the_other_way,
    shift_axes_swapped, shift_changes_dtype, shift_in_place, shift_never_empty.
    """
    cases = [((3, 5, 7), 2, -1), ((2, 3, 7, 5), -3, 4), ((2, 4, 6), 0, 0), ((1, 6, 5), -4, 0)]
    cases += [((2, 1, 4, 3), 3, 0), ((2, 4, 3), 0, -9)]
    for shape, dx, dy in cases:
        images = rng.normal(size=shape) + 5.0
        assert_close(
            submission.shift(images, dx, dy), shifted(images, dx, dy), what="shift(images, dx, dy)"
        )
    images = rng.integers(1, 256, size=(2, 5, 6), dtype=np.uint8)
    assert_close(
        submission.shift(images, 1, -2),
        shifted(images, 1, -2),
        what="shift(images, dx, dy) of uint8",
        dtype="uint8",
        hint="The images come back in the dtype they had.",
    )
    assert_unchanged(submission, "shift", images, -1, 1, what="shift(images, dx, dy)")


def test_augment_draws(submission: Submission, rng: np.random.Generator) -> None:
    """Each image has a shift of its own; the nine shifts are equally frequent.

    A correct submission fails with probability below 1e-6: nine counts at 1e-7 each.

    Catches mistakes: augment_always_moves, augment_diagonal, augment_one_move_for_all,
    augment_own_seed, augment_reorders, augment_two_pixels, augment_without_minus_one,
    augment_wraps_around.
    """
    count = 900
    images = rng.integers(1, 256, size=(count, 4, 5), dtype=np.uint8)
    moved = submission.augment(images, np.random.default_rng(int(rng.integers(2**32))))
    assert_equal(np.shape(moved), images.shape, what="the shape of augment(images, rng)")
    if moved.shape != images.shape:
        return
    fits = np.array(
        [(moved == shifted(images, dx, dy)).all(axis=(1, 2)) for dx, dy in MOVES]
    )  # (9, count)
    assert_that(
        bool((fits.sum(axis=0) == 1).all()),
        "augment(images, rng) returns images that are none of the nine shifts of their own.",
        shows=fits.sum(axis=0),
        hint="Image i comes back in place i, moved by -1, 0 or 1 along each axis, zeros coming in.",
    )
    error = float(np.sqrt(count * (1 / 9) * (8 / 9)))
    for (dx, dy), number in zip(MOVES, fits.sum(axis=1), strict=True):
        assert_statistic(
            float(number),
            count / 9,
            standard_error=error,
            what=f"how often augment(900 images, rng) moves by dx = {dx}, dy = {dy},",
            false_fail=1e-7,
            hint="Two independent draws for each image, each of -1, 0 and 1 alike.",
        )
    assert_draws_from_rng(submission, images[:40, None])


def assert_draws_from_rng(submission: Submission, few: NDArray[np.uint8]) -> None:
    """All randomness comes from the generator that is passed in, and nothing else is touched."""
    first, again, other = (
        submission.augment(few, np.random.default_rng(seed)) for seed in (11, 11, 12)
    )
    assert_close(
        again, first, what="augment(images, rng), twice with equal generators,", dtype="any"
    )
    assert_that(
        not np.array_equal(first, other),
        "augment(images, rng) makes the same draws with two different generators.",
        shows=bool(np.array_equal(first, other)),
        hint="All randomness comes from rng.",
    )
    assert_unchanged(
        submission, "augment", few, np.random.default_rng(3), what="augment(images, rng)"
    )
    assert_rng_untouched(
        submission, "augment", few, np.random.default_rng(3), what="augment(images, rng)"
    )
