"""Secrets, pseudonyms, links and the roster."""

import base64
import csv
import hashlib
import hmac
import stat
from pathlib import Path

import pytest
from serve_room import SECRET

from grader.errors import RequestError
from grader.quiz.serve.links import (
    code_of,
    hash_of,
    is_token,
    lecturer_token,
    load_secret,
    make_link,
    pseudonym,
    read_roster,
    write_links,
)
from grader.roster import read_roster as read_course_roster


def test_pseudonym_is_a_keyed_hash_of_the_folded_id() -> None:
    digest = hmac.new(SECRET, b"a-77", hashlib.sha256).digest()

    assert pseudonym(SECRET, " A-77 ") == base64.b32encode(digest)[:12].decode()
    assert pseudonym(SECRET, "0012345") != pseudonym(SECRET, "12345")
    assert pseudonym(b"\0" * 32, "a-77") != pseudonym(SECRET, "a-77")


def test_links_have_128_bits_and_differ_between_tests_and_students() -> None:
    made = [make_link(SECRET, nonce, name) for nonce in ("x", "y") for name in ("1", "2")]
    tokens = {link.token for link in made} | {lecturer_token(SECRET, "x")}

    assert len(tokens) == 5
    assert all(is_token(token) for token in tokens)
    assert all(len(base64.urlsafe_b64decode(token + "==")) == 16 for token in tokens)
    assert made[0].pseudonym == made[2].pseudonym
    assert made[0].code == code_of(hash_of(made[0].token))
    assert make_link(SECRET, "x", "1") == made[0]


@pytest.mark.parametrize("text", ["", "a" * 21, "a" * 23, "a" * 21 + "/", "../../etc/passwd12345"])
def test_what_has_not_the_form_of_a_token_is_none(text: str) -> None:
    assert not is_token(text)


def test_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "secret"

    made = load_secret(path)

    assert len(made) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_secret(path) == made


def test_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    load_secret(path)
    path.chmod(0o644)

    with pytest.raises(RequestError, match="others can read this secret: chmod 600"):
        load_secret(path)


@pytest.mark.parametrize("content", ["", "hello", "00" * 31, "zz" * 32, "é"])
def test_what_is_no_secret_is_refused_and_kept(content: str, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(content)
    path.chmod(0o600)

    with pytest.raises(RequestError, match="this is not a secret of dlab; name another"):
        load_secret(path)
    assert path.read_text() == content


def test_nothing_secret_goes_into_a_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "deep").mkdir()

    with pytest.raises(RequestError, match="lies in the repository"):
        load_secret(tmp_path / "deep" / "secret")
    with pytest.raises(RequestError, match="the list of links belongs outside"):
        write_links(tmp_path / "deep" / "links.csv", (), "http://x")
    assert not list((tmp_path / "deep").iterdir())


def test_roster_is_read_with_accommodations(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(
        "\ufeffName;Student_ID;Accommodation\nO'Brien, Zoë;0012;1,5\nAda;A-7;\n".encode()
    )

    found = read_roster(path)

    assert [(s.student_id, s.accommodation) for s in found] == [("0012", 1.5), ("A-7", 1.0)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name,mail\nAda,a@b\n", "there is no column of student ids; call it 'id'"),
        (b"student\n1\n1\n", r"roster\.csv:3: the student id '1' is in line 2 already"),
        (b"student\nA-1\na-1\n", r"roster\.csv:3: the student id 'a-1' is in line 2 already"),
        (b"student,x\n1,a\n,b\n", r"roster\.csv:3: there is no student id"),
        (
            b"student,accommodation\n1,3\n",
            "'1' has accommodation 3; it is one of 1, 1.25",
        ),
        (b"student,accommodation\n1,nan\n", "accommodation is a factor on the time, not 'nan'"),
        (b"student,accommodation\n1,more\n", "not 'more'"),
        (b"student,name\n1,Zo\xeb\n", "this is not UTF-8 .* Save it as 'CSV UTF-8'"),
        (b"student\n", "roster.csv"),
        (b"", "roster.csv"),
        (b'student\n"1\n', "roster.csv"),
    ],
)
def test_a_bad_roster_is_refused_in_one_line(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(content)

    with pytest.raises(RequestError, match=said) as caught:
        read_roster(path)
    assert "\n" not in str(caught.value)


def test_missing_roster_is_named(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"none\.csv cannot be read: No such file"):
        read_roster(tmp_path / "none.csv")


def test_another_file_is_not_replaced_by_links(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("student,name\n1,Ada\n")

    with pytest.raises(RequestError, match="is there and is no list of links"):
        write_links(path, (), "http://x")
    assert path.read_text() == "student,name\n1,Ada\n"


def test_links_are_for_the_lecturer_only_and_lead_back_from_pseudonyms(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    made = (make_link(SECRET, "n", "0012"), make_link(SECRET, "n", "=1+1"))

    write_links(path, made, "https://quiz.example.org")

    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert rows[0]["student"] == "0012"
    assert rows[0]["link"] == f"https://quiz.example.org/s/{made[0].token}"
    assert read_course_roster(path).find(made[0].pseudonym) == ("0012",)
