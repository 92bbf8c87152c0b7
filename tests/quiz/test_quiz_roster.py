"""The roster: ids are found by what an LMS knows students by, never by names."""

from pathlib import Path

import pytest

from grader.errors import RequestError
from grader.quiz.roster import AMBIGUOUS, read_roster

ROSTER = """id,name,email,username,canvas_id
0012345,Ada Lovelace,Ada@Uni.example,ada,1001
0012346,"O'Brien, Zoë",zoe@uni.example,zoe,1002
A-77,Wei Li,,ada,
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "roster.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("key", "student"),
    [
        ("0012345", "0012345"),
        (" ada@uni.example ", "0012345"),
        ("ADA@UNI.EXAMPLE", "0012345"),
        ("zoe", "0012346"),
        ("1002", "0012346"),
        ("a-77", "A-77"),
        ("ada", AMBIGUOUS),  # two students have this login
        ("Ada Lovelace", None),
        ("12345", None),
        ("", None),
    ],
)
def test_students_are_found_by_ids_logins_and_addresses(
    tmp_path: Path, key: str, student: str | None
):
    assert read_roster(write(tmp_path, ROSTER)).find(key) == student


def test_lost_zeros_are_suggested_and_not_matched(tmp_path: Path):
    roster = read_roster(write(tmp_path, ROSTER))

    assert roster.resembling("12345") == "0012345"
    assert roster.resembling("77") == ""
    assert roster.resembling("000") == ""


@pytest.mark.parametrize("head", ["student", "Student ID", "ID number", "Matriculation-number"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_column_of_ids_is_found(tmp_path: Path, head: str, encoding: str):
    text = f"name;{head}\nÄda;0012\n"

    assert read_roster(write(tmp_path, text.encode(encoding))).students == ("0012",)


def test_a_roster_of_ids_alone_will_do(tmp_path: Path):
    assert read_roster(write(tmp_path, "id\n0012\nbob\n")).students == ("0012", "bob")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "roster.csv is empty"),
        ("id\n", "roster.csv has a header and no rows"),
        ("name,email\nAda,a@b\n", "roster.csv has no column with student ids: call it 'id'."),
        ("id,name\n1,A\n,B\n", "roster.csv:3: the student has no id."),
        ("id,name\na1,A\nA1 ,B\n", "roster.csv:3: the id 'A1' is there twice."),
        ("id,name\n1,Zo\u00eb\n".encode("latin-1"), "roster.csv:2: this is not UTF-8"),
    ],
)
def test_a_broken_roster_is_refused(tmp_path: Path, text: str | bytes, message: str):
    with pytest.raises(RequestError) as caught:
        read_roster(write(tmp_path, text))

    assert message in str(caught.value)


def test_a_missing_roster_is_refused(tmp_path: Path):
    with pytest.raises(RequestError, match="cannot be read: No such file"):
        read_roster(tmp_path / "none.csv")
