"""`dlab status`: where a student stands."""

import json
from typing import TYPE_CHECKING

import click

from cli.options import json_option
from cli.render import print_status
from cli.setting import Setting, pass_setting
from grader.api import list_labs, public_score, status_of

if TYPE_CHECKING:
    from grader.progress import Status


@click.command()
@json_option
@pass_setting
def status(setting: Setting, /, *, as_json: bool) -> None:
    """Show where you stand with each lab.

    It looks below the folder you are in; points are those of the last full run of `dlab check`.

    \b
    Example:
      dlab status
    """
    found = [status_of(lab) for lab in list_labs(setting.course())]
    if as_json:
        click.echo(json.dumps([_as_data(entry) for entry in found], indent=2))
    else:
        print_status(found, setting)


def _as_data(status: "Status") -> dict[str, object]:
    score = public_score(status.report) if status.report else None
    return {
        "lab_id": status.lab.lab_id,
        "folder": str(status.folder) if status.folder else "",
        "is_started": status.folder is not None,
        "unwritten": status.look.unwritten,
        "missing": status.look.missing,
        "public_points": score.points if score else None,
        "public_max_points": score.max_points if score else None,
        "checked_at": status.report.graded_at if status.report else "",
        "is_checked": status.is_checked,
        "submitted_at": status.submitted_at,
        "is_submitted": status.is_submitted,
    }
