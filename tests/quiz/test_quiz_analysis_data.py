"""From attempts to tables: who counts, what was answered, and which mistakes show."""

import json
from math import isnan
from typing import Any

import pytest
from samples import write_quiz
from simulated import Class, answer

from grader.course import Course
from grader.errors import RequestError
from grader.quiz.analysis.answers import Kind, Verdict
from grader.quiz.analysis.compare import compare
from grader.quiz.analysis.data import match, tabulate
from grader.quiz.analysis.misconceptions import find_misconceptions
from grader.quiz.analysis.report import Level, report
from grader.quiz.attempt import Attempt, Response
from grader.quiz.model import Quiz
from grader.quiz.source import read_quiz

CHOICE = """## a: First {pair=pa}

What?

- [x] right
- [ ] wrong {misconception=swapped}
- [ ] never
"""
NUMBER = """## b: Second {variants=2}

What is {{k}} + 1?

= {{k + 1}}
= {{k - 1}} (50%) {misconception=swapped}

```params
k = [10, 20]
```
"""
SHORT = '## c: Third {points=2}\n\nWord?\n\n= "yes"\n= "no" (50%) {misconception=denied}\n'
MATCHING = "## d: Fourth\n\nMatch.\n\n| x | y |\n|---|---|\n| p | P |\n| q | Q |\n|  | R |\n"
ORDERING = "## e: Fifth\n\nOrder.\n\n1. one\n2. two\n3. three\n"


def quiz_of(tmp_path, *blocks: str, name: str = "test") -> Quiz:
    return read_quiz(write_quiz(tmp_path, "\n".join(blocks), name))


def sat(quiz: Quiz, student: str, values: dict, **more: Any) -> Attempt:
    """One sitting; values by question, or (variant, value) of a question with variants."""
    responses = []
    for key, given in values.items():
        has_variant = isinstance(given, tuple) and isinstance(next(iter(given), ""), int)
        variant, value = given if has_variant else (0, given)
        responses.append(Response(question_id=key, variant=variant, value=value))
    return Attempt(quiz_id=quiz.quiz_id, student=student, responses=tuple(responses), **more)


def option(quiz: Quiz, question: str, text: str) -> tuple[str, ...]:
    made = quiz.find(question).answer
    return tuple(entry.option_id for entry in made.options if entry.text == text)


def table_of(quiz, attempts, *, has_late=False):
    return tabulate(quiz, attempts, has_late=has_late)


def class_of(quiz, question, values, *, others=None):
    """A table of students who gave these answers; `others` gives the rest of their answers."""
    rows = [
        sat(quiz, f"s{n:02d}", {question: value, **(others(n) if others else {})})
        for n, value in enumerate(values)
    ]
    return table_of(quiz, rows)


def test_late_attempts_are_apart_unless_asked_for(tmp_path):
    quiz = quiz_of(tmp_path, SHORT)
    attempts = [sat(quiz, "s1", {"c": "yes"}, late_s=5.0), sat(quiz, "s2", {"c": "no"})]
    apart, together = table_of(quiz, attempts), table_of(quiz, attempts, has_late=True)

    assert apart.students == ("s2",)
    assert (apart.late, apart.late_mean) == (1, 1.0)
    assert together.students == ("s1", "s2")
    assert together.late == 1


def test_other_versions_and_questions_that_are_gone_are_counted(tmp_path):
    quiz = quiz_of(tmp_path, SHORT)
    attempts = [
        sat(quiz, "s1", {"c": "yes", "gone": "x"}, bank_sha256="0" * 64),
        sat(quiz, "s2", {"c": "yes"}, bank_sha256=quiz.sha256),
        sat(quiz, "s3", {"c": "yes"}),  # unknown is not another
    ]
    table = table_of(quiz, attempts)

    assert (table.other_version, table.strangers) == (1, 1)


@pytest.mark.parametrize(
    ("count", "level"),
    [
        (0, Level.NOTHING),
        (4, Level.NOTHING),
        (5, Level.FACILITY),
        (19, Level.FACILITY),
        (20, Level.ALL),
    ],
)
def test_few_students_show_less(tmp_path, count, level):
    quiz = quiz_of(tmp_path, CHOICE, SHORT)
    found = report(class_of(quiz, "c", (["yes", "no"] * 20)[:count]))

    assert found.level is level
    assert bool(found.items) is (level is not Level.NOTHING)
    if level is Level.FACILITY:
        assert isnan(found.alpha)
        assert found.scores == ()
        assert all(isnan(item.rest) and not item.answers for item in found.items)


def test_blank_is_a_row_of_its_own_and_not_wrong(tmp_path):
    quiz = quiz_of(tmp_path, CHOICE, SHORT)
    right, wrong = option(quiz, "a", "right"), option(quiz, "a", "wrong")
    table = class_of(quiz, "a", [right] * 10 + [wrong] * 6 + [()] * 3 + [("deadbeef",)])
    rows = {row.label: row for row in report(table).items[0].answers}

    assert [row.count for row in rows.values()] == [10, 6, 0, 1, 3]
    assert rows["no answer"].kind is Kind.BLANK
    assert rows["no answer"].share == pytest.approx(0.15)
    assert rows["never"].verdict is Verdict.DEAD
    assert report(table).items[0].blank == pytest.approx(0.15)


def test_distractor_that_draws_the_good_misleads_and_one_for_the_weak_works(tmp_path):
    quiz = quiz_of(tmp_path, CHOICE, SHORT)
    right, wrong = option(quiz, "a", "right"), option(quiz, "a", "wrong")
    never = option(quiz, "a", "never")
    table = class_of(
        quiz,
        "a",
        [wrong] * 8 + [right] * 8 + [never] * 8,
        others=lambda n: {"c": "yes" if n < 10 else "no" if n < 15 else "?"},
    )
    rows = {row.label: row for row in report(table).items[0].answers}

    assert rows["wrong"].verdict is Verdict.MISLEADS
    assert rows["never"].verdict is Verdict.WORKS
    assert rows["right"].verdict is Verdict.NONE
    assert rows["wrong"].upper > rows["wrong"].lower == 0


def test_typed_numbers_are_pooled_over_variants_by_what_they_mean(tmp_path):
    quiz = quiz_of(tmp_path, NUMBER)
    keys = {v.variant: f"{v.answer.accepted[0].value:.0f}" for v in quiz.entries[0].variants}
    slips = {v.variant: f"{v.answer.accepted[1].value:.0f}" for v in quiz.entries[0].variants}
    values = [(v, keys[v]) for v in (1, 2)] * 6 + [(v, slips[v]) for v in (1, 2)] * 2
    values += [(1, "77")] * 4 + [(2, "ten")]
    found = report(class_of(quiz, "b", values)).items[0]

    rows = [(row.kind, row.count) for row in found.answers]
    assert rows == [(Kind.KEY, 12), (Kind.MISTAKE, 4), (Kind.OTHER, 1), (Kind.OTHER, 4)]
    assert [(t.text, t.count, t.seen) for t in found.typed] == [("77", 4, 12)]
    assert [(v.question.variant, v.count) for v in found.variants] == [(1, 12), (2, 9)]


def test_rare_words_are_never_shown(tmp_path):
    quiz = quiz_of(tmp_path, SHORT)
    few = report(class_of(quiz, "c", ["yes"] * 20 + ["my name"] * 4)).items[0]
    many = report(class_of(quiz, "c", ["yes"] * 20 + ["My  Name"] * 5)).items[0]

    assert few.typed == ()
    assert [typed.text for typed in many.typed] == ["my name"]


def test_variant_of_fewer_than_five_has_no_facility(tmp_path):
    quiz = quiz_of(tmp_path, NUMBER)
    found = report(class_of(quiz, "b", [(1, "11")] * 20 + [(2, "3")] * 4)).items[0]

    assert isnan(found.variants[1].facility)


def test_matchings_and_orderings_say_what_stands_there_instead(tmp_path):
    quiz = quiz_of(tmp_path, MATCHING, ORDERING)
    lefts = {left.text: left.left_id for left in quiz.find("d").answer.lefts}
    rights = {right.text: right.right_id for right in quiz.find("d").answer.rights}
    steps = [step.step_id for step in quiz.find("e").answer.steps]
    table = class_of(
        quiz,
        "d",
        [{lefts["p"]: rights["P"], lefts["q"]: rights["R"]}] * 15
        + [{lefts["p"]: rights["P"], lefts["q"]: rights["Q"]}] * 5,
        others=lambda _: {"e": (steps[1], steps[0], steps[2])},
    )
    matching, ordering = report(table).items

    assert [(p.label, p.share, p.wrong) for p in matching.parts] == [("p", 1, ""), ("q", 0.25, "R")]
    assert [(p.place, p.share, p.wrong) for p in ordering.parts] == [
        (1, 0, "two"),
        (2, 0, "one"),
        (3, 1, ""),
    ]
    assert matching.answers == ()


@pytest.mark.parametrize(
    "value",
    ["text", ("x",) * 100, {"a": "b"}, "9" * 10_000, "nan", "\u202e=1+1", ("", "")],
    ids=["text", "many", "mapping", "huge", "nan", "control", "empty ids"],
)
@pytest.mark.parametrize("question", ["a", "b", "c", "d", "e"])
def test_forged_responses_are_counted_and_never_crash(tmp_path, question, value):
    quiz = quiz_of(tmp_path, CHOICE, NUMBER, SHORT, MATCHING, ORDERING)
    found = report(class_of(quiz, question, [value] * 20))

    assert found.count == 20
    for item in found.items:
        assert all(0 <= row.share <= 1 for row in item.answers)
        assert all("\u202e" not in typed.text and len(typed.text) <= 60 for typed in item.typed)


def sessions(tmp_path, pre_values, post_values):
    pre = quiz_of(tmp_path, CHOICE, SHORT, name="s-pre")
    post = quiz_of(
        tmp_path, CHOICE.replace("## a", "## pa").replace("pair=pa", "pair=a"), name="s-post"
    )
    key, slip = option(pre, "a", "right"), option(pre, "a", "wrong")
    post_key, post_slip = option(post, "pa", "right"), option(post, "pa", "wrong")
    one = [sat(pre, s, {"a": key if v else slip}) for s, v in pre_values.items()]
    two = [sat(post, s, {"pa": post_key if v else post_slip}) for s, v in post_values.items()]
    return table_of(pre, one), table_of(post, two)


def test_gain_is_of_matched_students_and_twins_only(tmp_path):
    before = {f"s{n}": n < 4 for n in range(10)} | {"gone": True}
    after = {f"s{n}": n < 7 for n in range(10)} | {"new": False, "newer": True}
    pre, post = sessions(tmp_path, before, after)
    found = compare(pre, post, seed=1)

    assert (found.count, found.dropped, found.left_out) == (10, 3, 1)
    assert [(p.pre.question_id, p.post.question_id) for p in found.pairs] == [("a", "pa")]
    assert found.total[0].hake == pytest.approx(0.5)
    assert found.pairs[0].gain.hake == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (10, 0, "no attempts of s-post"),
        (0, 10, "no attempts of s-pre"),
        (4, 10, "4 took both tests"),
    ],
)
def test_without_enough_matched_students_there_is_no_gain(tmp_path, before, after, words):
    pre, post = sessions(
        tmp_path, {f"s{n}": n > 2 for n in range(before)}, {f"s{n}": True for n in range(after)}
    )
    found = compare(pre, post, seed=1)

    assert found.total == ()
    assert found.pairs == ()
    assert words in found.why_not


def test_without_twins_there_is_no_gain(tmp_path):
    quiz = quiz_of(tmp_path, SHORT)
    table = class_of(quiz, "c", ["yes"] * 9)

    assert "pair=" in compare(table, table, seed=1).why_not
    assert match(table, table).places == ()


def bare_course(tmp_path) -> Course:
    (tmp_path / "quizzes").mkdir(exist_ok=True)
    (tmp_path / "quizzes" / "misconceptions.toml").write_text('[swapped]\nheadline = "Swaps."\n')
    return Course(root=tmp_path, title="T", seed=1)


def grade(out, lab, graded, makers, not_graded=()):
    """Write what `dlab grade` would: the folders it leaves, and its summary."""
    for student in graded:
        (out / lab / student).mkdir(parents=True)
        (out / lab / student / "result.json").write_text("{}")
    topics = [{"mistake": "swapped", "headline": "", "students": list(makers), "checks": []}]
    summary = {"topics": topics, "not_graded": list(not_graded)}
    (out / lab / "summary.json").write_text(json.dumps(summary))


def test_mistakes_are_counted_before_and_after_and_joined_with_code(tmp_path):
    before = {f"s{n}": n >= 8 for n in range(20)}  # s0 to s7 swap
    after = {f"s{n}": n >= 2 for n in range(20)}
    pre, post = sessions(tmp_path, before, after)
    out = tmp_path / "results"
    grade(out, "lab2", [f"s{n}" for n in range(18)], ["s0", "s1", "s2", "s9"], ["s17"])
    (seen,) = find_misconceptions(bare_course(tmp_path), [pre, post], out)

    assert (seen.name, seen.headline) == ("swapped", "Swaps.")
    assert (seen.asked, seen.shown) == ((20, 20), (8, 2))
    assert (seen.lost, seen.found) == (6, 0)
    (link,) = seen.links
    assert (link.lab_id, link.chosen, link.both) == ("lab2", 8, 3)
    assert (link.others, link.others_both) == (9, 1)


def test_fewer_than_five_are_not_joined_with_their_code(tmp_path):
    before = {f"s{n}": n >= 4 for n in range(20)}
    pre, post = sessions(tmp_path, before, dict.fromkeys(before, True))
    out = tmp_path / "results"
    grade(out, "lab2", list(before), ["s0", "s1"])
    (seen,) = find_misconceptions(bare_course(tmp_path), [pre, post], out)

    assert seen.shown == (4, 0)
    assert seen.links == ()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"topics": 3}', "[" * 100_000])
def test_a_damaged_summary_is_one_line(tmp_path, text):
    (tmp_path / "results" / "lab2").mkdir(parents=True)
    (tmp_path / "results" / "lab2" / "summary.json").write_text(text)
    quiz = quiz_of(tmp_path, CHOICE)
    table = class_of(quiz, "a", [option(quiz, "a", "wrong")] * 9)

    with pytest.raises(RequestError, match="not a summary of `dlab grade`") as caught:
        find_misconceptions(bare_course(tmp_path), [table], tmp_path / "results")
    assert len(str(caught.value).splitlines()) == 1


def test_a_quiz_of_few_students_shows_no_mistakes(tmp_path):
    pre, post = sessions(
        tmp_path, {f"s{n}": False for n in range(3)}, {f"s{n}": False for n in range(9)}
    )
    (seen,) = find_misconceptions(bare_course(tmp_path), [pre, post], tmp_path / "none")

    assert (seen.asked, seen.shown) == ((0, 9), (0, 9))


def test_whole_report_does_not_depend_on_the_order_of_the_file(tmp_path):
    quiz = quiz_of(tmp_path, CHOICE, NUMBER, SHORT, MATCHING, ORDERING)
    attempts = answer(quiz, Class(count=40))
    one, other = report(table_of(quiz, attempts)), report(table_of(quiz, attempts[::-1]))

    assert str(one.items) == str(other.items)  # NaN is not equal to itself, its name is
