"""Groups of commands that are imported only when they are used."""

import difflib
import importlib
from collections.abc import Mapping
from typing import Any

import click

from cli.exit import EXIT_USAGE


class Failure(click.ClickException):
    """An error of dlab on its way to the terminal."""

    def __init__(self, message: str, exit_code: int) -> None:
        """Keep the message, one problem a line, and the exit code."""
        super().__init__(message)
        vars(self)["exit_code"] = exit_code  # click declares it for the class

    def show(self, file: Any = None) -> None:
        """Print one line for each problem."""
        for line in self.message.splitlines() or [""]:
            click.echo(f"Error: {line}", file=file, err=file is None)


class LazyGroup(click.Group):
    """A group whose commands are listed in a table and imported on demand."""

    def __init__(
        self, *args: Any, table: Mapping[str, tuple[str, str]] | None = None, **kwargs: Any
    ) -> None:
        """Keep the table: name to (module that has the command under its name, help)."""
        super().__init__(*args, **kwargs)
        self.table = dict(table or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command; in a module with many its name may end with an underscore."""
        if cmd_name not in self.table:
            return None
        module = importlib.import_module(self.table[cmd_name][0])
        command = getattr(module, f"{cmd_name}_", None) or getattr(module, cmd_name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.table.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest name for an unknown command."""
        name = args[0]
        if name not in self.table and not name.startswith("-"):
            near = difflib.get_close_matches(name.lower(), self.table, n=1, cutoff=0.5)
            listing = f"`{ctx.command_path} --help` lists the commands."
            tail = f"Did you mean '{near[0]}'?" if near else listing
            raise Failure(f"There is no command '{name}'. {tail}", EXIT_USAGE)
        return super().resolve_command(ctx, args)
