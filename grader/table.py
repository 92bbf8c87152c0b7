"""Files with rows: bytes to text to cells, with the line each row begins in, and back to CSV."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.errors import RequestError

DELIMITERS = (",", ";", "\t")
MOST_BYTES = 64 << 20  # a report of a thousand students has a few
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # what Excel writes above its own files
LEAST_ZEROS = 0.4  # of every second byte: text without a BOM is UTF-16 then, and nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row.

    Attributes:
        line: Where it begins in the file.
        cells: Of a table's row: as many as the header has.
    """

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A header and its rows.

    Attributes:
        name: What messages call the file.
    """

    name: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]

    def place(self, row: Row) -> str:
        """Return file and line of a row, for messages."""
        return f"{self.name}:{row.line}"


def read_content(path: Path) -> bytes:
    """Read a file's bytes, one more than MOST_BYTES if it is too large.

    Raises:
        RequestError: If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}.") from error


def decode(content: bytes, name: str, encoding: str | None = None) -> str:
    """Return a file's text: UTF-8 or UTF-16, with or without a byte order mark.

    Args:
        content: The file's bytes.
        name: What messages call the file.
        encoding: What the user says it is; empty to find out, None where nobody can say it.

    Raises:
        RequestError: If it is empty, too large, or in another encoding; names the line.
    """
    if len(content) > MOST_BYTES:
        raise RequestError(f"{name} is larger than {MOST_BYTES >> 20} MiB; split it.")
    if not content.strip(b"\xef\xbb\xbf\xff\xfe \r\n\t"):
        raise RequestError(f"{name} is empty; download it again.")
    wanted = _python_name(encoding) if encoding else ""
    mark, found = next((entry for entry in BOMS if content.startswith(entry[0])), (b"", ""))
    codec = wanted or found or _guess(content)
    try:
        text = (content if wanted else content.removeprefix(mark)).decode(codec)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        way_out = "." if encoding is None else ", or say what it is: --encoding latin-1"
        raise RequestError(
            f"{name}:{line}: this is not {codec.upper()} (byte {content[error.start]:#04x}). "
            f"Save it as 'CSV UTF-8'{way_out}"
        ) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise RequestError(f"{name}:{line}: this is no text file; it has a zero byte.")
    return text.removeprefix("\ufeff")


def _python_name(encoding: str) -> str:
    try:
        "".encode(encoding)
    except (LookupError, ValueError) as error:
        raise RequestError(
            f"There is no text encoding '{encoding}'; try utf-8, utf-16, latin-1 or cp1252."
        ) from error
    return encoding


def _guess(content: bytes) -> str:
    """Tell UTF-16 without a mark from UTF-8: only it has a zero in every second place."""
    sample = content[:4096]
    half = max(1, len(sample) // 2)
    if sample[1::2].count(0) > LEAST_ZEROS * half:
        return "utf-16-le"
    return "utf-16-be" if sample[0::2].count(0) > LEAST_ZEROS * half else "utf-8"


def read_table(text: str, name: str, *, least_columns: int = 2) -> Table:
    """Split text into a header and rows of as many cells.

    Args:
        text: A whole file.
        name: What messages call the file.
        least_columns: Fewer in the header, and it is no table.

    Raises:
        RequestError: If it is no table, a quote is not closed, a row has another number of fields
            than the header, or there is a header and nothing else.
    """
    head, *rows = read_rows(text, name) or (Row(line=1, cells=()),)
    if len(head.cells) < least_columns:
        raise RequestError(f"{name}:1: this is no table; a header with columns is expected.")
    whole = tuple(_fitted(row, len(head.cells), name) for row in rows)
    if not whole:
        raise RequestError(f"{name} has a header and no rows: there is nobody in it.")
    return Table(name=name, head=tuple(cell.strip() for cell in head.cells), rows=whole)


def read_rows(text: str, name: str) -> tuple[Row, ...]:
    """Return all rows that hold anything; the delimiter is what gives the first most fields.

    Raises:
        RequestError: If a quote is not closed.
    """
    match = SEP_LINE.match(text)
    rest = text[match.end() :] if match else text
    return tuple(_rows(rest, name, _delimiter(rest), 2 if match else 1))


def _delimiter(text: str) -> str:
    def fields(delimiter: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), ()))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=fields)


def _rows(text: str, name: str, delimiter: str, first: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = first
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(line=line, cells=tuple(cells))
            line = reader.line_num + first
    except csv.Error as error:
        raise RequestError(
            f"{name}:{line}: a quote is not closed, or the row is damaged ({error}). "
            "Mend the line, or download the file again."
        ) from error


def _fitted(row: Row, width: int, name: str) -> Row:
    if len(row.cells) == width:
        return row
    if len(row.cells) > width and not any(cell.strip() for cell in row.cells[width:]):
        return Row(line=row.line, cells=row.cells[:width])
    raise RequestError(
        f"{name}:{row.line}: the row has {len(row.cells)} fields, the header {width}. "
        "Mend the line, or download the file again."
    )


def csv_text(rows: Iterable[Iterable[object]], delimiter: str = ",") -> str:
    """Write rows as CSV, quoted only where needed, with LF."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n", delimiter=delimiter).writerows(rows)
    return buffer.getvalue()
