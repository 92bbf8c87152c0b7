"""Public checks of lab 9."""

import numpy as np

from grader.testing import Submission, assert_close


def test_scale_worked(submission: Submission) -> None:
    """Catches mistake: no_offset."""
    x = np.array([[0.0, 1.0, 2.0]])
    assert_close(submission.scale(x), np.array([[-1.0, 2.0, 5.0]]), what="scale([[0, 1, 2]])")
