"""How values become cells of a file: numbers, texts, and what a spreadsheet must not touch."""

import csv
import enum
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

from grader.errors import RequestError

Value = str | float  # an empty text is an empty cell


class Spreadsheet(enum.Enum):
    """For which program a CSV is written."""

    NONE = "none"  # programs and LMSs: texts as they are
    EXCEL = "excel"
    EXCEL_COMMA = "excel-comma"  # set to a language that writes 1,5


_SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"  # the last four are full-width
_MONTHS = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_NUMBER_OR_DATE = re.compile(
    rf"[\d\s.,:/%e+-]+$|\d*[ /-]*{_MONTHS}[ ./,-]*\d+$|\d+[ ./,-]*{_MONTHS}$", re.IGNORECASE
)


def plain(number: float) -> str:
    """Write a number with a decimal point, no exponent and no empty zeros."""
    return f"{number:.9f}".rstrip("0").rstrip(".")


def one_line(text: str) -> str:
    """Return text without line breaks and control characters, which not every reader forgives."""
    return " ".join("".join(c if unicodedata.category(c) != "Cc" else " " for c in text).split())


def protected(text: str) -> str:
    """Return text that a spreadsheet leaves alone: neither a formula, nor a number, nor a date."""
    seen = text.strip(" \ufeff")
    is_formula = seen.startswith((*_SIGNS, "\t", "\r", "\n"))
    is_changed = any(map(str.isdigit, seen)) and bool(_NUMBER_OR_DATE.match(seen))
    return f"'{text}" if is_formula or is_changed else text


def to_csv(rows: Iterable[Sequence[Value]], spreadsheet: Spreadsheet = Spreadsheet.NONE) -> bytes:
    """Write rows as UTF-8 CSV, quoted only where needed, with LF.

    A spreadsheet gets a BOM and protected texts; never an LMS, which would keep both.
    """
    is_for_people = spreadsheet is not Spreadsheet.NONE
    has_comma = spreadsheet is Spreadsheet.EXCEL_COMMA

    def shown(value: Value) -> str:
        if isinstance(value, str):
            return protected(value) if is_for_people else value
        return plain(value).replace(".", ",") if has_comma else plain(value)

    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n", delimiter=";" if has_comma else ",")
    writer.writerows([shown(value) for value in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig" if is_for_people else "utf-8", "backslashreplace")


def read_csv(content: bytes, name: str) -> list[list[str]]:
    """Read CSV that somebody else made: UTF-8, separated by comma, semicolon or tab.

    Args:
        content: The file's bytes; a BOM is dropped.
        name: What messages call the file.

    Raises:
        RequestError: If it is not UTF-8, or not CSV.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RequestError(f"{name}:{line}: it is not UTF-8; save it as 'CSV UTF-8'.") from error
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise RequestError(f"{name}: it is not CSV: {error}. Export it again.") from error
    if not any(rows):
        raise RequestError(f"{name}: it is empty.")
    return rows
