"""`dlab validate`: prove that a lab's checks are fair."""

from typing import TYPE_CHECKING

import click

from cli.exit import EXIT_CONTENT, EXIT_OK
from cli.render_proof import print_proof, print_proofs_json, print_total
from cli.screen import Screen
from cli.setting import Setting, pass_setting

if TYPE_CHECKING:
    from grader.proof import Proof


@click.command()
@click.argument("labs", nargs=-1, metavar="[LAB]...")
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
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes."
)
@pass_setting
def validate(
    setting: Setting,
    /,
    labs: tuple[str, ...],
    *,
    seeds: int,
    value_seeds: int,
    sandbox: str,
    record: bool,
    words: tuple[str, ...],
    as_json: bool,
    jobs: int,
) -> None:
    """Prove that labs are fair: right answers get all points, wrong ones lose them and are named.

    The reference and every second solution get all points; the stub and an empty file none; each
    known mistake is caught by every check that says so, and named by the first of them. Without
    LAB: all labs.

    \b
    Examples:
      dlab validate lab2 --value-seeds 100
      dlab validate lab2 -k softmax --value-seeds 0
      dlab validate --jobs 2

    \b
    Exit code:
      0  every promise holds   3  a promise is broken; which one is printed
    """
    from grader.labs import find_lab, lab_ids
    from grader.validate import Wanted, validate_labs

    screen, course = Screen(setting), setting.course()
    chosen = [find_lab(course, lab) for lab in labs or lab_ids(course)]
    wanted = Wanted(
        seeds=seeds, value_seeds=value_seeds, mode=sandbox, is_recorded=record, only=words
    )
    show = (lambda _text: None) if as_json else (lambda text: _show(screen, text))
    proofs: dict[str, Proof] = {}
    for lab, proof in validate_labs(course, chosen, wanted, jobs=jobs, progress=show):
        proofs[lab.lab_id] = proof
        screen.clear_running()
        if not as_json:
            print_proof(lab, proof, screen)
    if as_json:
        print_proofs_json(proofs)
    elif len(proofs) > 1:
        print_total(proofs, screen)
    is_broken = any(proof.broken for proof in proofs.values())
    click.get_current_context().exit(EXIT_CONTENT if is_broken else EXIT_OK)


def _show(screen: Screen, text: str) -> None:
    screen.clear_running()
    screen.show_running(text)
