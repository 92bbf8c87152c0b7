"""What was learned: formulas, edges, and the resampled interval."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.quiz.analysis.gain import BLOCK, bootstrap_interval, hake, measure, normalised_change

SCORES = [0.0, 12.5, 25.0, 37.5, 50.0, 62.5, 75.0, 87.5, 100.0]
pairs = st.lists(
    st.tuples(st.sampled_from(SCORES), st.sampled_from(SCORES)), min_size=5, max_size=40
).map(lambda rows: np.array(rows).T)


@pytest.mark.parametrize(
    ("pre", "post", "gain"), [(40, 70, 0.5), (50, 50, 0.0), (80, 60, -1.0), (0, 100, 1.0)]
)
def test_hake_is_the_share_of_what_was_missing(pre, post, gain):
    assert hake(pre, post) == pytest.approx(gain)


def test_hake_is_undefined_if_nothing_was_missing():
    assert isnan(hake(100, 100))
    gain = measure(np.full(6, 100.0), np.array([100.0, 90, 100, 80, 100, 100]), seed=1)

    assert isnan(gain.hake)
    assert not gain.interval.is_known
    assert gain.word == "undefined"
    assert gain.fell == 2


@pytest.mark.parametrize(
    ("gain", "word"), [(0.29, "low"), (0.3, "medium"), (0.69, "medium"), (0.7, "high")]
)
def test_words_are_hakes(gain, word):
    pre, post = np.zeros(5), np.full(5, 100 * gain)

    assert measure(pre, post, seed=1, draws=50).word == word


def test_a_loss_is_called_one():
    assert measure(np.full(5, 50.0), np.full(5, 40.0), seed=1, draws=50).word == "a loss"


def test_normalised_change_is_that_of_marx_and_cummings():
    pre = np.array([50.0, 80, 50, 0, 100, 100, 0])
    post = np.array([75.0, 60, 50, 0, 100, 50, 10])

    change = normalised_change(pre, post)

    assert change[[0, 1, 2, 5, 6]] == pytest.approx([0.5, -0.25, 0, -0.5, 0.1])
    assert np.isnan(change[[3, 4]]).all()  # twice 0, twice 100: nothing could be seen


def test_summary_of_a_small_class():
    pre = np.array([20.0, 40, 60, 0, 100])
    post = np.array([60.0, 40, 50, 0, 100])
    gain = measure(pre, post, seed=1)

    assert (gain.count, gain.rose, gain.fell, gain.changed) == (5, 1, 1, 3)
    assert gain.change == pytest.approx((0.5 + 0 - 1 / 6) / 3)
    assert gain.effect == pytest.approx(6 / np.std([40, 0, -10, 0, 0], ddof=1))


def test_effect_size_is_undefined_if_all_changed_alike():
    assert isnan(measure(np.full(5, 20.0), np.full(5, 60.0), seed=1, draws=50).effect)


def test_nobody_with_a_defined_change_is_said():
    gain = measure(np.zeros(5), np.zeros(5), seed=1, draws=50)

    assert isnan(gain.change)
    assert gain.changed == 0
    assert gain.hake == 0


@settings(max_examples=40, deadline=None)
@given(pairs, st.randoms(use_true_random=False))
def test_order_of_students_does_not_matter(scores, random):
    pre, post = scores
    order = random.sample(range(len(pre)), len(pre))
    one = measure(pre, post, seed=3, draws=200)
    other = measure(pre[order], post[order], seed=3, draws=200)

    for name in ("pre", "post", "hake", "change", "effect", "rose", "fell"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-9, nan_ok=True)
    ends = (other.interval.low, other.interval.high)
    assert (one.interval.low, one.interval.high) == pytest.approx(ends, abs=1e-9, nan_ok=True)


@settings(max_examples=25, deadline=None)
@given(pairs)
def test_changes_lie_between_minus_one_and_one(scores):
    change = normalised_change(*scores)

    assert np.all((np.abs(change) <= 1) | np.isnan(change))


def test_seed_fixes_the_interval_and_another_moves_it():
    rng = np.random.default_rng(5)
    pre = rng.uniform(10, 60, 60)
    post = pre + rng.uniform(0, 40, 60)

    assert bootstrap_interval(pre, post, seed=1) == bootstrap_interval(pre, post, seed=1)
    assert bootstrap_interval(pre, post, seed=1) != bootstrap_interval(pre, post, seed=2)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 150))
def test_interval_holds_the_estimate_of_regular_data(seed, count):
    rng = np.random.default_rng(seed)
    pre = rng.uniform(10, 70, count)
    post = np.clip(pre + rng.normal(15, 15, count), 0, 100)
    gain = measure(pre, post, seed=1, draws=2000)

    assert gain.interval.low < gain.hake < gain.interval.high


def test_interval_covers_the_true_gain_in_about_19_of_20_classes():
    rng, hits = np.random.default_rng(8), 0
    for _ in range(200):
        pre = np.clip(rng.normal(40, 15, 80), 0, 100)
        post = np.clip(pre + rng.normal(24, 12, 80), 0, 100)
        interval = bootstrap_interval(pre, post, seed=1, draws=1000)
        hits += interval.low <= 0.4 <= interval.high  # 24 of 60

    assert hits / 200 >= 0.9


def test_classes_too_large_for_one_block_are_drawn_in_several():
    count = BLOCK // 50
    rng = np.random.default_rng(2)
    pre = rng.uniform(0, 50, count)
    interval = bootstrap_interval(pre, pre + 25, seed=1, draws=120)

    assert interval.low < 25 / (100 - pre.mean()) < interval.high


def test_few_drawn_classes_without_room_are_left_out():
    pre = np.array([100.0] * 4 + [0.0] * 2)
    interval = bootstrap_interval(pre, np.full(6, 100.0), seed=1, draws=500)

    assert (interval.low, interval.high) == (1.0, 1.0)
