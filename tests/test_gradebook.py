"""The class's table: from result files alone, in an order of its own."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from miniature import make_report, make_result

from grader.errors import RequestError
from grader.gradebook import (
    NOTHING_HANDED_IN,
    Summary,
    Topic,
    absent,
    find_results,
    find_topics,
    not_graded,
    scores_csv,
    summarise,
    write_gradebook,
)
from grader.model import CheckResult, Diagnosis, Outcome, Report
from grader.result import to_json


def diagnosed(check_id: str, mistake: str) -> CheckResult:
    """Return a failed check with a name for the mistake."""
    found = Diagnosis(mistake=mistake, headline=f"It is {mistake}.")
    return replace(make_result(check_id, Outcome.FAILED), diagnosis=found)


def rows_of(text: str) -> list[list[str]]:
    """Read CSV."""
    return list(csv.reader(io.StringIO(text)))


# scores.csv


def test_table_has_a_row_a_student_and_a_column_a_check() -> None:
    checks = (make_result("b", points=2), make_result("a", Outcome.FAILED))

    rows = rows_of(scores_csv([make_report("zoe", 2, checks=checks), make_report("ada", 3)]))

    assert rows == [
        ["student", "points", "max_points", "problem", "b", "a"],
        ["ada", "3", "5", "", "", ""],
        ["zoe", "2", "5", "", "2", "0"],
    ]


def test_table_does_not_depend_on_the_order_of_grading() -> None:
    reports = [make_report(name, 1, checks=(make_result("a"),)) for name in ("c", "a", "b")]

    assert scores_csv(reports) == scores_csv(reports[::-1])


def test_table_does_not_depend_on_time() -> None:
    report = make_report()
    later = replace(report, graded_at="2030-01-01", cpu_s=9.0, wall_s=9.0)

    assert scores_csv([report]) == scores_csv([later])


def test_student_who_was_not_graded_has_no_points_and_a_problem() -> None:
    checks = (make_result("a", Outcome.NOT_RUN),)

    rows = rows_of(
        scores_csv([make_report("ada", None, problem="lab9.py is missing", checks=checks)])
    )

    assert rows[1] == ["ada", "", "", "lab9.py is missing", ""]


@pytest.mark.parametrize("outcome", [o for o in Outcome if o is not Outcome.NOT_RUN])
def test_cell_holds_the_points_of_every_other_outcome(outcome: Outcome) -> None:
    rows = rows_of(scores_csv([make_report("ada", 1, checks=(make_result("a", outcome, 4),))]))

    assert rows[1][4] == ("4" if outcome is Outcome.PASSED else "0")


@pytest.mark.parametrize("name", ["a,b", 'a"b', "a\nb", "é", " a "])
def test_names_survive_the_table(name: str) -> None:
    assert rows_of(scores_csv([make_report(name)]))[1][0] == name


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(name: str) -> None:
    row = rows_of(scores_csv([make_report(name, None, problem=name)]))[1]

    assert (row[0], row[3]) == (f"'{name}", f"'{name}")


# The summary


def test_summary_counts_scores_and_outcomes() -> None:
    reports = [
        make_report("ada", 1, checks=(make_result("a"), make_result("b", Outcome.FAILED))),
        make_report("bob", 4, checks=(make_result("a"), make_result("b", Outcome.SKIPPED))),
        make_report("cyn", 4, checks=(make_result("a"), make_result("b"))),
        make_report("dan", None, checks=(make_result("a", Outcome.BROKEN),)),
    ]

    assert summarise(reports) == Summary(
        graded=3,
        not_graded=("dan",),
        mean_points=3.0,
        median_points=4.0,
        max_points=5,
        outcomes={"failed": 1, "passed": 4, "skipped": 1},
        topics=(),
    )


def test_summary_of_nobody_is_empty() -> None:
    assert summarise([]) == Summary(
        graded=0,
        not_graded=(),
        mean_points=0.0,
        median_points=0.0,
        max_points=0,
        outcomes={},
        topics=(),
    )


def test_who_handed_in_nothing_is_not_who_could_not_be_graded() -> None:
    reports = [
        make_report("ada", 3),
        make_report("bob", None, problem=NOTHING_HANDED_IN),
        make_report("cyn", None, problem="lab9.py is missing"),
    ]

    assert absent(reports) == ("bob",)
    assert not_graded(reports) == ("cyn",)


def test_score_of_nothing_counts_as_graded() -> None:
    assert summarise([make_report("ada", 0)]).graded == 1


def test_most_frequent_mistake_comes_first() -> None:
    reports = [
        make_report("ada", 1, checks=(diagnosed("a", "sign"), diagnosed("b", "sign"))),
        make_report("bob", 1, checks=(diagnosed("a", "scale"),)),
        make_report("cyn", 1, checks=(diagnosed("b", "sign"), diagnosed("a", "half"))),
    ]

    assert find_topics(reports) == (
        Topic(mistake="sign", headline="It is sign.", students=("ada", "cyn"), checks=("a", "b")),
        Topic(mistake="half", headline="It is half.", students=("cyn",), checks=("a",)),
        Topic(mistake="scale", headline="It is scale.", students=("bob",), checks=("a",)),
    )


def test_gradebook_is_written_beside_the_results(tmp_path: Path) -> None:
    reports = [make_report("ada", 3)]

    write_gradebook(tmp_path, reports)

    assert (tmp_path / "scores.csv").read_text() == scores_csv(reports)
    assert json.loads((tmp_path / "summary.json").read_text())["mean_points"] == 3.0


# Finding a student's results


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Results of two students in one lab, and of one of them in another."""
    for lab_id, student in (("lab1_a", "ada"), ("lab1_a", "bob"), ("lab2_b", "ada")):
        path = tmp_path / lab_id / student / "result.json"
        path.parent.mkdir(parents=True)
        path.write_text(to_json(make_report(student, 3, lab_id=lab_id)))
    return tmp_path


def labs_of(found: tuple[Report, ...]) -> list[str]:
    """Return which labs reports are of."""
    return [report.lab_id for report in found]


def test_all_results_of_a_student_are_found(out: Path) -> None:
    assert labs_of(find_results(out, "ada")) == ["lab1_a", "lab2_b"]


def test_results_of_one_lab_are_found(out: Path) -> None:
    assert labs_of(find_results(out, "ada", "lab2_b")) == ["lab2_b"]


def test_unknown_student_is_told_with_the_nearest(out: Path) -> None:
    with pytest.raises(RequestError) as caught:
        find_results(out, "adda")

    assert (
        str(caught.value) == f"There is no result of student 'adda' in '{out}'. Did you mean 'ada'?"
    )


def test_unknown_student_without_a_likeness_is_told(out: Path) -> None:
    with pytest.raises(RequestError) as caught:
        find_results(out, "zzz")

    assert (
        str(caught.value)
        == f"There is no result of student 'zzz' in '{out}'. There are 2 students."
    )


def test_folder_without_results_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError) as caught:
        find_results(tmp_path, "ada")

    assert str(caught.value) == f"There are no results in '{tmp_path}'. `dlab grade` makes them."


def test_broken_result_is_told(out: Path) -> None:
    path = out / "lab1_a" / "bob" / "result.json"
    path.write_text("{")

    with pytest.raises(RequestError, match=rf"^{path}: not a result file: "):
        find_results(out, "bob")
