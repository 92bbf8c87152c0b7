"""Makes text from outside fit to be stored and shown."""

import re
import unicodedata

MORE = " ..."
# Control characters would let a submission move the cursor of an instructor's terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# = + - @, also full-width as some keyboards type them, and what Excel takes for a new cell.
_FORMULA = re.compile(r"[\s\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[ \ufeff]*[\t\r\n]")


def clean(text: str, limit: int = 4000) -> str:
    """Return text without control characters and lone surrogates, at most `limit` long."""
    encodable = text[: limit + 1].encode("utf-8", "backslashreplace").decode("utf-8")
    plain = _CONTROL.sub("\ufffd", encodable.replace("\r\n", "\n").replace("\r", "\n"))
    is_whole = len(text) <= limit and len(plain) <= limit
    return plain if is_whole else plain[: limit - len(MORE)] + MORE


def one_line(text: str) -> str:
    """Return text without line breaks and control characters, which not every reader forgives."""
    return " ".join("".join(c if unicodedata.category(c) != "Cc" else " " for c in text).split())


def inert(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def count_of(number: int, thing: str) -> str:
    """Return `1 student`, `2 students`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
