"""Points are added up in one place, and only where every result is known."""

import pytest
from miniature import make_check, make_result

from grader.errors import ContentError
from grader.model import Outcome, Score
from grader.scoring import score_results

UNSURE = (Outcome.BROKEN, Outcome.NOT_RUN)
SURE = tuple(outcome for outcome in Outcome if outcome not in UNSURE)
RUBRIC = (make_check("a", 2), make_check("b", 3))


@pytest.mark.parametrize("outcome", SURE)
def test_only_passed_earns_points(outcome: Outcome) -> None:
    results = [make_result("a", outcome, 2), make_result("b", Outcome.PASSED, 3)]

    score = score_results(RUBRIC, results)

    assert score == Score(points=5 if outcome is Outcome.PASSED else 3, max_points=5)


@pytest.mark.parametrize("outcome", UNSURE)
def test_unsure_outcome_gives_no_score(outcome: Outcome) -> None:
    results = [make_result("a", outcome, 2), make_result("b", Outcome.PASSED, 3)]

    with pytest.raises(ContentError, match=rf"^check 'a' is {outcome.value}: no score$"):
        score_results(RUBRIC, results)


def test_every_outcome_is_sure_or_unsure() -> None:
    assert set(SURE) | set(UNSURE) == set(Outcome)


def test_order_of_results_does_not_matter() -> None:
    results = [make_result("b", Outcome.FAILED, 3), make_result("a", Outcome.PASSED, 2)]

    assert score_results(RUBRIC, results).points == 2


@pytest.mark.parametrize(
    ("names", "odd"),
    [
        (["a"], "b"),
        (["a", "b", "c"], "c"),
        (["a", "b", "b"], "b"),
        (["a", "a"], "a, b"),
        ([], "a, b"),
    ],
)
def test_results_that_are_not_the_rubric_are_refused(names: list[str], odd: str) -> None:
    results = [make_result(name) for name in names]

    with pytest.raises(
        ContentError, match=rf"^results and rubric do not name the same checks: {odd}$"
    ):
        score_results(RUBRIC, results)


def test_points_come_from_the_rubric_and_not_from_the_result() -> None:
    results = [make_result("a", Outcome.PASSED, 100), make_result("b", Outcome.FAILED, 3)]

    assert score_results(RUBRIC, results) == Score(points=2, max_points=5)


def test_no_checks_are_a_full_score_of_nothing() -> None:
    assert score_results((), ()).is_full


@pytest.mark.parametrize(("points", "is_full"), [(0, False), (4, False), (5, True)])
def test_full_means_every_point(points: int, is_full: bool) -> None:
    assert Score(points=points, max_points=5).is_full is is_full
