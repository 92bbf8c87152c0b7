"""What we write for Canvas says the same after Canvas' upload."""

import csv
import io
from dataclasses import replace

import pytest
from books import HOSTILE, LAB, PRE, WISH, books, cell, gap, hostile_book, numbers
from canvas_gradebook import RefusedError, Student, Upload, number, upload
from hypothesis import given, settings

from grader.course_book import Book, Row, fill_missing
from grader.errors import RequestError
from grader.grades.canvas import write
from grader.grades.cells import to_csv
from grader.roster import Identity

ASSIGNMENTS = {40231: "Multi-layer nets", 40232: "Session 3, entry"}
STUDENTS = [
    Student(1000 + place, person.name, person.student_id, person.username)
    for place, person in enumerate(HOSTILE)
]
HEADER = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Homework 0 (7),Multi-layer nets (40231),"
    '"Session 3, entry (40232)",Current Score'
)
EXPORTED = f'''{HEADER}
,,,,,Manual Posting,,,
    Points Possible,,,,,10.00,20.00,9.00,(read only)
"Lovelace, Ada",1000,0012345,ada,A,10.00,,,71.2
"O'Brien, Zoë",1001,0012346,zoe,A and B,9.5,11.00,EX,80
"=""=HYPERLINK(""""x"""")""",1002,A-77,=1+1,A,"9,5",,N/A,60
Wei,1003,88,wei,A,,,-,10
Lin,1004,89,lin1,A,,,,
Lin,1005,90,lin2,A,,,,
"Student, Test",1999,,a1b2c3,A,,,,
'''


def uploaded(content: bytes, students=STUDENTS, assignments=None) -> Upload:
    return upload(content, students, ASSIGNMENTS if assignments is None else assignments)


def by_number(book: Book) -> dict[int, dict[str, float]]:
    """Return the scores as Canvas calls students and assignments."""
    names = {LAB.column_id: ASSIGNMENTS[40231], PRE.column_id: ASSIGNMENTS[40232]}
    who = {student.sis_id: student.number for student in STUDENTS}
    return {
        who[student]: {names[key]: points for key, points in own.items()}
        for student, own in numbers(book).items()
    }


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def fill(book: Book | None = None, exported: str | bytes = EXPORTED, **known: object):
    content = exported.encode() if isinstance(exported, str) else exported
    wish = replace(WISH, into=content, into_name="canvas.csv", **known)
    return write(book or hostile_book(), wish)


# A new gradebook


def test_hostile_class_arrives_unchanged() -> None:
    found = uploaded(write(hostile_book(), WISH).content)

    assert found.scores == by_number(hostile_book())
    assert (found.missing, found.created) == ([], {})


@given(book=books())
@settings(max_examples=80, deadline=None)
def test_any_class_arrives_unchanged(book: Book) -> None:
    students = [
        Student(int(row.identity.canvas_id), "", row.identity.student_id) for row in book.rows
    ]
    titles = {n: column.title for n, column in enumerate(book.columns, 500)}
    ids = {column.title: column.column_id for column in book.columns}
    if not any(row.cells for row in book.rows):
        return

    found = uploaded(write(book, WISH).content, students, titles)

    sis = {student.number: student.sis_id for student in students}
    assert found.missing == []
    assert {
        sis[n]: {ids[title]: points for title, points in own.items()}
        for n, own in found.scores.items()
    } == numbers(book)


def test_new_assignments_are_made_with_their_points() -> None:
    found = uploaded(write(hostile_book(), WISH).content, assignments={})

    assert found.created == {"Multi-layer nets": "20", "Session 3, entry": "9"}


def test_only_ids_that_canvas_gave_stand_in_its_id_column() -> None:
    """A student number there would be read as somebody's number in Canvas."""
    person = replace(HOSTILE[0], canvas_id="1000")
    rows = (hostile_book().rows[0], hostile_book().rows[1])
    book = replace(hostile_book(), rows=(replace(rows[0], identity=person), rows[1]))

    assert [row[1] for row in rows_of(write(book, WISH).content)[2:]] == ["1000", ""]


def test_namesakes_are_not_matched_by_name() -> None:
    strangers = [Student(1, "Lin")]

    found = uploaded(write(hostile_book(), WISH).content, strangers)

    assert found.scores == {}


def test_name_that_reads_like_the_row_of_points_does_not_hide_its_row() -> None:
    rows = rows_of(write(hostile_book(), WISH).content)

    assert [row[0] for row in rows if "Points Possible" in row[0]] == ["    Points Possible"]
    assert "id 88" in [row[0] for row in rows]


def test_file_is_utf8_without_bom_with_lf() -> None:
    content = write(hostile_book(), WISH).content

    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Final Score of nets", "Canvas skips a column called"),
        ("Current Grade", "Canvas skips a column called"),
        ("Unposted Final Points", "Canvas skips a column called"),
        ("override score", "Canvas skips a column called"),
        ("Nets (2)", "for the assignment with that number"),
    ],
)
def test_title_that_canvas_reads_otherwise_is_refused(title: str, text: str) -> None:
    book = replace(hostile_book(), columns=(replace(LAB, title=title), PRE))

    with pytest.raises(RequestError, match=text):
        write(book, WISH)


def test_two_columns_of_one_title_are_refused() -> None:
    book = replace(hostile_book(), columns=(replace(LAB, title="Same"), replace(PRE, title="same")))

    with pytest.raises(RequestError, match=r"are both called 'same'; name one with --columns"):
        write(book, WISH)


def test_class_without_names_is_refused() -> None:
    row = Row(identity=Identity(student_id="ada"), cells={LAB.column_id: cell(1)})
    book = Book(course="C", columns=(LAB,), rows=(row,))

    with pytest.raises(RequestError, match="Canvas wants names and ids: give --roster"):
        write(book, WISH)


# The gradebook that Canvas exported


def test_filled_gradebook_arrives_unchanged() -> None:
    found = uploaded(fill().content, assignments={**ASSIGNMENTS, 7: "Homework 0"})
    wanted = by_number(hostile_book())
    wanted[1001]["Session 3, entry"] = "EX"  # the teacher's word stands
    wanted[1000]["Homework 0"] = 10.0
    wanted[1001]["Homework 0"] = 9.5
    wanted[1002]["Homework 0"] = 9.5

    assert {key: own for key, own in found.scores.items() if own} == wanted
    assert (found.missing, found.created) == (["Student, Test"], {})


def test_other_columns_rows_and_protected_names_stay() -> None:
    rows = rows_of(fill().content)
    before = rows_of(EXPORTED.encode())

    assert rows[0] == before[0]
    assert [row[:6] + row[8:] for row in rows] == [row[:6] + row[8:] for row in before]
    assert rows[5][0] == '="=HYPERLINK(""x"")"'


def test_cells_without_a_score_of_ours_stay() -> None:
    rows = {row[1]: row for row in rows_of(fill().content)}

    assert rows["1002"][7] == "N/A"  # withheld
    assert rows["1003"][6] == ""  # missing


def test_missing_as_zero_fills_blanks_and_no_more() -> None:
    book = replace(hostile_book(), rows=hostile_book().rows[:4])
    wei = replace(book.rows[3], cells={})
    book = fill_missing(replace(book, rows=(*book.rows[:3], wei)))
    exported = EXPORTED.replace("88,wei,A,,,-,10", "88,wei,A,,13,-,10")

    rows = {row[1]: row for row in rows_of(fill(book, exported).content)}

    assert rows["1003"][6:8] == ["13", "0"]
    assert rows["1002"][7] == "N/A"  # withheld is not missing


def test_what_was_changed_is_said() -> None:
    lab, test = fill().remarks

    assert lab == "'Multi-layer nets (40231)': 5 scores, 1 of them unlike Canvas'."
    assert test.endswith("0 of them unlike Canvas'; 1 excused in Canvas and left so.")


def test_what_is_no_number_in_canvas_is_replaced_and_said() -> None:
    sheet = fill(exported=EXPORTED.replace("11.00,EX", "B+,EX"))

    assert sheet.remarks[0].endswith("1 of them unlike Canvas'.")
    assert rows_of(sheet.content)[4][6] == "12"


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda text: ("\ufeff" + text).encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: to_csv(csv.reader(io.StringIO(text))).replace(b"\n", b"\r\n"),
    ],
)
def test_bom_and_line_ends_of_the_export_do_not_go_back(rewrite) -> None:
    content = fill(exported=rewrite(EXPORTED)).content

    assert content == fill().content
    assert not content.startswith(b"\xef\xbb\xbf")


def test_semicolons_of_another_locale_are_read() -> None:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\n").writerows(rows_of(EXPORTED.encode()))

    assert fill(exported=buffer.getvalue()).content == fill().content


NAMES = ("Multi-layer nets", "multi-layer  nets (40231)", "lab3", "lab3_mlp")


@pytest.mark.parametrize("name", NAMES)
def test_assignment_is_found_by_title_or_id(name: str) -> None:
    exported = EXPORTED.replace("Multi-layer nets (40231)", name)

    assert rows_of(fill(exported=exported).content)[3][6] == "18.5"


def test_assignment_is_named_by_hand() -> None:
    exported = EXPORTED.replace("Multi-layer nets (40231)", "Nets (40231)")

    assert rows_of(fill(exported=exported, picks=(("lab3", "Nets"),)).content)[3][6] == "18.5"


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("Multi-layer nets", "Other", r"canvas.csv has no assignment 'Multi-layer nets' for lab3"),
        ("20.00", "100.00", r"is out of 100.00 points, lab3_mlp out of 20. Set 20 in Canvas"),
        ("20.00", "(read only)", "is read only: Canvas would ignore it"),
        ("Homework 0 (7)", "Multi-layer nets (7)", r"could be 'Multi-layer nets'; say which"),
        ("SIS User ID,SIS Login ID", "SIS User ID,Login", "this is not a gradebook of Canvas"),
        (",A and B,", ",A,B,", "canvas.csv:5: 10 cells, the header has 9"),
        ('"O\'Brien, Zoë"', '"O\'Brien" x', "a quote is not closed"),
        ("0012345", "12345", "does not have '0012345'"),
        ("88,wei", "0088,weiwei", r"does not have '88' \(did you mean '0088'\?\)"),
        ("89,lin1", "90,lin2", "'90' is ambiguous: line 8 and 9"),
    ],
)
def test_gradebook_that_does_not_fit_is_refused(old: str, new: str, text: str) -> None:
    exported = EXPORTED.replace("0012345,ada", "0012345,x") if old == "0012345" else EXPORTED

    with pytest.raises(RequestError, match=text):
        fill(exported=exported.replace(old, new))


def test_gradebook_in_another_encoding_is_refused() -> None:
    with pytest.raises(
        RequestError, match=r"canvas.csv:5: this is not UTF-8 .* Save it as 'CSV UTF-8'"
    ):
        fill(exported=EXPORTED.encode("latin-1"))


def test_two_columns_for_one_assignment_are_refused() -> None:
    picks = ((LAB.column_id, "Homework 0"), (PRE.column_id, "Homework 0 (7)"))
    columns = (replace(LAB, max_points=10), replace(PRE, max_points=10))
    rows = (Row(identity=HOSTILE[0], cells={LAB.column_id: cell(1)}),)

    with pytest.raises(RequestError, match=r"would both go to 'Homework 0 \(7\)'"):
        fill(Book(course="C", columns=columns, rows=rows), picks=picks)


def test_pick_of_an_unknown_column_is_refused() -> None:
    with pytest.raises(RequestError, match=r"no results of 'lab33'. Did you mean 'lab3'\?"):
        fill(picks=(("lab33", "Nets"),))


def test_students_whom_canvas_lacks_can_be_left_out() -> None:
    exported = EXPORTED.replace("Wei,1003,88,wei", "Wei,1003,77,other")

    sheet = fill(exported=exported, allow_missing=True)

    assert sheet.remarks[0] == "canvas.csv does not have '88'."
    assert "Wei,1003,77,other,A,,,-,10" in sheet.content.decode()


def test_person_of_a_canvas_id_goes_by_it() -> None:
    person = Identity(student_id="other", canvas_id="1003", name="W")
    row = Row(identity=person, cells={LAB.column_id: cell(4)})

    rows = rows_of(fill(Book(course="C", columns=(LAB,), rows=(row,))).content)

    assert rows[6][6] == "4"


def test_withheld_score_leaves_what_canvas_has() -> None:
    row = Row(identity=HOSTILE[1], gaps={LAB.column_id: gap()}, cells={PRE.column_id: cell(1)})

    rows = rows_of(fill(Book(course="C", columns=(LAB, PRE), rows=(row,))).content)

    assert rows[4][6] == "11.00"


# The reader has teeth


def gradebook(header: str, *lines: str) -> bytes:
    return "\n".join([header, *lines, ""]).encode()


@pytest.mark.parametrize(
    "content",
    [
        gradebook("Student,ID", "Ada,1000"),
        gradebook("Student,ID,SIS User ID,Section,Lab", "Ada,1000,0012345,A,1"),
        gradebook("Student,ID,Lab,Section", "Ada,1000,1,A"),
        gradebook("Name,ID,Section,Lab", "Ada,1000,A,1"),
        b"\xef\xbb\xbf" + gradebook('"Student",ID,Section,Lab', "Ada,1000,A,1"),
        "Student,ID,Section,Lab\nZoé,1000,A,1\n".encode("latin-1"),
        b"Student,ID,Section,Lab\r\nAda,1000,A,1\n",
        gradebook("Student,ID,Section,Lab", '"Ada" L,1000,A,1'),
    ],
)
def test_reader_refuses_what_canvas_refuses(content: bytes) -> None:
    with pytest.raises(RefusedError):
        uploaded(content)


@pytest.mark.parametrize(
    ("text", "value"), [("1,792", 1.79), ("1.234,5", 1234.5), ("18.5", 18.5), ("1,234.5", 1234.5)]
)
def test_reader_takes_the_last_mark_for_the_decimal_mark(text: str, value: float) -> None:
    assert number(text) == value


def test_reader_takes_a_number_in_the_id_column_for_canvas_own() -> None:
    content = gradebook("Student,ID,Section,Lab", "Zoe,1000,A,1")

    assert uploaded(content).scores == {1000: {"Lab": 1.0}}


def test_reader_matches_by_name_at_last() -> None:
    content = gradebook("Student,ID,Section,Lab", "Ada Lovelace,,A,1", "Nobody,,A,2")

    found = uploaded(content)
    assert found.scores == {1000: {"Lab": 1.0}}
    assert found.missing == ["Nobody"]


def test_reader_skips_columns_and_takes_semicolons() -> None:
    content = gradebook("Student;ID;Section;Lab;Final Score", "Ada;1000;A;1,5;9", "Z;1001;A;EX;9")

    assert uploaded(content).scores == {1000: {"Lab": 1.5}, 1001: {"Lab": "EX"}}


def test_reader_takes_a_name_for_the_points_row() -> None:
    head = "Student,ID,Section,Lab"

    assert uploaded(gradebook(head, "Points Possible Wei,1003,A,1")).scores == {}
