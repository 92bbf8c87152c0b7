"""Files as they come: encodings, delimiters, damage; and times that mean one thing only."""

import csv
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import RequestError
from grader.quiz.responses.clock import find_zone, read_time
from grader.quiz.responses.given import read_points
from grader.table import decode, read_table

TEXT = "id,größe\n1,ä\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
    ],
)
def test_unicode_is_read_with_and_without_a_mark(content: bytes):
    assert decode(content, "r.csv") == TEXT


def test_latin1_is_refused_with_its_line_and_read_when_it_is_named():
    content = TEXT.encode("latin-1")

    with pytest.raises(RequestError) as caught:
        decode(content, "r.csv", "")

    assert str(caught.value) == (
        "r.csv:1: this is not UTF-8 (byte 0xf6). Save it as 'CSV UTF-8', or say what it is: "
        "--encoding latin-1"
    )
    assert decode(content, "r.csv", "latin-1") == TEXT
    with pytest.raises(RequestError, match=r"Save it as 'CSV UTF-8'\.$"):
        decode(content, "r.csv")


@pytest.mark.parametrize(
    ("content", "encoding", "message"),
    [
        (b"", "", "r.csv is empty; download it again."),
        (b"\xef\xbb\xbf\r\n", "", "r.csv is empty"),
        (b"a,b\n1,\x00\n", "", "r.csv:2: this is no text file; it has a zero byte."),
        (b"a,b\n", "klingon", "There is no text encoding 'klingon'"),
        (b"a,b\n", "base64", "There is no text encoding 'base64'"),
        (b"a,b\n1,2\n\xff", "", "r.csv:3: this is not UTF-8"),
        (TEXT.encode("utf-16-le") + b"\x00", "", "this is not UTF-16-LE"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, encoding: str, message: str):
    with pytest.raises(RequestError) as caught:
        decode(content, "r.csv", encoding)

    assert message in str(caught.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_are_found(delimiter: str, end: str):
    lines = [delimiter.join(row) for row in (("id", "a b", '"x, y; z"'), ("01", '"1,5"', '""'))]

    table = read_table(end.join(lines) + end * 3, "r.csv")

    assert table.head == ("id", "a b", "x, y; z")
    assert [row.cells for row in table.rows] == [("01", "1,5", "")]


def test_rows_know_their_line_also_after_cells_with_line_breaks():
    table = read_table('sep=,\na,b\n1,"x\ny\nz"\n\n2,w\n', "r.csv")

    assert [table.place(row) for row in table.rows] == ["r.csv:3", "r.csv:7"]


def test_empty_fields_at_the_end_do_not_count():
    assert read_table("a,b\n1,2,,\n", "r.csv").rows[0].cells == ("1", "2")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n", "r.csv has a header and no rows: there is nobody in it."),
        ("a\n1\n", "r.csv:1: this is no table; a header with columns is expected."),
        ('a,b\n1,2\n3,"x\n4,5\n', "r.csv:3: a quote is not closed, or the row is damaged"),
        ('a,b\n1,"x"y\n', "r.csv:2: a quote is not closed, or the row is damaged"),
        ("a,b,c\n1,2,3\n1,2\n", "r.csv:3: the row has 2 fields, the header 3."),
        ("a,b\n1,2,3\n", "r.csv:2: the row has 3 fields, the header 2."),
        (f"a,b\n1,{'x' * (csv.field_size_limit() + 1)}\n", "r.csv:2: a quote is not closed"),
    ],
)
def test_damaged_tables_are_refused(text: str, message: str):
    with pytest.raises(RequestError) as caught:
        read_table(text, "r.csv")

    assert message in str(caught.value)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_one_line(content: bytes):
    message = ""
    try:
        table = read_table(decode(content, "r.csv"), "r.csv")
    except RequestError as error:
        message = str(error)
    else:
        assert all(len(row.cells) == len(table.head) for row in table.rows)

    assert not message or (message.startswith("r.csv") and "\n" not in message)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("21 November 2026  12:01 AM", "2026-11-21T00:01:00+01:00"),
        ("21 November 2026  11:01 PM", "2026-11-21T23:01:00+01:00"),
        ("21 July 2026, 11:01", ""),
        ("2026-11-21 10:15:00 UTC", "2026-11-21T10:15:00+00:00"),
        ("2026/10/04 10:15:00 AM GMT+5:30", "2026-10-04T10:15:00+05:30"),
        ("2026/10/04 10:15:00 PM GMT-7", "2026-10-04T22:15:00-07:00"),
        ("2026-07-21T10:15:00+0200", "2026-07-21T10:15:00+02:00"),
        ("2026-07-21 10:15", "2026-07-21T10:15:00+02:00"),
        ("21/11/2026 10:15:00", "2026-11-21T10:15:00+01:00"),
        ("11/21/2026 10:15:00", "2026-11-21T10:15:00+01:00"),
        ("21.11.2026 10:15:00", "2026-11-21T10:15:00+01:00"),
        ("4/10/2026 10:15:00", ""),  # April or October
        ("5/5/2026 10:15:00", "2026-05-05T10:15:00+02:00"),
        ("21 novembre 2026 10:15", ""),
        ("2026-11-21", ""),
        ("-", ""),
        ("", ""),
        ("=1+1", ""),
        ("9" * 1000, ""),
        ("2026-11-21 10:15 GMT+99:99", ""),
    ],
)
def test_times_are_read_where_they_mean_one_thing(text: str, wanted: str):
    assert read_time(text, ZoneInfo("Europe/Berlin")) == wanted


def test_without_a_zone_a_time_is_the_machines():
    assert read_time("2026-11-21 10:15", find_zone(""))[:16] == "2026-11-21T10:15"
    assert len(read_time("2026-11-21 10:15", None)) == len("2026-11-21T10:15:00+00:00")


@pytest.mark.parametrize("name", ["Berlin", "../../etc/passwd", "Europe/Berlin\0"])
def test_an_unknown_zone_is_refused(name: str):
    with pytest.raises(RequestError, match="There is no time zone"):
        find_zone(name)


@given(st.text(max_size=70))
def test_any_time_is_read_or_left_out(text: str):
    read_time(text, ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("6.40", 6.4), ("6,40", 6.4), (" 8 ", 8.0), ("-1", -1.0)],
)
def test_points_are_read_with_either_mark(text: str, wanted: float):
    assert read_points(text) == wanted


@pytest.mark.parametrize("text", ["", "-", "nan", "1e9", "1.792,5", "=1+1", "12 pts", "9" * 20])
def test_what_is_no_number_of_points_is_none(text: str):
    assert read_points(text) is None
