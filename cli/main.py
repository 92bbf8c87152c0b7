"""The command `dlab`: finds the command that is asked for, and puts every error into one line."""

import os
import sys
import traceback
from typing import Any, NoReturn

import click

from cli.exit import EXIT_CANNOT_GRADE, EXIT_INTERRUPTED, code_of_error
from cli.lazy import Failure, LazyGroup
from cli.setting import Setting, pass_setting
from grader.api import __version__
from grader.errors import DlabError

# name -> (module that has the command under its name, what `dlab --help` says), in its order
COMMANDS: dict[str, tuple[str, str]] = {
    "labs": ("cli.commands.labs", "List the labs, or what one lab is graded on."),
    "start": ("cli.commands.start", "Begin a lab: copy its stub and its statement."),
    "check": ("cli.commands.check", "Run a lab's public checks on your work."),
    "hint": ("cli.commands.hint", "Show the next hint for a check that fails."),
    "status": ("cli.commands.status", "Show where you stand with each lab."),
    "submit": ("cli.commands.submit", "Pack your work into one zip to hand in."),
    "grade": ("cli.commands.grade", "Grade a folder of submissions."),
    "explain": ("cli.commands.explain", "Show all about one student's grade."),
    "export": ("cli.commands.export", "Write the grades for an LMS or a spreadsheet."),
    "validate": ("cli.commands.validate", "Prove that a lab's checks are fair."),
    "calibrate": ("cli.commands.calibrate", "Measure what a lab's thresholds separate."),
    "bench": ("cli.commands.bench", "Print what the references reach beside the lectures."),
    "quiz": ("cli.commands.quiz", "Take, publish, export, import and analyse quizzes."),
    "data": ("cli.commands.data", "Show, fetch and verify the datasets."),
    "demo": ("cli.commands.demo", "Show what dlab does, on a sample class."),
    "doctor": ("cli.commands.doctor", "Find out what this machine can and cannot do."),
}


class Dlab(LazyGroup):
    """The one place where errors become text."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what it raises ends as text on stderr and an exit code."""
        try:
            return super().invoke(ctx)
        except DlabError as error:
            raise Failure(str(error), code_of_error(error)) from error
        except (KeyboardInterrupt, click.Abort):
            click.echo("Interrupted.", err=True)
            ctx.exit(EXIT_INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise  # click ends these itself
        except Exception as error:  # never mistaken for lost points
            raise Failure(_own_fault(error), EXIT_CANNOT_GRADE) from error


def _own_fault(error: Exception) -> str:
    """Say that dlab itself failed; with DLAB_TRACEBACK set, where."""
    if os.environ.get("DLAB_TRACEBACK"):
        click.echo("".join(traceback.format_exception(error)), err=True)
    return (
        f"dlab itself failed, this is not your fault: {type(error).__name__}: {error}. "
        "Please report it; with DLAB_TRACEBACK=1 set it says where."
    )


@click.group(cls=Dlab, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--course", metavar="DIR", default="", help="Folder of the course's course.toml.")
@click.option("--no-color", is_flag=True, help="Print without colour, as with NO_COLOR set.")
@click.version_option(__version__, "-V", "--version", prog_name="dlab")
@pass_setting
def dlab(setting: Setting, /, course: str, *, no_color: bool) -> None:
    """Deep-learning labs that check themselves.

    \b
    A lab, from beginning to end:
      dlab start lab1     copy the stub into the folder lab1
      dlab check lab1     see what is right, what is not, and why
      dlab hint lab1      when you are stuck
      dlab submit lab1    pack what you hand in
    """
    setting.course_named = course or setting.course_named
    setting.has_color = setting.has_color and not no_color


def main() -> NoReturn:
    """Run dlab; a character the terminal cannot show is written as an escape."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # for arrays as small as ours threads only spin
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    dlab(prog_name="dlab")
    sys.exit(EXIT_CANNOT_GRADE)  # not reached: click exits


if __name__ == "__main__":
    main()
