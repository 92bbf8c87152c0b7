"""How values become cells of a file: numbers, texts, and what a spreadsheet must not touch."""

import enum
import re
from collections.abc import Iterable, Sequence

from grader.table import csv_text
from grader.text import inert

Value = str | float  # an empty text is an empty cell


class Spreadsheet(enum.Enum):
    """For which program a CSV is written."""

    NONE = "none"  # programs and LMSs: texts as they are
    EXCEL = "excel"
    EXCEL_COMMA = "excel-comma"  # set to a language that writes 1,5


_MONTHS = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_NUMBER_OR_DATE = re.compile(
    rf"[\d\s.,:/%e+-]+$|\d*[ /-]*{_MONTHS}[ ./,-]*\d+$|\d+[ ./,-]*{_MONTHS}$", re.IGNORECASE
)


def plain(number: float) -> str:
    """Write a number with a decimal point, no exponent and no empty zeros."""
    return f"{number:.9f}".rstrip("0").rstrip(".")


def protected(text: str) -> str:
    """Return text that a spreadsheet leaves alone: neither a formula, nor a number, nor a date."""
    seen = text.strip(" \ufeff")
    is_changed = any(map(str.isdigit, seen)) and bool(_NUMBER_OR_DATE.match(seen))
    return f"'{text}" if is_changed else inert(text)


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

    text = csv_text(([shown(value) for value in row] for row in rows), ";" if has_comma else ",")
    return text.encode("utf-8-sig" if is_for_people else "utf-8", "backslashreplace")
