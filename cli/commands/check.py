"""`dlab check`: the loop a student works in."""

from typing import TYPE_CHECKING

import click

from cli.exit import code_of_report
from cli.options import dataset_option, figures_option, json_option, sandbox_option
from cli.render_check import CheckScreen
from cli.setting import Setting, pass_setting
from cli.watch import watch
from grader.api import Wish, open_check, report_json
from grader.errors import RequestError

if TYPE_CHECKING:
    from grader.own import OwnCheck


@click.command()
@click.argument("lab")
@click.argument("path", default="")
@click.option(
    "-k",
    "only",
    multiple=True,
    metavar="TEXT",
    help="Only checks with TEXT in their id; may be repeated.",
)
@click.option(
    "--all", "with_hidden", is_flag=True, help="Hidden checks too, where this machine has them."
)
@click.option(
    "--watch", "is_watched", is_flag=True, help="Run again whenever a file is saved, until Ctrl-C."
)
@json_option
@click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "cuda"]),
    default="auto",
    help="Where PyTorch computes.",
)
@dataset_option
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Draws the inputs of the checks.",
)
@figures_option
@click.option("-v", "--verbose", is_flag=True, help="Show what your code printed.")
@sandbox_option
@pass_setting
def check(
    setting: Setting,
    /,
    lab: str,
    path: str,
    *,
    only: tuple[str, ...],
    with_hidden: bool,
    is_watched: bool,
    as_json: bool,
    device: str,
    data: str,
    seed: int,
    with_figures: bool,
    verbose: bool,
    sandbox: str,
) -> None:
    """Run a lab's public checks on your work.

    PATH is your file, its folder or a zip. Without it dlab looks in this folder, in LAB, and in
    submissions/LAB.

    \b
    Examples:
      dlab check lab2                  all public checks
      dlab check lab2 -k softmax       only those about softmax
      dlab check lab2 --watch          again whenever you save
      dlab check lab2 --figures        with pictures of what the checks looked at

    \b
    Exit code:
      0  all points           3  the course itself is broken
      1  points lost          4  could not be graded
      2  wrong usage        130  interrupted
    """
    if is_watched and as_json:
        raise RequestError("--watch and --json do not go together. Leave out one of them.")
    wish = Wish(
        path=path,
        only=only,
        with_hidden=with_hidden,
        dataset=data,
        device=device,
        seed=seed,
        sandbox=sandbox,
        with_figures=with_figures,
    )
    with open_check(setting.course(), lab, wish) as own:
        if as_json:
            code = _print_json(own)
        elif is_watched:
            code = _watch(own, setting, is_verbose=verbose)
        else:
            code = _run(own, setting, is_verbose=verbose)
    click.get_current_context().exit(code)


def _print_json(own: "OwnCheck") -> int:
    report = own.run(lambda _check, _result: None)
    if not own.wish.with_figures:
        click.echo(report_json(report), nl=False)
        return code_of_report(report)
    drawn = own.save_figures()
    for remark in drawn.remarks:
        click.echo(f"Not drawn: {remark}", err=True)
    click.echo(report_json(report, drawn.paths), nl=False)
    return code_of_report(report)


def _run(own: "OwnCheck", setting: Setting, *, is_verbose: bool) -> int:
    shown = CheckScreen(own, setting)
    shown.header()
    report = own.run(shown.observe, follow=shown.follow if shown.screen.is_live else None)
    drawn = own.save_figures() if own.wish.with_figures else None
    shown.footer(report, drawn, is_verbose=is_verbose)
    return code_of_report(report)


def _watch(own: "OwnCheck", setting: Setting, *, is_verbose: bool) -> int:
    def run() -> int:
        click.clear()  # does nothing without a terminal
        code = _run(own, setting, is_verbose=is_verbose)
        click.echo("\nWaiting for a file to be saved; Ctrl-C ends.", err=True)
        return code

    code = watch(run, own.fingerprint, setting.wait)
    click.echo("Stopped.", err=True)
    return code
