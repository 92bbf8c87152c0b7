"""`dlab bench`: the lectures' numbers beside the reference's."""

import dataclasses
import json

import click

from cli.options import dataset_option, json_option
from cli.render_proof import print_yardsticks
from cli.screen import Screen
from cli.setting import Setting, pass_setting


@click.command()
@click.argument("labs", nargs=-1, metavar="[LAB]...")
@dataset_option
@click.option(
    "--device", type=click.Choice(["cpu", "cuda"]), default="cpu", help="Where torch computes."
)
@json_option
@pass_setting
def bench(
    setting: Setting, /, labs: tuple[str, ...], *, data: str, device: str, as_json: bool
) -> None:
    """Run the references and print what they reach beside the lectures' numbers.

    Needs the course's solutions. Without LAB: every lab that has yardsticks.

    \b
    Examples:
      dlab bench lab3 --data mnist
      dlab bench --json
    """
    from grader.labs import find_lab
    from grader.yardstick import labs_with_yardsticks, run_yardsticks

    screen, course = Screen(setting), setting.course()
    wanted = tuple(find_lab(course, lab) for lab in labs) or labs_with_yardsticks(course)
    found = []
    for yardstick in run_yardsticks(course, wanted, dataset=data, device=device):
        found.append(yardstick)
        if not as_json:
            print_yardsticks(yardstick, screen)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(entry) for entry in found], indent=2))
    elif not found:
        screen.line("None of these labs has yardsticks on this dataset.")
