"""What Canvas cannot carry is refused, question by question, with the way out."""

from dataclasses import replace
from pathlib import Path

import canvas_reader as canvas
import pytest
from qti_samples import choice_of, question, quiz_of
from samples import sample_quiz, write_quiz

from grader.errors import ContentError
from grader.quiz.export.canvas import write
from grader.quiz.export.target import Wish
from grader.quiz.model import Rule
from grader.quiz.source import read_quiz

LINES = {
    "ordering": ("1. a\n2. b", "no ordering in Classic Quizzes; match steps with places"),
    "part of a number": ("= 4\n= 2 (50%)", r"no part of the points .*\(2 earns 50 %\); --whole"),
    "part of a text": ('= "a"\n= "b" (25%)', r"'b' earns 25 %\); .* or write \(0%\) there"),
    "mistake first": ("= 4 (0%)\n= 4 ± 1", "all points for 4, which is within the tolerance"),
    "text twice": ('= "a b"\n= "A  B" (0%)', "two are the same but for case and spaces"),
    "image in a menu": ("| l | r |\n|---|---|\n| a | ![x](y.svg) |\n| b | c |", "without images"),
    "menu twice": ("| l | r |\n|---|---|\n| a | **x** |\n| b | x |", "two entries are the same"),
    "rows twice": ("| l | r |\n|---|---|\n| a | x |\n| a | y |", "two left sides are the same"),
    "options twice": ("- [x] a\n- [ ] b\n- [ ] b", "two are the same"),
}


@pytest.mark.parametrize("name", LINES)
def test_refused(name: str, tmp_path: Path) -> None:
    """The message names the question, its line, Canvas, what it cannot, and what to do."""
    lines, message = LINES[name]
    quiz = read_quiz(write_quiz(tmp_path, f"## bad-one: Bad\n\nStem\n\n{lines}"))

    with pytest.raises(ContentError, match=message) as caught:
        write(quiz, Wish())
    assert str(caught.value).startswith("bad-one (line 6): Canvas ")


@pytest.mark.parametrize("rule", [Rule.ALL, Rule.BALANCED, Rule.EACH, Rule.COVERAGE])
def test_other_rules_than_net_are_refused(rule: Rule) -> None:
    asked = question(choice_of(*"abcde", rule=rule, right=3))

    with pytest.raises(
        ContentError, match=f"by 'net' only, not by '{rule.value}'; write {{scoring=net}}"
    ):
        write(quiz_of(asked), Wish())


def test_a_rule_that_gives_the_same_is_carried() -> None:
    """With one right option `all` and `net` never differ."""
    answer = replace(choice_of("a", "b", "c", rule=Rule.ALL), is_multiple=True)

    assert canvas.read(write(quiz_of(question(answer)), Wish()))[0][0].right == ["a"]


def test_everything_refused_is_said_at_once() -> None:
    with pytest.raises(ContentError) as caught:
        write(sample_quiz(), Wish())
    names = [line.partition(" ")[0] for line in str(caught.value).splitlines()]

    assert names == ["conv-params-v1", "step-order", "clear-grads"]
