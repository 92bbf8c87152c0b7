"""How text gets onto the screen: colour, wrapping, and the one line that says what is running."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from cli.setting import Setting

if TYPE_CHECKING:
    from rich.console import Console

MAX_WIDTH = 100  # longer lines are hard to read


class Screen:
    """Where a command prints: results to stdout, all else to stderr."""

    def __init__(self, setting: Setting) -> None:
        """Remember whether colour was switched off."""
        self._setting = setting
        self._is_gap = False  # whether the last line was empty

    @cached_property
    def out(self) -> "Console":
        """Return what prints to stdout."""
        return self._console(is_error=False)

    @cached_property
    def err(self) -> "Console":
        """Return what prints to stderr."""
        return self._console(is_error=True)

    def _console(self, *, is_error: bool) -> "Console":
        from rich.console import Console

        return Console(
            stderr=is_error,
            no_color=None if self._setting.has_color else True,
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=True,
        )

    @property
    def width(self) -> int:
        """Return how many columns text may fill."""
        return min(self.out.width, MAX_WIDTH)

    def line(self, text: str = "", *, indent: int = 0, hang: int = 0, style: str = "") -> None:
        """Print a paragraph to stdout, wrapped.

        Args:
            text: One paragraph.
            indent: Columns before its first line.
            hang: Further columns before the other lines.
            style: rich's name of a style, such as "bold red".
        """
        for piece in wrapped(text, self.width, indent, hang):
            self.out.print(piece, style=style or None)
            self._is_gap = not piece

    def gap(self) -> None:
        """Print an empty line, unless the last one was empty."""
        if not self._is_gap:
            self.line()

    def marked(self, mark: str, text: str, *, indent: int = 0, style: str = "") -> None:
        """Print a paragraph that begins with a word in colour; its other lines stand below it."""
        from rich.text import Text

        for number, piece in enumerate(wrapped(f"{mark}{text}", self.width, indent, len(mark))):
            shown = Text(piece)
            if number == 0:
                shown.stylize(style, indent, indent + len(mark))
            self.out.print(shown)
        self._is_gap = False

    def command(self, mark: str, text: str, *, indent: int = 0) -> None:
        """Print a command that can be copied: on one line, however long."""
        from rich.text import Text

        shown = Text(f"{' ' * indent}{mark}{text}")
        shown.stylize("cyan", indent, indent + len(mark))
        self.out.print(shown, soft_wrap=True)

    def show_running(self, text: str) -> None:
        """Say on a terminal what is running now; the next call of `clear_running` removes it."""
        if self.is_live:
            self.err.print(text[: self.err.width - 1], end="\r", style="dim")

    def clear_running(self) -> None:
        """Remove the line that says what is running."""
        if self.is_live:
            from rich.control import Control
            from rich.segment import ControlType

            erase = Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2))
            self.err.control(erase)

    @property
    def can_draw(self) -> bool:
        """Whether stderr can show bars."""
        return self.err.encoding.lower().startswith("utf")

    @property
    def is_live(self) -> bool:
        """Whether both streams end on a terminal that can erase a line."""
        both = self.out.is_terminal and self.err.is_terminal
        return both and not self.err.is_dumb_terminal


def wrapped(text: str, width: int, indent: int, hang: int) -> Iterator[str]:
    """Break a text into lines of at most `width`; its own line breaks stay."""
    for paragraph in text.split("\n"):
        yield from textwrap.wrap(
            paragraph,
            max(width, indent + hang + 20),
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + hang),
            break_on_hyphens=False,
        ) or [""]


def table(head: Sequence[str], rows: Iterable[Sequence[str]], width: int) -> Iterator[str]:
    """Lay out rows in columns; the last column is wrapped."""
    cells = [tuple(head), *map(tuple, rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(head) - 1)]
    for row in cells:
        start = "".join(f"{cell:<{size}}  " for cell, size in zip(row, widths, strict=False))
        yield from (piece.rstrip() for piece in wrapped(start + row[-1], width, 0, len(start)))
