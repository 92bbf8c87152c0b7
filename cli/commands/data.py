"""`dlab data`: which datasets there are, where they are, and how to get them."""

import json
from typing import TYPE_CHECKING

import click

from cli.exit import EXIT_OK, EXIT_POINTS_LOST
from cli.options import json_option
from cli.render_data import FetchScreen, print_holdings, print_paths
from cli.setting import Setting, pass_setting

if TYPE_CHECKING:
    from grader.datasource import DataSource
    from grader.datastore import Holding


@click.group()
def data() -> None:
    """Show, fetch and verify the datasets.

    digits is part of dlab. mnist is looked for in the folder that DLAB_DATA
    names (its four files, or a folder mnist with them; compressed or not), then
    in your cache, where `dlab data fetch` puts it.

    \b
    Examples:
      dlab data list
      dlab data fetch mnist
      DLAB_DATA=/srv/datasets dlab data verify
      ls $(dlab data path mnist)

    \b
    Environment:
      DLAB_DATA       a folder that holds the files already
      DLAB_MIRRORS    mirrors to fetch from, instead of the public ones; each
                      address holds mnist/train-images-idx3-ubyte.gz and so on
      XDG_CACHE_HOME  where the cache is; default: ~/.cache
    """


@data.command("list")
@json_option
@pass_setting
def list_(setting: Setting, /, *, as_json: bool) -> None:
    """List the datasets, and what of them is here.

    \b
    Example:
      dlab data list
    """
    from grader.datastore import look

    holdings = [look(source) for source in _sources(setting, "")]
    if as_json:
        _print_json(holdings)
    else:
        print_holdings(holdings, setting)


@data.command()
@click.argument("name", default="")
@pass_setting
def fetch(setting: Setting, /, name: str) -> None:
    """Download dataset NAME, or all, into your cache.

    What is there and right is not downloaded again; what was interrupted goes
    on where it stopped. Every file is compared with its SHA-256 before it is
    used.

    \b
    Example:
      dlab data fetch mnist

    \b
    Exit code:
      0  all files are there and verified
      2  wrong usage, a damaged file in DLAB_DATA, or the disk is full
      4  no mirror could be reached, or none gave the right files
    """
    from grader.fetch import fetch

    for source in _sources(setting, name):
        screen = FetchScreen(source, setting)
        with screen.progress() as observer:
            fetched = fetch(source, observer)
        screen.print_fetched(fetched)


@data.command()
@click.argument("name", default="")
@json_option
@pass_setting
def verify(setting: Setting, /, name: str, *, as_json: bool) -> None:
    """Compare every byte of dataset NAME, or of all that are here.

    \b
    Example:
      dlab data verify

    \b
    Exit code:
      0  all that is here is right
      1  a file is damaged, or NAME is not here; what to do is said
    """
    from grader.datastore import State, inspect

    holdings = [inspect(source) for source in _sources(setting, name)]
    if as_json:
        _print_json(holdings)
    else:
        print_holdings(holdings, setting)
    bad = {State.DAMAGED, State.MISSING} if name else {State.DAMAGED}
    is_fine = not any(holding.state in bad for holding in holdings)
    click.get_current_context().exit(EXIT_OK if is_fine else EXIT_POINTS_LOST)


@data.command()
@click.argument("name", default="")
@json_option
@pass_setting
def path(setting: Setting, /, name: str, *, as_json: bool) -> None:
    """Print the folder that holds dataset NAME, and nothing else.

    Without NAME, the folders of all that are here, each after its name.

    \b
    Example:
      ls $(dlab data path mnist)

    \b
    Exit code:
      0  it is here
      2  it is not; what to type is said
    """
    from grader.datastore import find_files, look

    sources = _sources(setting, name)
    if name and not as_json:
        click.echo(find_files(sources[0])[0].parent.resolve())
        return
    holdings = [look(source) for source in sources]
    if as_json:
        click.echo(json.dumps({entry.source.name: _folder(entry) for entry in holdings}, indent=2))
    else:
        print_paths(holdings)


def _sources(setting: Setting, name: str) -> "list[DataSource]":
    """Return the dataset with this name, or all."""
    from grader.datasource import SOURCES, find_source

    if name in setting.sources:
        return [setting.sources[name]]
    return [find_source(name)] if name else list((setting.sources or SOURCES).values())


def _folder(holding: "Holding") -> str | None:
    return str(holding.paths[0].parent.resolve()) if holding.paths else None


def _print_json(holdings: "list[Holding]") -> None:
    found = [
        {
            "name": holding.source.name,
            "state": holding.state.name.lower(),
            "is_embedded": holding.source.is_embedded,
            "folder": _folder(holding),
            "problem": holding.problem,
            "files": [
                {"name": file.name, "size": file.size, "sha256": file.sha256}
                for file in holding.source.files
            ],
        }
        for holding in holdings
    ]
    click.echo(json.dumps(found, indent=2))
