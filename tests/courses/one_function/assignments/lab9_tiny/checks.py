"""Public checks of lab 9."""

import numpy as np

from grader.testing import Submission, assert_close


def test_square_table(submission: Submission) -> None:
    """Five squares. Catches mistake: doubles."""
    got = submission.square(np.array([-3.0, -1.0, 0.0, 2.0, 5.0]))
    assert_close(got, [9.0, 1.0, 0.0, 4.0, 25.0], what="square([-3, -1, 0, 2, 5])")
