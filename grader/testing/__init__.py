"""What a check may import. Small on purpose: everything a check can do is on this page.

A check is a pytest function `test_<check id>` that asks for fixtures by name:

    submission  the student's functions; calls run in the sandboxed worker, values come back
    reference   the solution in a worker of its own; for time ratios only
    rng         numpy Generator, seeded from the grading seed and the check's id
    dataset     the lab's images and labels; test labels never enter a worker
    bars        the lab's calibrated thresholds for the dataset in force
    seed        the grading seed
    device      where torch computes: "cpu" or "cuda"

Objects that cannot travel, such as torch modules, stay in the worker: a function that is to return
one says "object" in lab.toml, its handle can be passed to other functions of the submission, and
`submission.ask(handle, method, ...)` calls it. `Tensor(array)` arrives as a torch tensor.
"""

from grader.dataset import Dataset
from grader.sandbox.client import Handle, Tensor
from grader.testing.assertions import (
    assert_at_least,
    assert_at_most,
    assert_close,
    assert_equal,
    assert_not_aliased,
    assert_raises,
    assert_rng_untouched,
    assert_statistic,
    assert_that,
    assert_unchanged,
)
from grader.testing.gradient import assert_gradient, assert_vjp, central_differences
from grader.testing.record import measure
from grader.testing.show import show_curves, show_images, show_matrix, show_points
from grader.testing.submission import Axes, Counted, Figure, Submission
from grader.testing.timing import assert_memory_ratio, assert_time_ratio

__all__ = [
    "Axes",
    "Counted",
    "Dataset",
    "Figure",
    "Handle",
    "Submission",
    "Tensor",
    "assert_at_least",
    "assert_at_most",
    "assert_close",
    "assert_equal",
    "assert_gradient",
    "assert_memory_ratio",
    "assert_not_aliased",
    "assert_raises",
    "assert_rng_untouched",
    "assert_statistic",
    "assert_that",
    "assert_time_ratio",
    "assert_unchanged",
    "assert_vjp",
    "central_differences",
    "measure",
    "show_curves",
    "show_images",
    "show_matrix",
    "show_points",
]
