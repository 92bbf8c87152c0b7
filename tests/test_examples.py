"""The sample class gets what examples/expected says."""

import csv
from pathlib import Path

import pytest

from grader.batch import grade_folder, plan_batch
from grader.course import find_course

ROOT = Path(__file__).resolve().parents[1]
CLASS = ROOT / "examples" / "class"
TABLES = sorted((ROOT / "examples" / "expected").glob("*.csv"))
ALL_TABLES = pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)


def read_expected(table: Path) -> dict[str, str]:
    with table.open(encoding="utf-8", newline="") as file:
        return {row["student"]: row["points"] for row in csv.DictReader(file)}


def is_expected(points: int | None, wanted: str) -> bool:
    """Whether points are as wanted: "30", "28-29", or "none" for no grade."""
    if points is None or wanted == "none":
        return points is None and wanted == "none"
    lowest, _, highest = wanted.partition("-")
    return int(lowest) <= points <= int(highest or lowest)


def test_there_is_a_table_for_each_lab_of_the_class() -> None:
    labs = {folder.name for folder in CLASS.glob("*/*")}

    assert labs == {table.stem for table in TABLES}


@ALL_TABLES
def test_table_names_the_whole_class(table: Path) -> None:
    assert list(read_expected(table)) == sorted(folder.name for folder in CLASS.iterdir())


@ALL_TABLES
def test_no_points_are_expected_only_where_nothing_was_handed_in(table: Path) -> None:
    without = {student for student, wanted in read_expected(table).items() if wanted == "none"}

    assert without == {s.name for s in CLASS.iterdir() if not (s / table.stem).is_dir()}


@pytest.mark.long
@ALL_TABLES
def test_class_gets_the_expected_points(table: Path, tmp_path: Path) -> None:
    batch = plan_batch(find_course(ROOT), table.stem, CLASS, out=tmp_path)
    reports = grade_folder(batch, lambda _report, _was_there: None)
    got = {report.student: report.score and report.score.points for report in reports}
    wanted = read_expected(table)

    assert {
        student: (got.get(student), points)
        for student, points in wanted.items()
        if student not in got or not is_expected(got[student], points)
    } == {}
