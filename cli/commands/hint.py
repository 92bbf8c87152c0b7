"""`dlab hint`: a nudge, never the answer."""

import click

from cli.render import print_hint
from cli.setting import Setting, pass_setting
from grader.api import find_lab, find_path, next_hint


@click.command()
@click.argument("lab")
@click.argument("check", default="")
@click.option(
    "--path", metavar="PATH", default="", help="Your file or folder, if not in the usual place."
)
@pass_setting
def hint(setting: Setting, /, lab: str, check: str, path: str) -> None:
    """Show the next hint for a check that fails.

    Without CHECK it is the first check that failed when `dlab check` last ran. Hints go from
    gentle to direct; none is code.

    \b
    Examples:
      dlab hint lab2
      dlab hint lab2 softmax_rows
    """
    found = find_lab(setting.course(), lab)
    print_hint(found, next_hint(found, find_path(found, path), check), setting)
