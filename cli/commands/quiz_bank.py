"""`dlab quiz list`, `lint` and `publish`: what a lecturer does with the bank."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.exit import EXIT_CONTENT, EXIT_OK
from cli.options import json_option
from cli.setting import Setting, pass_setting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course import Course
    from grader.quiz.model import Quiz
    from grader.quiz.source import Problem


@click.command("list")
@json_option
@pass_setting
def list_(setting: Setting, /, *, as_json: bool) -> None:
    """List the quizzes of the bank, their types and tags.

    \b
    Example:
      dlab quiz list
    """
    from cli.render_bank import print_bank
    from grader.quiz.misconceptions import lab_mistakes
    from grader.quiz.source import read_bank

    course = setting.course()
    quizzes = read_bank(course)
    if as_json:
        click.echo(json.dumps([_summary(quiz) for quiz in quizzes], indent=2))
    else:
        print_bank(quizzes, lab_mistakes(course), setting)


def _summary(quiz: "Quiz") -> dict[str, object]:
    return {
        "quiz": quiz.quiz_id,
        "title": quiz.title,
        "lecture": quiz.lecture,
        "role": quiz.role.value,
        "minutes": quiz.minutes,
        "points": quiz.points,
        "questions": [
            {
                "id": entry.question_id,
                "kind": entry.first.kind,
                "points": entry.first.points,
                "variants": len(entry.variants),
                "tags": list(entry.first.tags),
                "pair": entry.first.pair,
            }
            for entry in quiz.entries
        ],
    }


@click.command()
@click.argument("quizzes", nargs=-1, metavar="[QUIZ]...")
@click.option("--to", "targets", multiple=True, metavar="TARGET", help="Also try this export.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@json_option
@pass_setting
def lint(
    setting: Setting,
    /,
    quizzes: tuple[str, ...],
    targets: tuple[str, ...],
    *,
    strict: bool,
    as_json: bool,
) -> None:
    """Find what is wrong in the bank, with line numbers.

    Every combination of a question's parameters is looked at, not only the
    variants that are drawn.

    \b
    Examples:
      dlab quiz lint
      dlab quiz lint session3-pre --to canvas --to moodle-xml

    \b
    Exit code:
      0  nothing is wrong (warnings are for you to judge)
      3  there are errors
    """
    from grader.quiz.export.target import problems_of_export
    from grader.quiz.lint import lint as lint_bank
    from grader.quiz.source import find_id

    course = setting.course()
    wanted = tuple(find_id(course, name) for name in quizzes)
    bank, problems = lint_bank(course, wanted)
    chosen = [quiz for quiz in bank if not wanted or quiz.quiz_id in wanted]
    problems += problems_of_export(chosen, targets)
    is_bad = any(problem.is_error or strict for problem in problems)
    if as_json:
        click.echo(json.dumps([_as_data(problem) for problem in problems], indent=2))
    else:
        for problem in problems:
            click.echo(problem)
        click.echo(_verdict(chosen, problems), err=True)
    click.get_current_context().exit(EXIT_CONTENT if is_bad else EXIT_OK)


def _as_data(problem: "Problem") -> dict[str, object]:
    return {
        "path": problem.path,
        "line": problem.line,
        "rule": problem.rule,
        "message": problem.message,
        "is_error": problem.is_error,
    }


def _verdict(quizzes: "list[Quiz]", problems: "tuple[Problem, ...]") -> str:
    counts = Counter("errors" if problem.is_error else "warnings" for problem in problems)
    questions = [entry for quiz in quizzes for entry in quiz.entries]
    variants = sum(len(entry.variants) for entry in questions if len(entry.variants) > 1)
    found = f"{_many(counts['errors'], 'error')}, {_many(counts['warnings'], 'warning')}"
    tests = f"{len(quizzes)} quizzes" if len(quizzes) != 1 else "1 quiz"
    return f"{tests}, {_many(len(questions), 'question')}, {_many(variants, 'variant')}: {found}"


def warn_of_errors(course: "Course", quizzes: "Sequence[Quiz]") -> None:
    """Say on stderr what lint would say of quizzes that are about to leave the house."""
    from grader.quiz.lint import lint as lint_bank
    from grader.quiz.source import SUFFIX

    own = [quiz for quiz in quizzes if quiz.folder.resolve() == course.quizzes.resolve()]
    if not own:
        return
    counts = Counter(problem.path for problem in lint_bank(course)[1] if problem.is_error)
    for quiz in own:
        if count := counts[f"{course.quizzes.name}/{quiz.quiz_id}{SUFFIX}"]:
            found = f"lint finds {_many(count, 'error')}; see `dlab quiz lint {quiz.quiz_id}`"
            click.echo(f"{quiz.quiz_id}: {found}", err=True)


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


@click.command()
@click.argument("quizzes", nargs=-1, metavar="[QUIZ]...")
@click.option("--out", default=".", metavar="DIR", help="Folder to write to; default: here.")
@click.option("--practice", is_flag=True, help="Keep the keys, for practice with feedback.")
@click.option("--seed", default=0, show_default=True, help="Deals orders and numbers.")
@click.option("--all", "is_all", is_flag=True, help="Every quiz of the bank.")
@pass_setting
def publish(
    setting: Setting,
    /,
    quizzes: tuple[str, ...],
    out: str,
    seed: int,
    *,
    practice: bool,
    is_all: bool,
) -> None:
    """Write what students receive: no keys in it.

    The file holds the questions and nothing that tells an answer: no ticks, no
    numbers, no feedback, no explanations. Each student's own order and numbers
    follow from --seed and the student's id. It is not the course's grading seed:
    that one must never reach a student.

    With --practice the keys are in it, and it says so: whoever has the file can
    read them.

    \b
    Examples:
      dlab quiz publish session1-pre
      dlab quiz publish --all --practice --out handouts
    """
    from grader.quiz.misconceptions import for_students
    from grader.quiz.publish import PUBLISHED_SUFFIX, published
    from grader.quiz.source import find_quiz, read_bank
    from grader.result import write_atomically

    course = setting.course()
    if not quizzes and not is_all:
        raise click.UsageError("Name a quiz, or give --all.")
    bank = read_bank(course) if is_all else tuple(find_quiz(course, name) for name in quizzes)
    known = for_students(course) if practice else {}
    texts = [published(quiz, known, seed=seed, is_practice=practice) for quiz in bank]
    for quiz, text in zip(bank, texts, strict=True):
        path = Path(out) / f"{quiz.quiz_id}{PUBLISHED_SUFFIX}"
        write_atomically(path, text)
        click.echo(path)
    warn_of_errors(course, bank)
    kept = "The keys are in these files." if practice else "No key is in these files."
    click.echo(kept, err=True)
