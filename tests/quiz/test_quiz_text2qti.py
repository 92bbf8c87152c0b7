"""text2qti, another program that writes packages for Canvas, makes the same of the same questions.

It knows no matching, no part of the points, and no time limit: those are compared elsewhere.
"""

import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path

import canvas_reader as canvas
import pytest
from samples import write_quiz

from grader.quiz.export.canvas import write
from grader.quiz.export.package import decimal
from grader.quiz.export.target import Wish
from grader.quiz.model import Choice, Numeric, Question, Quiz, Short
from grader.quiz.source import read_quiz

QUESTIONS = r"""
## which: Which one {points=2}

Which of these is the gradient of `F.cross_entropy`, for $p$ and $y$?

- [x] $p - y$
  > Right.
- [ ] $y - p$
  > The sign is wrong.
- [ ] $p(1 - p)$

> The Jacobian cancels.

## true-or-false: True or false

Dropout is active in `eval()`.

- [ ] True
- [x] False

## several: Several {points=3}

Which of these regularise?

- [x] weight decay
- [ ] a large learning rate & nothing else
- [x] dropout, where $0 < p < 1$
  > It does.

## exact: An exact number

How many parameters has `Conv2d(3, 64, 3)`?

= 1792

## near: A number with a tolerance

What is $\sigma(0.5)$?

= 0.622 ± 0.001

## negative: A negative number

What is the slope?

= -4.5 ± 0.25

## word: A word

Which method clears the gradients?

= "zero_grad"
= "zero_grad()"

## one-of: One of several {variants=2 points=2}

What is {{a}} + 1?

= {{a + 1}}

```params
a = [1, 2]
```
"""


@pytest.fixture(scope="module")
def quiz(tmp_path_factory: pytest.TempPathFactory) -> Quiz:
    return read_quiz(write_quiz(tmp_path_factory.mktemp("bank"), QUESTIONS))


@pytest.fixture(scope="module")
def theirs(quiz: Quiz, tmp_path_factory: pytest.TempPathFactory) -> list[list[canvas.Imported]]:
    """What Canvas makes of text2qti's package of the quiz."""
    program = shutil.which("text2qti", path=str(Path(sys.executable).parent))
    if not program:
        pytest.skip("text2qti is not installed")
    folder = tmp_path_factory.mktemp("text2qti")
    (folder / "quiz.txt").write_text(as_text2qti(quiz), encoding="utf-8")
    done = subprocess.run(
        [program, "quiz.txt"],
        cwd=folder,
        env={"HOME": str(folder), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not done.returncode, done.stderr
    return canvas.read((folder / "quiz.zip").read_bytes())


@pytest.fixture(scope="module")
def ours(quiz: Quiz) -> list[list[canvas.Imported]]:
    return canvas.read(write(quiz, Wish()))


def as_text2qti(quiz: Quiz) -> str:
    """Write a quiz in text2qti's own Markdown."""
    parts = [f"Quiz title: {quiz.title}"]
    for entry in quiz.entries:
        asked = [
            as_question(question, with_points=len(entry.variants) == 1)
            for question in entry.variants
        ]
        if len(entry.variants) > 1:
            points = f"points per question: {entry.first.points}"
            asked = ["\n".join(["GROUP", "pick: 1", points, "", *asked, "END_GROUP"])]
        parts += asked
    return "\n\n".join(parts) + "\n"


def as_question(question: Question, *, with_points: bool) -> str:
    lines = [f"Title: {question.title}"]
    if with_points:
        lines.append(f"Points: {question.points}")
    lines.append(f"1. {question.stem}")
    if question.explanation:
        lines.append(f"... {question.explanation}")
    return "\n".join([*lines, *as_answers(question), ""])


def as_answers(question: Question) -> list[str]:
    answer = question.answer
    if isinstance(answer, Choice):
        lines = []
        for letter, option in zip("abcdef", answer.options, strict=False):
            mark = "*" if option.is_right else ""
            sign = f"[{mark or ' '}]" if answer.is_multiple else f"{mark}{letter})"
            lines += [
                f"{sign} {option.text}",
                *([f"... {option.feedback}"] * bool(option.feedback)),
            ]
        return lines
    if isinstance(answer, Short):
        return [f"* {accepted.text}" for accepted in answer.accepted]
    assert isinstance(answer, Numeric)
    key = answer.accepted[0]
    slack = f" +- {decimal(key.tolerance)}" if key.tolerance else ""
    return [f"= {decimal(key.value)}{slack}"]


def test_the_same_questions_in_the_same_groups(
    ours: list[list[canvas.Imported]], theirs: list[list[canvas.Imported]]
) -> None:
    """Titles, types and points agree."""
    assert [[(q.title, q.kind, q.points) for q in group] for group in ours] == [
        [(q.title, q.kind, q.points) for q in group] for group in theirs
    ]


def test_the_same_options_are_right(
    ours: list[list[canvas.Imported]], theirs: list[list[canvas.Imported]]
) -> None:
    """Options in order, which are right, and whether there is feedback.

    Words are compared where there is no formula: text2qti draws those as images.
    """
    compared = 0
    for mine, other in zip(chain(*ours), chain(*theirs), strict=True):
        if mine.kind == "numerical_question":
            continue
        compared += len(mine.answers)
        assert [a.weight for a in mine.answers] == [a.weight for a in other.answers]
        assert [bool(a.feedback) for a in mine.answers] == [bool(a.feedback) for a in other.answers]
        for left, right in zip(mine.answers, other.answers, strict=True):
            if "\\(" not in left.text:
                assert left.text == right.text
        assert bool(mine.general) == bool(other.general)

    assert compared == 10


def test_the_same_numbers_are_right(
    ours: list[list[canvas.Imported]], theirs: list[list[canvas.Imported]]
) -> None:
    compared = 0
    for mine, other in zip(chain(*ours), chain(*theirs), strict=True):
        for left, right in zip(mine.answers, other.answers, strict=True):
            if mine.kind == "numerical_question":
                compared += 1
                assert (left.exact, left.low, left.high) == (right.exact, right.low, right.high)

    assert compared == 5
