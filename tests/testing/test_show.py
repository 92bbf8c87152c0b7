"""What checks lay out: bounded whatever comes in, and never part of a grade."""

import sys
from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest

from grader.testing import show_curves, show_images, show_matrix, show_points
from grader.testing.exhibit import Curves, Exhibit, Images, Matrix, Points
from grader.testing.record import MAX_EXHIBITS, Recorder, recording

Show = Callable[[object], None]

SHOWS: dict[str, Show] = {
    "curves": lambda value: show_curves("t", {"a": value}),  # type: ignore[dict-item]  # hostile
    "series": lambda value: show_curves("t", value),  # type: ignore[arg-type]  # hostile
    "images": lambda value: show_images("t", value),
    "captions": lambda value: show_images("t", np.ones((1, 2, 2)), captions=value),  # type: ignore[arg-type]  # hostile
    "matrix": lambda value: show_matrix("t", value),
    "points": lambda value: show_points("t", value),
    "centers": lambda value: show_points("t", [[0, 0]], centers=value),
    "title": lambda value: show_matrix(value, [[1]]),  # type: ignore[arg-type]  # hostile
}
NESTED: list[object] = []
for _ in range(sys.getrecursionlimit() + 100):
    NESTED = [NESTED]
HOSTILE = {
    "nothing": None,
    "text": "1 2 3",
    "texts": ["a" * 1000, "$\\frac{"],
    "object": object(),
    "objects": np.array([object(), None]),
    "complex": np.ones((2, 2)) * 1j,
    "dates": np.array(["2026-01-01"], "datetime64[D]"),
    "jagged": [[1, 2], [3]],
    "nested": NESTED,
    "empty": [],
    "no images": np.empty((0, 8, 8)),
    "number": 3.5,
    "huge number": [10**400],
    "long number": [10**5000],
    "nan": np.full((3, 2, 2), np.nan),
    "infinite": [[np.inf, -np.inf], [np.nan, 1e308]],
    "truth": np.ones((3, 2, 2), bool),
    "many axes": np.ones((1,) * 8),
    "long": np.zeros(3_000_000, np.uint8),
    "wide": np.broadcast_to(np.float32(1), (200, 2000, 2000)),
    "classes": np.ones((65, 65)),
    "many series": {str(number): [1.0] for number in range(1000)},
    "odd names": {("a", 1): [1.0], None: [2.0], "\x1b[2J": [3.0]},
}


def shown(*shows: Callable[[], None]) -> Recorder:
    """Return what was recorded."""
    with recording() as recorder:
        for show in shows:
            show()
    return recorder


def the_only(recorder: Recorder) -> Exhibit:
    """Return the exhibit; there must be one, and no remark."""
    assert recorder.remarks == []
    (exhibit,) = recorder.exhibits
    return exhibit


def size_of(exhibit: Exhibit) -> int:
    """Return how many numbers an exhibit holds."""
    values = [getattr(exhibit, field.name) for field in fields(exhibit)]
    arrays = [value for value in values if isinstance(value, np.ndarray)]
    if isinstance(exhibit, Curves):
        arrays += [curve.values for curve in exhibit.curves]
    return sum(array.size for array in arrays)


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("show", SHOWS.values(), ids=SHOWS)
def test_whatever_comes_is_bounded_or_a_remark(show: Show, value: object) -> None:
    recorder = shown(lambda: show(value))

    assert len(recorder.exhibits) + len(recorder.remarks) == 1
    assert all(size_of(exhibit) <= 64 * 64 * 64 for exhibit in recorder.exhibits)
    assert all(len(text) < 400 and text.isprintable() for text in recorder.remarks)
    assert recorder.observations == []


def test_nobody_records_and_nothing_happens() -> None:
    show_curves("t", {"a": object()})  # type: ignore[dict-item]  # would raise if it were looked at


def test_curves_are_thinned_and_keep_their_place() -> None:
    exhibit = the_only(shown(lambda: show_curves("t", {"a": np.arange(25_000.0)})))

    assert isinstance(exhibit, Curves)
    curve = exhibit.curves[0]
    assert len(curve.values) <= 10_000
    np.testing.assert_array_equal(curve.steps, curve.values + 1)


def test_what_is_not_finite_is_counted() -> None:
    exhibit = the_only(shown(lambda: show_curves("t", {"a": [1.0, np.nan, np.inf, 1e200]})))

    assert exhibit.note == "3 of 4 values not finite"


def test_series_that_cannot_be_drawn_is_left_out() -> None:
    series = {"yours": [np.nan], "of epochs": [], "reference": [2.0, 1.0]}

    exhibit = the_only(shown(lambda: show_curves("t", series)))

    assert isinstance(exhibit, Curves)
    assert [curve.name for curve in exhibit.curves] == ["reference"]
    assert (
        exhibit.note == "no 'yours': no value is finite; no 'of epochs': there is nothing to show"
    )


@pytest.mark.parametrize(("columns", "kept"), [(8, 8), (None, 0), (-3, 0), (10**9, 64), ("x", 0)])
def test_columns_are_bounded(columns: object, kept: int) -> None:
    images = np.ones((3, 2, 2))

    exhibit = the_only(shown(lambda: show_images("t", images, columns=columns)))  # type: ignore[arg-type]  # hostile

    assert isinstance(exhibit, Images)
    assert exhibit.columns == kept


def test_images_are_cut_and_thinned() -> None:
    images = np.arange(100 * 130 * 30).reshape(100, 130, 30)

    exhibit = the_only(shown(lambda: show_images("t", images, captions=range(100))))

    assert isinstance(exhibit, Images)
    assert exhibit.images.shape == (64, 44, 30)
    assert exhibit.captions == tuple(map(str, range(64)))
    assert exhibit.note == "the first 64 of 100 images; thinned from 130 x 30 pixels"
    np.testing.assert_array_equal(exhibit.images[5], images[5, ::3])


def test_later_changes_of_an_array_do_not_show() -> None:
    matrix = np.ones((2, 2))

    with recording() as recorder:
        show_matrix("t", matrix)
        matrix[:] = 7

    exhibit = recorder.exhibits[0]
    assert isinstance(exhibit, Matrix)
    assert exhibit.matrix.tolist() == [[1, 1], [1, 1]]


def test_points_that_are_nowhere_are_left_out() -> None:
    points = [[0, 1], [np.nan, 1], [2, np.inf]]

    exhibit = the_only(shown(lambda: show_points("t", points, centers=[[1, 1], [np.nan, 0]])))

    assert isinstance(exhibit, Points)
    assert exhibit.points.tolist() == [[0, 1]]
    assert exhibit.centers.tolist() == [[1, 1]]
    assert exhibit.note == "2 of 3 points not finite"


def test_one_check_lays_out_a_dozen_at_most() -> None:
    recorder = shown(*[lambda: show_matrix("t", [[1]])] * (MAX_EXHIBITS + 2))

    assert len(recorder.exhibits) == MAX_EXHIBITS
    assert set(recorder.remarks) == {"more than 12 figures; the others are not shown"}


def test_remark_says_what_is_wrong() -> None:
    recorder = shown(lambda: show_images("Samples", np.ones(5)))

    assert recorder.remarks == ["the figure Samples: its shape is (5,), not 3 axes"]
