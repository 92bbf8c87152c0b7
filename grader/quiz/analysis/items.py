"""Item analysis: pure functions of a matrix of marks.

`marks` is (students, items) float64 everywhere: the points that each answer earned. What is
undefined, such as the correlation of a question that all have right, is NaN, never a guess.

Sources: Kuder and Richardson (1937); Cronbach (1951); Bonett (2002) for the interval of alpha;
Wilson (1927) for that of a share; Ebel (1965) for the words.
"""

from dataclasses import dataclass
from math import atanh, ceil, exp, isnan, log, nan, sqrt, tanh

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FEWEST = 5  # students: below, nothing is shown, for it would tell what single persons did
ENOUGH = 20  # students: below, only facilities are shown: a correlation would be noise
GROUP = 0.27  # share of the class in the upper and in the lower group: Kelley (1939)
NORMAL_975 = 1.959963984540054  # quantile of the normal distribution
ALIKE = 1e-12  # variances below this are rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Where the true value lies with 95 % confidence; NaN if that cannot be said."""

    low: float = nan
    high: float = nan

    @property
    def is_known(self) -> bool:
        """Whether there is one."""
        return not (isnan(self.low) or isnan(self.high))


def facility(marks: Array, maxima: Array) -> Array:
    """Return the mean share of the points of each item, (items,), in [0, 1]."""
    return np.asarray(marks.mean(axis=0) / maxima, dtype=np.float64)


def rest_scores(marks: Array) -> Array:
    """Return for each answer the points of the same student on all other items, same shape."""
    return np.asarray(marks.sum(axis=1, keepdims=True) - marks, dtype=np.float64)


def correlation(one: Array, other: Array) -> float:
    """Return Pearson's r of two (students,) arrays; NaN if one of them does not vary."""
    if len(one) < 2 or one.var() < ALIKE or other.var() < ALIKE:
        return nan
    a, b = one - one.mean(), other - other.mean()
    return float(np.clip(a @ b / sqrt((a @ a) * (b @ b)), -1.0, 1.0))


def item_rest(marks: Array) -> Array:
    """Return the correlation of each item with the rest of the test, (items,)."""
    rest = rest_scores(marks)
    return np.array([correlation(marks[:, j], rest[:, j]) for j in range(marks.shape[1])])


def item_total(marks: Array) -> Array:
    """Return the correlation of each item with the whole test, itself included, (items,)."""
    total = marks.sum(axis=1)
    return np.array([correlation(marks[:, j], total) for j in range(marks.shape[1])])


def groups(totals: Array) -> tuple[Array, Array]:
    """Return the weights of the upper and of the lower group, each (students,), summing to 1.

    The groups are the best and the worst 27 %, rounded up. Students with the same score as the
    last of a group share its last places, so the order of the students does not matter.
    """
    rounded = np.round(totals, 9)
    return _best(rounded), _best(-rounded)


def _best(scores: Array) -> Array:
    size = ceil(GROUP * len(scores))
    last = np.sort(scores)[-size]
    above, tied = scores > last, scores == last
    weights = above + tied * ((size - above.sum()) / tied.sum())
    return np.asarray(weights / size, dtype=np.float64)


def upper_lower(marks: Array, maxima: Array) -> Array:
    """Return D of each item, (items,): facility of the upper group less that of the lower."""
    upper, lower = groups(marks.sum(axis=1))
    return np.asarray((upper - lower) @ marks / maxima, dtype=np.float64)


def is_binary(marks: Array) -> bool:
    """Whether every mark is 0 or 1: KR-20 has a meaning only then."""
    return bool(np.isin(marks, (0.0, 1.0)).all())


def cronbach_alpha(marks: Array) -> float:
    """Return the internal consistency; NaN for one item, or if all totals are the same."""
    items = marks.shape[1]
    if items < 2 or len(marks) < 2 or marks.sum(axis=1).var() < ALIKE:
        return nan
    share = marks.var(axis=0, ddof=1).sum() / marks.sum(axis=1).var(ddof=1)
    return float(items / (items - 1) * (1 - share))


def kr20(marks: Array) -> float:
    """Return Kuder and Richardson's formula 20; NaN unless all marks are 0 or 1."""
    items, total = marks.shape[1], marks.sum(axis=1)
    if not is_binary(marks) or items < 2 or total.var() < ALIKE:
        return nan
    right = marks.mean(axis=0)
    return float(items / (items - 1) * (1 - (right * (1 - right)).sum() / total.var()))


def kr21(marks: Array) -> float:
    """Return Kuder and Richardson's formula 21, as if all items were equally difficult."""
    items, total = marks.shape[1], marks.sum(axis=1)
    if not is_binary(marks) or items < 2 or total.var() < ALIKE:
        return nan
    mean = total.mean()
    return float(items / (items - 1) * (1 - mean * (items - mean) / (items * total.var())))


def alpha_if_deleted(marks: Array) -> Array:
    """Return what alpha would be without each item, (items,)."""
    without = (np.delete(marks, j, axis=1) for j in range(marks.shape[1]))
    return np.array([cronbach_alpha(rest) for rest in without])


def standard_error(marks: Array) -> float:
    """Return the standard error of one student's points: sd of the totals * sqrt(1 - alpha)."""
    alpha = cronbach_alpha(marks)
    if isnan(alpha):
        return nan
    return float(marks.sum(axis=1).std(ddof=1) * sqrt(max(0.0, 1 - alpha)))


def lengthened(alpha: float, factor: float) -> float:
    """Return alpha of a test `factor` times as long, with more items like these.

    Source: Spearman (1910) and Brown (1910).
    """
    return factor * alpha / (1 + (factor - 1) * alpha)


def length_needed(alpha: float, goal: float) -> float:
    """Return how many times as long the test must be for alpha to be `goal`.

    NaN if alpha is not positive: more of the same would not help.
    """
    if isnan(alpha) or alpha <= 0:
        return nan
    return goal * (1 - alpha) / (alpha * (1 - goal))


def correlation_interval(r: float, count: int) -> Interval:
    """Return the 95 % interval of a correlation, by Fisher's z.

    Args:
        r: In [-1, 1].
        count: Students.
    """
    if isnan(r) or count <= 3:
        return Interval()
    if abs(r) == 1:
        return Interval(low=r, high=r)
    half = NORMAL_975 / sqrt(count - 3)
    return Interval(low=tanh(atanh(r) - half), high=tanh(atanh(r) + half))


def alpha_interval(alpha: float, items: int, count: int) -> Interval:
    """Return the 95 % interval of alpha: ln(1 - alpha) is nearly normal."""
    if isnan(alpha) or count <= 2 or items < 2:
        return Interval()
    if alpha >= 1:
        return Interval(low=1.0, high=1.0)
    half = NORMAL_975 * sqrt(2 * items / ((items - 1) * (count - 2)))
    return Interval(low=1 - exp(log(1 - alpha) + half), high=1 - exp(log(1 - alpha) - half))


def share_interval(share: float, count: int) -> Interval:
    """Return Wilson's 95 % interval of a share; of a mean of marks in [0, 1] it is a wide one."""
    if count < 1 or isnan(share):
        return Interval()
    square = NORMAL_975**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = sqrt(max(0.0, share * (1 - share) / count + square / (4 * count * count)))
    half = NORMAL_975 * spread / (1 + square / count)
    return Interval(low=max(0.0, middle - half), high=min(1.0, middle + half))


def differ(means: Array, counts: Array, variance: float) -> bool:
    """Whether groups differ by more than chance: chi-square at 1 %.

    Args:
        means: (groups,) mean of each.
        counts: (groups,) students in each.
        variance: Of single values within a group.
    """
    if len(means) < 2 or variance < ALIKE:
        return False
    middle = (means * counts).sum() / counts.sum()
    statistic = (counts * (means - middle) ** 2).sum() / variance
    return bool(statistic > _chi_square_99(len(means) - 1))


def _chi_square_99(freedom: int) -> float:
    """Return the 99 % quantile of chi-square. Source: Wilson and Hilferty (1931), off by < 2 %."""
    part = 2 / (9 * freedom)
    return float(freedom * (1 - part + 2.3263478740408408 * sqrt(part)) ** 3)
