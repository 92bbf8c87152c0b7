"""The Canvas package, read and scored the way Canvas reads and scores it, and what it refuses."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import canvas_reader as canvas
import pytest
import qti_reader as reader
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from qti_contract import check_names, read_as_html, texts_of
from qti_samples import (
    HOSTILE,
    choice_of,
    choices,
    matchings,
    numerics,
    question,
    questions,
    quiz_of,
    responses,
    shorts,
)
from samples import sample_quiz, write_quiz

from grader.quiz.export import canvas_rules
from grader.quiz.export.canvas import write
from grader.quiz.export.target import Wish
from grader.quiz.model import (
    AcceptedNumber,
    Choice,
    Entry,
    Matching,
    Numeric,
    Question,
    Quiz,
    Role,
    Rule,
    Value,
)
from grader.quiz.scoring import mark
from grader.quiz.source import read_quiz

BANK = Path(__file__).parents[2] / "quizzes"
WHOLE = (0.0,)  # shares that Canvas can carry beside a full one
KINDS = {
    "choice": choices(rules=(Rule.NET,)),
    "numeric": numerics(shares=WHOLE),
    "short": shorts(shares=WHOLE),
    "matching": matchings(),
}
some = settings(max_examples=25, deadline=None)


def carried(quiz: Quiz) -> Quiz:
    """Return a quiz without what Canvas refuses even with --whole-points."""
    entries = [
        e for e in quiz.entries if not list(canvas_rules.problems(e, Wish(whole_points=True)))
    ]
    return replace(quiz, entries=tuple(entries))


def score(content: bytes, asked: Question, value: Value) -> float:
    """Return what Canvas would give for a response."""
    found = canvas.read(content)[0][0]
    answer = asked.answer
    if isinstance(answer, Choice):
        numbers = canvas_rules.numbers([option.option_id for option in answer.options])
        return canvas.score_choice(found, {int(numbers[one]) for one in value})
    if isinstance(answer, Matching):
        assert isinstance(value, Mapping)
        lefts = canvas_rules.numbers([left.left_id for left in answer.lefts])
        rights = canvas_rules.numbers([right.right_id for right in answer.rights])
        pairs = {int(lefts[left]): int(rights[right]) for left, right in value.items()}
        return canvas.score_matching(found, pairs)
    assert isinstance(value, str)
    rule = canvas.score_number if isinstance(answer, Numeric) else canvas.score_text
    return rule(found, value)


@pytest.mark.parametrize("kind", KINDS)
@some
@given(data=st.data())
def test_scores_as_dlab_does(kind: str, data: st.DataObject) -> None:
    """Any response to any question that is carried earns what our own scorer gives."""
    asked = data.draw(questions(KINDS[kind]).filter(is_carried))
    content = write(quiz_of(asked), Wish())

    for _ in range(4):
        value = data.draw(responses(asked))
        assert abs(score(content, asked, value) - mark(asked, value).fraction) < 1e-9


def is_carried(asked: Question) -> bool:
    return not list(canvas_rules.problems(Entry(variants=(asked,)), Wish()))


def check_package(content: bytes) -> None:
    """Well-formed, the manifest lists every file once, identifiers are NCNames and unique."""
    files = reader.read_zip(content)
    for name, data in files.items():
        if name.endswith(".xml"):
            reader.parse(data)
    manifest = reader.parse(files["imsmanifest.xml"])
    listed = [file.get("href") for file in canvas.all_of(manifest, "file")]
    assert sorted(listed) == sorted(set(files) - {"imsmanifest.xml"})
    check_names([resource.get("identifier") for resource in canvas.all_of(manifest, "resource")])
    items = canvas.all_of(canvas.find_assessment(files), "item")
    check_names([item.get("ident") for item in items])
    check_names([canvas.metadata(i)["assessment_question_identifierref"] for i in items])


@pytest.mark.parametrize("kind", KINDS)
@some
@given(data=st.data())
def test_package_is_sound(kind: str, data: st.DataObject) -> None:
    """Whatever the texts are: well-formed, complete, sound names, the same bytes again."""
    asked = data.draw(questions(KINDS[kind]).filter(is_carried))
    content = write(quiz_of(asked), Wish())
    found = canvas.read(content)[0][0]

    check_package(content)
    assert found.text == read_as_html(asked.stem)
    assert found.general == read_as_html(asked.explanation)
    if isinstance(asked.answer, Choice):
        shown = [answer.text for answer in found.answers]
        assert shown == [read_as_html(text) for _, text in texts_of(asked)]
    assert content == write(quiz_of(asked), Wish())


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_not_run(hostile: str) -> None:
    asked = question(choice_of(hostile, "b"), stem=hostile, title=hostile[:40], explanation=hostile)
    content = write(replace(quiz_of(asked), title=hostile, introduction=hostile), Wish())
    root = canvas.find_assessment(reader.read_zip(content))
    for text in canvas.all_of(root, "mattext"):
        shown = html.fragment_fromstring(text.text, create_parent="div")

        assert not {"script", "img", "iframe"} & {element.tag for element in shown.iter()}
    check_package(content)


def test_types_points_and_right_answers() -> None:
    quiz = carried(sample_quiz())
    found = [
        question
        for group in canvas.read(write(quiz, Wish(whole_points=True)))
        for question in group
    ]
    kinds = {question.ident: (question.kind, question.points) for question in found}

    assert kinds == {
        "q-softmax-grad": ("multiple_choice_question", 1),
        "q-regularisers": ("multiple_answers_question", 2),
        "q-dropout-eval": ("true_false_question", 1),
        "q-conv-params-v1": ("numerical_question", 1),
        "q-conv-params-v2": ("numerical_question", 1),
        "q-conv-params-v3": ("numerical_question", 1),
        "q-sigmoid": ("numerical_question", 1),
        "q-shapes": ("matching_question", 3),
        "q-clear-grads": ("short_answer_question", 1),
    }
    by_name = {question.ident: question for question in found}
    assert by_name["q-dropout-eval"].right == ["False"]
    assert by_name["q-clear-grads"].right == ["zero_grad", "zero_grad()"]
    assert by_name["q-regularisers"].right == ["dropout", "early stopping", "weight decay"]
    assert sorted(by_name["q-shapes"].matches.values())[0] == "(16, 30, 30)"


def test_variants_are_a_group_of_which_one_is_given() -> None:
    groups = canvas.read(write(carried(sample_quiz()), Wish(whole_points=True)))

    assert [len(group) for group in groups] == [1, 1, 1, 3, 1, 1, 1]
    assert {question.points for question in groups[3]} == {1}


def settings_of(quiz: Quiz) -> dict[str, str]:
    files = reader.read_zip(write(carried(quiz), Wish(whole_points=True)))
    name = next(name for name in files if name.endswith("/assessment_meta.xml"))
    return {reader.name(one): one.text or "" for one in reader.parse(files[name])}


def test_settings_of_a_test() -> None:
    """Ten minutes, once, shuffled, and results hidden until the lecturer shows them."""
    found = settings_of(sample_quiz())

    assert (found["time_limit"], found["allowed_attempts"]) == ("10", "1")
    assert (found["shuffle_answers"], found["hide_results"]) == ("true", "always")
    assert (found["quiz_type"], found["points_possible"]) == ("assignment", "10")


def test_settings_of_practice() -> None:
    quiz = replace(sample_quiz(), role=Role.PRACTICE, minutes=0, shuffle_options=False)
    found = settings_of(replace(quiz, introduction="Think *first*."))

    assert "time_limit" not in found
    assert (found["allowed_attempts"], found["shuffle_answers"]) == ("-1", "false")
    assert (found["quiz_type"], found["hide_results"]) == ("practice_quiz", "")
    assert found["description"] == "<p>Think <em>first</em>.</p>"


def test_feedback_is_carried() -> None:
    quiz = carried(sample_quiz())
    found = canvas.read(write(quiz, Wish(whole_points=True)))[0][0]

    assert [bool(answer.feedback) for answer in found.answers] == [True, True, False]
    assert found.general.startswith(r"\(\nabla_z L = p - y\)")


def test_feedback_of_texts_that_earn_nothing_makes_no_right_answer(tmp_path: Path) -> None:
    """Canvas takes every text and number in a condition for a right one."""
    source = '## s: S\n\nS\n\n= "Adam"\n  > Yes.\n= "SGD" (0%)\n  > No.\n\n'
    source += "## n: N\n\nS\n\n= 3\n  > Yes.\n= 4 (0%)\n  > No."
    text, number = canvas.read(write(read_quiz(write_quiz(tmp_path, source)), Wish()))

    assert [(a.text, a.feedback) for a in text[0].answers] == [("Adam", "Yes.")]
    assert [(a.exact, a.feedback) for a in number[0].answers] == [(3, "Yes.")]


@pytest.mark.parametrize(
    ("value", "tolerance", "right", "wrong"),
    [
        (1792, 0, ["1792", "1792.0"], ["1791", "1792.1", "1,792"]),
        (0.622, 0.001, ["0.621", "0.623"], ["0.6209", "0.6231"]),
        (1.0, 0.05, ["0.95", "0.96", "1.05"], ["0.94", "1.06"]),
        (100, 0.5, ["99.5", "99.6", "100.5"], ["99.4", "100.6"]),
        (0.1 + 0.2, 0, ["0.3"], ["0.31"]),
        (1e-4, 1e-6, ["0.0001", "0.000101"], ["0.0002"]),
        (-3.5, 0.5, ["-3", "-4"], ["-2.9", "3.5"]),
        (3.2e6, 0, ["3200000"], ["3200001"]),
    ],
)
def test_numbers_are_read_as_meant(
    value: float, tolerance: float, right: list[str], wrong: list[str]
) -> None:
    """Also where Canvas would take a margin of half a unit for significant digits."""
    asked = question(Numeric(accepted=(AcceptedNumber(value=value, tolerance=tolerance),)))
    content = write(quiz_of(asked), Wish())
    found = canvas.read(content)[0][0]

    assert "e" not in (found.answers[0].text or "0").lower()
    assert [score(content, asked, typed) for typed in right] == [1] * len(right)
    assert [score(content, asked, typed) for typed in wrong] == [0] * len(wrong)


def test_reader_knows_the_trap_of_digits() -> None:
    """Written with its margin, a key of 1.0 +- 0.05 would reject 0.96."""
    exact, low, high = canvas.Decimal("1.0"), canvas.Decimal("0.95"), canvas.Decimal("1.05")
    answer = canvas.Answer(1, "1.0", 100, exact=exact, low=low, high=high)
    answer.digits = canvas.digits_of_margin(answer, "0.95", "1.05")

    assert not canvas.fits(answer, canvas.Decimal("0.96"))
    assert canvas_rules.is_read_as_digits(low, exact, high)


def test_images_are_files_that_canvas_finds(tmp_path: Path) -> None:
    """Canvas removes data: addresses, so images are files below its token for the package."""
    content = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    (tmp_path / "a.svg").write_bytes(content)
    asked = question(choice_of("![two](a.svg)", "b"), stem="![one](a.svg)")
    package = write(quiz_of(asked, folder=tmp_path), Wish())
    name = f"images/a-{hashlib.sha256(content).hexdigest()[:8]}.svg"
    files = reader.read_zip(package)
    xml = files["some-quiz/some-quiz.xml"].decode()

    check_package(package)
    assert files[name] == content
    assert xml.count(f'src="%24IMS-CC-FILEBASE%24/{name}"') == 2
    assert "data:" not in xml


def test_numbers_of_answers_never_collide() -> None:
    """More ids than a question has, so that hashes do collide."""
    found = canvas_rules.numbers([f"{n:08x}" for n in range(20_000)])

    assert len(set(found.values())) == 20_000
    assert all(number.isdecimal() and not number.startswith("0") for number in found.values())


def test_whole_points_gives_none_for_a_part(tmp_path: Path) -> None:
    quiz = read_quiz(write_quiz(tmp_path, "## n: N\n\nS\n\n= 4\n= 2 (50%)\n  > Half."))
    found = canvas.read(write(quiz, Wish(whole_points=True)))[0][0]

    assert [answer.exact for answer in found.answers] == [4]


@pytest.mark.parametrize("path", sorted(BANK.glob("*.quiz.md")), ids=lambda path: path.stem)
def test_bank_is_exported_but_for_orderings(path: Path) -> None:
    quiz = read_quiz(path)
    kept = carried(quiz)
    left_out = [entry.first.kind for entry in quiz.entries if entry not in kept.entries]
    started = time.process_time()
    content = write(kept, Wish(whole_points=True))

    assert time.process_time() - started < 1
    assert set(left_out) <= {"ordering"}
    check_package(content)
    assert len(canvas.read(content)) == len(kept.entries)
