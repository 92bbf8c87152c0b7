"""`dlab grade`: a folder of submissions, graded."""

import os
from pathlib import Path

import click

from cli.exit import EXIT_CANNOT_GRADE, EXIT_CONTENT, EXIT_OK
from cli.options import figures_option
from cli.render_batch import BatchScreen
from cli.setting import Setting, pass_setting


@click.command()
@click.argument("lab")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    help="How many submissions at once; default: one a core.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("results"),
    show_default=True,
    help="Where the results go.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="Draws the inputs of the checks; default: the course's grading seed.",
)
@click.option(
    "--data", "dataset", metavar="NAME", default="", help="Dataset, if the lab has several."
)
@click.option(
    "--sandbox",
    type=click.Choice(["auto", "bwrap", "plain"]),
    default="auto",
    help="Where submissions run.",
)
@click.option("--require-sandbox", is_flag=True, help="Refuse to grade without bubblewrap.")
@figures_option
@click.option("--force", is_flag=True, help="Grade again what has not changed, too.")
@click.option("--json", "as_json", is_flag=True, help="Print the reports as JSON and nothing else.")
@pass_setting
def grade(
    setting: Setting,
    /,
    lab: str,
    folder: Path,
    *,
    jobs: int | None,
    out: Path,
    seed: int | None,
    dataset: str,
    sandbox: str,
    require_sandbox: bool,
    with_figures: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Grade all submissions in FOLDER with all checks of LAB.

    FOLDER holds <student>/<lab>/, <student>/<file>, <student>.zip or <student>.py. Each result is
    written to OUT/<lab>/<student>/result.json as soon as it is there: a run that was killed
    resumes, and what has not changed is not graded again.

    \b
    Examples:
      dlab grade lab2 submitted/
      dlab grade lab2 submitted/ --jobs 8 --out results --require-sandbox

    \b
    Exit code:
      0  all graded           3  the course itself is broken
      2  wrong usage          4  some could not be graded; they are named
    """
    from grader.batch import grade_folder, plan_batch
    from grader.gradebook import is_content_broken, not_graded

    batch = plan_batch(
        setting.course(),
        lab,
        folder,
        out=out,
        jobs=jobs or os.cpu_count() or 1,
        seed=seed,
        dataset=dataset,
        mode=sandbox,
        force=force,
        is_strict=require_sandbox,
        with_figures=with_figures,
    )
    screen = BatchScreen(batch, setting, is_quiet=as_json)
    with screen.progress() as progress:
        reports = grade_folder(batch, progress)
    if as_json:
        screen.print_json(reports)
    else:
        screen.print_class(reports)
    code = EXIT_CANNOT_GRADE if not_graded(reports) else EXIT_OK
    click.get_current_context().exit(EXIT_CONTENT if is_content_broken(reports) else code)
