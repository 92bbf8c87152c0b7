"""`dlab explain`: all about one grade."""

from pathlib import Path

import click

from cli.render_batch import print_explanation, print_reports_json
from cli.setting import Setting, pass_setting


@click.command()
@click.argument("student")
@click.argument("lab", default="")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("results"),
    show_default=True,
    help="Where the results are.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the reports as JSON and nothing else.")
@pass_setting
def explain(setting: Setting, /, student: str, lab: str, *, out: Path, as_json: bool) -> None:
    """Show all about STUDENT's grade in LAB, or in every lab that was graded.

    For staff: hidden inputs and expected values are shown. The last line is the command that
    grades the same submission again in the same way.

    \b
    Example:
      dlab explain ada lab2 --out results
    """
    from grader.gradebook import find_results
    from grader.labs import find_lab

    lab_id = find_lab(setting.course(), lab).lab_id if lab else ""
    reports = find_results(out, student, lab_id)
    if as_json:
        print_reports_json(reports)
        return
    for report in reports:
        print_explanation(report, out, setting)
