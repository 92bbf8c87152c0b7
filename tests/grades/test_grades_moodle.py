"""What we write for Moodle says the same after Moodle's import, in both of its generations."""

import csv
import io
from dataclasses import replace

import pytest
from books import HOSTILE, LAB, PRE, WISH, books, hostile_book, numbers
from hypothesis import given, settings
from moodle_gradebook import RefusedError, User, import_grades

from grader.course_book import Book, Cell, Row
from grader.errors import RequestError
from grader.grades.cells import to_csv
from grader.grades.moodle import write
from grader.roster import Identity
from grader.text import one_line

VERSIONS = pytest.mark.parametrize("version", [4.2, 5.0])
USERS = [User(person.student_id, person.username, person.email) for person in HOSTILE]
ITEMS = {LAB.column_id: 20.0, PRE.column_id: 9.0}


def imported(content: bytes, by: str = "idnumber", version: float = 5.0, users=USERS, items=ITEMS):
    return import_grades(content, users, items, by=by, version=version)


def values(grades) -> dict[str, dict[str, float]]:
    return {user: {item: g.value for item, g in own.items()} for user, own in grades.items()}


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


# What we write


@VERSIONS
@pytest.mark.parametrize("by", ["idnumber", "username", "email"])
def test_hostile_class_arrives_unchanged(version: float, by: str) -> None:
    content = write(hostile_book(), WISH).content

    assert values(imported(content, by, version)) == numbers(hostile_book())


@VERSIONS
def test_comments_arrive_unchanged_and_begin_with_score(version: float) -> None:
    grades = imported(write(hostile_book(), WISH).content, version=version)

    assert grades["0012346"][LAB.column_id].feedback == "Score 12/20: got 1,792"
    assert all(g.feedback.startswith("Score") for own in grades.values() for g in own.values())


@VERSIONS
@given(book=books())
@settings(max_examples=60, deadline=None)
def test_any_class_arrives_unchanged(version: float, book: Book) -> None:
    users = [User(row.identity.student_id, row.identity.username) for row in book.rows]
    items = {column.column_id: float(column.max_points) for column in book.columns}

    grades = imported(write(book, WISH).content, "idnumber", version, users, items)

    assert values(grades) == numbers(book)
    assert {
        user: {item: g.feedback for item, g in own.items()} for user, own in grades.items()
    } == {
        row.identity.student_id: {key: one_line(c.comment) for key, c in row.cells.items()}
        for row in book.rows
        if row.cells
    }


def test_names_are_as_they_are_without_apostrophes() -> None:
    names = [row[1] for row in rows_of(write(hostile_book(), WISH).content)]

    assert "O'Brien, Zoë" in names
    assert '=HYPERLINK("x")' in names


def test_zeros_of_ids_and_columns_are_there() -> None:
    rows = rows_of(write(hostile_book(), WISH).content)

    comments = [f"feedback {LAB.column_id}", f"feedback {PRE.column_id}"]
    heads = ["idnumber", "fullname", "username", "email"]
    assert rows[0] == [*heads, LAB.column_id, comments[0], PRE.column_id, comments[1]]
    assert rows[1][0] == "0012345"


def test_withheld_and_missing_scores_are_empty_and_not_0() -> None:
    rows = {row[0]: row for row in rows_of(write(hostile_book(), WISH).content)}

    assert rows["A-77"][6:] == ["", ""]
    assert rows["88"][4:6] == ["", ""]


def test_student_without_any_score_has_no_row() -> None:
    """An empty grade may take away one that a teacher has typed."""
    assert "absent" not in write(hostile_book(), WISH).content.decode()


def test_file_is_utf8_without_bom_with_lf() -> None:
    content = write(hostile_book(), WISH).content

    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content


def test_columns_can_be_named_as_grade_items() -> None:
    wish = replace(WISH, picks=(("lab3", "Lab 3, nets"),))

    assert rows_of(write(hostile_book(), wish).content)[0][4:6] == [
        "Lab 3, nets",
        "feedback Lab 3, nets",
    ]


def test_maxima_to_set_are_said() -> None:
    (remark,) = write(hostile_book(), WISH).remarks

    assert remark.endswith("maximum grades: lab3_mlp: 20, session3-pre: 9.")


def test_a_line_break_in_a_name_does_not_make_a_row() -> None:
    person = Identity(student_id="1", name="Eve\n0012345,Ada")
    book = Book(course="C", columns=(LAB,), rows=(Row(identity=person, cells={}),))
    book = replace(book, rows=(replace(book.rows[0], cells={LAB.column_id: Cell(points=1.0)}),))

    assert len(write(book, WISH).content.splitlines()) == 2


# What no book can hold, so that no file of ours can say it


@pytest.mark.parametrize("points", [21.0, -1.0, float("nan"), float("inf")])
def test_score_out_of_bounds_is_refused_before_moodle_cuts_it(points: float) -> None:
    row = Row(identity=HOSTILE[0], cells={LAB.column_id: Cell(points=points)})

    with pytest.raises(RequestError, match=r"lab3_mlp: '0012345' has .* of 20 points"):
        Book(course="C", columns=(LAB,), rows=(row,))


@pytest.mark.parametrize("other", ["0012345", "ada", "ADA"])
def test_second_row_of_a_student_is_refused_before_the_last_wins(other: str) -> None:
    first = Row(identity=Identity(student_id="ada" if other.isalpha() else other))
    second = Row(identity=Identity(student_id=other))

    with pytest.raises(RequestError, match="are the same to a gradebook"):
        Book(course="C", columns=(LAB,), rows=(first, second))


@pytest.mark.parametrize("student_id", ["", "a\nb", "a\tb", "a\u2028b"])
def test_id_that_breaks_a_line_is_refused(student_id: str) -> None:
    row = Row(identity=Identity(student_id=student_id))

    with pytest.raises(RequestError, match="cannot be written to a table"):
        Book(course="C", columns=(LAB,), rows=(row,))


# The reader has teeth: each row is a file as others write it


def row(*cells: str) -> bytes:
    return to_csv([["idnumber", "fullname", "lab"], list(cells)])


@VERSIONS
@pytest.mark.parametrize(
    "content",
    [
        row("0012345", "Ada", "18,5"),
        row("0012345", "Ada", "92.5%"),
        row("0012345", "Ada", "A+"),
        row("12345", "Ada", "18"),
        row("unknown", "Ada", "18"),
        row("0012345", "Ada"),
    ],
)
def test_reader_refuses_what_moodle_refuses(content: bytes, version: float) -> None:
    with pytest.raises(RefusedError):
        imported(content, version=version, items={"lab": 20.0})


@pytest.mark.parametrize(("text", "cut"), [("21", 20.0), ("-1", 0.0)])
def test_reader_cuts_in_4_2_and_refuses_in_5(text: str, cut: float) -> None:
    content = row("0012345", "Ada", text)

    assert values(imported(content, version=4.2, items={"lab": 20.0})) == {"0012345": {"lab": cut}}
    with pytest.raises(RefusedError):
        imported(content, version=5.0, items={"lab": 20.0})


@VERSIONS
@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + row("0012345", "Ada", "18.5"),
        row("0012345", "Ada", "18.5").replace(b"\n", b"\r\n") + b"\r\n\r\n",
        row("0012345", "Ada", "18.5").decode().encode("utf-16"),
        row("0012345", "Ada", " 1.85e1 "),
    ],
)
def test_reader_takes_what_moodle_takes(content: bytes, version: float) -> None:
    assert values(imported(content, version=version, items={"lab": 20.0})) == {
        "0012345": {"lab": 18.5}
    }


@VERSIONS
def test_reader_lets_the_last_row_win_and_empties_be_no_grade(version: float) -> None:
    content = to_csv(
        [
            ["idnumber", "lab"],
            ["0012345", "1"],
            ["0012345", "2"],
            ["0012346", "-"],
            ["A-77", ""],
        ]
    )

    assert values(imported(content, version=version, items={"lab": 20.0})) == {
        "0012345": {"lab": 2.0}
    }


@VERSIONS
def test_reader_refuses_an_id_that_two_users_of_the_site_have(version: float) -> None:
    users = [*USERS, User("0012345", "other")]

    with pytest.raises(RefusedError, match="2 users"):
        imported(row("0012345", "Ada", "1"), version=version, users=users, items={"lab": 20.0})


@VERSIONS
def test_reader_loses_text_of_another_encoding_and_keeps_apostrophes(version: float) -> None:
    head = "idnumber,lab,feedback lab\n"
    content = f"{head}0012345,1,Zoé\n0012346,1,'=1+1\n".encode("latin-1")
    grades = imported(content, version=version, items={"lab": 20.0})

    assert grades["0012345"]["lab"].feedback == "Zo"
    assert grades["0012346"]["lab"].feedback == "'=1+1"
