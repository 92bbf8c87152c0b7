"""How datasets look on the screen, and a download on its way."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from cli.screen import Screen, table
from cli.setting import Setting

if TYPE_CHECKING:
    from grader.datasource import DataSource
    from grader.datastore import Holding
    from grader.fetch import Fetched, Moment

MIB = 1 << 20
UNWRAPPED = 10_000  # columns: a path is to be copied


def print_holdings(holdings: "Sequence[Holding]", setting: Setting) -> None:
    """Print a line for each dataset, then what is wrong and what to type."""
    screen = Screen(setting)
    rows = []
    for holding in holdings:
        where = str(holding.paths[0].parent.resolve()) if holding.paths else "-"
        if holding.source.is_embedded and not holding.problem:
            where = "part of dlab"
        rows.append((holding.source.name, holding.state.value, _size(holding.source.size), where))
    for number, line in enumerate(table(("dataset", "state", "size", "where"), rows, UNWRAPPED)):
        screen.out.print(line, style=None if number else "dim")
    for holding in holdings:
        if holding.problem:
            screen.gap()
            screen.out.print(holding.problem)  # not wrapped: it names files


def _size(size: int) -> str:
    return f"{size / MIB:.1f} MiB" if size >= MIB else f"{size / 1024:.1f} KiB"


def print_paths(holdings: "Sequence[Holding]") -> None:
    """Print name and folder of what is here; separated by a tab, for a program."""
    for holding in holdings:
        if holding.paths:
            click.echo(f"{holding.source.name}\t{holding.paths[0].parent.resolve()}")


class FetchScreen:
    """Shows one fetch: on a terminal a bar, elsewhere the result only."""

    def __init__(self, source: "DataSource", setting: Setting) -> None:
        """Remember what is fetched."""
        self.source = source
        self.screen = Screen(setting)

    @contextmanager
    def progress(self) -> "Iterator[Callable[[Moment], None]]":
        """Give what a fetch tells its steps to."""
        if not self.screen.is_live:
            yield self._log
            return
        from rich import progress as bars

        from grader.fetch import Step

        columns = (
            bars.TextColumn("{task.description}"),
            bars.BarColumn(),
            bars.DownloadColumn(binary_units=True),
            bars.TransferSpeedColumn(),
        )
        with bars.Progress(*columns, console=self.screen.err, transient=True) as bar:
            task = bar.add_task(self.source.name, total=None)

            def show(moment: "Moment") -> None:
                place = f" {moment.place}/{moment.count}" if moment.count else ""
                server = f", {moment.mirror}" if moment.mirror else ""
                text = f"{self.source.name}{place} {moment.step.value}{server}"
                bar.update(task, description=text)
                if moment.step is not Step.VERIFYING:  # the bar stays as it is
                    bar.update(task, completed=moment.done, total=moment.total or None)

            yield show

    def _log(self, moment: "Moment") -> None:
        """Without a terminal, say only why nothing happens."""
        from grader.fetch import Step

        if moment.step is Step.WAITING:
            click.echo(f"{self.source.name}: {moment.step.value}", err=True)

    def print_fetched(self, fetched: "Fetched") -> None:
        """Say what came and where it is."""
        count, new = len(self.source.files), len(fetched.new)
        came = f"{new} of {count} files fetched" if new else "nothing to fetch"
        click.echo(f"{self.source.name}: {came}; all verified, in {fetched.folder.resolve()}")
