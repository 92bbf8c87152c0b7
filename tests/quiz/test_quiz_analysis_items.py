"""The statistics: golden numbers of two other programs, oracles, and what must not matter."""

import warnings
from math import isnan, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from grader.quiz.analysis import items

# Moodle 4.2.3's statistics report: 3 students, 7 questions of these points.
WEIGHTS = np.array([1.0, 2.0, 1.0, 1.0, 3.0, 1.0, 3.0])
FRACTIONS = np.array(
    [
        [1, 0.9999999, 1, 1, 1, 1, 1],
        [-1 / 3, 0.9999999, 0, 0.5, 1 / 3, 0.8, 1],
        [0, 0.4999999, 0, 0, 1 / 3, 0, 1],
    ]
)
MOODLE = FRACTIONS * WEIGHTS
ROWS = "1111 1110 1100 1010 1000 0100 1111 0000 1101 1000"
BINARY = np.array([[float(digit) for digit in row] for row in ROWS.split()])

# Numbers that sums and differences of which are exact: ties stay ties.
matrices = st.tuples(st.integers(5, 40), st.integers(2, 7)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.sampled_from([0.0, 0.25, 0.5, 1.0]))
)


def exactly(values, digits):
    """Match numbers to as many digits as are given."""
    return pytest.approx(values, abs=0.5 * 10**-digits)


def test_item_analysis_golden_moodle():
    facility = 100 * items.facility(MOODLE, WEIGHTS)
    rest = 100 * items.item_rest(MOODLE)

    assert facility == exactly([22.22, 83.33, 33.33, 50.0, 55.56, 60.0, 100.0], 2)
    assert rest[:6] == exactly([80.67, 62.43, 94.69, 95.91, 92.07, 78.22], 2)
    assert isnan(rest[6])  # all have it right
    assert 100 * items.cronbach_alpha(MOODLE) == pytest.approx(89.71043, abs=1e-5)
    assert isnan(items.kr20(MOODLE))


def test_item_analysis_golden_binary():
    assert items.facility(BINARY, np.ones(4)) == pytest.approx([0.8, 0.6, 0.4, 0.3])
    assert items.kr20(BINARY) == exactly(0.662722, 6)
    assert items.cronbach_alpha(BINARY) == exactly(0.662722, 6)
    assert items.kr21(BINARY) == exactly(0.546351, 6)
    assert items.standard_error(BINARY) == exactly(0.795822, 6)
    assert items.lengthened(items.kr20(BINARY), 2) == exactly(0.797153, 6)
    assert items.item_total(BINARY) == exactly([0.615385, 0.690882, 0.722285, 0.788942], 6)
    assert items.item_rest(BINARY) == exactly([0.363636, 0.398410, 0.446844, 0.579066], 6)
    assert items.alpha_if_deleted(BINARY) == exactly([0.64463, 0.62857, 0.59406, 0.5], 5)


@pytest.mark.parametrize("marks", [MOODLE, BINARY], ids=["moodle", "binary"])
def test_alpha_and_item_rest_agree_with_girth(marks):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # girth divides by the zero variance of the last item
        common = pytest.importorskip("girth.common", reason="girth is not installed")
        statistics = pytest.importorskip("girth").classical_test_statistics
        alpha = common.cronbach_alpha(marks.T)
        theirs = statistics(BINARY.T.astype(int)) if marks is BINARY else None

    assert items.cronbach_alpha(marks) == pytest.approx(alpha, abs=1e-12)
    if theirs is not None:
        assert items.alpha_if_deleted(marks) == pytest.approx(theirs["Cronbach Alpha"], abs=1e-12)
        assert items.item_rest(marks) == pytest.approx(theirs["Item-Score Correlation"], abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(matrices)
def test_correlations_and_their_intervals_agree_with_scipy(marks):
    stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")
    rest = items.rest_scores(marks)
    for j, ours in enumerate(items.item_rest(marks)):
        if isnan(ours):
            assert marks[:, j].std() < 1e-6 or rest[:, j].std() < 1e-6
            continue
        theirs = stats.pearsonr(marks[:, j], rest[:, j])
        assert ours == pytest.approx(theirs.statistic, abs=1e-9)
        if abs(ours) < 0.999:
            interval = theirs.confidence_interval(0.95)
            mine = items.correlation_interval(float(ours), len(marks))
            assert (mine.low, mine.high) == pytest.approx((interval.low, interval.high), abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 12))
def test_chi_square_quantile_agrees_with_scipy(freedom):
    stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")

    assert items._chi_square_99(freedom) == pytest.approx(stats.chi2.ppf(0.99, freedom), rel=0.02)


def test_wilson_interval_agrees_with_scipy():
    stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")
    for right, count in [(0, 20), (3, 20), (60, 120), (120, 120)]:
        theirs = stats.binomtest(right, count).proportion_ci(0.95, "wilson")
        mine = items.share_interval(right / count, count)
        assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_fisher_interval_at_thirty_students_is_wide():
    interval = items.correlation_interval(0.0, 30)

    assert (interval.low, interval.high) == pytest.approx((-0.36, 0.36), abs=0.005)


@settings(max_examples=60, deadline=None)
@given(matrices, st.randoms(use_true_random=False))
def test_order_of_students_does_not_matter(marks, random):
    order = random.sample(range(len(marks)), len(marks))
    maxima = np.ones(marks.shape[1])
    mixed = marks[order]

    for one, other in [
        (items.facility(marks, maxima), items.facility(mixed, maxima)),
        (items.item_rest(marks), items.item_rest(mixed)),
        (items.upper_lower(marks, maxima), items.upper_lower(mixed, maxima)),
        (items.alpha_if_deleted(marks), items.alpha_if_deleted(mixed)),
        ([items.cronbach_alpha(marks)], [items.cronbach_alpha(mixed)]),
        ([items.standard_error(marks)], [items.standard_error(mixed)]),
    ]:
        assert np.allclose(one, other, atol=1e-9, equal_nan=True)


@settings(max_examples=60, deadline=None)
@given(matrices, st.randoms(use_true_random=False))
def test_order_of_items_only_moves_the_numbers(marks, random):
    order = random.sample(range(marks.shape[1]), marks.shape[1])
    mixed = marks[:, order]

    assert np.allclose(
        items.item_rest(marks)[order], items.item_rest(mixed), atol=1e-9, equal_nan=True
    )
    assert items.cronbach_alpha(mixed) == pytest.approx(
        items.cronbach_alpha(marks), abs=1e-9, nan_ok=True
    )


@settings(max_examples=60, deadline=None)
@given(matrices, st.sampled_from([0.5, 2.0, 10.0, 100.0]))
def test_unit_of_the_points_does_not_matter(marks, factor):
    maxima = np.ones(marks.shape[1])
    larger = marks * factor

    assert np.allclose(items.item_rest(marks), items.item_rest(larger), atol=1e-6, equal_nan=True)
    assert np.allclose(
        items.facility(marks, maxima), items.facility(larger, maxima * factor), atol=1e-12
    )
    assert np.allclose(
        items.upper_lower(marks, maxima), items.upper_lower(larger, maxima * factor), atol=1e-9
    )
    assert items.cronbach_alpha(larger) == pytest.approx(
        items.cronbach_alpha(marks), abs=1e-6, nan_ok=True
    )
    assert items.standard_error(larger) == pytest.approx(
        factor * items.standard_error(marks), abs=1e-6, nan_ok=True
    )


@settings(max_examples=40, deadline=None)
@given(matrices)
def test_everything_lies_where_it_can(marks):
    maxima = np.ones(marks.shape[1])
    rest, differences = items.item_rest(marks), items.upper_lower(marks, maxima)

    assert np.all((np.abs(rest) <= 1) | np.isnan(rest))
    assert np.all(np.abs(differences) <= 1 + 1e-12)
    assert items.cronbach_alpha(marks) <= 1 + 1e-12 or isnan(items.cronbach_alpha(marks))


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 9), st.integers(1, 100))
def test_alpha_of_the_same_item_many_times_is_one(items_count, seed):
    column = np.random.default_rng(seed).integers(0, 2, size=(25, 1)).astype(float)
    column[0], column[1] = 0.0, 1.0

    assert items.cronbach_alpha(np.repeat(column, items_count, axis=1)) == pytest.approx(1)


@pytest.mark.parametrize("length", [4, 16, 64])
def test_alpha_of_parallel_items_grows_as_spearman_and_brown_say(length):
    rng = np.random.default_rng(3)
    able = rng.normal(size=(4000, 1))
    marks = able + rng.normal(size=(4000, length))  # any two correlate by 0.5

    assert items.cronbach_alpha(marks) == pytest.approx(items.lengthened(0.5, length), abs=0.02)


def test_alpha_interval_covers_the_true_alpha_in_19_of_20_samples():
    rng = np.random.default_rng(11)
    true, hits = items.lengthened(0.3, 6), 0
    for _ in range(400):
        able = rng.normal(size=(60, 1)) * sqrt(0.3)
        marks = able + rng.normal(size=(60, 6)) * sqrt(0.7)
        interval = items.alpha_interval(items.cronbach_alpha(marks), 6, 60)
        hits += interval.low <= true <= interval.high

    assert 0.92 <= hits / 400 <= 0.98


def test_length_needed_is_the_inverse_of_lengthened():
    assert items.lengthened(0.5, items.length_needed(0.5, 0.8)) == pytest.approx(0.8)
    assert isnan(items.length_needed(-0.1, 0.8))
    assert isnan(items.length_needed(0.0, 0.8))


def test_students_with_the_same_score_share_the_last_places_of_a_group():
    upper, lower = items.groups(np.array([5.0, 4, 3, 3, 3, 3, 2, 1, 0, 0]))

    assert upper == pytest.approx([1 / 3, 1 / 3, *[1 / 12] * 4, 0, 0, 0, 0])
    assert lower == pytest.approx([0, 0, 0, 0, 0, 0, 0, 1 / 3, 1 / 3, 1 / 3])


@pytest.mark.parametrize(
    "marks",
    [
        np.ones((6, 3)),
        np.zeros((6, 3)),
        np.ones((1, 3)),
        np.array([[1.0], [0.0], [1.0]]),
    ],
    ids=["all right", "all wrong", "one student", "one item"],
)
def test_what_is_undefined_is_nan_without_a_warning(marks):
    assert isnan(items.cronbach_alpha(marks))
    assert isnan(items.standard_error(marks))
    assert isnan(items.kr20(marks))
    assert isnan(items.kr21(marks))
    assert np.isnan(items.item_rest(marks)).all()
    assert not items.correlation_interval(float("nan"), 50).is_known
    assert not items.alpha_interval(float("nan"), 3, 50).is_known


def test_intervals_of_few_or_of_certain_values():
    assert not items.correlation_interval(0.5, 3).is_known
    assert items.correlation_interval(1.0, 30) == items.Interval(low=1.0, high=1.0)
    assert items.alpha_interval(1.0, 3, 30) == items.Interval(low=1.0, high=1.0)
    assert not items.share_interval(0.5, 0).is_known


def test_groups_that_differ_by_chance_are_told_from_others():
    counts = np.array([30.0, 30.0, 30.0])

    assert not items.differ(np.array([0.5, 0.55, 0.45]), counts, 0.25)
    assert items.differ(np.array([0.5, 0.9, 0.4]), counts, 0.25)
    assert not items.differ(np.array([0.5]), counts[:1], 0.25)
    assert not items.differ(np.array([0.5, 0.9, 0.4]), counts, 0.0)
