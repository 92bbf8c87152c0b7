"""`dlab quiz export`: a quiz for an LMS, for programs, or on paper."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.commands.quiz_bank import warn_of_errors
from cli.options import json_option
from cli.setting import Setting, pass_setting

if TYPE_CHECKING:
    from grader.quiz.export.target import Wish
    from grader.quiz.model import Quiz, Rule

# option -> targets that heed it; given to another it would mean nothing
HEEDED = {
    "moodle": ("moodle-xml",),
    "copies": ("html", "pdf"),
    "with_key": ("html", "pdf"),
    "whole_points": ("canvas", "olx"),
}
VERSION = re.compile(r"(\d{1,2})(?:\.(\d{1,2}))?(?:\.\d+)?\+?")


@click.command()
@click.argument("quizzes", nargs=-1, metavar="[QUIZ]...")
@click.option("--to", "target", required=True, metavar="TARGET", help="What for; see below.")
@click.option("--out", default=".", metavar="DIR", help="Folder to write to; default: here.")
@click.option("--moodle", default="4.4", metavar="VERSION", help="moodle-xml: your site's version.")
@click.option("--copies", type=click.IntRange(1, 500), default=1, help="html, pdf: how many.")
@click.option(
    "--key", "with_key", is_flag=True, help="html, pdf: their key too, in a file of its own."
)
@click.option(
    "--whole-points",
    is_flag=True,
    help="canvas, olx: answers that would earn a part of the points earn none.",
)
@click.option("--scoring", metavar="RULE", help="Rule for several right options.")
@click.option("--without", multiple=True, metavar="QUESTION", help="Leave a question out.")
@click.option("--all", "is_all", is_flag=True, help="Every quiz of the bank.")
@json_option
@pass_setting
def export(
    setting: Setting,
    /,
    quizzes: tuple[str, ...],
    target: str,
    out: str,
    *,
    moodle: str,
    copies: int,
    with_key: bool,
    whole_points: bool,
    scoring: str | None,
    without: tuple[str, ...],
    is_all: bool,
    as_json: bool,
) -> None:
    """Write a quiz for an LMS, or to print.

    QUIZ is an id, such as session1-pre, or a path of a .quiz.md file. Each quiz
    becomes one file, whose path is printed. What a target cannot carry is
    refused, naming the question; then nothing is written, of any quiz. With
    --scoring, --whole-points and --without you decide what is done instead.

    \b
    TARGET:
      moodle-xml  Moodle question bank     csv   one row an answer
      gift        GIFT, to be read         json  the whole model
      canvas      Canvas (QTI 1.2)         html  to print, with answer sheet
      qti21       QTI 2.1 package          pdf   the same, as PDF
      qti3        QTI 3.0 package
      olx         Open edX course

    \b
    Examples:
      dlab quiz export session1-pre --to moodle-xml
      dlab quiz export session3-pre --to moodle-xml --moodle 4.3
      dlab quiz export --all --to qti3 --out packages
      dlab quiz export session1-pre --to pdf --copies 4 --key
      dlab quiz export session3-pre --to olx --scoring each --whole-points
            --without s3-order

    \b
    Exit code:
      0  everything is written
      2  there is no such quiz or target, or DIR cannot be written to
      3  a quiz is wrong, or a question cannot be carried; nothing is written
    """
    from grader.quiz.export.adapt import with_rule
    from grader.quiz.export.adapt import without as leave_out
    from grader.quiz.export.bundle import advice, render, store
    from grader.quiz.export.target import Wish, find_target

    find_target(target)
    _hold_heeded(target)
    wish = Wish(
        moodle=_version(moodle), copies=copies, with_key=with_key, whole_points=whole_points
    )
    chosen = leave_out(_chosen(setting, quizzes, is_all=is_all), without)
    if scoring is not None:
        chosen = tuple(with_rule(quiz, _rule(scoring)) for quiz in chosen)
    paths = store(Path(out), render(chosen, target, wish))
    if as_json:
        click.echo(json.dumps(_listing(chosen, paths, target, wish), indent=2))
        return
    for path in paths:
        click.echo(path)
    warn_of_errors(setting.course(), chosen)
    for line in advice(chosen, target, wish):
        click.echo(line, err=True)


def _hold_heeded(target: str) -> None:
    """Refuse an option that the target would not heed."""
    context = click.get_current_context()
    for name, targets in HEEDED.items():
        given = context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        if given and target not in targets:
            option = next(p.opts[0] for p in context.command.params if p.name == name)
            raise click.UsageError(f"{option} is for --to {' or '.join(targets)}, not {target}.")


def _rule(name: str) -> "Rule":
    from grader.quiz.model import Rule

    try:
        return Rule(name)
    except ValueError as error:
        names = ", ".join(rule.value for rule in Rule)
        raise click.UsageError(f"--scoring is one of {names}, not '{name}'.") from error


def _version(text: str) -> tuple[int, int]:
    match = VERSION.fullmatch(text.strip())
    if match is None:
        raise click.UsageError(f"--moodle is a version such as 4.3, not '{text}'.")
    return int(match[1]), int(match[2] or 0)


def _chosen(setting: Setting, names: tuple[str, ...], *, is_all: bool) -> "tuple[Quiz, ...]":
    """Return the quizzes that are asked for, each once."""
    from grader.quiz.source import find_quiz, read_bank

    if bool(names) == is_all:
        raise click.UsageError("Name quizzes, or give --all; not both.")
    course = setting.course()
    found = read_bank(course) if is_all else tuple(find_quiz(course, name) for name in names)
    quizzes = {quiz.quiz_id: quiz for quiz in found}
    for quiz in found:
        if quiz.folder.resolve() != quizzes[quiz.quiz_id].folder.resolve():
            raise click.UsageError(f"Two files are called '{quiz.quiz_id}'; export one at a time.")
    if not quizzes:
        raise click.UsageError(f"There are no quizzes in {course.quizzes}.")
    return tuple(quizzes.values())


def _listing(
    quizzes: "tuple[Quiz, ...]", paths: tuple[Path, ...], target: str, wish: "Wish"
) -> dict[str, object]:
    from grader.quiz.export.bundle import advice

    files = [
        {"quiz": quiz.quiz_id, "path": str(path), "bytes": path.stat().st_size}
        for quiz, path in zip(quizzes, paths, strict=True)
    ]
    return {"target": target, "files": files, "advice": list(advice(quizzes, target, wish))}
