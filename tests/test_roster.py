"""The roster: many headings, one way of finding who is meant, and nothing that is guessed."""

from pathlib import Path

import pytest

from grader.errors import RequestError
from grader.roster import Identity, Roster, as_id, fold, parse_roster, read_roster

ROSTER = """id,name,email,username,canvas_id,lti_user_id,pseudonym
0012345,Ada Lovelace,Ada@Uni.example,ada,1001,l1,K7Q3
0012346,"O'Brien, Zoë",zoe@uni.example,zoe,1002,,M9XW
A-77,Wei Li,,wei,,,
ada,Eve,,eve,,,
"""


def roster(text: str | bytes = ROSTER) -> Roster:
    return parse_roster(text.encode() if isinstance(text, str) else text, "roster.csv")


def only(text: str | bytes) -> Identity:
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
        ("", "roster.csv is empty; download it again."),
        ("name,mail\nAda,a@x\n", "roster.csv:1: there is no column of student ids; call it 'id'"),
        ("id,name\n", "roster.csv has a header and no rows: there is nobody in it."),
        ("Student,ID,Section,SIS User ID\nPoints Possible,,,\n", "roster.csv: there is no student"),
        ("id,name\n1,Berg, Alva\n", "roster.csv:2: the row has 3 fields, the header 2."),
        ("id,name\n1\n", "roster.csv:2: the row has 1 fields, the header 2."),
        (
            "id,extra time\n1,more\n",
            "roster.csv:2: accommodation is a factor on the time",
        ),
        (
            "id,extra time\n1,nan\n",
            "roster.csv:2: accommodation is a factor on the time",
        ),
        ("id,extra time\n1,0.5\n", "roster.csv:2: accommodation is a factor on the time, not"),
        ("id,name\n,Ada\n", "roster.csv:2: there is no student id in this line."),
        ("id\n1\n2\n1\n", "roster.csv:4: the student id '1' is in line 2 already; keep one."),
        ("id\nada\nADA\n", "roster.csv:3: the student id 'ADA' is in line 2 already"),
        ("id,email\n1,A@x\n2,a@X\n", "roster.csv:3: the email 'a@X' is in line 2 already"),
        ("id,canvas_id\n1,07\n2,7\n", "roster.csv:3: the canvas id '7' is in line 2 already"),
        ("id,canvas_id\n1,ada\n", "roster.csv:2: a Canvas id is a whole number, not 'ada'."),
        ("id\n1.23E+15\n", "roster.csv:2: the id '1.23E+15' was rounded by a spreadsheet"),
        ('id\n"1\n2"\n', "roster.csv:2: the id holds a character that cannot be written."),
        ('id,name\n1,"Ada" x\n', "roster.csv:2: a quote is not closed"),
        ("id,name\n1,Zoé\n".encode("latin-1"), "roster.csv:2: this is not UTF-8 (byte 0xe9). Save"),
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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_of_spreadsheets_are_read(encoding: str) -> None:
    assert only("id;name\n0012;Äda\n".encode(encoding)).name == "Äda"


@pytest.mark.parametrize(("text", "factor"), [("", 1.0), ("1.25", 1.25), ("1,5", 1.5), ("2", 2.0)])
@pytest.mark.parametrize("head", ["accommodation", "Extra time", "time_factor"])
def test_factor_on_the_time_is_read(head: str, text: str, factor: float) -> None:
    assert only(f"student;{head}\nada;{text}\n").accommodation == factor


# Finding


@pytest.mark.parametrize(
    ("key", "students"),
    [
        ("0012345", ("0012345",)),
        (" ada@uni.example ", ("0012345",)),
        ("ADA@UNI.EXAMPLE", ("0012345",)),
        ("Zoe", ("0012346",)),
        ("1002", ("0012346",)),
        ("l1", ("0012345",)),
        ("M9XW", ("0012346",)),
        ("m9xw", ()),
        ("A-77", ("A-77",)),
        ("a-77", ()),
        ("ada", ("ada", "0012345")),  # the id of one is the user name of another
        ("ADA", ("0012345",)),
        ("Ada Lovelace", ()),
        ("12345", ()),
        ("", ()),
        (" ", ()),
    ],
)
def test_students_are_found_by_ids_user_names_and_addresses(
    key: str, students: tuple[str, ...]
) -> None:
    assert roster().find(key) == students


@pytest.mark.parametrize(
    ("key", "student"),
    [("12345", "0012345"), ("a-77", "A-77"), ("77", ""), ("000", ""), ("", ""), ("zoe", "")],
)
def test_lost_zeros_and_case_are_suggested(key: str, student: str) -> None:
    assert roster().resembling(key) == student


def test_two_that_are_alike_are_not_suggested() -> None:
    assert roster("id\n012\n0012\n").resembling("12") == ""


def test_ids_have_one_form() -> None:
    assert as_id(" Zoe\u0301 ") == "Zo\u00e9"
    assert fold(" ZOE\u0301 ") == "zo\u00e9"
