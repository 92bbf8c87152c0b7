"""What a worker prints: kept up to a limit, never parsed, never in the way."""

import contextlib
import os
import select
import threading

from grader.text import clean


class OutputDrain:
    """Reads what a worker prints, keeps the first part, and never lets it block or fill a disk."""

    def __init__(self, limit: int) -> None:
        """Keep at most limit bytes."""
        self.limit = limit
        self.kept = bytearray()
        self.dropped = 0
        self._reader, self.descriptor = os.pipe()
        self._stop_reader, self._stop_writer = os.pipe()
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()

    def close_writer(self) -> None:
        """Close our copy of the end the worker writes to."""
        os.close(self.descriptor)

    def _drain(self) -> None:
        poll = select.poll()
        poll.register(self._reader, select.POLLIN)
        poll.register(self._stop_reader, select.POLLIN)
        last_pieces = 16  # what may still stand in the pipe when we are told to stop
        while last_pieces:
            ready = {descriptor for descriptor, _ in poll.poll()}
            last_pieces -= self._stop_reader in ready
            if self._reader in ready:
                piece = os.read(self._reader, 1 << 16)
                if not piece:
                    return
                room = max(self.limit - len(self.kept), 0)
                self.kept += piece[:room]
                self.dropped += len(piece[room:])

    def finish(self) -> str:
        """Stop, even if a process that escaped still holds the other end; return the text."""
        os.close(self._stop_writer)
        self._thread.join(timeout=5)
        for descriptor in (self._reader, self._stop_reader):
            with contextlib.suppress(OSError):
                os.close(descriptor)
        text = clean(self.kept.decode("utf-8", errors="replace"), self.limit)
        return f"{text}\n[{self.dropped} more bytes were dropped]" if self.dropped else text
