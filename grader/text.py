"""Makes text from outside fit to be stored and shown."""

import re

MORE = " ..."
# Control characters would let a submission move the cursor of an instructor's terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def clean(text: str, limit: int = 4000) -> str:
    """Return text without control characters and lone surrogates, at most `limit` long."""
    encodable = text[: limit + 1].encode("utf-8", "backslashreplace").decode("utf-8")
    plain = _CONTROL.sub("\ufffd", encodable.replace("\r\n", "\n").replace("\r", "\n"))
    is_whole = len(text) <= limit and len(plain) <= limit
    return plain if is_whole else plain[: limit - len(MORE)] + MORE
