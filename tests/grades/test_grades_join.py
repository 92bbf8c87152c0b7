"""Each row of results goes to somebody on the roster, or is named."""

import pytest
from books import LAB, PRE, cell

from grader.course_book import Book, Row
from grader.grades.join import join
from grader.roster import Identity, Roster, parse_roster

ROSTER = """id,name,email,username,pseudonym
0012345,Ada Lovelace,ada@x.example,ada,k7q3
0012346,"O'Brien, Zoë",Zoe@X.example,zoe,m9xw
A-77,Wei Li,wei@x.example,wei,
"""


def roster(text: str = ROSTER) -> Roster:
    return parse_roster(text.encode(), "roster.csv")


def book(*students: str, column: str = LAB.column_id) -> Book:
    rows = tuple(
        Row(identity=Identity(student_id=name), cells={column: cell(1)}) for name in students
    )
    return Book(course="C", columns=(LAB, PRE), rows=rows)


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
