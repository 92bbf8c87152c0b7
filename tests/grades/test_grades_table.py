"""Tables: ids stay text, texts never become formulas, numbers stay numbers."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from books import LAB, PRE, WISH, books, hostile_book, make_course, numbers, put_lab, sit, store
from books import check as lab_check
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course_book import Book, Row
from grader.errors import RequestError
from grader.grades import lines, long, table, workbook
from grader.grades.cells import Spreadsheet, plain, protected
from grader.grades.gather import read_book
from grader.grades.target import TARGETS, refuse_what_does_not_apply, write_grades
from grader.roster import Identity

FORMULAS = ('=HYPERLINK("x")', "+1", "-1+1", "@SUM(A1)", "\t=1", " =1+1", "\uff1d1", "\ufeff=1")


def rows_of(content: bytes, delimiter: str = ",") -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def sheet_of(content: bytes, name: str = "grades"):
    openpyxl = pytest.importorskip("openpyxl", reason="the extra xlsx is not installed")
    return openpyxl.load_workbook(io.BytesIO(content))[name]


# csv


def test_table_has_a_row_a_student_and_totals() -> None:
    rows = rows_of(table.write(hostile_book(), WISH).content)

    grades = [LAB.column_id, PRE.column_id, "total", "max_total"]
    assert rows[0] == ["student", "name", "username", "email", *grades]
    assert rows[1] == ["0012345", "Ada Lovelace", "ada", "ada@x.example", "18.5", "9", "27.5", "29"]
    assert rows[3][4:] == ["0", "", "", "29"]  # one score is withheld: there is no total yet
    assert rows[4][4:] == ["", "0.25", "0.25", "29"]
    assert rows[7][4:] == ["", "", "", "29"]


@given(book=books())
@settings(max_examples=60, deadline=None)
def test_any_class_reads_back(book: Book) -> None:
    header, *rows = rows_of(table.write(book, WISH).content)

    ids = [column.column_id for column in book.columns]
    found = {
        row[0]: {
            key: float(text) for key, text in zip(header, row, strict=True) if key in ids and text
        }
        for row in rows
    }
    assert {key: own for key, own in found.items() if own} == numbers(book)


def test_columns_are_picked_named_and_ordered() -> None:
    wish = replace(WISH, picks=(("total", "Grade"), ("id", "ID"), ("lab3", "Lab")))

    rows = rows_of(table.write(hostile_book(), wish).content)

    assert rows[:2] == [["Grade", "ID", "Lab"], ["27.5", "0012345", "18.5"]]


def test_unknown_pick_is_refused() -> None:
    with pytest.raises(RequestError, match=r"--columns: There are no results of 'totl'.* id, name"):
        table.write(hostile_book(), replace(WISH, picks=(("totl", "x"),)))


# Excel


def test_excel_gets_a_bom_and_texts_it_leaves_alone() -> None:
    wish = replace(WISH, spreadsheet=Spreadsheet.EXCEL)
    content = table.write(hostile_book(), wish).content
    rows = rows_of(content)

    assert content.startswith(b"\xef\xbb\xbf")
    assert rows[1][0] == "'0012345"
    assert rows[3][:3] == ["'A-77"[1:], '\'=HYPERLINK("x")', "'=1+1"]
    assert rows[1][4] == "18.5"


def test_excel_of_another_language_gets_semicolons_and_commas() -> None:
    wish = replace(WISH, spreadsheet=Spreadsheet.EXCEL_COMMA)

    assert rows_of(table.write(hostile_book(), wish).content, ";")[1][4:] == [
        *("18,5", "9", "27,5", "29")
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_formula_is_protected(text: str) -> None:
    assert protected(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["0012345", "1234567890123456", "1,792", "3-4", "1/2", "12:30", "1E5", "50%", "SEP2"]
)
def test_what_a_spreadsheet_takes_for_a_number_or_date_is_protected(text: str) -> None:
    assert protected(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "ada", "O'Brien, Zoë", "A-77", "k7q3m9xw2a", "a=b", "maria"])
def test_ordinary_text_is_not_touched(text: str) -> None:
    assert protected(text) == text


def test_protecting_is_quick_on_long_answers() -> None:
    """A pattern that goes back and forth would take hours."""
    assert protected("1" * 200_000 + "x").endswith("x")


# xlsx


def test_xlsx_has_text_for_ids_and_numbers_for_scores() -> None:
    sheet = sheet_of(workbook.write(hostile_book(), WISH).content)

    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].number_format) == (
        *("0012345", "s"),
        "@",
    )
    assert (sheet["E2"].value, sheet["E2"].data_type) == (18.5, "n")
    assert sheet["E5"].value is None


@pytest.mark.parametrize("text", [text for text in FORMULAS if "\t" not in text])
def test_xlsx_has_no_formula(text: str) -> None:
    row = Row(identity=Identity(student_id=text.strip(), name=f"={text}"))
    book = Book(course="C", columns=(replace(LAB, title=text),), rows=(row,))
    content = workbook.write(book, replace(WISH, picks=(("id", text), ("name", "n")))).content

    for name in ("grades", "columns"):
        cells = [entry for line in sheet_of(content, name).iter_rows() for entry in line]
        assert all(entry.data_type != "f" for entry in cells)
    assert sheet_of(content)["A1"].value == text


def test_xlsx_says_what_its_columns_are() -> None:
    rows = sheet_of(workbook.write(hostile_book(), WISH).content, "columns").values

    assert list(rows)[1:] == [
        ("lab3_mlp", "Multi-layer nets", "lab", 20),
        ("session3-pre", "Session 3, entry", "pre", 9),
    ]


def test_xlsx_takes_characters_that_excel_does_not() -> None:
    row = Row(identity=Identity(student_id="1", name="a\x07b\x00"))
    book = Book(course="C", columns=(LAB,), rows=(row,))

    assert sheet_of(workbook.write(book, WISH).content)["B2"].value == "a b"


# long and jsonl


@pytest.fixture
def answers(tmp_path: Path) -> Book:
    """A lab and a quiz of two students."""
    course = make_course(tmp_path)
    put_lab(tmp_path / "out", "ada", 2, checks=(lab_check("a", 2, 2), lab_check("b", 0, 3)))
    store(course, tmp_path / "out", "s1-pre", sit(course, "s1-pre", "bob", "ab"))
    return read_book(course, tmp_path / "out")


def test_long_has_a_row_an_answer_and_a_check(answers: Book) -> None:
    header, *rows = rows_of(long.write(answers, WISH).content)
    found = [dict(zip(header, row, strict=True)) for row in rows]

    keys = ("student", "quiz", "role", "item", "points", "max_points", "blank")
    assert [[row[key] for key in keys] for row in found] == [
        ["ada", "lab9_tiny", "lab", "a", "2", "2", "false"],
        ["ada", "lab9_tiny", "lab", "b", "0", "3", "false"],
        ["bob", "s1-pre", "pre", "s1-pre-q1", "2", "2", "false"],
        ["bob", "s1-pre", "pre", "s1-pre-q2", "2", "3", "false"],
    ]
    assert found[3]["fraction"] == "0.666666667"
    assert [row["response"] for row in found[:2]] == ["passed", "failed"]
    assert isinstance(json.loads(found[2]["response"]), list)


def test_lines_and_long_say_the_same(answers: Book) -> None:
    header, *rows = rows_of(long.write(answers, WISH).content)
    records = [json.loads(line) for line in lines.write(answers, WISH).content.splitlines()]

    assert [list(record) for record in records] == [header] * 4
    assert [float(row[header.index("points")]) for row in rows] == [r["points"] for r in records]


def test_answers_add_up_to_the_scores(answers: Book) -> None:
    sums: dict[str, float] = {}
    for line in lines.write(answers, WISH).content.splitlines():
        record = json.loads(line)
        sums[record["student"]] = sums.get(record["student"], 0) + record["points"]

    assert sums == {row.identity.student_id: row.total for row in answers.rows}


def test_answers_stand_under_the_rosters_id(answers: Book) -> None:
    row = replace(answers.rows[0], identity=Identity(student_id="0012345"))

    (first, _) = lines.write(replace(answers, rows=(row,)), WISH).content.splitlines()
    assert json.loads(first)["student"] == "0012345"


@pytest.mark.parametrize("text", ["=1+1", "a\nb", "a\x00b", "\ud800", '"', "x,y"])
def test_hostile_answer_stays_in_its_cell(text: str, answers: Book) -> None:
    (row, other) = answers.rows
    cell = other.cells["s1-pre"]
    record = {**cell.records[0], "response": text}
    hostile = replace(other, cells={"s1-pre": replace(cell, records=(record,))})
    book = replace(answers, rows=(row, hostile))

    plain_rows = rows_of(long.write(book, WISH).content)
    safe = rows_of(long.write(book, replace(WISH, spreadsheet=Spreadsheet.EXCEL)).content)

    assert {len(row) for row in plain_rows} == {18}
    assert not any(entry.startswith("=") for row in safe for entry in row)


# Numbers and targets


@given(st.floats(0, 1e6))
def test_number_has_neither_exponent_nor_comma(number: float) -> None:
    assert float(plain(number)) == pytest.approx(number, abs=1e-9)
    assert set(plain(number)) <= set("0123456789.")


@pytest.mark.parametrize(
    ("number", "text"), [(0.0, "0"), (18.5, "18.5"), (100.0, "100"), (0.1, "0.1")]
)
def test_number_has_no_empty_zeros(number: float, text: str) -> None:
    assert plain(number) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("moodel", "Grades cannot be written for 'moodel'. Did you mean 'moodle'?"),
        ("zzz", "Grades cannot be written for 'zzz'. There are: csv, xlsx, long"),
    ],
)
def test_unknown_target_suggests_the_nearest(name: str, text: str) -> None:
    with pytest.raises(RequestError) as caught:
        write_grades(name, hostile_book(), WISH)

    assert str(caught.value).startswith(text)


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_writes_or_says_what_it_needs(name: str) -> None:
    people = [
        replace(r, identity=replace(r.identity, lti_id=f"l{n}"))
        for n, r in enumerate(hostile_book().rows)
    ]
    titled = tuple(replace(c, title=c.title.replace(",", "")) for c in hostile_book().columns)
    book = replace(hostile_book(), rows=tuple(people), columns=titled)

    assert isinstance(write_grades(name, book, WISH).content, bytes)


@pytest.mark.parametrize(
    ("name", "known", "text"),
    [
        ("moodle", {"into": b"x"}, "--into fills a gradebook of Canvas; 'moodle' makes a new file"),
        ("moodle", {"spreadsheet": Spreadsheet.EXCEL}, "'moodle' is read by programs"),
        ("xlsx", {"spreadsheet": Spreadsheet.EXCEL}, "'xlsx' is safe for spreadsheets as it is"),
        ("long", {"picks": (("id", "ID"),)}, "--columns does not apply to 'long'"),
    ],
)
def test_option_that_would_be_ignored_is_refused(name: str, known: dict, text: str) -> None:
    with pytest.raises(RequestError) as caught:
        refuse_what_does_not_apply(name, TARGETS[name], replace(WISH, **known))

    assert text in str(caught.value)
