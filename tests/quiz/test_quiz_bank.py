"""The bank: every key and every known slip once more, and what its tests must contain.

The second keys stand in second_keys.py. They were written before the keys were seen.
"""

import importlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from grader.course import Course, find_course
from grader.quiz.build import all_combinations
from grader.quiz.draft import read_draft
from grader.quiz.lint import lint
from grader.quiz.misconceptions import lab_mistakes
from grader.quiz.model import (
    Choice,
    Entry,
    Matching,
    Numeric,
    Option,
    Ordering,
    Question,
    Quiz,
    Role,
    Value,
)
from grader.quiz.scoring import mark
from grader.quiz.source import quiz_paths, read_bank, read_front

ROOT = Path(__file__).resolve().parents[2]
LECTURES = range(1, 6)
WITHOUT_TWIN = {"l2-vgg-memory", "l2-analogy"}
LEAST_SHARED = 40  # misconceptions that a lab names too
ERRATA = {  # slips of the slides that the design lists, and where a question meets each
    "lecture2_dloss_dprob_sign": "l2-loss-slope",
    "lecture2_dprob_dlogit_sign": "l2-chain",
    "lecture2_chain_upside_down": "l2-chain",
    "lecture2_vgg_total": "l2-vgg-memory",
    "lecture3_softmax_on_one_unit": "s3-one-unit",
    "lecture4_imagenet_is_language": "s4-imagenet",
    "lecture5_no_minus": "s5-bce",
    "lecture5_gradient_of_weights_alone": "s5-chain",
    "lecture5_sigmoid_output": "s5-outputs",
    "lecture5_dropout_is_an_l2_penalty": "s5-dropout",
    "batch_size_as_count": "s5-updates-again",  # "a batch is m/5 ... groups of 5"
}
DECIMALS = re.compile(r"\b(one|two|three) decimals?\)")
DIGITS = {"one": 1, "two": 2, "three": 3}


@cache
def course() -> Course:
    """Return the repository's own course."""
    return find_course(ROOT, str(ROOT))


@cache
def bank() -> tuple[Quiz, ...]:
    """Return all tests."""
    return tuple(read_bank(course()))


@cache
def entries() -> dict[str, Entry]:
    """Return the questions of all tests by id."""
    return {entry.question_id: entry for quiz in bank() for entry in quiz.entries}


@cache
def combinations() -> dict[str, tuple[Question, ...]]:
    """Return id to the question with every combination of its parameters."""
    found = {}
    for path in quiz_paths(course()):
        draft = read_draft(path.read_text(encoding="utf-8"))
        rule = read_front(draft, path)["rule"]
        for question in draft.questions:
            found[question.question_id] = all_combinations(question, rule)
    return found


@pytest.fixture(scope="session")
def second() -> ModuleType:
    """The second keys; they need torch."""
    pytest.importorskip("torch", reason="torch is not installed: pip install 'dlab[labs]'")
    return importlib.import_module("second_keys")


def parameters(question: Question) -> dict[str, float]:
    """Return the parameters, whole numbers as int."""
    return {
        name: int(value) if value.is_integer() else value for name, value in question.values.items()
    }


def one_of(texts: Mapping[str, str], fragment: str) -> str:
    """Return the id of the one text that is, or else contains, a fragment."""
    same = [found for found, text in texts.items() if text == fragment]
    near = [found for found, text in texts.items() if fragment in text]
    (only,) = same or near
    return only


def response(question: Question, given: object) -> Value:
    """Return what a student would hand in who means what a second key says."""
    answer = question.answer
    if isinstance(answer, Choice):
        texts = {option.option_id: option.text for option in answer.options}
        return tuple(one_of(texts, fragment) for fragment in given)
    if isinstance(answer, Ordering):
        texts = {step.step_id: step.text for step in answer.steps}
        return tuple(one_of(texts, fragment) for fragment in given)
    if isinstance(answer, Matching):
        lefts = {left.left_id: left.text for left in answer.lefts}
        rights = {right.right_id: right.text for right in answer.rights}
        return {one_of(lefts, one): one_of(rights, other) for one, other in given.items()}
    return f"{given:.12g}" if isinstance(answer, Numeric) else given


def known_slips() -> Iterator[tuple[str, str]]:
    """Yield question and misconception of every declared wrong number."""
    for question_id, (question, *_) in combinations().items():
        if isinstance(question.answer, Numeric):
            for accepted in question.answer.accepted:
                if accepted.misconception:
                    yield question_id, accepted.misconception


# Every key, and every known wrong number


def test_every_question_has_a_second_key(second: ModuleType) -> None:
    assert second.SECOND.keys() == combinations().keys()


@pytest.mark.parametrize("question_id", tuple(combinations()))
def test_the_second_key_earns_all_points(question_id: str, second: ModuleType) -> None:
    for question in combinations()[question_id]:
        given = second.SECOND[question_id](**parameters(question))

        assert mark(question, response(question, given)).fraction == 1, (question.values, given)


@pytest.mark.parametrize(("question_id", "misconception"), tuple(known_slips()))
def test_a_known_wrong_number_names_its_slip(
    question_id: str, misconception: str, second: ModuleType
) -> None:
    """The slip is made by a machine; the number it gives is the declared one, and not the key."""
    slip = second.SLIPS[question_id][misconception]
    for question in combinations()[question_id]:
        found = mark(question, response(question, slip(**parameters(question))))

        assert found.misconceptions == (misconception,), question.values
        assert found.fraction < 1


@pytest.mark.parametrize(
    "question_id", ["l2-chain", "l2-chain-2", "l2-residual", "l2-residual-2", "l2-vgg-memory"]
)
def test_a_distractor_is_what_its_slip_gives(question_id: str, second: ModuleType) -> None:
    for question in combinations()[question_id]:
        wrong = {option.misconception: option.text for option in question.answer.wrong}
        for misconception, slip in second.SLIPS[question_id].items():
            assert slip(**parameters(question)) == wrong[misconception], question.values


# Tables in stems: what students read there leads to the key, and each slip to its distractor


def by_slip(question_id: str) -> dict[str, str]:
    """Return misconception to the text of its option; the key's name is empty."""
    options: tuple[Option, ...] = entries()[question_id].first.answer.options
    return {option.misconception: option.text for option in options}


def numbers_of(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", text)]


@pytest.mark.parametrize("question_id", ["s5-early", "s5-early-again"])
def test_early_stopping_stops_where_the_options_say(question_id: str, second: ModuleType) -> None:
    stem = entries()[question_id].first.stem
    losses = numbers_of(re.search(r"^loss.*$", stem, re.MULTILINE)[0])
    patience = int(re.search(r"with patience (\d+)", stem)[1])
    stops = {"": second.early_stop(losses, patience), **second.early_slips(losses, patience)}

    assert by_slip(question_id) == {name: f"after epoch {epoch}" for name, epoch in stops.items()}


def test_the_best_epoch_is_found_in_the_table(second: ModuleType) -> None:
    stem = entries()["l1-best-epoch"].first.stem
    rows = [numbers_of(line) for line in stem.splitlines() if re.match(r"\| \d", line)]

    assert by_slip("l1-best-epoch") == {
        name: f"those after epoch {epoch:g}" for name, epoch in second.best_epochs(rows).items()
    }


def test_the_analogy_is_found_in_the_table(second: ModuleType) -> None:
    stem = entries()["l2-analogy"].first.stem
    rows = re.findall(r"\| (\w+) \| \((-?\d+), (-?\d+)\) \|", stem)
    vectors = {word: (float(x), float(y)) for word, x, y in rows}

    assert by_slip("l2-analogy") == second.analogies(vectors, "Paris", "France", "Rome")


# Rounding


def rounded(value: float, digits: int) -> set[str]:
    """Round as people do: a five goes up, or down."""
    exact, unit = Decimal(f"{value:.12g}"), Decimal(1).scaleb(-digits)
    return {str(exact.quantize(unit, rounding=how)) for how in (ROUND_HALF_UP, ROUND_HALF_DOWN)}


def asked_decimals() -> Iterator[str]:
    """Yield the questions that ask for decimals."""
    for question_id, (question, *_) in combinations().items():
        if isinstance(question.answer, Numeric) and DECIMALS.search(question.stem):
            yield question_id


@pytest.mark.parametrize("question_id", tuple(asked_decimals()))
def test_a_number_rounded_as_asked_is_recognised(question_id: str) -> None:
    for question in combinations()[question_id]:
        digits = DIGITS[DECIMALS.search(question.stem)[1]]
        for accepted in question.answer.accepted:
            for typed in rounded(accepted.value, digits):
                assert mark(question, typed).fraction == accepted.share, (question.values, typed)
                named = (accepted.misconception,) if accepted.misconception else ()
                assert mark(question, typed).misconceptions == named


# What the bank holds


def test_there_are_two_tests_for_each_lecture() -> None:
    found = Counter((quiz.lecture, quiz.role) for quiz in bank())

    assert found == {(number, role): 1 for number in LECTURES for role in (Role.PRE, Role.POST)}


@pytest.mark.parametrize("quiz", bank(), ids=lambda quiz: quiz.quiz_id)
def test_a_test_is_short(quiz: Quiz) -> None:
    assert 6 <= len(quiz.entries) <= 8
    assert quiz.minutes == 10


def test_many_questions_have_parameters() -> None:
    assert sum(bool(entry.first.values) for entry in entries().values()) >= 15


@pytest.mark.parametrize("question_id", tuple(entries()))
def test_a_question_teaches_and_is_found(question_id: str) -> None:
    question = entries()[question_id].first

    assert question.explanation
    assert question.tags


def test_twins_name_each_other() -> None:
    pairs = {question_id: entry.first.pair for question_id, entry in entries().items()}

    assert {question_id for question_id, pair in pairs.items() if not pair} == WITHOUT_TWIN
    assert all(pairs[pair] == question_id for question_id, pair in pairs.items() if pair)


def test_twins_have_the_same_type_and_points() -> None:
    for question_id, entry in entries().items():
        if entry.first.pair:
            twin = entries()[entry.first.pair].first
            assert (twin.kind, twin.points) == (entry.first.kind, entry.first.points), question_id


def misconceptions(question: Question) -> dict[str, str]:
    """Return the mistakes that a question's answers show, and what is said to each."""
    answer = question.answer
    parts = answer.options if isinstance(answer, Choice) else getattr(answer, "accepted", ())
    return {part.misconception: part.feedback for part in parts if part.misconception}


@pytest.mark.parametrize(("misconception", "question_id"), tuple(ERRATA.items()))
def test_a_slip_of_the_slides_is_asked_about(misconception: str, question_id: str) -> None:
    question = entries()[question_id].first
    said = " ".join(f"{question.explanation} {misconceptions(question)[misconception]}".split())

    assert re.search(r"(slide|notebook) of lecture \d", said)


def test_quizzes_and_labs_share_misconceptions() -> None:
    named = set().union(*(misconceptions(entry.first) for entry in entries().values()))

    assert len(named & lab_mistakes(course()).keys()) >= LEAST_SHARED


def test_the_bank_is_clean() -> None:
    quizzes, problems = lint(course())

    assert not problems
    assert len(quizzes) == 2 * len(LECTURES)
