"""Reads lines that somebody types, and can stop waiting for one."""

import os
import select
import sys
import time
from typing import TextIO


class Keyboard:
    """Standard input, line by line."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Take over a stream; nothing else may read from it."""
        self.stream = stream or sys.stdin
        self._rest = b""
        self._descriptor = _descriptor(self.stream)

    @property
    def is_terminal(self) -> bool:
        """Whether somebody sees what is typed."""
        return self.stream.isatty()

    def read(self, wait_s: float | None) -> str | None:
        """Return the next line without its end.

        Args:
            wait_s: Seconds to wait at most; None for ever. Where a stream cannot be waited for
                (Windows), it waits for ever.

        Returns:
            The line, or None if the time passed before it came.

        Raises:
            EOFError: If there is no more.
        """
        if self._descriptor is None:
            line = self.stream.readline()
            if not line:
                raise EOFError
            return line.rstrip("\r\n")
        until = None if wait_s is None else time.monotonic() + wait_s
        while b"\n" not in self._rest:
            left = None if until is None else max(0.0, until - time.monotonic())
            if not select.select([self._descriptor], [], [], left)[0]:
                return None
            data = os.read(self._descriptor, 65536)
            if not data:
                return self._last()
            self._rest += data
        line_bytes, self._rest = self._rest.split(b"\n", 1)
        return self._text(line_bytes)

    def _last(self) -> str:
        if not self._rest:
            raise EOFError
        line, self._rest = self._rest, b""
        return self._text(line)

    def _text(self, line: bytes) -> str:
        return line.decode(self.stream.encoding or "utf-8", "replace").rstrip("\r")

    def forget(self) -> None:
        """Drop what is typed and not read yet, so that it does not reach the shell."""
        self._rest = b""
        if self._descriptor is not None and self.is_terminal:
            import termios

            termios.tcflush(self._descriptor, termios.TCIFLUSH)


def _descriptor(stream: TextIO) -> int | None:
    """Return what can be waited for; None where there is nothing."""
    if os.name == "nt":
        return None
    try:
        return stream.fileno()
    except (OSError, ValueError):  # a test's stream
        return None
