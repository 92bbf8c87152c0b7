"""What the text of a quiz means, and what is said where it means nothing."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import sample_course, sample_quiz, write_quiz

from grader.course import find_course
from grader.errors import ContentError, RequestError
from grader.quiz.draft import read_draft
from grader.quiz.lines import LineError
from grader.quiz.model import Choice, Matching, Numeric, Ordering, Question, Role, Rule, Short
from grader.quiz.source import find_quiz, parse, read_bank, read_quiz

CHOICE = "## q: T\n\nStem\n\n- [x] a\n- [ ] b\n"


def only(folder: Path, text: str) -> Question:
    """Read a quiz of one question."""
    return read_quiz(write_quiz(folder, text)).entries[0].first


def problem(folder: Path, text: str) -> str:
    """Return what is said about a quiz with one problem."""
    (found,) = parse(write_quiz(folder, text)).problems
    return str(found)


def test_front_matter_is_read() -> None:
    quiz = sample_quiz()

    assert (quiz.quiz_id, quiz.lecture, quiz.role, quiz.minutes) == ("sample", 3, Role.PRE, 10)
    assert (quiz.shuffle_questions, quiz.shuffle_options) == (True, True)
    assert quiz.points == 12
    assert len(quiz.sha256) == 64


def test_every_type_is_recognised_by_its_answers() -> None:
    kinds = Counter(entry.first.kind for entry in sample_quiz().entries)

    assert kinds == {
        "single": 2,
        "multiple": 1,
        "numeric": 2,
        "matching": 1,
        "ordering": 1,
        "short": 1,
    }


def test_a_choice_has_options_feedback_tags_and_an_explanation() -> None:
    question = sample_quiz().entries[0].first
    answer = question.answer

    assert isinstance(answer, Choice)
    assert [option.text for option in answer.right] == ["$p - y$"]
    assert answer.wrong[0].feedback == "Sign error: this is the direction of descent."
    assert question.explanation.startswith(r"$\nabla_z L = p - y$, computed")
    assert question.tags == ("loss", "backprop")
    assert question.stem.endswith("with respect to the logits $z$?")


def test_a_numeric_question_has_its_numbers_put_in() -> None:
    quiz = sample_quiz()
    (entry,) = [entry for entry in quiz.entries if entry.question_id == "conv-params"]

    for question in entry.variants:
        answer, values = question.answer, question.values
        assert isinstance(answer, Numeric)
        key = values["c_out"] * (values["c_in"] * values["k"] ** 2 + 1)
        assert answer.accepted[0].value == key
        assert answer.accepted[1].value == key - values["c_out"]
        assert answer.accepted[1].share == 0.5
        assert f"nn.Conv2d({values['c_in']:g}, {values['c_out']:g}, " in question.stem
    assert [question.variant for question in entry.variants] == [1, 2, 3]
    assert entry.first.variant_id == "conv-params-v1"
    assert len({question.stem for question in entry.variants}) == 3


def test_a_matching_has_distractors_on_the_right() -> None:
    (answer,) = (q.answer for q in sample_quiz().questions() if isinstance(q.answer, Matching))

    assert answer.lefts[0].text == "`MaxPool2d(2)`"
    assert len(answer.rights) == 4
    assert {left.right_id for left in answer.lefts} < {right.right_id for right in answer.rights}


def test_an_ordering_keeps_its_order() -> None:
    (answer,) = (q.answer for q in sample_quiz().questions() if isinstance(q.answer, Ordering))

    assert [step.text for step in answer.steps][-1] == "`optimizer.step()`"


def test_short_answers_have_shares() -> None:
    (answer,) = (q.answer for q in sample_quiz().questions() if isinstance(q.answer, Short))

    assert [(text.text, text.share) for text in answer.accepted] == [
        ("zero_grad", 1.0),
        ("zero_grad()", 1.0),
        ("zero grad", 0.5),
    ]


def test_ids_do_not_depend_on_the_order_of_options(tmp_path: Path) -> None:
    one = only(tmp_path, "## q: T\n\nStem\n\n- [x] a\n- [ ] b\n").answer
    other = only(tmp_path, "## q: T\n\nStem\n\n- [ ] b\n- [x] a\n").answer

    assert isinstance(one, Choice)
    assert isinstance(other, Choice)
    ids = {option.text: option.option_id for option in one.options}
    assert ids == {option.text: option.option_id for option in other.options}


def test_variants_share_the_ids_of_their_options(tmp_path: Path) -> None:
    answers = "- [x] {{k}}\n- [ ] {{k+1}}\n\n```params\nk = [1, 5]\n```"
    path = write_quiz(tmp_path, f"## q: T {{variants=2}}\n\nS {{{{k}}}}\n\n{answers}")
    entry = read_quiz(path).entries[0]
    first, second = (question.answer for question in entry.variants)

    assert isinstance(first, Choice)
    assert isinstance(second, Choice)
    assert [o.option_id for o in first.options] == [o.option_id for o in second.options]
    assert [o.text for o in first.options] != [o.text for o in second.options]


def test_variants_are_the_same_every_time() -> None:
    assert [q.values for q in sample_quiz().questions()] == [
        q.values for q in sample_quiz().questions()
    ]


def test_the_stem_may_hold_code_tables_and_lists(tmp_path: Path) -> None:
    code = "```python\n- [x] no option\n= 3\n## no heading\n```"
    stem = f"Look:\n\n{code}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n1. one\n2. two"
    question = only(tmp_path, f"## q: T\n\n{stem}\n\n- [x] a\n- [ ] b\n")

    assert question.stem == stem
    assert question.kind == "single"


def test_the_last_table_is_the_matching(tmp_path: Path) -> None:
    stem = "| x | y |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\nMatch."
    table = "| left | right |\n|---|---|\n| a \\| b | `p` |\n| c | `q` |\n"
    question = only(tmp_path, f"## q: T\n\n{stem}\n\n{table}")

    assert question.stem == stem
    assert isinstance(question.answer, Matching)
    assert [left.text for left in question.answer.lefts] == ["a | b", "c"]


def test_an_option_may_go_on_below(tmp_path: Path) -> None:
    code = "  ```python\n  loss.backward()\n  ```"
    answer = only(tmp_path, f"## q: T\n\nS\n\n- [x] code:\n\n{code}\n  > Good.\n- [ ] b\n").answer

    assert isinstance(answer, Choice)
    assert answer.options[0].text == "code:\n\n```python\nloss.backward()\n```"
    assert answer.options[0].feedback == "Good."


@pytest.mark.parametrize(
    ("line", "value", "tolerance", "share"),
    [
        ("= 0.622 ± 0.001", 0.622, 0.001, 1),
        ("= 0.622 +- 0.001", 0.622, 0.001, 1),
        ("= 200 ± 1%", 200, 2, 1),
        ("= -3", -3, 0, 1),
        ("= 3.2e-4 ± 1e-5", 3.2e-4, 1e-5, 1),
        ("= {{ 2*3 }}", 6, 0, 1),
        ("= 2**10", 1024, 0, 1),
        ("= 6 (50%)\n= 7", 6, 0, 0.5),
        ("= 6 (0 %)\n= 7", 6, 0, 0),
        ("= 6 (12,5%)\n= 7", 6, 0, 0.125),
    ],
)
def test_numbers_have_tolerances_and_shares(
    line: str, value: float, tolerance: float, share: float, tmp_path: Path
) -> None:
    answer = only(tmp_path, f"## q: T\n\nStem\n\n{line}\n").answer

    assert isinstance(answer, Numeric)
    accepted = answer.accepted[0]
    assert (accepted.value, accepted.tolerance, accepted.share) == (value, tolerance, share)


def test_braces_of_formulas_are_no_attributes(tmp_path: Path) -> None:
    answer = only(
        tmp_path, "## q: T\n\nStem\n\n- [x] $x^{2}$\n- [ ] $\\frac{a}{b}$ {misconception=m}\n"
    ).answer

    assert isinstance(answer, Choice)
    assert [option.text for option in answer.options] == ["$x^{2}$", r"$\frac{a}{b}$"]
    assert answer.options[1].misconception == "m"


def test_a_rule_can_be_given_for_one_question(tmp_path: Path) -> None:
    text = "## q: T {scoring=all type=multiple points=3}\n\nStem\n\n- [x] a\n- [ ] b\n"
    question = only(tmp_path, text)

    assert isinstance(question.answer, Choice)
    assert (question.answer.rule, question.kind, question.points) == (Rule.ALL, "multiple", 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("## q T\n\nStem\n", "test.quiz.md:6: error: the question has no answers"),
        ("## Q: T\n\n- [x] a\n", ":6: error: a question begins with '## id: title'"),
        ("## q: T\n\nS\n\n- [ ] a\n- [ ] b\n", ":6: error: no option is right"),
        ("## q: T {type=single}\n\nS\n\n- [x] a\n- [x] b\n", "2 options are right"),
        ("## q: T {type=numeric}\n\nS\n\n- [x] a\n- [x] b\n", "single or multiple"),
        ("## q: T {scoring=net pints=2}\n\nS\n\n- [x] a\n", "no attribute 'pints'"),
        ("## q: T {scoring=half}\n\nS\n\n- [x] a\n- [ ] b\n", "there is no scoring rule 'half'"),
        ("## q: T {points=0}\n\nS\n\n- [x] a\n- [ ] b\n", "points=0 is no whole number"),
        (
            "## q: T\n\nS\n\n- [x] a {misconception=m level=3}\n",
            ":10: error: there is no attribute",
        ),
        ("## q: T\n\nS\n\n- [x] a\n\nmore\n", ":12: error: text after the answers"),
        ("## q: T\n\nS\n\n- [x] a\nmore\n- [ ] b\n", ":11: error: text between the answers"),
        ("## q: T\n\nS\n\n= 3 (50%)\n", "no answer earns all points"),
        ("## q: T\n\nS\n\n= 3 (150%)\n", ":10: error: (150%) is more than 100"),
        ("## q: T\n\nS\n\n= \u201czero_grad\u201d\n", "in quotes: '= \"zero_grad\"'"),
        ('## q: T\n\nS\n\n= "\u201czero_grad\u201d"\n', "has quotes twice"),
        ("## q: T\n\nS\n\n= 3,5 ± 0.5\n", ":10: error: '3,5 ± 0.5' has a decimal comma"),
        ("## q: T\n\nS\n\n= zero_grad\n", "a text answer stands in quotes: '= \"zero_grad\"'"),
        (
            "## q: T\n\nS\n\n= n\n\n```params\nk = [1, 2, 3, 4, 5]\nn = k/0\n```\n",
            ":14: error: 'k/0' has no value",
        ),
        ("## q: T\n\nS\n\n= x + 1\n", ":10: error: there is no parameter 'x'"),
        ("## q: T\n\nS\n\n= 3 ± -1\n", "the tolerance is negative"),
        ('## q: T\n\nS\n\n= "a\n', ":10: error: a text answer stands in quotes"),
        ("## q: T\n\nS\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", "at least two rows"),
        (
            "## q: T\n\nS\n\n| a | b |\n|---|---|\n| 1 | |\n| 2 | 3 |\n",
            "right side of the row is empty",
        ),
        (
            "## q: T\n\nS\n\n| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |\n| 1 | 2 | 3 |\n",
            "two columns, not 3",
        ),
        ("## q: T\n\nS\n\n1. one\n", "at least two steps"),
        ("## q: T\n\nS\n\n- [x] a\n", "a choice has 2 to 20 options, not 1"),
        ("## q: T {point=2}\n\nS\n\n- [x] a\n- [ ] b\n", "did you mean 'points'?"),
        ("## q: T {points=2\n\nS\n\n- [x] a\n- [ ] b\n", ":6: error: a brace is not closed"),
        ("## q: T\n\nS\n\n- [x] a {fix}\n- [ ] b\n", ":10: error: there is no attribute 'fix'"),
        ("## q: T\n\nS\n\n- [x] a\n  - [ ] b\n", ":11: error: an option begins at the start"),
        (
            "## q: T\n\nS\n\n= k\n\n```params\nk = [1, a]\n```\n",
            ":13: error: there is no parameter",
        ),
        ("## q: T\n\n{{k\n\n= k\n\n```params\nk=[1,2,3,4,5]\n```\n", "'{{k' is not closed"),
        ("## q: T {variants=3}\n\nS\n\n- [x] a\n", "variants need a 'params' block"),
        ("## q: T {variants=3}\n\nS\n\n= k\n\n```params\nk = [1, 2]\n```\n", "2 combinations"),
        ("## q: T\n\nS\n\n= k\n\n```params\nk = 3\n```\n", "params need a list of values"),
        ("## q: T\n\nS {{z}}\n\n= k\n\n```params\nk = [1,2,3,4,5]\n```\n", "no parameter 'z'"),
        (CHOICE + "\n" + CHOICE, "the id 'q' is there twice"),
        ("", "the quiz has no question"),
    ],
)
def test_what_breaks_a_rule_is_told_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    assert said in problem(tmp_path, text)


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("title: T", "quiz is 'None', the file 'test'"),
        ("quiz: other", ":2: error: quiz is 'other', the file 'test'"),
        ("quiz: test\nmintues: 3", ":3: error: there is no key 'mintues'; did you mean 'minutes'?"),
        ("quiz: test\nminutes: ten", ":3: error: minutes is a whole number, not 'ten'"),
        ("quiz: test\nminutes: 9000", "minutes is not from 0 to 600"),
        ("quiz: test\nrole: before", "role is pre, post or practice, not 'before'"),
        ("quiz: test\nshuffle: [answers]", "shuffle lists 'questions', 'options' or nothing"),
        ("quiz: test\nmultiple: some", "there is no scoring rule 'some'"),
        ("quiz: [test", "the front matter is not YAML"),
        ("- a\n- b", "the front matter is made of lines 'key: value'"),
    ],
)
def test_broken_front_matter_is_told_in_one_line(front: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "test.quiz.md"
    path.write_text(f"---\n{front}\n---\n\n{CHOICE}")

    parsed = parse(path)

    (found,) = parsed.problems
    assert parsed.quiz is None
    assert said in str(found)
    assert "\n" not in str(found)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"# Quiz\n", ":1: error: a quiz begins with '---'"),
        (b"", ":1: error: a quiz begins with '---'"),
        (b"---\nquiz: test\n---\n\n## q: T\n\n```\ncode\n\n- [x] a\n", ":7: error: the code fence"),
        (b"---\nquiz: test\n", "a second '---' is missing"),
        (b"---\nquiz: test\n---\n\nZo\xe9\n", ":5: error: it is not UTF-8"),
    ],
)
def test_a_file_that_is_no_quiz_is_told(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "test.quiz.md"
    path.write_bytes(content)

    parsed = parse(path)

    (found,) = parsed.problems
    assert parsed.quiz is None
    assert said in str(found)


def test_good_questions_are_read_beside_bad_ones(tmp_path: Path) -> None:
    path = write_quiz(tmp_path, f"## bad: T\n\nno answers\n\n{CHOICE}")

    found = parse(path)

    assert found.quiz is not None
    assert [entry.question_id for entry in found.quiz.entries] == ["q"]
    assert len(found.problems) == 1
    with pytest.raises(ContentError, match="no answers"):
        read_quiz(path)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    plain = only(tmp_path, CHOICE)
    path = tmp_path / "test.quiz.md"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    assert read_quiz(path).entries[0].first == plain


@given(st.text(alphabet="#- [x]=|>`{}1.ab$\n\t", max_size=120))
def test_no_text_crashes_the_reader(body: str) -> None:
    try:
        problems = read_draft(f"---\nquiz: q\n---\n{body}").problems
    except LineError as error:  # a fence that is not closed
        problems = [error]

    assert all(problem.line >= 4 for problem in problems)


def test_a_quiz_is_found_by_id_or_path(tmp_path: Path) -> None:
    course = find_course(tmp_path, str(sample_course(tmp_path)))

    assert find_quiz(course, "sample") == find_quiz(course, str(course.quizzes / "sample.quiz.md"))
    with pytest.raises(RequestError, match=r"no quiz 'sampel'\. Did you mean 'sample'\?"):
        find_quiz(course, "sampel")


def test_ids_are_unique_in_a_bank(tmp_path: Path) -> None:
    course = find_course(tmp_path, str(sample_course(tmp_path)))
    for name in ("one", "two"):
        write_quiz(course.quizzes, CHOICE, name)

    with pytest.raises(ContentError, match="'q' is in 'one' and 'two'"):
        read_bank(course)
