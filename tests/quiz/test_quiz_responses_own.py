"""Our own answers files: written by students, so nothing in them is believed."""

import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import sample_quiz

from grader.errors import RequestError
from grader.quiz.attempt import Attempt, Response, dump_attempt, mark_attempt
from grader.quiz.model import Quiz
from grader.quiz.paper import deal, strip_keys
from grader.quiz.responses import detect, own
from grader.quiz.responses.collect import Collected, collect
from grader.quiz.responses.sheet import Wish

QUIZ = sample_quiz()
PAPER = strip_keys(QUIZ, seed=7)
EARLIER = {"bank_sha256": "0" * 64}  # of a version whose papers nobody can deal again


def attempt(student: str = "ada", **how: Any) -> Attempt:
    """Return what `dlab quiz take` hands in, one question answered."""
    given: dict[str, Any] = {
        "quiz_id": "sample",
        "student": student,
        "responses": tuple(
            Response(
                question_id=question.question_id,
                variant=question.variant,
                value="=1+1" if question.question_id == "clear-grads" else "",
            )
            for question in deal(PAPER, student)
        ),
        "started_at": f"2026-11-21T10:00:{sum(map(ord, student)) % 60:02}+01:00",
        "submitted_at": "2026-11-21T10:09:00+01:00",
        "bank_sha256": PAPER.sha256,
        "seed": PAPER.seed,
    }
    return Attempt(**(given | how))


def write(folder: Path, entry: Attempt, name: str = "sample.answers.json") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dump_attempt(entry))
    return path


def edited(folder: Path, changes: Mapping[str, Any]) -> Path:
    """Write a file that somebody has edited."""
    data = {**json.loads(dump_attempt(attempt())), **changes}
    path = folder / "edited.answers.json"
    path.write_text(json.dumps(data))
    return path


def load(*paths: Path, quiz: Quiz = QUIZ) -> Collected:
    return collect(paths, quiz, Wish(), None, lambda: [quiz])


def lines(found: Collected) -> list[str]:
    return [str(issue) for issue in found.issues]


def test_single_files_are_read(tmp_path: Path):
    paths = [write(tmp_path, attempt(name), f"{name}.answers.json") for name in ("ada", "bob")]

    found = load(*paths)

    assert found.is_complete
    assert found.notes == ()
    assert found.sources == ("dlab",)
    assert found.attempts == (attempt("ada"), attempt("bob"))


def test_a_folder_is_searched(tmp_path: Path):
    for name in ("ada", "bob"):
        write(tmp_path, attempt(name), f"{name}/deep/sample.answers.json")
    write(tmp_path, attempt("mallory"), "notes.json")
    (tmp_path / "link.answers.json").symlink_to(tmp_path / "notes.json")
    os.mkfifo(tmp_path / "pipe.answers.json")

    found = load(tmp_path)

    assert found.matched.matched == ("ada", "bob")


def test_a_zip_is_read_without_unpacking_it(tmp_path: Path):
    path = tmp_path / "handed-in.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ada/sample.answers.json", dump_attempt(attempt("ada")))
        archive.writestr("../../bob.answers.json", dump_attempt(attempt("bob")))
        archive.writestr("__MACOSX/._x.answers.json", b"\0\5")
        archive.writestr("ada/notes.txt", "hello")

    found = load(path)

    assert found.matched.matched == ("ada", "bob")
    assert [entry.name for entry in tmp_path.iterdir()] == ["handed-in.zip"]


def test_a_zip_bomb_is_read_no_further_than_needed(tmp_path: Path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.answers.json", b" " * (40 << 20))
        archive.writestr("b.answers.json", dump_attempt(attempt()))

    found = load(path)

    assert lines(found) == ["a.answers.json: larger than 1 MiB: this is no answers file"]
    assert found.matched.matched == ("ada",)


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(own, "MOST_FILES", 2)
    for name in "abc":
        write(tmp_path, attempt(name), f"{name}.answers.json")

    with pytest.raises(RequestError, match="has more than 2 answers files"):
        load(tmp_path)


def test_broken_zips_are_refused(tmp_path: Path):
    path = write(tmp_path, attempt())
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(path, "x.answers.json")
    content = bytearray((tmp_path / "a.zip").read_bytes())
    content[60] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(content)

    with pytest.raises(RequestError, match=r"a\.zip is not a readable zip"):
        load(tmp_path / "a.zip")


def test_a_zip_in_an_unusual_compression_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("x.answers.json", "{}")

    with pytest.raises(RequestError, match="compressed in an unusual way"):
        load(tmp_path / "a.zip")


def test_an_empty_folder_is_refused(tmp_path: Path):
    with pytest.raises(RequestError, match=r"has no file that ends in '\.answers\.json'"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"student": ""}, "the student's id is empty, too long, or has control characters"),
        ({"student": "a\x1b[2J"}, "the student's id is empty, too long"),
        ({"student": "a" * 200}, "the student's id is empty, too long"),
        ({"number": 0}, "attempt number 0 is out of range"),
        ({"number": 10**9}, "attempt number 1000000000 is out of range"),
        ({"late_s": -5}, "late_s is no number of seconds"),
        ({"late_s": float("nan")}, "late_s is no number of seconds"),
        ({"late_s": float("inf")}, "late_s is no number of seconds"),
        ({"accommodation": 0}, "accommodation is no factor that `dlab quiz take` has: 1, 1.25, "),
        ({"accommodation": 9}, "accommodation is no factor that `dlab quiz take` has"),
        ({"accommodation": float("nan")}, "accommodation is no factor that"),
        ({"source": "dlab-practice"}, "this is practice; ask for the answers file of the test"),
        ({"seed": None}, "it does not say which paper was dealt"),
        ({"bank_sha256": ""}, "it does not say which paper was dealt"),
        ({"seed": 8}, "these are not the questions that 'ada' was dealt; whose answers are they?"),
        ({"student": "bea"}, "these are not the questions that 'bea' was dealt"),
        ({"responses": []}, "these are not the questions that 'ada' was dealt"),
        ({"submitted_at": "yesterday"}, "a time is not ISO 8601 with a zone"),
        ({"submitted_at": "2026-11-21T10:00:00"}, "a time is not ISO 8601 with a zone"),
        (
            {"responses": [{"question_id": "sigmoid", "value": "1"}] * 2},
            "a question is answered twice",
        ),
        ({"quiz_id": "s99"}, "these are answers to 's99'"),
    ],
)
def test_what_no_file_of_ours_says_is_listed(tmp_path: Path, changes: dict[str, Any], message: str):
    edited(tmp_path, changes)
    write(tmp_path, attempt("bob"))

    found = load(tmp_path)

    assert found.matched.matched == ("bob",)
    assert not found.is_complete
    assert lines(found)[0].startswith("edited.answers.json: ")
    assert message in lines(found)[0]


@pytest.mark.parametrize(
    ("response", "message"),
    [
        (
            {"question_id": "nope", "value": "1"},
            "the quiz has no question 'nope'; its answer is left out",
        ),
        (
            {"question_id": "conv-params", "value": "1", "variant": 99},
            "the quiz has no question 'conv-params' variant 99; its answer is left out",
        ),
        (
            {"question_id": "softmax-grad", "value": ["deadbeef"]},
            "softmax-grad: the answer is none",
        ),
        ({"question_id": "softmax-grad", "value": "p - y"}, "softmax-grad: the answer is none"),
        ({"question_id": "sigmoid", "value": ["0.622"]}, "sigmoid: the answer is none"),
        ({"question_id": "shapes", "value": {"a": "b"}}, "shapes: the answer is none"),
        ({"question_id": "step-order", "value": ["x"] * 4}, "step-order: the answer is none"),
    ],
)
def test_forged_answers_earn_nothing_and_are_listed(
    tmp_path: Path, response: dict[str, Any], message: str
):
    found = load(edited(tmp_path, {"responses": [response], **EARLIER}))

    assert message in lines(found)[0]
    assert found.not_placed == 1
    assert not found.is_complete
    assert mark_attempt(QUIZ, found.attempts[0]).points == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"null",
        b'{"schema": 1}',
        b'{"schema": 2}',
        b"\xff\xfe\x00",
        b"{}",
    ],
)
def test_one_file_that_is_none_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "x.answers.json"
    path.write_bytes(content)

    with pytest.raises(RequestError) as caught:
        load(path)

    assert str(caught.value).startswith("x.answers.json")


def test_one_file_among_others_that_is_none_is_listed(tmp_path: Path):
    (tmp_path / "x.answers.json").write_text("{}")
    write(tmp_path, attempt())

    found = load(tmp_path)

    assert lines(found) == ["x.answers.json: this is not an answers file of `dlab quiz take`."]
    assert found.matched.matched == ("ada",)


def test_answers_to_another_quiz_are_refused(tmp_path: Path):
    with pytest.raises(RequestError, match="These are responses for another quiz: 's99', not"):
        load(write(tmp_path, attempt(quiz_id="s99")))


def test_answers_in_the_folder_of_somebody_else_are_listed(tmp_path: Path):
    write(tmp_path, attempt("ada"), "ada/sample.answers.json")
    write(tmp_path, attempt("ada", number=2), "bob/second.answers.json")
    write(tmp_path, attempt("bob"), "bob/sample.answers.json")

    found = load(tmp_path)

    assert lines(found) == [
        "bob/second.answers.json: the answers name 'ada' and lie in the folder of 'bob'"
    ]


def test_a_source_that_the_file_claims_is_not_believed(tmp_path: Path):
    found = load(edited(tmp_path, {"source": "dlab-serve"}))

    assert found.attempts[0].source == "dlab"


def test_answers_from_an_older_file_of_the_quiz_are_noted(tmp_path: Path):
    found = load(write(tmp_path, attempt(**EARLIER)))

    assert found.notes == ("1 student took another version of the quiz: ada",)
    assert found.is_complete


def test_a_variant_that_was_not_dealt_is_refused(tmp_path: Path):
    entry = attempt()
    other = tuple(
        replace(one, variant=one.variant % 4 + 1) if one.question_id == "conv-params" else one
        for one in entry.responses
    )

    found = load(write(tmp_path, replace(entry, responses=other)))

    (line,) = lines(found)
    assert "these are not the questions that 'ada' was dealt; whose answers are they?" in line
    assert found.attempts == ()


def test_a_copy_under_another_id_is_refused_where_all_have_the_same_paper(tmp_path: Path):
    plain = replace(
        QUIZ,
        entries=tuple(entry for entry in QUIZ.entries if len(entry.variants) == 1),
        shuffle_questions=False,
    )
    paper = strip_keys(plain)
    typed = {"clear-grads": "zero_grad"}
    responses = tuple(
        Response(question_id=one.question_id, value=typed.get(one.question_id, ""))
        for one in deal(paper, "ada")
    )
    for name in ("ada", "bob"):
        mine = {"responses": responses, "bank_sha256": paper.sha256, "seed": 0}
        one = attempt(name, **mine, started_at="2026-11-21T10:00:00+01:00")
        write(tmp_path, one, f"{name}.answers.json")

    found = load(tmp_path, quiz=plain)

    assert lines(found) == ["bob.answers.json: times and answers are those of 'ada'"]
    assert found.matched.matched == ("ada",)


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"accommodation": 2.0}, "1 student had 2 x the time: ada"),
        ({"accommodation": 1.25}, "1 student had 1.25 x the time: ada"),
        (
            {"submitted_at": "2026-11-21T10:49:00+01:00"},
            "1 student took longer than 10 minutes and what was granted: ada",
        ),
        (
            {"submitted_at": "2026-11-21T09:59:00+01:00"},
            "1 student handed in before the beginning: ada",
        ),
    ],
)
def test_what_a_lecturer_may_look_at_is_noted(tmp_path: Path, changes: dict[str, Any], note: str):
    found = load(write(tmp_path, attempt(**changes)))

    assert found.notes == (note,)
    assert found.is_complete


def test_time_that_was_granted_is_not_too_long(tmp_path: Path):
    late = {"submitted_at": "2026-11-21T10:20:30+01:00"}

    found = load(write(tmp_path, attempt(accommodation=2.0, **late)))

    assert found.notes == ("1 student had 2 x the time: ada",)


def test_papers_of_several_publications_are_noted(tmp_path: Path):
    other = deal(strip_keys(QUIZ, seed=8), "bob")
    responses = tuple(
        Response(question_id=q.question_id, variant=q.variant, value="") for q in other
    )
    write(tmp_path, attempt(), "ada.answers.json")
    write(tmp_path, attempt("bob", responses=responses, seed=8), "bob.answers.json")

    found = load(tmp_path)

    assert found.is_complete
    assert found.notes == (
        "papers were dealt with 2 seeds: the files come from several publications",
    )


def test_practice_alone_is_refused(tmp_path: Path):
    with pytest.raises(RequestError, match=r"this is practice; ask for the answers file"):
        load(write(tmp_path, attempt(source="dlab-practice")))


def test_what_is_typed_is_bounded_and_clean(tmp_path: Path):
    typed = "x" * 5000 + "\x1b[2J\u202e"
    responses = [{"question_id": "clear-grads", "value": typed}]

    found = load(edited(tmp_path, {"responses": responses, **EARLIER}))

    value = found.attempts[0].responses[0].value
    assert isinstance(value, str)
    assert len(value) <= own.MOST_TYPED
    assert "\x1b" not in value


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["student", "responses", "number", "late_s", "quiz_id", "started_at"]), JSON)
def test_any_change_of_a_file_ends_in_an_attempt_a_list_or_a_refusal(
    tmp_path: Path, key: str, value: Any
):
    path = edited(tmp_path, {key: value})
    try:
        found = load(path)
    except RequestError:
        return
    for entry in found.attempts:
        assert 0 <= mark_attempt(QUIZ, entry).points <= QUIZ.points


def test_the_state_of_a_server_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "state.sqlite"
    path.write_bytes(detect.SQLITE + b"...")
    store = detect.importlib.import_module("grader.quiz.serve.store")
    served = [attempt("k7q3m9", source="dlab-serve")]
    monkeypatch.setattr(store, "read_attempts", lambda _: tuple(served))

    found = load(path)

    assert found.sources == ("dlab-serve",)
    assert found.attempts == (served[0],)

    served.clear()
    with pytest.raises(RequestError, match="nobody has begun the test yet"):
        load(path)
