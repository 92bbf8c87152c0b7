"""Changes a quiz before it is exported, where its lecturer says so, and only there."""

from collections.abc import Collection
from dataclasses import replace

from grader.errors import RequestError
from grader.quiz.model import Choice, Entry, Question, Quiz, Rule


def with_rule(quiz: Quiz, rule: Rule) -> Quiz:
    """Return a quiz whose questions with several right options are scored by another rule."""
    return replace(quiz, entries=tuple(_ruled(entry, rule) for entry in quiz.entries))


def _ruled(entry: Entry, rule: Rule) -> Entry:
    return Entry(variants=tuple(_with_rule(question, rule) for question in entry.variants))


def _with_rule(question: Question, rule: Rule) -> Question:
    if not isinstance(question.answer, Choice):
        return question
    return replace(question, answer=replace(question.answer, rule=rule))


def without(quizzes: tuple[Quiz, ...], unwanted: Collection[str]) -> tuple[Quiz, ...]:
    """Return quizzes without some of their questions.

    Args:
        quizzes: Where to leave out.
        unwanted: Ids of questions.

    Raises:
        RequestError: If none of the quizzes has such a question, or a quiz would be empty.
    """
    known = {entry.question_id for quiz in quizzes for entry in quiz.entries}
    if unknown := sorted(set(unwanted) - known):
        raise RequestError(f"There is no question '{unknown[0]}' to leave out.")
    kept = tuple(
        replace(quiz, entries=tuple(e for e in quiz.entries if e.question_id not in unwanted))
        for quiz in quizzes
    )
    if empty := next((quiz for quiz in kept if not quiz.entries), None):
        raise RequestError(f"Nothing would be left of '{empty.quiz_id}'.")
    return kept
