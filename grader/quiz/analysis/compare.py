"""What was learned between a first and a second test, pair by pair and in all."""

from dataclasses import dataclass, replace

from grader.quiz.analysis.data import Table, match
from grader.quiz.analysis.gain import Gain, measure
from grader.quiz.analysis.items import FEWEST
from grader.quiz.model import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class PairGain:
    """A question, its twin, and the gain between them."""

    pre: Question
    post: Question
    gain: Gain


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two tests of the same students, compared on the questions that are twins.

    Attributes:
        total: One entry, or none; then `why_not` says why.
        count: Students who took both.
        dropped: Students who took only one.
        left_out: Questions without a twin.
    """

    pre_id: str
    post_id: str
    total: tuple[Gain, ...] = ()
    pairs: tuple[PairGain, ...] = ()
    count: int = 0
    dropped: int = 0
    left_out: int = 0
    why_not: str = ""


def compare(pre: Table, post: Table, *, seed: int) -> Comparison:
    """Compare two tests; see `gain.measure`.

    Args:
        pre: The first test.
        post: The second.
        seed: Draws the resampled classes of the intervals.
    """
    twins = match(pre, post)
    count = len(twins.before)
    bare = Comparison(
        pre_id=pre.quiz.quiz_id,
        post_id=post.quiz.quiz_id,
        count=count,
        dropped=twins.dropped,
        left_out=twins.left_out,
        why_not=_why_not(pre, post, count, len(twins.places)),
    )
    if bare.why_not:
        return bare
    share = 100 * twins.weights / twins.weights.sum()
    total = measure(twins.before @ share, twins.after @ share, seed=seed)
    pairs = tuple(
        PairGain(
            pre=pre.quiz.entries[one].first,
            post=post.quiz.entries[other].first,
            gain=measure(100 * twins.before[:, place], 100 * twins.after[:, place], seed=seed),
        )
        for place, (one, other) in enumerate(twins.places)
    )
    return replace(bare, total=(total,), pairs=pairs)


def _why_not(pre: Table, post: Table, count: int, pairs: int) -> str:
    missing = [table.quiz.quiz_id for table in (pre, post) if not table.students]
    if missing:
        return f"there are no attempts of {' and '.join(missing)} yet"
    if not pairs:
        return "no question names a twin in the other test with `pair=`"
    if count < FEWEST:
        return f"{count} took both tests; a gain is shown from {FEWEST} students on"
    return ""
