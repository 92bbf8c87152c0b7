"""`dlab labs`: what there is, and what it is graded on."""

import json

import click

from cli.options import json_option
from cli.render import print_labs, print_rubric
from cli.setting import Setting, pass_setting
from grader.api import find_lab, list_labs
from grader.model import Lab


@click.command()
@click.argument("lab", default="")
@json_option
@pass_setting
def labs(setting: Setting, /, lab: str, *, as_json: bool) -> None:
    """List the labs, or what one lab is graded on.

    With LAB it lists every check, hidden ones too: their inputs are hidden, their goals are not.

    \b
    Examples:
      dlab labs
      dlab labs lab2
    """
    course = setting.course()
    found = (find_lab(course, lab),) if lab else list_labs(course)
    if as_json:
        click.echo(json.dumps([_as_data(entry) for entry in found], indent=2))
    elif lab:
        print_rubric(found[0], setting)
    else:
        print_labs(course.title, found, setting)


def _as_data(lab: Lab) -> dict[str, object]:
    return {
        "lab_id": lab.lab_id,
        "title": lab.title,
        "file": lab.file,
        "packages": lab.packages,
        "datasets": lab.datasets,
        "lectures": lab.lectures,
        "checks": [
            {
                "check_id": check.check_id,
                "title": check.title,
                "points": check.points,
                "visibility": check.visibility.value,
                "functions": check.functions,
            }
            for check in lab.checks
        ],
    }
