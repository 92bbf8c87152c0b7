"""Looks at a whole bank: every rule on every combination of parameters, and twins."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from grader.course import Course
from grader.quiz.build import all_combinations
from grader.quiz.lines import LineError
from grader.quiz.misconceptions import read_misconceptions
from grader.quiz.model import Question, Quiz, Role
from grader.quiz.rules import (
    ERROR,
    QUIZ_RULES,
    RULES,
    broken_markup,
    broken_texts,
    unknown_misconception,
)
from grader.quiz.source import SUFFIX, Parsed, Problem, parse, quiz_paths

MOST_COMBINATIONS = 2000


def lint(
    course: Course, wanted: Sequence[str] = ()
) -> tuple[tuple[Quiz, ...], tuple[Problem, ...]]:
    """Look at quizzes of the bank.

    Args:
        course: Its bank.
        wanted: Ids of the quizzes to report on; all by default. Twins are looked up in all.

    Returns:
        The quizzes that could be read, and the problems in the order of files and lines.
    """
    known = read_misconceptions(course)
    quizzes: list[Quiz] = []
    problems: list[Problem] = []
    for path in quiz_paths(course):
        found = parse(path)
        problems += found.problems
        if found.quiz is not None:
            quizzes.append(found.quiz)
            problems += _lint_quiz(found.quiz, found, known)
    problems += _lint_pairs(quizzes)
    files = {f"{course.quizzes.name}/{name}{SUFFIX}" for name in wanted}
    kept = {problem for problem in problems if not files or problem.path in files}
    return tuple(quizzes), tuple(sorted(kept, key=lambda p: (p.path, p.line, p.rule, p.message)))


def _lint_quiz(quiz: Quiz, found: Parsed, known: Mapping[str, str]) -> Iterator[Problem]:
    name = f"{quiz.folder.name}/{quiz.quiz_id}{SUFFIX}"
    yield from _lint_whole(quiz, name)
    for question in _every_question(found, name):
        if isinstance(question, Problem):
            yield question
            continue
        for rule, problem in _lint_question(question, quiz.folder, known):
            yield _problem(name, question.line, rule, *problem)


def _lint_whole(quiz: Quiz, name: str) -> Iterator[Problem]:
    for rule in QUIZ_RULES:
        for found in rule(quiz):
            yield _problem(name, 1, rule.__name__, *found)
    for found in broken_texts([quiz.introduction], quiz.folder):
        yield _problem(name, 1, "broken_markup", *found)
    for entry in quiz.entries:
        if len({(q.stem, str(q.answer)) for q in entry.variants}) < len(entry.variants):
            message = "two variants are the same question: the stem names no parameter that differs"
            yield _problem(name, entry.first.line, "equal_variants", message, ERROR)


def _lint_question(
    question: Question, folder: Path, known: Mapping[str, str]
) -> Iterator[tuple[str, tuple[str, bool]]]:
    for rule in RULES:
        for found in rule(question):
            yield rule.__name__, found
    for found in broken_markup(question, folder):
        yield "broken_markup", found
    for found in unknown_misconception(question, known):
        yield "unknown_misconception", found


def _problem(path: str, line: int, rule: str, message: str, is_error: bool) -> Problem:  # noqa: FBT001
    name = rule.replace("_", "-")
    return Problem(path=path, line=line, rule=name, message=message, is_error=is_error)


def _every_question(found: Parsed, name: str) -> Iterator[Question | Problem]:
    """Yield the question of every combination of parameters, not only of the variants drawn.

    What cannot be built in a combination that is not drawn is a problem too; the others are told
    as problems of syntax.
    """
    assert found.quiz is not None
    built = {entry.question_id for entry in found.quiz.entries}
    for draft in found.drafts:
        if draft.question_id in built:
            try:
                yield from islice(all_combinations(draft, found.rule), MOST_COMBINATIONS)
            except LineError as error:
                message = f"in a combination that is not drawn: {error.message}"
                yield _problem(name, error.line, "every_combination", message, ERROR)


def _lint_pairs(quizzes: Sequence[Quiz]) -> Iterator[Problem]:
    """Ids are unique in the bank, and twins name each other across the tests of a lecture."""
    home: dict[str, tuple[Quiz, Question]] = {}
    for quiz in quizzes:
        for entry in quiz.entries:
            question = entry.first
            complain = partial(
                _problem, f"{quiz.folder.name}/{quiz.quiz_id}{SUFFIX}", question.line
            )
            if question.question_id in home:
                other = home[question.question_id][0].quiz_id
                yield complain("equal_ids", f"the id is in '{other}' too", ERROR)
            home[question.question_id] = (quiz, question)
    for quiz, question in home.values():
        complain = partial(_problem, f"{quiz.folder.name}/{quiz.quiz_id}{SUFFIX}", question.line)
        message = _pair_problem(quiz, question, home)
        if message:
            yield complain("pair", message, ERROR)


def _pair_problem(quiz: Quiz, question: Question, home: Mapping[str, tuple[Quiz, Question]]) -> str:
    if not question.pair:
        return ""
    if question.pair not in home:
        return f"there is no question '{question.pair}' to pair with"
    other, twin = home[question.pair]
    if twin.pair != question.question_id:
        return f"'{question.pair}' does not name this question as its pair"
    if {quiz.role, other.role} != {Role.PRE, Role.POST} or quiz.lecture != other.lecture:
        return f"'{question.pair}' is not in the other test of lecture {quiz.lecture}"
    return ""
