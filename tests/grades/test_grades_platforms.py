"""Brightspace's file by its documentation, and scores for LTI."""

import csv
import io
import json
from dataclasses import replace

import pytest
from books import LAB, PRE, WISH, books, hostile_book, numbers
from hypothesis import given, settings

from grader.course_book import Book
from grader.errors import RequestError
from grader.grades import ags, brightspace

TITLED = tuple(replace(column, title=column.title.replace(",", "")) for column in (LAB, PRE))


def brightspace_book() -> Book:
    return replace(hostile_book(), columns=TITLED)


def brightspace_reader(content: bytes) -> dict[str, dict[str, float]]:
    """Read a file as Brightspace's documentation says: scores by OrgDefinedId and item."""
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    assert header[-1] == "End-of-Line Indicator"
    assert {row[-1] for row in rows} <= {"#"}
    assert {len(row) for row in rows} <= {len(header)}
    found = {}
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        assert cells["OrgDefinedId"].startswith("#")
        found[cells["OrgDefinedId"][1:]] = {
            name.removesuffix(" Points Grade"): float(text)
            for name, text in cells.items()
            if name.endswith(" Points Grade") and text
        }
    return found


def by_title(book: Book) -> dict[str, dict[str, float]]:
    titles = {column.column_id: column.title for column in book.columns}
    return {
        student: {titles[key]: points for key, points in own.items()}
        for student, own in numbers(book).items()
    }


def test_hostile_class_arrives_unchanged_at_brightspace() -> None:
    content = brightspace.write(brightspace_book(), WISH).content

    assert brightspace_reader(content) == by_title(brightspace_book())
    assert content.splitlines()[1] == b"#0012345,#ada,18.5,9,#"


@given(book=books())
@settings(max_examples=60, deadline=None)
def test_any_class_arrives_unchanged_at_brightspace(book: Book) -> None:
    assert brightspace_reader(brightspace.write(book, WISH).content) == by_title(book)


def test_names_and_addresses_do_not_go_to_brightspace() -> None:
    text = brightspace.write(brightspace_book(), WISH).content.decode()

    assert "Lovelace" not in text
    assert "x.example" not in text


@pytest.mark.parametrize("title", ["a/b", "a, b", "Final Points Grade", "<b>"])
def test_title_that_brightspace_cannot_have_is_refused(title: str) -> None:
    book = replace(hostile_book(), columns=(replace(LAB, title=title), TITLED[1]))

    with pytest.raises(RequestError, match=r"has no grade item called .* --columns 'lab3_mlp:..."):
        brightspace.write(book, WISH)


def lti_book() -> Book:
    rows = [
        replace(row, identity=replace(row.identity, lti_id=f"lti-{n}"))
        for n, row in enumerate(hostile_book().rows)
    ]
    return replace(hostile_book(), rows=tuple(rows))


def test_a_line_is_a_line_item_and_the_score_to_post() -> None:
    first = json.loads(ags.write(lti_book(), WISH).content.splitlines()[0])

    assert first == {
        "lineItem": {
            "label": "Multi-layer nets",
            "resourceId": "lab3_mlp",
            "scoreMaximum": 20,
        },
        "score": {
            "userId": "lti-0",
            "scoreGiven": 18.5,
            "scoreMaximum": 20,
            "comment": "Score",
            "timestamp": "2026-11-21T10:15:00.000Z",
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
        },
    }


def test_what_has_no_score_is_not_posted() -> None:
    sent = [
        json.loads(line)["score"]["userId"]
        for line in ags.write(lti_book(), WISH).content.splitlines()
    ]

    assert sent.count("lti-2") == 1  # the other is withheld
    assert "lti-6" not in sent


def test_students_without_an_lti_id_stop_it_or_are_left_out() -> None:
    with pytest.raises(
        RequestError, match=r"there is none for 0012345, 0012346, .* and 1 more. Give"
    ):
        ags.write(hostile_book(), WISH)

    some = replace(hostile_book(), rows=(lti_book().rows[0], *hostile_book().rows[1:]))
    sheet = ags.write(some, replace(WISH, allow_missing=True))
    assert len(sheet.content.splitlines()) == 2
    assert sheet.remarks[0].startswith("Left out, for want of an LTI id: 0012346")
    with pytest.raises(RequestError, match="there is nothing to post"):
        ags.write(hostile_book(), replace(WISH, allow_missing=True))
