"""Hidden checks of lab 9."""

import numpy as np

from grader.testing import Submission, assert_close


def test_square_random(submission: Submission, rng: np.random.Generator) -> None:
    """Random squares. Catches mistake: keeps_sign."""
    x = rng.normal(size=(3, 5))
    assert_close(submission.square(x), x * x, what="square(x)")
