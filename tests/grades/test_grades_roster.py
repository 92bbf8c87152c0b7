"""Who is who: by id, user name, e-mail or pseudonym, never by name and never by a guess."""

from pathlib import Path

import pytest
from books import LAB, PRE, cell

from grader.course_book import Book, Identity, Row
from grader.errors import RequestError
from grader.grades.roster import join, parse_roster, read_roster

ROSTER = """id,name,email,username,pseudonym
0012345,Ada Lovelace,ada@x.example,ada,k7q3
0012346,"O'Brien, Zoë",Zoe@X.example,zoe,m9xw
A-77,Wei Li,wei@x.example,wei,
"""


def roster(text: str | bytes = ROSTER):
    return parse_roster(text.encode() if isinstance(text, str) else text, "roster.csv")


def book(*students: str, column: str = LAB.column_id) -> Book:
    rows = tuple(
        Row(identity=Identity(student_id=name), cells={column: cell(1)}) for name in students
    )
    return Book(course="C", columns=(LAB, PRE), rows=rows)


def only(text: str) -> Identity:
    (person,) = roster(text).people
    return person


# Reading


@pytest.mark.parametrize(
    "text",
    [
        "id,name\n0012345,Ada Lovelace\n",
        "\ufeffStudent ID;Name\r\n0012345;Ada Lovelace\r\n",
        "First name,Last name,ID number\nAda,Lovelace,0012345\n",
        "student_id\tfull name\n0012345\tAda Lovelace\n",
        "name,student\nAda Lovelace,0012345\n",
        "Name,Username\nAda Lovelace,0012345\n",
        "OrgDefinedId,Last Name,First Name\n#0012345,Lovelace,Ada\n",
        "Student Number,Surname,First name\n 0012345 ,Lovelace,Ada\n\n",
    ],
)
def test_headings_of_many_systems_are_known(text: str) -> None:
    person = only(text)

    assert (person.student_id, person.name) == ("0012345", "Ada Lovelace")


def test_gradebook_of_canvas_is_a_roster() -> None:
    text = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Lab (1)\n"
        ",,,,,Manual Posting\n    Points Possible,,,,,20\n"
        '"Lovelace, Ada",1001,0012345,ada,A,\n"Li, Wei",1002,,wei,B,\n'
        '"Student, Test",1999,,a1b2,A,\n'
    )
    ada, wei = roster(text).people

    assert (ada.student_id, ada.canvas_id, ada.username, ada.name, ada.section) == (
        *("0012345", "1001", "ada"),
        *("Lovelace, Ada", "A"),
    )
    assert (wei.student_id, wei.canvas_id) == ("wei", "1002")


def test_column_called_student_is_the_id_where_there_is_no_other() -> None:
    """As in the roster of `dlab quiz serve`."""
    person = only("student,accommodation\n0012345,1.25\n")

    assert (person.student_id, person.name) == ("0012345", "")


def test_ids_of_platforms_are_read() -> None:
    person = only("id,canvas_id,lti_user_id,section\n1,0042,5323-497,A\n")

    assert (person.canvas_id, person.lti_id, person.section) == ("42", "5323-497", "A")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "roster.csv: it is empty."),
        ("name,mail\nAda,a@x\n", "roster.csv:1: there is no column of student ids; call it 'id'"),
        ("id,name\n", "roster.csv: there is no student in it."),
        ("id,name\n,Ada\n", "roster.csv:2: there is no student id in this line."),
        ("id\n1\n2\n1\n", "roster.csv:4: the student id '1' is in line 2 already; keep one."),
        ("id\nada\nADA\n", "roster.csv:3: the student id 'ADA' is in line 2 already"),
        ("id,email\n1,A@x\n2,a@X\n", "roster.csv:3: the email 'a@X' is in line 2 already"),
        ("id,canvas_id\n1,07\n2,7\n", "roster.csv:3: the canvas id '7' is in line 2 already"),
        ("id,canvas_id\n1,ada\n", "roster.csv:2: a Canvas id is a whole number, not 'ada'."),
        ("id\n1.23E+15\n", "roster.csv:2: the id '1.23E+15' was rounded by a spreadsheet"),
        ('id\n"1\n2"\n', "roster.csv:2: the id holds a character that cannot be written."),
        ('id,name\n1,"Ada" x\n', "roster.csv: it is not CSV:"),
        ("id,name\n1,Zoé\n".encode("latin-1"), "roster.csv:2: it is not UTF-8; save it as"),
        ("id,name\n1,Zoé\n".encode("utf-16"), "roster.csv:1: it is not UTF-8; save it as"),
    ],
)
def test_bad_roster_is_one_line(text: str | bytes, message: str) -> None:
    with pytest.raises(RequestError) as caught:
        roster(text)

    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_roster_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="cannot be read: No such file"):
        read_roster(tmp_path / "none.csv")


# Joining


@pytest.mark.parametrize("key", ["0012346", "zoe", "ZOE", "zoe@x.example", "m9xw"])
def test_student_is_found_by_any_id(key: str) -> None:
    joined = join(book(key), roster())

    assert joined.matched == ("0012346",)
    assert joined.without == ("0012345", "A-77")
    assert joined.problems() == ()


@pytest.mark.parametrize(
    ("key", "guess"),
    [("12345", "0012345"), ("a-77", "A-77"), ("M9XW", ""), ("Ada Lovelace", ""), ("bob", "")],
)
def test_what_is_not_the_same_is_at_most_suggested(key: str, guess: str) -> None:
    joined = join(book(key), roster())

    assert joined.strangers == {key: guess}
    assert joined.matched == ()
    hint = f" (did you mean '{guess}'?)" if guess else ""
    assert joined.problems()[0] == f"Not in roster.csv: '{key}'{hint}."


def test_rows_are_those_of_the_roster_in_its_order() -> None:
    joined = join(book("wei", "0012345", "stranger"), roster())

    assert [row.identity.name for row in joined.book.rows] == [
        *("Ada Lovelace", "O'Brien, Zoë", "Wei Li")
    ]
    assert [row.is_empty for row in joined.book.rows] == [False, True, False]


def test_lab_by_user_name_and_quiz_by_number_are_one_row() -> None:
    labs, tests = book("ada"), book("0012345", column=PRE.column_id)
    both = Book(course="C", columns=(LAB, PRE), rows=(*labs.rows, *tests.rows))

    joined = join(both, roster())

    assert joined.matched == ("0012345",)
    assert list(joined.book.rows[0].cells) == [LAB.column_id, PRE.column_id]


def test_same_column_under_two_ids_is_ambiguous() -> None:
    joined = join(book("ada", "0012345"), roster())

    assert joined.book.rows[0].is_empty
    assert joined.problems()[0] == (
        "'0012345' is ambiguous: 'ada' and '0012345' are both '0012345' and both have lab3_mlp."
    )


def test_id_of_one_that_is_a_user_name_of_another_is_ambiguous() -> None:
    joined = join(book("x"), roster("id,username\nx,anna\n2,x\n"))

    assert joined.ambiguous == {"x": "roster.csv has it for 'x' and '2'"}
    assert joined.matched == ()


def test_stranger_without_any_score_does_not_matter() -> None:
    rows = (Row(identity=Identity(student_id="gone")),)

    assert join(Book(course="C", columns=(LAB,), rows=rows), roster()).problems() == ()


def test_refusal_has_all_four_lists_and_the_next_step() -> None:
    both = "id,username\nx,anna\n2,x\n3,ok\n4,none\n"

    *_, last = join(book("x", "3", "bob"), roster(both)).problems()

    assert last == (
        "Nothing was written (matched: 1, without a result: 3). Mend the roster, or "
        "leave these students out with --allow-missing."
    )
