"""What a class learned between two tests: pure functions of paired scores.

A ten-minute test has a standard error near 20 points of 100 for one student, so all of this is
about classes. Sources: Hake (1998); Marx and Cummings (2007); Cohen (1988); Efron (1979).
"""

from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from grader.quiz.analysis.items import ALIKE, Array, Interval

DRAWS = 10_000
BLOCK = 2_000_000  # random numbers at once: bounds the memory
FULL = 100.0
LOW, HIGH = 0.3, 0.7  # Hake's words: below, above


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """Two tests of the same students; scores are percentages.

    Attributes:
        count: Students who took both.
        pre, post: Mean scores.
        hake: Share of what could be gained that was, from the means; NaN if pre is 100.
        interval: 95 % interval of `hake`, students resampled.
        change: Mean normalised change; NaN if nobody's is defined.
        changed: Students whose change is defined: all but those with twice 0 or twice 100.
        effect: Cohen's d_z: mean of the differences over their standard deviation.
        rose, fell: Students with more, and with less, in the second test.
    """

    count: int
    pre: float
    post: float
    hake: float
    interval: Interval
    change: float
    changed: int
    effect: float
    rose: int
    fell: int

    @property
    def word(self) -> str:
        """Hake's word for the gain."""
        if isnan(self.hake):
            return "undefined"
        if self.hake < 0:
            return "a loss"
        return "low" if self.hake < LOW else "medium" if self.hake < HIGH else "high"


def measure(pre: Array, post: Array, *, seed: int, draws: int = DRAWS) -> Gain:
    """Compare two tests of the same students.

    Args:
        pre: (students,) float64, percent of the points. At least one student.
        post: (students,) float64, same students in the same order.
        seed: Draws the resampled classes; the result depends on nothing else.
        draws: Resampled classes.
    """
    difference = post - pre
    change = normalised_change(pre, post)
    known = change[~np.isnan(change)]
    return Gain(
        count=len(pre),
        pre=float(pre.mean()),
        post=float(post.mean()),
        hake=hake(float(pre.mean()), float(post.mean())),
        interval=bootstrap_interval(pre, post, seed=seed, draws=draws),
        change=float(known.mean()) if len(known) else nan,
        changed=len(known),
        effect=effect_size(difference),
        rose=int((difference > ALIKE).sum()),
        fell=int((difference < -ALIKE).sum()),
    )


def hake(pre: float, post: float) -> float:
    """Return the gain of class means in percent; NaN if nothing could be gained."""
    return nan if FULL - pre < ALIKE else (post - pre) / (FULL - pre)


def normalised_change(pre: Array, post: Array) -> Array:
    """Return each student's normalised change, (students,), in [-1, 1].

    (post - pre) / (100 - pre) of those who rose, (post - pre) / pre of those who fell, 0 of the
    others; NaN, to be left out, of those with 0 or with 100 in both.
    """
    difference = post - pre
    room = np.where(difference > 0, FULL - pre, pre)
    change = np.divide(difference, room, out=np.zeros_like(difference), where=difference != 0)
    is_stuck = (difference == 0) & ((pre == 0) | (pre == FULL))
    return np.where(is_stuck, nan, change)


def effect_size(difference: Array) -> float:
    """Return Cohen's d_z of the differences; NaN if all are the same."""
    if len(difference) < 2 or difference.var() < ALIKE:
        return nan
    return float(difference.mean() / difference.std(ddof=1))


def bootstrap_interval(pre: Array, post: Array, *, seed: int, draws: int = DRAWS) -> Interval:
    """Return the 95 % percentile interval of Hake's gain, over classes drawn with replacement.

    The order of the students does not matter. Drawn classes without room for a gain are left
    out; if they are more than half there is no interval.
    """
    order = np.lexsort((post, pre))
    before, after = pre[order], post[order]
    rng, count = np.random.default_rng(seed), len(pre)
    found = []
    block = max(1, BLOCK // count)
    for start in range(0, draws, block):
        drawn = rng.integers(count, size=(min(block, draws - start), count))
        low, high = before[drawn].mean(axis=1), after[drawn].mean(axis=1)
        has_room = FULL - low > ALIKE
        found.append((high - low)[has_room] / (FULL - low)[has_room])
    gains = np.concatenate(found)
    if 2 * len(gains) < draws:
        return Interval()
    low_end, high_end = np.quantile(gains, (0.025, 0.975))
    return Interval(low=float(low_end), high=float(high_end))
