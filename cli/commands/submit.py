"""`dlab submit`: packs what is handed in, after saying what that is."""

import json

import click

from cli.exit import EXIT_POINTS_LOST
from cli.options import json_option
from cli.render import print_package, print_written
from cli.setting import Setting, pass_setting
from grader.api import find_lab, find_path, pack, write_package


@click.command()
@click.argument("lab")
@click.argument("path", default="")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--out", metavar="FILE", default="", help="Name of the zip.  [default: LAB_submission.zip]"
)
@json_option
@pass_setting
def submit(setting: Setting, /, lab: str, path: str, *, yes: bool, out: str, as_json: bool) -> None:
    """Pack your work into one zip to hand in.

    It first says what goes into the zip, what does not, and what is not written yet. Nothing is
    run and nothing leaves this machine. Without a terminal it does not ask.

    \b
    Examples:
      dlab submit lab2
      dlab submit lab2 work --out mine.zip --yes
    """
    found = find_lab(setting.course(), lab)
    package = pack(found, find_path(found, path))
    if not as_json:
        print_package(package, setting)
        if not yes and setting.is_interactive():
            _ask()
    target, manifest = write_package(package, out)
    if not as_json:
        print_written(target, setting)
        return
    data = {
        "zip": str(target),
        "manifest": manifest,
        "left_out": package.left_out,
        "unwritten": package.look.unwritten,
        "missing": package.look.missing,
        "problem": package.look.problem,
    }
    click.echo(json.dumps(data, indent=2))


def _ask() -> None:
    if not click.confirm("Write the zip?", default=True, err=True):
        click.echo("Nothing was written.", err=True)
        click.get_current_context().exit(EXIT_POINTS_LOST)
