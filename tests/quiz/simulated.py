"""A class that answers quizzes by a 2PL model: whoever is able is right more often.

The probability of a right answer is 1 / (1 + exp(-a (theta + shift - b))), with the student's
ability theta and the question's discrimination a and difficulty b. Who is wrong shows one of the
listed mistakes, a distractor, or types some number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from grader.quiz.attempt import Attempt, Response
from grader.quiz.model import (
    Choice,
    Matching,
    Numeric,
    Option,
    Ordering,
    Question,
    Quiz,
    Short,
    Value,
)

Rng = np.random.Generator
BLANK = 0.03
KNOWN_MISTAKE = 0.6  # of the wrong answers that are typed


@dataclass(frozen=True, kw_only=True)
class Class:
    """Who answers.

    Attributes:
        count: Students.
        learned: Added to every ability in the second test.
        shunned: Options that nobody chooses.
        typed: Question to a factor: half of its wrong answers are the key times this.
    """

    count: int = 120
    seed: int = 7
    learned: float = 1.2
    shunned: frozenset[str] = field(default_factory=frozenset)
    typed: Mapping[str, float] = field(default_factory=dict)


def answer(quiz: Quiz, people: Class, *, is_post: bool = False) -> tuple[Attempt, ...]:
    """Let a class answer a quiz; the same students with the same abilities in every quiz."""
    abilities = np.random.default_rng(people.seed).normal(size=people.count)
    text = sum(map(ord, quiz.quiz_id))
    rng = np.random.default_rng([people.seed, text])
    a = rng.uniform(1.0, 2.2, len(quiz.entries))
    b = rng.uniform(-0.7, 0.9, len(quiz.entries))
    shift = people.learned if is_post else 0.0
    attempts = []
    for number, theta in enumerate(abilities):
        chances = 1 / (1 + np.exp(-a * (theta + shift - b)))
        responses = []
        for entry, chance in zip(quiz.entries, chances, strict=True):
            question = entry.variants[rng.integers(len(entry.variants))]
            value = _value(question, float(chance), rng, people)
            responses.append(
                Response(question_id=question.question_id, variant=question.variant, value=value)
            )
        attempts.append(
            Attempt(
                quiz_id=quiz.quiz_id,
                student=f"s{number:03d}",
                responses=tuple(responses),
                bank_sha256=quiz.sha256,
            )
        )
    return tuple(attempts)


def _value(question: Question, chance: float, rng: Rng, people: Class) -> Value:
    made, is_right = question.answer, rng.random() < chance
    if not is_right and rng.random() < BLANK / max(0.05, 1 - chance):
        return ""
    if isinstance(made, Choice):
        return _choose(made, is_right=is_right, rng=rng, people=people)
    if isinstance(made, Numeric):
        return _number(question, made, is_right=is_right, rng=rng, people=people)
    if isinstance(made, Short):
        wrong = [text.text for text in made.accepted if text.share < 1] or ["no idea"]
        return made.accepted[0].text if is_right else str(rng.choice(wrong))
    if isinstance(made, Matching):
        return _match(made, chance, rng)
    return _order(made, is_right=is_right, rng=rng)


def _choose(made: Choice, *, is_right: bool, rng: Rng, people: Class) -> Value:
    key = tuple(option.option_id for option in made.right)
    wrong = [option for option in made.wrong if option.option_id not in people.shunned]
    if is_right or not wrong:
        return key
    other = wrong[int(rng.choice(len(wrong), p=_weights(len(wrong))))].option_id
    if not made.is_multiple:
        return (other,)
    return (*key[: int(rng.integers(len(key) + 1))], other)


def _weights(count: int) -> np.ndarray:
    weights = 1.0 / np.arange(1, count + 1)
    return weights / weights.sum()


def _number(question: Question, made: Numeric, *, is_right: bool, rng: Rng, people: Class) -> Value:
    key = made.accepted[0].value
    if is_right:
        return f"{key:.10g}"
    factor = people.typed.get(question.question_id)
    if factor and rng.random() < 0.5:
        return f"{key * factor:.10g}"
    mistakes = made.accepted[1:]
    if mistakes and rng.random() < KNOWN_MISTAKE:
        return f"{mistakes[int(rng.integers(len(mistakes)))].value:.10g}"
    return f"{key * rng.uniform(1.5, 3.0) + 1:.4g}"


def _match(made: Matching, chance: float, rng: Rng) -> Value:
    rights = [right.right_id for right in made.rights]
    return {
        left.left_id: left.right_id if rng.random() < chance else str(rng.choice(rights))
        for left in made.lefts
    }


def _order(made: Ordering, *, is_right: bool, rng: Rng) -> Value:
    steps = [step.step_id for step in made.steps]
    if not is_right:
        place = int(rng.integers(len(steps) - 1))
        steps[place], steps[place + 1] = steps[place + 1], steps[place]
    return tuple(steps)


def with_wrong_key(quiz: Quiz, question_id: str) -> Quiz:
    """Return the quiz with another option of a single choice marked as right."""
    entries = tuple(
        replace(entry, variants=tuple(map(_miskeyed, entry.variants)))
        if entry.question_id == question_id
        else entry
        for entry in quiz.entries
    )
    return replace(quiz, entries=entries)


def _miskeyed(question: Question) -> Question:
    made = question.answer
    assert isinstance(made, Choice)
    wrong = made.wrong[0].option_id
    options: tuple[Option, ...] = tuple(
        replace(option, is_right=option.option_id == wrong) for option in made.options
    )
    return replace(question, answer=replace(made, options=options))
