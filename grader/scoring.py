"""Adds up points. Fails closed: an unsure grade is never given."""

from collections import Counter
from collections.abc import Sequence

from grader.errors import ContentError
from grader.model import Check, CheckResult, Outcome, Score


def score_results(rubric: Sequence[Check], results: Sequence[CheckResult]) -> Score:
    """Add up the points of the checks that passed.

    Args:
        rubric: The rubric lines that were graded. Points are whole numbers.
        results: Exactly one result for each of them, in any order.

    Returns:
        Points earned and points possible.

    Raises:
        ContentError: If the results and the rubric do not name the same checks, or if a check
            is BROKEN or was NOT_RUN: an unsure grade is never given.
    """
    wanted = Counter(check.check_id for check in rubric)
    given = Counter(result.check_id for result in results)
    if wanted != given:
        odd = sorted((wanted - given) + (given - wanted))
        raise ContentError(f"results and rubric do not name the same checks: {', '.join(odd)}")
    for result in results:
        if result.outcome in (Outcome.BROKEN, Outcome.NOT_RUN):
            raise ContentError(f"check '{result.check_id}' is {result.outcome.value}: no score")
    points = {check.check_id: check.points for check in rubric}
    earned = sum(points[r.check_id] for r in results if r.outcome is Outcome.PASSED)
    return Score(points=earned, max_points=sum(points.values()))
