"""`dlab quiz`: a test before and after every lecture. Its commands are in modules beside this."""

import click

from cli.lazy import LazyGroup

# name -> (module that has the command under its name, what `dlab quiz --help` says), in its order
COMMANDS: dict[str, tuple[str, str]] = {
    "take": ("cli.commands.quiz_take", "Take a quiz in the terminal, against the clock."),
    "list": ("cli.commands.quiz_bank", "List the quizzes of the bank, their types and tags."),
    "lint": ("cli.commands.quiz_bank", "Find what is wrong in the bank, with line numbers."),
    "publish": ("cli.commands.quiz_bank", "Write what students receive: no keys in it."),
    "export": ("cli.commands.quiz_export", "Write a quiz for an LMS, or to print."),
    "serve": ("cli.commands.quiz_serve", "Give a test in the classroom, from your own machine."),
    "import": ("cli.commands.quiz_import", "Take the responses back, and score them."),
    "analyse": ("cli.commands.quiz_analyse", "Which questions work, and what the class learned."),
}


@click.group(cls=LazyGroup, table=COMMANDS)
def quiz() -> None:
    """Take, publish, export, import and analyse quizzes.

    \b
    Example, as a student:
      dlab quiz take session1-pre.quiz.json
    Examples, as a lecturer:
      dlab quiz lint                                 is the bank sound?
      dlab quiz publish session1-pre                 for `dlab quiz take`
      dlab quiz export session1-pre --to moodle-xml  or for the LMS
      dlab quiz import session1-pre responses.csv    take the answers back
      dlab quiz analyse session1                     what works, what was learned
    """
