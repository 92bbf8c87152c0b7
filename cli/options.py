"""Options that several commands share, worded once."""

import click

from cli.setting import Setting
from grader.api import Course

json_option = click.option("--json", "as_json", is_flag=True, help="JSON and nothing else.")
sandbox_option = click.option(
    "--sandbox",
    type=click.Choice(["auto", "bwrap", "plain"]),
    default="auto",
    show_default=True,
    help="What submissions run in.",
)
dataset_option = click.option(
    "--data", metavar="NAME", default="", help="Dataset, if the lab has several."
)
figures_option = click.option(
    "--figures", "with_figures", is_flag=True, help="Draw losses, images and the like as PNG files."
)


def course_of(context: click.Context) -> Course:
    """Return the course in force."""
    return context.ensure_object(Setting).course()
