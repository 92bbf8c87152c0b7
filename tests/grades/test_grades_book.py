"""The course's table comes from result files and stored responses, and says nothing they do not."""

import csv
import io
import json
from pathlib import Path

import pytest
from books import LAB, check, make_course, put_lab, sit, store
from hypothesis import given
from hypothesis import strategies as st
from miniature import make_report, make_result

from grader.course import Course, find_course
from grader.course_book import Book, Cell, GapKind, Row, fill_missing, rounded
from grader.errors import ContentError, RequestError
from grader.gradebook import write_gradebook
from grader.grades.gather import read_book
from grader.grades.table import grid
from grader.model import NOTHING_HANDED_IN, Outcome
from grader.quiz.archive import Keep, plan_storing
from grader.quiz.source import find_quiz
from grader.result import read_result
from grader.roster import Identity

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return make_course(tmp_path)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results"


def cells(book: Book, student: str) -> dict[str, float]:
    (row,) = (row for row in book.rows if row.identity.student_id == student)
    return {key: cell.points for key, cell in row.cells.items()}


def kinds(book: Book, student: str) -> dict[str, GapKind]:
    (row,) = (row for row in book.rows if row.identity.student_id == student)
    return {key: gap.kind for key, gap in row.gaps.items()}


# What is in it


def test_labs_come_first_then_quizzes_before_and_after(course: Course, out: Path) -> None:
    for name in ("s1-post", "s1-pre"):
        store(course, out, name, sit(course, name, "ada"))
    put_lab(out, "ada")

    book = read_book(course, out)

    assert [column.column_id for column in book.columns] == ["lab9_tiny", "s1-pre", "s1-post"]
    assert [column.max_points for column in book.columns] == [5, 5, 5]
    assert cells(book, "ada") == {"lab9_tiny": 3.0, "s1-pre": 3.0, "s1-post": 3.0}
    assert (book.max_points, book.rows[0].total) == (15, 9.0)


def test_titles_come_from_the_bank_and_unknown_labs_keep_their_id(
    course: Course, out: Path
) -> None:
    store(course, out, "s1-pre", sit(course, "s1-pre", "ada"))
    put_lab(out, "ada")

    assert [c.title for c in read_book(course, out).columns] == ["lab9_tiny", "Test s1-pre"]


def test_title_of_a_lab_comes_from_the_course(out: Path) -> None:
    put_lab(out, "ada", lab_id="lab2_backprop")

    assert read_book(find_course(ROOT), out).columns[0].title == "Backprop by hand"


def test_points_between_whole_ones_have_two_decimals(course: Course, out: Path) -> None:
    """One of three right options ticked is 1 of 3 points of 3; a rule of thirds is rounded."""
    text = (course.quizzes / "s1-pre.quiz.md").read_text(encoding="utf-8")
    (course.quizzes / "s1-pre.quiz.md").write_text(text.replace("points=3", "points=2"))
    store(course, out, "s1-pre", sit(course, "s1-pre", "ada", "ab"))

    assert cells(read_book(course, out), "ada") == {"s1-pre": 3.33}


def test_practice_is_left_out_unless_it_is_named(course: Course, out: Path) -> None:
    store(course, out, "s0", sit(course, "s0", "ada"))
    with pytest.raises(RequestError, match="holds practice only; name what you want with --only"):
        read_book(course, out)

    assert [c.column_id for c in read_book(course, out, only=("s0",)).columns] == ["s0"]


def test_missing_work_is_empty(course: Course, out: Path) -> None:
    put_lab(out, "ada")
    put_lab(out, "bob", None, problem=NOTHING_HANDED_IN)
    store(course, out, "s1-pre", sit(course, "s1-pre", "cy"))

    book = read_book(course, out)

    assert [cells(book, name) for name in ("ada", "bob", "cy")] == [
        {"lab9_tiny": 3.0},
        {},
        {"s1-pre": 3.0},
    ]
    assert kinds(book, "bob") == {}


WITHHELD = {
    "content": {"problem": "The course's content is broken: lab.toml"},
    "check": {"checks": (make_result("a", Outcome.BROKEN),)},
}


@pytest.mark.parametrize("why", WITHHELD)
def test_withheld_score_is_named_and_never_0(why: str, course: Course, out: Path) -> None:
    put_lab(out, "ada", None, **WITHHELD[why])
    put_lab(out, "bob")

    book = fill_missing(read_book(course, out))

    assert kinds(book, "ada") == {"lab9_tiny": GapKind.WITHHELD}
    assert cells(book, "ada") == {}
    assert book.rows[0].total is None


def test_work_that_could_not_be_graded_is_named_and_never_0(course: Course, out: Path) -> None:
    put_lab(out, "ada", None, problem="two submissions: a.py, a.zip; keep one")
    put_lab(out, "bob")

    book = fill_missing(read_book(course, out))

    assert kinds(book, "ada") == {"lab9_tiny": GapKind.NOT_GRADED}
    assert book.rows[0].gaps["lab9_tiny"].reason.startswith("two submissions")


def test_late_sitting_is_named_and_counts_only_when_asked(course: Course, out: Path) -> None:
    store(course, out, "s1-pre", sit(course, "s1-pre", "ada", late_s=30.0))

    assert kinds(fill_missing(read_book(course, out)), "ada") == {"s1-pre": GapKind.LATE}
    assert cells(read_book(course, out, has_late=True), "ada") == {"s1-pre": 3.0}


def test_a_sitting_in_time_counts_though_a_better_one_was_late(course: Course, out: Path) -> None:
    quiz = find_quiz(course, "s1-pre")
    timely = sit(course, "s1-pre", "ada", "", submitted_at="2026-11-21T10:00:00+01:00")
    late = sit(course, "s1-pre", "ada", submitted_at="2026-11-21T11:00:00+01:00", late_s=300.0)
    plan_storing(out, course.title, quiz, [timely, late], Keep.BEST).write()

    (timely_points,) = cells(read_book(course, out), "ada").values()
    (best_points,) = cells(read_book(course, out, has_late=True), "ada").values()

    assert timely_points < best_points


def test_missing_as_zero_fills_what_was_not_handed_in(course: Course, out: Path) -> None:
    put_lab(out, "ada", None, problem=NOTHING_HANDED_IN)
    put_lab(out, "bob", 5)
    store(course, out, "s1-pre", sit(course, "s1-pre", "ada"))

    book = fill_missing(read_book(course, out))

    assert cells(book, "ada") == {"lab9_tiny": 0.0, "s1-pre": 3.0}
    assert cells(book, "bob") == {"lab9_tiny": 5.0, "s1-pre": 0.0}
    assert book.rows[0].cells["lab9_tiny"].comment == "Score 0/5: nothing handed in"


def test_changed_quiz_is_scored_with_the_key_of_today(course: Course, out: Path) -> None:
    store(course, out, "s1-pre", sit(course, "s1-pre", "ada", "d", bank_sha256="0" * 64))
    text = (course.quizzes / "s1-pre.quiz.md").read_text(encoding="utf-8")
    (course.quizzes / "s1-pre.quiz.md").write_text(text.replace("- [ ] d", "- [x] d"))

    book = read_book(course, out)

    assert cells(book, "ada") == {"s1-pre": 2.75}
    assert book.remarks[0].startswith("s1-pre: 1 papers were made from another version")


def test_comments_say_what_was_lost_and_begin_with_score(course: Course, out: Path) -> None:
    put_lab(out, "ada", 3, checks=(check("a", 2, 2), check("b", 1, 3)))
    store(course, out, "s1-pre", sit(course, "s1-pre", "ada"))

    (row,) = read_book(course, out).rows

    assert row.cells["lab9_tiny"].comment == "Score 3/5. Points were lost in: b: works (1 of 3)"
    assert row.cells["s1-pre"].comment == "Score 3/5"


def test_short_ids_choose_columns(course: Course, out: Path) -> None:
    put_lab(out, "ada")
    store(course, out, "s1-pre", sit(course, "s1-pre", "ada"))

    assert [c.column_id for c in read_book(course, out, only=("lab9",)).columns] == ["lab9_tiny"]


# Agreement with the tables beside the results


def test_totals_agree_with_the_tables_of_labs_and_quizzes(course: Course, out: Path) -> None:
    for n, name in enumerate(("ada", "bob", "cy")):
        put_lab(out, name, n + 1)
        put_lab(out, name, 4 - n, lab_id="lab8_other")
    put_lab(out, "dee", None, problem=NOTHING_HANDED_IN)
    for lab_id in ("lab9_tiny", "lab8_other"):
        paths = sorted((out / lab_id).glob("*/result.json"))
        write_gradebook(out / lab_id, [read_result(path) for path in paths])
    store(course, out, "s1-pre", sit(course, "s1-pre", "ada", "ab"), sit(course, "s1-pre", "bob"))

    header, *rows = grid(read_book(course, out))
    table = {str(row[0]): dict(zip(header, row, strict=True)) for row in rows}

    sums: dict[str, float] = {}
    folders = {"lab9_tiny": "lab9_tiny", "lab8_other": "lab8_other", "s1-pre": "quizzes/s1-pre"}
    for column_id, folder in folders.items():
        text = (out / folder / "scores.csv").read_text(encoding="utf-8")
        for entry in csv.DictReader(io.StringIO(text)):
            student, points = entry["student"], entry["points"]
            assert table[student][column_id] == (float(points) if points else "")
            sums[student] = sums.get(student, 0.0) + float(points or 0)
    assert {name: row["total"] or 0.0 for name, row in table.items()} == sums


def test_book_does_not_depend_on_derived_files(course: Course, out: Path) -> None:
    put_lab(out, "ada")
    folder = store(course, out, "s1-pre", sit(course, "s1-pre", "ada"))
    before = read_book(course, out)
    for name in ("scores.csv", "records.jsonl"):
        (folder / name).unlink()

    assert read_book(course, out) == before


# What is refused


def test_no_results_are_one_line(course: Course, out: Path) -> None:
    with pytest.raises(RequestError, match=r"There are no results in .* make them"):
        read_book(course, out)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lab8", "There are no results of 'lab8'. Did you mean 'lab9'?"),
        ("zzz", "There are no results of 'zzz'. There are: lab9_tiny."),
    ],
)
def test_unknown_column_suggests_the_nearest(
    name: str, text: str, course: Course, out: Path
) -> None:
    put_lab(out, "ada")

    with pytest.raises(RequestError) as caught:
        read_book(course, out, only=(name,))
    assert str(caught.value) == text


def test_short_id_of_two_labs_is_refused(course: Course, out: Path) -> None:
    put_lab(out, "ada")
    put_lab(out, "ada", lab_id="lab9_other")

    with pytest.raises(RequestError, match="'lab9' could be lab9_other or lab9_tiny"):
        read_book(course, out, only=("lab9",))


def test_same_student_in_two_spellings_is_refused(course: Course, out: Path) -> None:
    put_lab(out, "Zoe\u0301", graded_at="2026-11-01")
    put_lab(out, "Zo\u00e9", graded_at="2026-11-02")

    with pytest.raises(RequestError, match="spelled with other characters; graded 2026-11-0"):
        read_book(course, out)


def test_lab_with_two_maxima_is_refused(course: Course, out: Path) -> None:
    put_lab(out, "ada")
    report = make_report("bob", 3, score={"points": 3, "max_points": 6})
    path = out / "lab9_tiny" / "bob" / "result.json"
    path.parent.mkdir(parents=True)
    data = json.loads((out / "lab9_tiny" / "ada" / "result.json").read_bytes())
    path.write_text(json.dumps(data | {"student": "bob", "score": report.score}))

    with pytest.raises(RequestError, match="the maximum differs: 5 for 'ada', 6 for 'bob'"):
        read_book(course, out)


def test_results_of_two_versions_of_a_lab_are_told(course: Course, out: Path) -> None:
    put_lab(out, "ada")
    put_lab(out, "bob", lab_version="w")

    assert read_book(course, out).remarks == (
        "lab9_tiny: scored with 2 versions of the lab; grade all again.",
    )


def test_result_in_another_labs_folder_is_refused(course: Course, out: Path) -> None:
    put_lab(out, "ada")
    (out / "lab9_tiny").rename(out / "lab8_moved")

    with pytest.raises(RequestError, match="this is a result of 'lab9_tiny'; move it there"):
        read_book(course, out)


def test_more_than_the_maximum_is_refused(course: Course, out: Path) -> None:
    put_lab(out, "ada", 6)

    with pytest.raises(RequestError, match="'ada' has 6 of 5 points"):
        read_book(course, out)


def test_responses_to_a_quiz_that_is_gone_are_refused(course: Course, out: Path) -> None:
    store(course, out, "s1-pre", sit(course, "s1-pre", "ada"))
    put_lab(out, "ada")
    (course.quizzes / "s1-pre.quiz.md").unlink()

    with pytest.raises(RequestError, match="There is no quiz 's1-pre'"):
        read_book(course, out)
    assert len(read_book(course, out, only=("lab9",)).columns) == 1


def test_broken_quiz_is_the_courses_fault(course: Course, out: Path) -> None:
    store(course, out, "s1-pre", sit(course, "s1-pre", "ada"))
    (course.quizzes / "s1-pre.quiz.md").write_text("nothing", encoding="utf-8")

    with pytest.raises(ContentError):
        read_book(course, out)


def test_lost_zeros_are_told(course: Course, out: Path) -> None:
    put_lab(out, "0012345")
    put_lab(out, "12345")

    (remark,) = read_book(course, out).remarks
    assert remark == "'12345' and '0012345' may be one student; they are two rows."


# Numbers


@pytest.mark.parametrize(
    ("points", "wanted"),
    [(0.125, 0.13), (2.675, 2.68), (1.005, 1.01), (1 / 3, 0.33), (9, 9.0), (1e-9, 0.0)],
)
def test_points_are_rounded_half_up(points: float, wanted: float) -> None:
    assert rounded(points) == wanted


@given(st.floats(0, 20))
def test_rounding_never_passes_the_maximum(points: float) -> None:
    assert 0 <= rounded(points) <= 20
    assert rounded(rounded(points)) == rounded(points)


def test_third_decimal_cannot_be_in_a_book() -> None:
    row = Row(identity=Identity(student_id="a"), cells={LAB.column_id: Cell(points=1.005)})

    with pytest.raises(RequestError, match="more than two decimals"):
        Book(course="C", columns=(LAB,), rows=(row,))


def test_total_of_cents_is_exact() -> None:
    row = Row(identity=Identity(student_id="a"), cells={f"c{n}": Cell(points=0.1) for n in "abc"})

    assert row.total == 0.3
