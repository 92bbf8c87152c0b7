"""Prints the bank's Markdown on a terminal of any width."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.screen import MAX_WIDTH

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from grader.quiz.blocks import Block, Table

UNBROKEN = "\ue000"  # stands for a space where a line is not to be broken
UNBROKEN_WIDTH = 24  # columns; a longer formula may be broken
LOOKS = {"code": "cyan", "strong": "bold", "emphasis": "italic"}


def _goes_on(before: "Block", block: "Block") -> bool:
    """Whether both are items of a list: nothing stands between them."""
    return bool(getattr(before, "mark", "") and getattr(block, "mark", ""))


class Page:
    """A console that knows paragraphs, code, tables and formulas."""

    def __init__(self, console: "Console") -> None:
        """Print on a console."""
        self.console = console
        self.has_unicode = console.encoding.lower().startswith("utf")

    @property
    def width(self) -> int:
        """Columns that text may fill."""
        return max(20, min(self.console.width, MAX_WIDTH))

    def line(
        self, text: "str | Text" = "", *, indent: int = 0, hang: int = 0, style: str = ""
    ) -> None:
        """Print a paragraph, wrapped; its further lines stand `hang` columns more to the right."""
        from rich.text import Text

        shown = Text(text, style) if isinstance(text, str) else text
        pad = indent
        for paragraph in shown.split("\n", allow_blank=True):
            room = max(10, self.width - pad)
            first, *rest = paragraph.wrap(self.console, room, no_wrap=False) or [Text("")]
            if rest and hang:
                tail = Text(" ").join([*rest])
                rest = list(tail.wrap(self.console, max(10, room - hang)))
            for number, piece in enumerate((first, *rest)):
                piece.rstrip()
                piece.plain = piece.plain.replace(UNBROKEN, " ")
                spaces = " " * (pad + (hang if number else 0)) if piece.plain else ""
                self.console.print(Text(spaces).append_text(piece), soft_wrap=True)

    def markdown(self, markdown: str, *, indent: int = 0, mark: str = "") -> None:
        """Print a text of the bank.

        Args:
            markdown: The text.
            indent: Columns before it.
            mark: Stands before its first line, as "a) "; the rest stands below what follows it.
        """
        from grader.quiz.blocks import Paragraph, blocks
        from grader.text import clean

        found: Sequence[Block] = blocks(markdown)
        if not self.has_unicode:  # LaTeX can be read; escapes of Unicode cannot
            self.line(mark + clean(markdown, len(markdown)), indent=indent, hang=len(mark))
            return
        if mark and not (found and isinstance(found[0], Paragraph)):
            self.line(mark, indent=indent)
        for number, block in enumerate(found):
            if number and not _goes_on(found[number - 1], block):
                self.line()
            self._block(block, indent, mark if number == 0 else " " * len(mark))

    def _block(self, block: "Block", indent: int, mark: str) -> None:
        from rich.text import Text

        from grader.quiz.blocks import Code, Table

        if isinstance(block, Code):
            for line in block.lines:
                shown = Text(" " * (indent + len(mark) + 4)).append(line, "cyan")
                self.console.print(shown, soft_wrap=True)
        elif isinstance(block, Table):
            self.table(block, indent + len(mark))
        else:
            text = Text(mark + block.mark)
            for span in block.spans:
                is_all = len(block.spans) == 1
                quoted = f"`{span.text}`" if span.look == "code" and not is_all else span.text
                if span.look in ("code", "math") and len(quoted) <= UNBROKEN_WIDTH:
                    quoted = quoted.replace(" ", UNBROKEN)
                text.append(quoted, LOOKS.get(span.look, ""))
            self.line(text, indent=indent, hang=len(mark + block.mark))

    def table(self, table: "Table", indent: int) -> None:
        """Print rows in columns; where they do not fit, a line for each cell with its head."""
        from rich.cells import cell_len

        columns = max(map(len, table.rows), default=0)
        rows = [(*row, *[""] * (columns - len(row))) for row in table.rows]
        widths = [max(cell_len(row[n]) for row in rows) for n in range(columns)]
        if indent + sum(widths) + 2 * columns > self.width:
            self._stacked(rows, indent)
            return
        rows.insert(1, tuple("-" * width for width in widths))
        for number, row in enumerate(rows):
            cells = [
                cell + " " * (width - cell_len(cell))
                for cell, width in zip(row, widths, strict=True)
            ]
            self.line("  ".join(cells).rstrip(), indent=indent, style="bold" if number == 0 else "")

    def _stacked(self, rows: "Sequence[tuple[str, ...]]", indent: int) -> None:
        head, *rest = rows
        for row in rest:
            for number, (name, cell) in enumerate(zip(head, row, strict=True)):
                start = "- " if number == 0 else "  "
                self.line(
                    f"{start}{name}: {cell}" if name else f"{start}{cell}", indent=indent, hang=4
                )
