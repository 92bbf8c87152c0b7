"""Each rule finds what it is for, and nothing in a sound quiz."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from samples import sample_course, write_quiz

from cli.main import dlab
from grader.course import Course, find_course
from grader.errors import ContentError
from grader.quiz.lint import lint

SOUND = """## {id}: T

Which one, and why?

- [ ] the first one
  > No.
- [x] the second
  > Yes.
- [ ] the third one
  > No.

> Because.
"""
AFTER = "\n> Because.\n"
WRONG = "- [ ] w\n  > No.\n- [ ] v\n  > No.\n"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course whose bank is empty."""
    found = find_course(tmp_path, str(sample_course(tmp_path)))
    (found.quizzes / "sample.quiz.md").unlink()
    return found


def found_in(course: Course, text: str) -> list[str]:
    """Return what is found in a quiz, as it is printed."""
    write_quiz(course.quizzes, text)
    return [str(problem) for problem in lint(course)[1]]


def test_a_sound_question_has_no_problem(course: Course) -> None:
    assert found_in(course, SOUND.format(id="q")) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "- [x] a b\n" + WRONG + "- [ ]  A  b\n  > No.\n",
            "error: two options are the same: 'a b'",
        ),
        (
            "- [x] 100\n" + WRONG + "- [ ] 1e2\n  > No.\n",
            "the same number: '100', '1e2' [equal-options]",
        ),
        ("- [x] $0.5$\n" + WRONG + "- [ ] `.50`\n  > No.\n", "the same number"),
        ("- [x] a\n" + WRONG + "- [ ] all of the above\n  > No.\n", "[of-the-above]"),
        ("- [x] a; b\n- [x] c\n" + WRONG, "'a; b' contains '; ', which"),
        (
            "- [x] a\n- [ ] b\n- [ ] c\n",
            "warning: 2 wrong options have no feedback [missing-words]",
        ),
        ("- [x] a\n- [ ] b\n  > No.\n", "guessing earns half; find a third misconception"),
        ("- [x] a\n- [x] b\n- [x] c\n- [ ] d\n  > No.\n", "ticking everything earns 67%"),
        ("- [x] $\\frac{a$\n" + WRONG, "cannot be drawn: its braces do not match"),
        ("- [x] $\\nix{a}$\n" + WRONG, "cannot be drawn: '\\nix' is not known"),
        ("- [x] $x^$\n" + WRONG, "cannot be drawn: Missing"),
        ("- [x] ![](no.png)\n" + WRONG, "There is no image 'no.png' in quizzes/. [broken-markup]"),
        ("- [x] ![e](/etc/passwd)\n" + WRONG, "There is no image '/etc/passwd' in quizzes/."),
        ("- [x] $x^2\n" + WRONG, "warning: a '$' is not closed in '$x^2'"),
        ("- [x] ![](no.png)\n" + WRONG, "has no alternative text: '![what it shows](no.png)'"),
        ("- [x] a\n- [ ] w {misconception=nobody}\n  > No.\n" + WRONG, "no misconception 'nobody'"),
        ("= 0.6667", "0.6667 is no whole number and has no tolerance"),
        ("= 10 ± 2\n= 12 ± 1 (50%)", "10 and 12 cannot be told apart within their tolerances"),
        ('= "adam"', "the stem contains the answer 'adam' [key-in-text]"),
        ("= 1792", "the stem contains the key 1792 [key-in-text]"),
        ("| l | r |\n|---|---|\n| a | 1 |\n| A | 2 |", "the left side 'a' is there 2 times"),
        ("| l | r |\n|---|---|\n| a | 1 |\n| b | 1.0 |", "two options are the same number"),
        ("1. $\\delta_1$\n2. $\\delta_2$", r"2 steps begin with '\(\delt'"),
        ("1. optimizer.step()\n2. optimizer.zero_grad()", "2 steps begin with 'optimiz'"),
    ],
)
def test_each_rule_finds_what_it_is_for(text: str, said: str, course: Course) -> None:
    stem = "Of the 1,792 runs, which did adam take?"
    found = found_in(course, f"## q: T\n\n{stem}\n\n{text}\n{AFTER}")

    assert any(said in problem for problem in found), found
    assert all(problem.startswith("quizzes/test.quiz.md:6: ") for problem in found)


@pytest.mark.parametrize(
    ("stem", "number", "is_found"),
    [
        ("To three decimals?", "= 2/3 ± 0.0003", True),
        ("To three decimals?", "= 2/3 ± 0.0005", False),
        ("To 2 decimals?", "= 0.124 ± 0.001", True),
        ("With two decimal places?", "= 0.124 ± 0.005", False),
        ("To a hundred decimals?", "= 0.124 ± 0.001", False),
    ],
)
def test_a_tolerance_must_let_rounding_pass(
    stem: str, number: str, is_found: bool, course: Course
) -> None:
    found = found_in(course, f"## q: T\n\n{stem}\n\n{number}\n{AFTER}")

    assert any("[tight-tolerance]" in problem for problem in found) is is_found, found


def test_every_combination_is_looked_at_not_only_the_variants(course: Course) -> None:
    """Only k = 2 makes the two options equal."""
    params = "```params\nk = [1, 2, 3, 4, 5, 6, 7, 8, 9]\n```"
    options = "- [x] {{2*k}}\n- [ ] {{k+2}}\n  > No.\n- [ ] 99\n  > No.\n"
    found = found_in(
        course, f"## q: T {{variants=1}}\n\nS {{{{k}}}}\n\n{options}\n{params}\n{AFTER}"
    )

    assert len([problem for problem in found if "two options are the same" in problem]) == 1


def test_a_combination_that_is_not_drawn_must_be_one_too(course: Course) -> None:
    """Only 1.5 cannot be written as a whole number."""
    params = "```params\na = [1.5, 2, 3, 4, 5, 6, 7]\n```"
    stem = "S {{a:.0f}} {{round(a):d}}"
    text = f"## q: T {{variants=1}}\n\n{stem}\n\n= round(a)\n\n{params}\n{AFTER}"
    assert found_in(course, text) == []

    found = found_in(course, text.replace("round(a)", "a"))

    assert any("in a combination that is not drawn" in p for p in found), found


def test_formulas_are_looked_at_wherever_they_stand(course: Course) -> None:
    rows = "| l | r |\n|---|---|\n| $x^$ | 1 |\n| b | 2 |"
    number = "= 3\n= 4 (0%)\n  > $\\frac$"

    assert any("cannot be drawn" in p for p in found_in(course, f"## q: T\n\nS\n\n{rows}\n{AFTER}"))
    assert any(
        "cannot be drawn" in p for p in found_in(course, f"## q: T\n\nS\n\n{number}\n{AFTER}")
    )


def test_variants_that_look_the_same_are_found(course: Course) -> None:
    text = "## q: T {variants=2}\n\nHow many?\n\n= 3\n\n```params\nk = [1, 2]\n```\n"

    assert any("two variants are the same question" in p for p in found_in(course, text + AFTER))


def quiz_of(options: list[str]) -> str:
    """Return questions whose options are given, the right one marked."""
    return "\n".join(
        f"## q{number}: T\n\nStem {number}\n\n{text}{AFTER}" for number, text in enumerate(options)
    )


def test_the_longest_option_is_not_always_right(course: Course) -> None:
    long = "- [x] a very long one\n- [ ] b\n  > No.\n- [ ] c\n  > No.\n"
    short = "- [ ] b\n  > No.\n- [x] d\n- [ ] a long one\n  > No.\n"

    found = found_in(course, quiz_of([long, long, long, short]))

    assert "the right option is the longest in 3 of 4 questions" in found[0]
    assert not any("longest" in p for p in found_in(course, quiz_of([long, short, long, short])))


def test_the_right_option_is_not_always_at_one_place(course: Course) -> None:
    first = "- [x] a\n- [ ] b\n  > No.\n- [ ] c\n  > No.\n"

    assert "number 1 in 4 of 4" in found_in(course, quiz_of([first] * 4))[0]


def test_ten_minutes_hold_so_many_questions(course: Course) -> None:
    path = write_quiz(course.quizzes, "\n".join(SOUND.format(id=f"q{n}") for n in range(12)))
    path.write_text(path.read_text().replace("title: Test", "title: Test\nminutes: 10"))

    found = [str(problem) for problem in lint(course)[1]]

    assert any("take about 12 minutes, 10 are given" in problem for problem in found)


# The bank


def bank(course: Course, pre: str, post: str, lecture: int = 1) -> list[str]:
    """Write a pre- and a post-test; return what is found."""
    for name, text, number in (("pre", pre, 1), ("post", post, lecture)):
        front = f"---\nquiz: {name}\ntitle: T\nrole: {name}\nlecture: {number}\n---\n\n"
        (course.quizzes / f"{name}.quiz.md").write_text(front + text)
    return [str(problem) for problem in lint(course)[1]]


def paired(name: str, twin: str) -> str:
    return SOUND.format(id=name).replace(": T\n", f": T {{pair={twin}}}\n")


def test_twins_name_each_other(course: Course) -> None:
    assert bank(course, paired("a", "post/b"), paired("b", "pre/a")) == []


@pytest.mark.parametrize(
    ("pre", "post", "lecture", "said"),
    [
        (paired("a", "z"), SOUND.format(id="b"), 1, "there is no question 'z' to pair with"),
        (paired("a", "b"), SOUND.format(id="b"), 1, "'b' does not name this question"),
        (paired("a", "b"), paired("b", "a"), 2, "is not in the other test of lecture 1"),
        (SOUND.format(id="a"), SOUND.format(id="a"), 1, "the id is in 'post' too"),
    ],
)
def test_broken_twins_are_found(
    pre: str, post: str, lecture: int, said: str, course: Course
) -> None:
    assert any(said in problem for problem in bank(course, pre, post, lecture))


def test_a_misconception_may_be_a_mistake_of_a_lab_or_of_the_bank(course: Course) -> None:
    folder = course.hidden / "lab9" / "mistakes"
    folder.mkdir(parents=True)
    (folder / "known_to_lab.py").touch()
    (course.quizzes / "misconceptions.toml").write_text('[known_here]\nheadline = "So."\n')
    text = SOUND.format(id="q").replace("first one", "first one {misconception=known_to_lab}")

    assert found_in(course, text.replace("third one", "third one {misconception=known_here}")) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[a", "quizzes/misconceptions.toml: it is not TOML"),
        ("[a]\nhead = 1", "[a] needs a line 'headline"),
        ('[m]\nheadline = "x"', "'m' is a mistake of lab9 already"),
    ],
)
def test_a_broken_list_of_misconceptions_is_told(content: str, said: str, course: Course) -> None:
    folder = course.hidden / "lab9" / "mistakes"
    folder.mkdir(parents=True)
    (folder / "m.py").touch()
    (course.quizzes / "misconceptions.toml").write_text(content)

    with pytest.raises(ContentError) as caught:
        lint(course)

    assert said in str(caught.value)


# The commands


def run(course: Course, *words: str) -> tuple[int, str, str]:
    """Run `dlab quiz`; return exit code, stdout, stderr."""
    done = CliRunner().invoke(dlab, ["--course", str(course.root), "quiz", *words])
    return done.exit_code, done.stdout, done.stderr


def test_lint_prints_problems_and_counts(course: Course) -> None:
    write_quiz(course.quizzes, f"## q: T\n\nStem\n\n- [x] a\n- [ ] b\n  > No.\n- [ ] c\n{AFTER}")

    assert run(course, "lint") == (
        0,
        "quizzes/test.quiz.md:6: warning: 1 wrong options have no feedback [missing-words]\n",
        "1 quiz, 1 question, 0 variants: 0 errors, 1 warning\n",
    )
    assert run(course, "lint", "--strict")[0] == 3


def test_lint_of_one_quiz_tells_only_its_problems(course: Course) -> None:
    write_quiz(course.quizzes, "## q: T\n\nStem\n", "bad")
    write_quiz(course.quizzes, SOUND.format(id="p"), "good")

    assert run(course, "lint", "good")[0] == 0
    assert run(course, "lint")[0] == 3


def test_what_cannot_be_read_is_a_problem_like_any_other(course: Course) -> None:
    write_quiz(course.quizzes, "## q: T\n\nStem\n", "bad")

    code, out, err = run(course, "lint", "bad")

    assert code == 3
    assert out.startswith("quizzes/bad.quiz.md:6: error: the question has no answers")
    assert "Error:" not in err


def test_lint_as_json(course: Course) -> None:
    write_quiz(course.quizzes, "## q: T\n\nStem\n")

    code, out, _ = run(course, "lint", "--json")

    assert code == 3
    assert json.loads(out)[0]["rule"] == "syntax"


def test_list_counts_types_and_tags(course: Course) -> None:
    write_quiz(course.quizzes, SOUND.format(id="q").replace(": T\n", ': T {tags="loss,cnn"}\n'))

    code, out, _ = run(course, "list")

    assert code == 0
    assert "1 questions (1 single), 0 with parameters, 0 pairs." in out
    assert "Tags: 1 loss, 1 cnn." in out
    assert json.loads(run(course, "list", "--json")[1])[0]["questions"][0]["tags"] == [
        "loss",
        "cnn",
    ]


@pytest.mark.parametrize("command", ["lint", "list"])
def test_a_course_without_a_bank_is_told(command: str, course: Course) -> None:
    code, out, err = run(course, command)

    assert (code, out) == (2, "")
    assert err == f"Error: There is no question bank: {course.quizzes} has no *.quiz.md.\n"
