"""`dlab demo`: all of dlab in three minutes."""

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.exit import EXIT_CANNOT_GRADE, EXIT_CONTENT, EXIT_OK, code_of_report
from cli.render_batch import BatchScreen
from cli.render_check import CheckScreen
from cli.screen import Screen
from cli.setting import Setting, pass_setting
from grader.api import Course, Wish, open_check
from grader.errors import RequestError

if TYPE_CHECKING:
    from grader.batch import Batch
    from grader.demo import Scene


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-results"),
    show_default=True,
    help="Where the results go.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    help="How many submissions at once; default: one a core.",
)
@pass_setting
def demo(setting: Setting, /, *, out: Path, jobs: int | None) -> None:
    """Show what dlab does, on a sample class.

    Checks a submission of every lab as a student sees it, then grades a class
    of 24 in labs 1 and 2 as staff see it, and what the class answered before
    and after a lecture. Takes two or three minutes and needs neither network
    nor GPU.

    \b
    Examples:
      dlab demo
      dlab demo --out shown --jobs 4

    \b
    Exit code:
      0  the demo ran; lost points are part of it
      2  wrong usage, or this is not dlab's repository
      3  the course itself is broken
      4  a submission could not be graded
    """
    from grader.demo import plan_demo

    course = setting.course()
    plan = plan_demo(course, out=out, jobs=jobs)
    screen = Screen(setting)
    codes = [_check(scene, course, setting) for scene in plan.scenes]
    codes += [_grade(batch, setting) for batch in plan.batches]
    _analyse(course, out, setting)
    of_class = [scene for scene in plan.scenes if scene.student]
    wrong = next(scene for scene in reversed(of_class) if not scene.is_right)
    folder = min(os.path.relpath(plan.batches[-1].folder), str(plan.batches[-1].folder), key=len)
    _print_title(screen, "What to try next")
    screen.line(f"The results are in {out}.")
    for rest in (
        f"explain {wrong.student} {wrong.lab.short_id} --out {_quoted(out)}",
        f"check {wrong.lab.short_id} {_quoted(wrong.folder)}",
        f"grade {wrong.lab.short_id} {_quoted(folder)} --out {_quoted(out)} --force",
        f"export --out {_quoted(out)}",
        "quiz take session2-pre",
        "start lab1",
    ):
        screen.out.print(f"  {setting.command(rest)}", style="cyan")  # never wrapped: to be copied
    click.get_current_context().exit(max(codes, default=EXIT_OK))


def _check(scene: "Scene", course: Course, setting: Setting) -> int:
    """Show one submission as its student sees it."""
    from grader.demo import missing_packages

    kind = "a right answer" if scene.is_right else "a wrong answer"
    title = f"What a student sees of {scene.lab.short_id}: {kind}"
    screen = Screen(setting)
    _print_title(screen, title)
    if missing := missing_packages(scene.lab):
        screen.line(f"Left out: {', '.join(missing)} is not installed. `pip install 'dlab[labs]'`.")
        return EXIT_OK
    with open_check(course, scene.lab.lab_id, Wish(path=str(scene.folder))) as own:
        shown = CheckScreen(own, setting)
        shown.header()
        report = own.run(shown.observe)
        shown.footer(report, is_verbose=False)
    code = code_of_report(report)
    return code if code in (EXIT_CONTENT, EXIT_CANNOT_GRADE) else EXIT_OK


def _grade(batch: "Batch", setting: Setting) -> int:
    """Grade the class and show the table."""
    from grader.batch import grade_folder
    from grader.demo import find_surprises

    _print_title(Screen(setting), f"What staff see of {batch.lab.short_id}: the class")
    shown = BatchScreen(batch, setting, is_quiet=False)
    with shown.progress() as progress:
        reports = grade_folder(batch, progress)
    shown.print_class(reports)
    return EXIT_CANNOT_GRADE if find_surprises(batch, reports) else EXIT_OK


def _analyse(course: Course, out: Path, setting: Setting) -> None:
    """Show what the class learned in one session, from its answers to two tests."""
    from cli.render_quiz_analyse import print_analysis
    from grader.demo import SESSION, analyse_answers

    screen = Screen(setting)
    _print_title(screen, "What staff see of a session: its entry test and its exit test")
    try:
        found = analyse_answers(course, out)
    except RequestError as error:
        screen.line(f"Left out: {error}")
        return
    again = f"{SESSION} --out {_quoted(out)}"
    print_analysis(found, setting, is_full=False, again=again)


def _print_title(screen: Screen, text: str) -> None:
    screen.line()
    screen.line(f"--- {text} ---", style="bold cyan")
    screen.line()


def _quoted(path: object) -> str:
    return shlex.quote(str(path))
