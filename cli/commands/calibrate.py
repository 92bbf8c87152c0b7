"""`dlab calibrate`: measure what a threshold separates."""

import click

from cli.options import dataset_option
from cli.render_proof import print_calibrations, print_calibrations_json
from cli.screen import Screen
from cli.setting import Setting, pass_setting


@click.command()
@click.argument("lab")
@click.option(
    "--seeds", type=click.IntRange(min=3), default=20, show_default=True, help="Runs of each."
)
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), default=2, show_default=True, help="Processes."
)
@click.option("--write", is_flag=True, help="Write calibration.json beside the hidden checks.")
@click.option(
    "--sandbox",
    type=click.Choice(["auto", "bwrap", "plain"]),
    default="auto",
    help="Where the programs run.",
)
@click.option(
    "--mistake-seeds",
    type=click.IntRange(min=2),
    help="Runs of each mistake, where one takes long; default: as many.",
)
@click.option(
    "--named-only", is_flag=True, help="Only mistakes that say a training check catches them."
)
@dataset_option
@click.option(
    "-k", "words", metavar="WORD", multiple=True, help="Only mistakes with WORD in their names."
)
@click.option("--json", "as_json", is_flag=True, help="Print the distributions as JSON.")
@pass_setting
def calibrate(
    setting: Setting,
    /,
    lab: str,
    *,
    seeds: int,
    jobs: int,
    write: bool,
    sandbox: str,
    mistake_seeds: int | None,
    named_only: bool,
    data: str,
    words: tuple[str, ...],
    as_json: bool,
) -> None:
    """Measure what the training checks of LAB separate.

    Runs the reference, the second solutions and every mistake over many seeds; proposes the bar,
    states how often a correct program would miss it, and names the mistakes it cannot see.

    \b
    Example:
      dlab calibrate lab2 --seeds 20 --write
    """
    from grader.calibrate import calibrate_lab

    screen = Screen(setting)

    def progress(text: str) -> None:
        screen.clear_running()
        screen.show_running(text)

    found, path = calibrate_lab(
        setting.course(),
        lab,
        seeds=seeds,
        jobs=jobs,
        mode=sandbox,
        dataset=data,
        only=words,
        mistake_seeds=mistake_seeds or 0,
        named_only=named_only,
        is_written=write,
        progress=progress,
    )
    screen.clear_running()
    if as_json:
        print_calibrations_json(found)
    else:
        print_calibrations(found, path, screen)
