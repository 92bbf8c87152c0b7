"""The archive: what is in it, that it changes only when something is new, and what it refuses."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from samples import sample_quiz

from grader.errors import RequestError
from grader.quiz.archive import (
    ATTEMPTS_FILE,
    Keep,
    plan_storing,
    read_attempts,
    store_attempts,
)
from grader.quiz.attempt import Attempt, Response, mark_attempt, records
from grader.quiz.model import Choice

QUIZ = sample_quiz()
FILES = ("attempts.json", "records.jsonl", "scores.csv")


def attempt(student: str = "ada", *, points: int = 1, **how: Any) -> Attempt:
    """Return a sitting with a right answer for each point."""
    grad = QUIZ.find("softmax-grad")
    assert grad is not None
    assert isinstance(grad.answer, Choice)
    right = (
        Response(question_id="softmax-grad", value=(grad.answer.right[0].option_id,)),
        Response(question_id="sigmoid", value="0,622"),
    )
    return Attempt(quiz_id="sample", student=student, responses=right[:points], **how)


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        name: ((folder / name).read_bytes(), (folder / name).stat().st_mtime_ns) for name in FILES
    }


def test_attempts_come_back_as_they_went_in(tmp_path: Path):
    given_ = (attempt("ada"), attempt("bob", points=2, started_at="2026-11-21T10:00:00+01:00"))

    folder = store_attempts(tmp_path, "A course", QUIZ, given_)

    assert folder == tmp_path / "quizzes" / "sample"
    assert read_attempts(tmp_path, "sample") == given_
    lines = [json.loads(line) for line in (folder / "records.jsonl").read_text().splitlines()]
    assert lines == [
        record for one in given_ for record in records("A course", mark_attempt(QUIZ, one))
    ]


def test_scores_have_a_row_a_student_and_a_column_a_question(tmp_path: Path):
    folder = store_attempts(tmp_path, "A course", QUIZ, [attempt("bob", points=2), attempt("ada")])

    rows = list(csv.DictReader(io.StringIO((folder / "scores.csv").read_text())))

    assert [row["student"] for row in rows] == ["ada", "bob"]
    assert [row["points"] for row in rows] == ["1", "2"]
    assert rows[0]["softmax-grad"] == "1"
    assert rows[0]["sigmoid"] == ""  # blank is not 0
    assert rows[1]["sigmoid"] == "1"
    assert rows[0]["max_points"] == str(QUIZ.points)


def test_the_same_attempts_again_change_nothing(tmp_path: Path):
    folder = store_attempts(tmp_path, "A course", QUIZ, [attempt("bob"), attempt("ada")])
    before = state(folder)

    assert not plan_storing(tmp_path, "A course", QUIZ, [attempt("ada")], None).is_changed
    store_attempts(tmp_path, "A course", QUIZ, [attempt("ada"), attempt("bob")])

    assert state(folder) == before


def test_new_attempts_join_those_that_are_there(tmp_path: Path):
    store_attempts(tmp_path, "A course", QUIZ, [attempt("bob")])
    store_attempts(tmp_path, "A course", QUIZ, [attempt("ada")])

    assert [one.student for one in read_attempts(tmp_path, "sample")] == ["ada", "bob"]


def test_a_later_download_of_the_same_sitting_replaces_it(tmp_path: Path):
    when = "2026-11-21T10:00:00+01:00"
    store_attempts(tmp_path, "T", QUIZ, [attempt(started_at=when, source="moodle")])
    newer = attempt(started_at=when, source="moodle", points=2, submitted_at=when)

    store_attempts(tmp_path, "T", QUIZ, [newer], None)

    assert read_attempts(tmp_path, "sample") == (newer,)


FIRST = attempt(points=2, submitted_at="2026-11-21T10:00:00+01:00")
SECOND = attempt(number=2, submitted_at="2026-11-21T09:30:00+00:00")  # half an hour later


@pytest.mark.parametrize(
    ("keep", "wanted"), [(Keep.FIRST, FIRST), (Keep.LAST, SECOND), (Keep.BEST, FIRST)]
)
@pytest.mark.parametrize("is_split", [False, True])
def test_one_of_several_counts(tmp_path: Path, keep: Keep, wanted: Attempt, *, is_split: bool):
    for batch in ([FIRST], [SECOND]) if is_split else ([SECOND, FIRST],):
        store_attempts(tmp_path, "T", QUIZ, batch, keep)

    assert read_attempts(tmp_path, "sample") == (wanted,)


def test_several_are_refused_with_their_times_and_nothing_is_written(tmp_path: Path):
    with pytest.raises(RequestError) as caught:
        store_attempts(tmp_path, "T", QUIZ, [FIRST, SECOND], None)

    assert str(caught.value) == (
        "1 students have several attempts: ada (2026-11-21T10:00:00+01:00, "
        "2026-11-21T09:30:00+00:00). Say which one counts: --keep first, last or best"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_plan_writes_nothing(tmp_path: Path):
    plan = plan_storing(tmp_path, "T", QUIZ, [attempt()], None)

    assert plan.is_changed
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"schema": 1}', '{"schema": 1, "quiz": "sample", "attempts": [1]}', "\udcff"],
)
def test_a_damaged_file_is_refused_and_left_alone(tmp_path: Path, content: str):
    path = tmp_path / "quizzes" / "sample" / ATTEMPTS_FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(content.encode("utf-8", "surrogateescape"))

    with pytest.raises(RequestError, match="is damaged; move it away"):
        store_attempts(tmp_path, "T", QUIZ, [attempt()])

    assert [entry.name for entry in path.parent.iterdir()] == [ATTEMPTS_FILE]


def test_the_file_of_another_quiz_is_refused(tmp_path: Path):
    path = tmp_path / "quizzes" / "sample" / ATTEMPTS_FILE
    path.parent.mkdir(parents=True)
    path.write_text('{"schema": 1, "quiz": "other", "attempts": []}')

    with pytest.raises(RequestError, match="this is not a file of attempts of 'sample'"):
        read_attempts(tmp_path, "sample")


def test_a_student_who_is_there_twice_is_refused(tmp_path: Path):
    folder = store_attempts(tmp_path, "T", QUIZ, [attempt("Zo\u00eb"), attempt("bob")])
    text = (folder / ATTEMPTS_FILE).read_text(encoding="utf-8")
    (folder / ATTEMPTS_FILE).write_text(text.replace('"bob"', '"Zoe\u0308"'), encoding="utf-8")

    with pytest.raises(RequestError, match="'Zo\u00eb' is there twice; move it away"):
        read_attempts(tmp_path, "sample")


def test_no_file_is_no_attempts(tmp_path: Path):
    assert read_attempts(tmp_path, "sample") == ()


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", " =", "\uff1d", "\n=", "\u3000@"]
)
def test_no_cell_of_scores_is_a_formula(tmp_path: Path, start: str):
    folder = store_attempts(tmp_path, "T", QUIZ, [attempt(f"{start}1+1")])

    rows = list(csv.reader(io.StringIO((folder / "scores.csv").read_text())))

    assert rows[1][0].startswith("'")
    assert read_attempts(tmp_path, "sample")[0].student == f"{start}1+1"


def test_lone_surrogates_do_not_break_the_archive(tmp_path: Path):
    odd = Attempt(
        quiz_id="sample",
        student="ada",
        responses=(Response(question_id="clear-grads", value="a\ud800b"),),
    )

    store_attempts(tmp_path, "T", QUIZ, [odd])

    assert read_attempts(tmp_path, "sample")[0].responses[0].value == "a?b"
