"""`dlab start`: the first step of a lab."""

import click

from cli.render import print_started
from cli.setting import Setting, pass_setting
from grader.api import find_lab, start_lab


@click.command()
@click.argument("lab")
@click.option("--into", metavar="DIR", default="", help="Where to put the files.  [default: LAB]")
@pass_setting
def start(setting: Setting, /, lab: str, into: str) -> None:
    """Begin a lab: copy its stub and its statement.

    Files that are there already are left as they are.

    \b
    Examples:
      dlab start lab2                  makes lab2/lab2.py and lab2/README.md
      dlab start lab2 --into work      makes work/lab2.py and work/README.md
    """
    course = setting.course()
    print_started(find_lab(course, lab), start_lab(course, lab, into), into, setting)
