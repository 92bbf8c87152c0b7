"""`dlab validate`: prove that a lab's checks are fair."""

import click

from cli.exit import EXIT_CONTENT, EXIT_OK
from cli.render_proof import print_proof, print_proof_json
from cli.screen import Screen
from cli.setting import Setting, pass_setting


@click.command()
@click.argument("lab")
@click.option(
    "--seeds", type=click.IntRange(min=1), default=3, show_default=True, help="Full runs of each."
)
@click.option(
    "--value-seeds",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="Further seeds for the value checks of every correct solution.",
)
@click.option(
    "--sandbox",
    type=click.Choice(["auto", "bwrap", "plain"]),
    default="auto",
    help="Where the programs run.",
)
@click.option(
    "--record",
    is_flag=True,
    help="First record what the mistakes answer in the public checks, for students' machines.",
)
@click.option(
    "-k", "words", metavar="WORD", multiple=True, help="Only what has WORD in its name; repeatable."
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@pass_setting
def validate(
    setting: Setting,
    /,
    lab: str,
    *,
    seeds: int,
    value_seeds: int,
    sandbox: str,
    record: bool,
    words: tuple[str, ...],
    as_json: bool,
) -> None:
    """Prove LAB: right answers get all points, wrong ones lose them and are named.

    The reference and every second solution get all points; the stub and an empty file none; each
    known mistake is caught by every check that says so, and named by the first of them.

    \b
    Examples:
      dlab validate lab2 --value-seeds 100
      dlab validate lab2 -k softmax --value-seeds 0

    \b
    Exit code:
      0  every promise holds   3  a promise is broken; which one is printed
    """
    from grader.validate import validate_lab

    screen = Screen(setting)
    proof = validate_lab(
        setting.course(),
        lab,
        seeds=seeds,
        value_seeds=value_seeds,
        mode=sandbox,
        is_recorded=record,
        only=words,
        progress=lambda text: None if as_json else _show(screen, text),
    )
    screen.clear_running()
    if as_json:
        print_proof_json(proof)
    else:
        print_proof(proof, screen)
    click.get_current_context().exit(EXIT_CONTENT if proof.broken else EXIT_OK)


def _show(screen: Screen, text: str) -> None:
    screen.clear_running()
    screen.show_running(text)
