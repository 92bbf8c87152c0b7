"""The archive: what is in it, that it changes only when something is new, and what it refuses."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from samples import sample_quiz

from grader.errors import RequestError
from grader.quiz.archive import (
    ATTEMPTS_FILE,
    Archive,
    Keep,
    choose,
    plan_storing,
    read_archive,
    read_attempts,
)
from grader.quiz.attempt import Attempt, Response, mark_attempt, records
from grader.quiz.merge import refuse_renamed
from grader.quiz.model import Choice, Quiz
from grader.roster import read_roster

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


def store(
    out: Path, title: str, quiz: Quiz, attempts: Sequence[Attempt], keep: Keep | None = Keep.FIRST
) -> Path:
    return plan_storing(out, title, quiz, attempts, keep).write()


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        name: ((folder / name).read_bytes(), (folder / name).stat().st_mtime_ns) for name in FILES
    }


def test_attempts_come_back_as_they_went_in(tmp_path: Path):
    given_ = (attempt("ada"), attempt("bob", points=2, started_at="2026-11-21T10:00:00+01:00"))

    folder = store(tmp_path, "A course", QUIZ, given_)

    assert folder == tmp_path / "quizzes" / "sample"
    assert read_archive(tmp_path, "sample").attempts == given_
    lines = [json.loads(line) for line in (folder / "records.jsonl").read_text().splitlines()]
    assert lines == [
        record for one in given_ for record in records("A course", mark_attempt(QUIZ, one))
    ]


def test_scores_have_a_row_a_student_and_a_column_a_question(tmp_path: Path):
    folder = store(tmp_path, "A course", QUIZ, [attempt("bob", points=2), attempt("ada")])

    rows = list(csv.DictReader(io.StringIO((folder / "scores.csv").read_text())))

    assert [row["student"] for row in rows] == ["ada", "bob"]
    assert [row["points"] for row in rows] == ["1", "2"]
    assert rows[0]["softmax-grad"] == "1"
    assert rows[0]["sigmoid"] == ""  # blank is not 0
    assert rows[1]["sigmoid"] == "1"
    assert rows[0]["max_points"] == str(QUIZ.points)


def test_the_same_attempts_again_change_nothing(tmp_path: Path):
    folder = store(tmp_path, "A course", QUIZ, [attempt("bob"), attempt("ada")])
    before = state(folder)

    assert not plan_storing(tmp_path, "A course", QUIZ, [attempt("ada")], None).is_changed
    store(tmp_path, "A course", QUIZ, [attempt("ada"), attempt("bob")])

    assert state(folder) == before


def test_new_attempts_join_those_that_are_there(tmp_path: Path):
    store(tmp_path, "A course", QUIZ, [attempt("bob", points=2)])
    store(tmp_path, "A course", QUIZ, [attempt("ada")])

    assert [one.student for one in read_archive(tmp_path, "sample").attempts] == ["ada", "bob"]


def test_a_later_download_of_the_same_sitting_replaces_it(tmp_path: Path):
    when = "2026-11-21T10:00:00+01:00"
    store(tmp_path, "T", QUIZ, [attempt(started_at=when, source="moodle")])
    newer = attempt(started_at=when, source="moodle", points=2, submitted_at=when)

    store(tmp_path, "T", QUIZ, [newer], None)

    assert read_archive(tmp_path, "sample").attempts == (newer,)


FIRST = attempt(points=2, submitted_at="2026-11-21T10:00:00+01:00")
SECOND = attempt(number=2, submitted_at="2026-11-21T09:30:00+00:00")  # half an hour later


@pytest.mark.parametrize(
    ("keep", "wanted"), [(Keep.FIRST, FIRST), (Keep.LAST, SECOND), (Keep.BEST, FIRST)]
)
@pytest.mark.parametrize("is_split", [False, True])
def test_one_of_several_counts(tmp_path: Path, keep: Keep, wanted: Attempt, *, is_split: bool):
    for batch in ([FIRST], [SECOND]) if is_split else ([SECOND, FIRST],):
        store(tmp_path, "T", QUIZ, batch, keep)

    assert read_attempts(tmp_path, QUIZ) == (wanted,)
    assert read_archive(tmp_path, "sample") == Archive(attempts=(FIRST, SECOND), keep=keep)
    text = (tmp_path / "quizzes/sample/scores.csv").read_text()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["submitted_at"] for row in rows] == [wanted.submitted_at]


def test_what_counts_can_be_changed_without_the_files(tmp_path: Path):
    store(tmp_path, "T", QUIZ, [FIRST, SECOND], Keep.FIRST)

    store(tmp_path, "T", QUIZ, [], Keep.LAST)
    assert read_attempts(tmp_path, QUIZ) == (SECOND,)
    store(tmp_path, "T", QUIZ, [FIRST], None)
    assert read_attempts(tmp_path, QUIZ) == (SECOND,)  # nothing is new: it stays as it was


LATE = attempt(points=2, submitted_at="2026-11-21T11:00:00+01:00", late_s=300.0)


@pytest.mark.parametrize("keep", list(Keep))
def test_a_late_sitting_counts_where_it_is_asked_for_or_for_want_of_another(keep: Keep):
    both = Archive(attempts=(SECOND, LATE), keep=keep)
    asked = SECOND if keep is Keep.FIRST else LATE

    def chosen(archive: Archive, *, has_late: bool) -> list[Attempt]:
        return [one.attempt for one in choose(QUIZ, archive, has_late=has_late)]

    assert chosen(both, has_late=False) == [SECOND]
    assert chosen(both, has_late=True) == [asked]
    assert chosen(Archive(attempts=(LATE,), keep=keep), has_late=False) == [LATE]


def test_an_archive_without_a_policy_keeps_the_first(tmp_path: Path):
    folder = store(tmp_path, "T", QUIZ, [FIRST, SECOND], Keep.LAST)
    path = folder / ATTEMPTS_FILE
    path.write_text(path.read_text().replace(', "keep": "last"', ""))

    assert read_attempts(tmp_path, QUIZ) == (FIRST,)


def test_a_class_that_moved_to_other_ids_is_refused(tmp_path: Path):
    times = ("2026-11-21T09:00:00+00:00", "2026-11-21T09:01:00+00:00")
    class_as = [
        [attempt(name, submitted_at=time) for name, time in zip(names, times, strict=True)]
        for names in (("1000", "1001"), ("0012300", "0012301"))
    ]
    store(tmp_path, "T", QUIZ, class_as[0])
    before = state(tmp_path / "quizzes" / "sample")

    with pytest.raises(RequestError) as caught:
        store(tmp_path, "T", QUIZ, class_as[1], Keep.BEST)

    assert str(caught.value) == (
        "The archive has 2 sittings of these under other ids: '1000' is '0012300' here, '1001' is "
        "'0012301' here. If the archive is wrong, --replace drops it first; name all files of the "
        "quiz then."
    )
    assert state(tmp_path / "quizzes" / "sample") == before
    plan_storing(tmp_path, "T", QUIZ, class_as[1], None, is_replacing=True).write()
    assert read_archive(tmp_path, "sample").attempts == tuple(class_as[1])


def test_one_who_gave_the_answers_of_another_in_the_same_minute_is_stored(tmp_path: Path):
    """Moodle's times are minutes; in the second group's report somebody may be all right, too."""
    store(tmp_path, "T", QUIZ, [attempt("ada", submitted_at=FIRST.submitted_at)])
    store(tmp_path, "T", QUIZ, [attempt("bob", submitted_at=FIRST.submitted_at)])

    assert len(read_attempts(tmp_path, QUIZ)) == 2


def test_an_archive_that_calls_students_otherwise_than_the_roster_is_refused(tmp_path: Path):
    path = tmp_path / "roster.csv"
    path.write_text("id,pseudonym\n0012345,5NKOWS56XO3O\n0012346,ZFWM56GBU4JZ\n")
    roster = read_roster(path)

    refuse_renamed([attempt("0012345"), attempt("somebody else")], roster)
    with pytest.raises(
        RequestError, match=r"1 student under other ids .*'5NKOWS56XO3O' is '0012345'"
    ):
        refuse_renamed([attempt("5NKOWS56XO3O")], roster)


@pytest.mark.parametrize(
    ("stored", "new"),
    [
        ([attempt("ada")], [attempt("ada"), attempt("bob")]),  # two people of one file
        ([attempt("ada", points=0)], [attempt("bob", points=0)]),  # who answered nothing
        ([attempt("ada", source="moodle")], [attempt("bob", source="canvas")]),
        ([attempt("ada", submitted_at=FIRST.submitted_at)], [attempt("bob")]),
    ],
)
def test_people_who_are_alike_may_both_be_stored(
    tmp_path: Path, stored: list[Attempt], new: list[Attempt]
):
    store(tmp_path, "T", QUIZ, stored)
    store(tmp_path, "T", QUIZ, new)

    assert [one.student for one in read_attempts(tmp_path, QUIZ)] == ["ada", "bob"]


def test_a_damaged_archive_can_be_replaced(tmp_path: Path):
    folder = store(tmp_path, "T", QUIZ, [attempt("ada"), attempt("bob")])
    (folder / ATTEMPTS_FILE).write_text("{")

    plan_storing(tmp_path, "T", QUIZ, [FIRST], None, is_replacing=True).write()

    assert read_archive(tmp_path, "sample") == Archive(attempts=(FIRST,))


@pytest.mark.parametrize("is_split", [False, True])
def test_ids_that_differ_in_case_are_refused(tmp_path: Path, *, is_split: bool):
    both = [attempt("alva"), attempt("ALVA", points=2)]
    if is_split:
        store(tmp_path, "T", QUIZ, [both.pop(0)])

    with pytest.raises(RequestError, match="'ALVA' and 'alva' are one student to a gradebook"):
        store(tmp_path, "T", QUIZ, both)


def test_the_same_answers_at_other_times_are_told(tmp_path: Path):
    store(tmp_path, "T", QUIZ, [attempt("ada"), attempt("bob")])
    dated = [attempt(name, submitted_at=FIRST.submitted_at) for name in ("ada", "bob")]

    with pytest.raises(RequestError) as caught:
        store(tmp_path, "T", QUIZ, dated, None)

    assert str(caught.value) == (
        "2 students have the same answers at several times: ada (no. 1, 2026-11-21T10:00:00+01:00);"
        " bob (no. 1, 2026-11-21T10:00:00+01:00). If it is one sitting, and its times were read in "
        "another way, give --timezone as you did before, or --replace what is there. If not, say "
        "which one counts: --keep first, last or best"
    )


def test_several_are_refused_with_their_times_and_nothing_is_written(tmp_path: Path):
    with pytest.raises(RequestError) as caught:
        store(tmp_path, "T", QUIZ, [FIRST, SECOND], None)

    assert str(caught.value) == (
        "1 student has several attempts: ada (2026-11-21T10:00:00+01:00, "
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
        store(tmp_path, "T", QUIZ, [attempt()])

    assert [entry.name for entry in path.parent.iterdir()] == [ATTEMPTS_FILE]


def test_the_file_of_another_quiz_is_refused(tmp_path: Path):
    path = tmp_path / "quizzes" / "sample" / ATTEMPTS_FILE
    path.parent.mkdir(parents=True)
    path.write_text('{"schema": 1, "quiz": "other", "attempts": []}')

    with pytest.raises(RequestError, match="this is not a file of attempts of 'sample'"):
        read_archive(tmp_path, "sample")


def test_a_student_who_is_there_twice_is_refused(tmp_path: Path):
    folder = store(tmp_path, "T", QUIZ, [attempt("Zo\u00eb"), attempt("bob")])
    text = (folder / ATTEMPTS_FILE).read_text(encoding="utf-8")
    (folder / ATTEMPTS_FILE).write_text(text.replace('"bob"', '"Zoe\u0308"'), encoding="utf-8")

    with pytest.raises(RequestError, match="are one student to a gradebook"):
        read_archive(tmp_path, "sample")


def test_no_file_is_no_attempts(tmp_path: Path):
    assert read_archive(tmp_path, "sample") == Archive()


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", " =", "\uff1d", "\n=", "\u3000@"]
)
def test_no_cell_of_scores_is_a_formula(tmp_path: Path, start: str):
    folder = store(tmp_path, "T", QUIZ, [attempt(f"{start}1+1")])

    rows = list(csv.reader(io.StringIO((folder / "scores.csv").read_text())))

    assert rows[1][0].startswith("'")
    assert read_archive(tmp_path, "sample").attempts[0].student == f"{start}1+1"


def test_lone_surrogates_do_not_break_the_archive(tmp_path: Path):
    odd = Attempt(
        quiz_id="sample",
        student="ada",
        responses=(Response(question_id="clear-grads", value="a\ud800b"),),
    )

    store(tmp_path, "T", QUIZ, [odd])

    assert read_archive(tmp_path, "sample").attempts[0].responses[0].value == "a?b"
