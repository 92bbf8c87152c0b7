"""`dlab quiz analyse`: which questions work, and what the class learned."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import json_option
from cli.setting import Setting, pass_setting

if TYPE_CHECKING:
    from grader.quiz.analysis.session import Analysis

DEFAULT_OUT = Path("results")


@click.command()
@click.argument("wanted", metavar="SESSION_OR_QUIZ")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEFAULT_OUT,
    show_default=True,
    help="Where `dlab quiz import` and `dlab grade` put the results.",
)
@click.option(
    "--html",
    "page",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a page with every question and its answers. It holds the keys.",
)
@click.option("--with-late", is_flag=True, help="Count attempts that ended after the deadline.")
@click.option("--full", is_flag=True, help="Print the answers to every question, too.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Draws the resampled classes of the intervals.",
)
@json_option
@pass_setting
def analyse(
    setting: Setting,
    /,
    wanted: str,
    *,
    out: Path,
    page: Path | None,
    with_late: bool,
    full: bool,
    seed: int,
    as_json: bool,
) -> None:
    """Show which questions of a test work, and what the class learned.

    SESSION_OR_QUIZ is a quiz, or what the quizzes of a session begin with:
    session3 is session3-pre and session3-post, compared on the questions that
    name each other with `pair=`.

    Nothing is shown of fewer than 5 students, and only shares of fewer than
    20. No student is named anywhere.

    \b
    Examples:
      dlab quiz analyse session3
      dlab quiz analyse session3 --html session3.html
      dlab quiz analyse session3-post --full
      dlab quiz analyse session3 --json

    \b
    Exit code:
      0  done
      2  no such quiz, no attempts, or too few for anything to be shown
      3  a file of the bank breaks a rule
    """
    from grader.quiz.analysis.session import Wish, analyse

    course = setting.course()
    found = analyse(course, wanted, Wish(out=out, has_late=with_late, seed=seed))
    if page:
        _write(page, found)
    if as_json:
        from grader.quiz.analysis.plain import as_json as to_json

        click.echo(to_json(found), nl=False)
        return
    from cli.render_quiz_analyse import print_analysis

    typed = [wanted] if out == DEFAULT_OUT else [wanted, "--out", str(out)]
    print_analysis(found, setting, is_full=full, again=shlex.join(typed))


def _write(page: Path, found: "Analysis") -> None:
    from grader.errors import RequestError
    from grader.quiz.analysis.page import as_html
    from grader.result import write_atomically

    try:
        write_atomically(page, as_html(found))
    except OSError as error:
        raise RequestError(f"{page} cannot be written: {error.strerror}.") from error
    click.echo(f"Written: {page} (it holds the keys)", err=True)
