"""`dlab doctor`: what this machine can and cannot do."""

import json

import click

from cli.exit import EXIT_OK, EXIT_POINTS_LOST
from cli.options import json_option
from cli.render import print_findings
from cli.setting import Setting, pass_setting
from grader.api import run_doctor


@click.command()
@json_option
@pass_setting
def doctor(setting: Setting, /, *, as_json: bool) -> None:
    """Find out what this machine can and cannot do.

    What is missing comes with the way to get it. The exit code is 1 if anything is.

    \b
    Example:
      dlab doctor
    """
    findings = run_doctor(setting.course_named)
    if as_json:
        keys = ("name", "ok", "detail", "how_to_fix")
        data = [dict(zip(keys, finding, strict=True)) for finding in findings]
        click.echo(json.dumps(data, indent=2))
    else:
        print_findings(findings, setting)
    is_fine = all(ok for _, ok, _, _ in findings)
    click.get_current_context().exit(EXIT_OK if is_fine else EXIT_POINTS_LOST)
