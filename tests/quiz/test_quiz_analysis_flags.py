"""What is planted in a class simulated by a 2PL model is found, and little else."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from samples import write_quiz
from simulated import Class, answer, with_wrong_key
from test_quiz_analysis_data import (
    CHOICE,
    MATCHING,
    NUMBER,
    ORDERING,
    SHORT,
    class_of,
    option,
    quiz_of,
)

from grader.course import find_course
from grader.quiz.analysis.compare import compare
from grader.quiz.analysis.data import tabulate
from grader.quiz.analysis.flags import Concern, Topic, gain_flags, quiz_flags
from grader.quiz.analysis.report import report
from grader.quiz.model import Quiz, Role
from grader.quiz.source import read_bank, read_quiz

ROOT = Path(__file__).resolve().parents[2]


@cache
def bank() -> dict[str, Quiz]:
    return {quiz.quiz_id: quiz for quiz in read_bank(find_course(ROOT))}


def flags_of(quiz, attempts):
    return quiz_flags(report(tabulate(quiz, attempts, has_late=False)))


def choices(quiz: Quiz) -> list[str]:
    return [entry.question_id for entry in quiz.entries if entry.first.kind == "single"]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("quiz_id", ["session1-pre", "session3-pre", "session5-pre"])
def test_a_wrong_key_is_found(quiz_id, seed):
    quiz = bank()[quiz_id]
    planted = choices(quiz)[0]
    found = flags_of(with_wrong_key(quiz, planted), answer(quiz, Class(seed=seed)))
    about = [flag for flag in found if flag.question_id == planted]

    assert any(
        flag.concern is Concern.CHECK and flag.topic in (Topic.KEY, Topic.MISLEADING)
        for flag in about
    )
    assert found[0].concern is Concern.CHECK


@pytest.mark.parametrize("seed", range(6))
def test_a_dead_distractor_is_found(seed):
    quiz = bank()["session3-pre"]
    planted = choices(quiz)[0]
    dead = quiz.find(planted).answer.wrong[0]
    people = Class(seed=seed, shunned=frozenset({dead.option_id}))
    found = flags_of(quiz, answer(quiz, people))

    texts = [f.text for f in found if f.topic is Topic.DEAD and f.question_id == planted]
    assert len(texts) == 1
    assert dead.text[:30] in texts[0]


@pytest.mark.parametrize("seed", range(4))
def test_a_number_that_many_type_is_found(seed):
    quiz = bank()["session3-pre"]
    found = flags_of(quiz, answer(quiz, Class(seed=seed, typed={"s3-cubes": 2.0})))

    assert [f.question_id for f in found if f.topic is Topic.TYPED][:1] == ["s3-cubes"]


def test_sound_questions_are_seldom_said_to_be_wrong():
    """Of 78 questions and 3 classes each, fewer than 3 % are to be checked."""
    flags, questions = 0, 0
    for quiz in bank().values():
        for seed in range(3):
            found = flags_of(quiz, answer(quiz, Class(seed=seed)))
            about = (Topic.KEY, Topic.MISLEADING, Topic.VARIANTS)
            flags += sum(f.concern is Concern.CHECK and f.topic in about for f in found)
            questions += len(quiz.entries)

    assert flags / questions < 0.03


def topics(quiz, table_or_attempts) -> list[tuple[Topic, Concern]]:
    return [(flag.topic, flag.concern) for flag in quiz_flags(report(table_or_attempts))]


def test_below_twenty_students_nothing_is_flagged(tmp_path):
    quiz = quiz_of(tmp_path, CHOICE, SHORT)

    assert topics(quiz, class_of(quiz, "c", ["?"] * 19)) == []
    assert topics(quiz, class_of(quiz, "c", ["?"] * 20)) != []


@pytest.mark.parametrize(
    ("role", "concern"), [(Role.PRE, Concern.NOTE), (Role.POST, Concern.CHECK)]
)
def test_a_hard_question_is_natural_before_the_session(tmp_path, role, concern):
    quiz = replace(quiz_of(tmp_path, SHORT, CHOICE), role=role)
    right = option(quiz, "a", "right")
    table = class_of(quiz, "c", ["?"] * 18 + ["yes"] * 2, others=lambda _: {"a": right})

    assert (Topic.HARD, concern) in topics(quiz, table)
    assert (Topic.EASY, Concern.NOTE) in topics(quiz, table)


def test_unequal_variants_are_found(tmp_path):
    quiz = quiz_of(tmp_path, NUMBER)
    keys = {v.variant: f"{v.answer.accepted[0].value:.0f}" for v in quiz.entries[0].variants}
    values = [(1, keys[1])] * 18 + [(1, "0")] * 2 + [(2, keys[2])] * 6 + [(2, "0")] * 14
    found = quiz_flags(report(class_of(quiz, "b", values)))

    (flag,) = (flag for flag in found if flag.topic is Topic.VARIANTS)
    assert "30 % of the points in variant 2, 90 % in variant 1" in flag.text


def test_many_blanks_of_shuffled_papers_speak_of_the_time(tmp_path):
    quiz = quiz_of(tmp_path, CHOICE, SHORT, NUMBER)
    values = ["yes"] * 14 + [""] * 6
    found = quiz_flags(report(class_of(quiz, "c", values)))

    assert any("the time" in flag.text and flag.question_id == "" for flag in found)
    assert any(flag.topic is Topic.BLANKS and flag.question_id == "c" for flag in found)


def test_blanks_at_the_end_of_papers_in_order_speak_of_the_time(tmp_path):
    quiz = quiz_of(tmp_path, *[SHORT.replace("## c", f"## c{n}") for n in range(6)])
    quiz = replace(quiz, shuffle_questions=False, minutes=10)
    table = class_of(
        quiz,
        "c5",
        [""] * 3 + ["yes"] * 17,
        others=lambda n: {f"c{place}": "yes" for place in range(4)} | {"c4": "yes" if n else ""},
    )
    texts = [flag.text for flag in quiz_flags(report(table)) if not flag.question_id]

    assert texts == [
        "the last 2 questions were left blank by 10 %: the time of 10 minutes may be too short."
    ]


def test_less_after_the_session_than_before_is_found(tmp_path):
    pre = quiz_of(tmp_path, CHOICE, SHORT)
    post = replace(pre, quiz_id="later", role=Role.POST)
    right, wrong = option(pre, "a", "right"), option(pre, "a", "wrong")
    others = {"c": "yes"}
    before = class_of(pre, "a", [right] * 18 + [wrong] * 6, others=lambda _: others)
    after = class_of(post, "a", [right] * 6 + [wrong] * 18, others=lambda _: others)
    twin = [
        replace(e, variants=tuple(replace(v, pair="a") for v in e.variants)) for e in pre.entries
    ]
    before = replace(before, quiz=replace(pre, entries=tuple(twin)))
    (flag,) = gain_flags(compare(before, after, seed=1))

    assert flag.topic is Topic.LOSS
    assert "75 % before the session, 25 % after it" in flag.text


def test_texts_of_flags_are_plain_and_short(tmp_path):
    long = "x" * 500
    text = CHOICE.replace("- [ ] never", f"- [ ] <script>alert(1)</script> $x^2$ {long}")
    quiz = read_quiz(write_quiz(tmp_path, text + SHORT + MATCHING + ORDERING, "hostile"))
    table = class_of(
        quiz, "a", [option(quiz, "a", "right")] * 12 + [option(quiz, "a", "wrong")] * 12
    )
    (flag,) = (flag for flag in quiz_flags(report(table)) if flag.topic is Topic.DEAD)

    assert "..." in flag.text
    assert len(flag.text) < 120


def test_a_distractor_that_draws_the_good_is_found_though_the_key_holds(tmp_path):
    quiz = quiz_of(tmp_path, CHOICE, SHORT)
    right, wrong, never = (option(quiz, "a", text) for text in ("right", "wrong", "never"))
    values = [right] * 16 + [wrong] * 8 + [never] * 16
    table = class_of(quiz, "a", values, others=lambda n: {"c": "yes" if n < 24 else "no"})
    (flag,) = (f for f in quiz_flags(report(table)) if f.topic is Topic.MISLEADING)

    assert "'wrong' is wrong, and rather the good students choose it" in flag.text


def test_a_distractor_that_the_best_prefer_is_found_though_the_key_holds(tmp_path):
    quiz = quiz_of(tmp_path, CHOICE, SHORT.replace("points=2", "points=5"))
    right, wrong, never = (option(quiz, "a", text) for text in ("right", "wrong", "never"))
    values = [wrong] * 9 + [right] * 15 + [wrong] * 14 + [never] * 12
    words = ["yes"] * 14 + ["no"] * 10 + ["?"] * 26
    found = report(class_of(quiz, "a", values, others=lambda n: {"c": words[n]}))
    (flag,) = (f for f in quiz_flags(found) if f.topic is Topic.MISLEADING)

    assert found.items[0].rest > 0
    assert flag.text == "the best prefer 'wrong' (64 % of the upper group) to the key."
