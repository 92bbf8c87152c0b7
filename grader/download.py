"""Downloads one file over HTTP and goes on where an earlier try stopped."""

import contextlib
import http.client
import json
import re
import time
import urllib.error
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import FileIO
from pathlib import Path
from typing import Any

from grader import __version__
from grader.connection import Patience, open_url
from grader.errors import FetchError, RequestError

CHUNK = 1 << 16  # bytes
MAX_TRIES = 8  # of one mirror, each going on where the last one stopped
PARTIAL, UNSATISFIABLE = 206, 416


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is there of a file, and what it takes to go on with it.

    Attributes:
        url: Where it began; another mirror may have compressed the same file differently.
        validator: The server's strong ETag, or the time of its last change; may be empty.
        total: Bytes of the whole file; 0 if the server did not say.
        size: Bytes that are there.
    """

    url: str = ""
    validator: str = ""
    total: int = 0
    size: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether all bytes are there."""
        return 0 < self.total == self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file to download.

    Attributes:
        url: http or https.
        part: The partial file. What it takes to go on with it stands beside it, in `<part>.json`.
        limit: Bytes it may have at most.
        progress: Told how many bytes are there, and of how many (0: not known).
    """

    url: str
    part: Path
    limit: int
    patience: Patience
    progress: Callable[[int, int], None]

    def run(self) -> bool:
        """Complete the partial file; whether it is the right file is not looked at.

        Returns:
            Whether some of it had been there before.

        Raises:
            FetchError: If the server does not give the file; what came stays for the next try.
            RequestError: If the disk does not take it.
        """
        was_begun = read_kept(self.part, self.url).size > 0
        for _ in range(MAX_TRIES):
            kept = read_kept(self.part, self.url)
            if kept.is_complete:
                return was_begun
            try:
                self._transfer(kept)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code != UNSATISFIABLE or not kept.size:
                    raise FetchError(f"HTTP {error.code} {error.reason}") from error
                discard(self.part)  # the server's file is shorter than ours: begin anew
            except (OSError, http.client.HTTPException) as error:
                if _size(self.part) <= kept.size:  # it brought nothing
                    raise FetchError(_reason(error)) from error
            else:
                return was_begun
        raise FetchError(f"the connection ended {MAX_TRIES} times")

    def _transfer(self, kept: Kept) -> None:
        """Ask once and append what comes."""
        headers = {"User-Agent": f"dlab/{__version__}", "Accept-Encoding": "identity"}
        if kept.size:
            headers["Range"] = f"bytes={kept.size}-"
        if kept.size and kept.validator:
            headers["If-Range"] = kept.validator
        with open_url(self.url, headers, self.patience) as answer:
            now = _begin(answer, kept)
            if now.total > self.limit:
                raise FetchError(f"{now.total} bytes are announced, at most {self.limit} may come")
            with _open_part(self.part, now) as file:
                size = self._receive(answer, file, now)
        if size < now.total:
            raise ConnectionError(f"the connection ended after {size} of {now.total} bytes")

    def _receive(self, answer: Any, file: FileIO, kept: Kept) -> int:
        """Append what comes until the server ends; return the size then."""
        size = before = kept.size
        since = time.monotonic()
        self.progress(size, kept.total)
        while chunk := answer.read1(CHUNK):
            if size + len(chunk) > self.limit:
                raise FetchError(f"more than {self.limit} bytes came, which is too much")
            _write(file, chunk)
            size += len(chunk)
            self.progress(size, kept.total)
            if (passed := time.monotonic() - since) >= self.patience.stall_s:
                if size - before < self.patience.min_rate * passed:
                    raise FetchError(f"slower than {self.patience.min_rate} bytes a second")
                since, before = time.monotonic(), size
        return size


def _begin(answer: Any, kept: Kept) -> Kept:
    """Return what is there once an answer's first byte is appended: its `size` is the place."""
    length = answer.headers.get("Content-Length") or ""
    total = int(length) if length.isdecimal() else 0
    start = 0
    if answer.status == PARTIAL:
        span = answer.headers.get("Content-Range") or ""
        words = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", span)
        start = int(words[1]) if words else -1
        total = int(words[2]) if words and words[2] != "*" else kept.total
        if start != kept.size or (kept.total and total != kept.total):
            raise FetchError("another part of the file came than was asked for")
    # else all of it comes: nothing was there, or the file has changed, or Range is not known
    return Kept(url=kept.url, validator=_validator(answer), total=total, size=start)


def _validator(answer: Any) -> str:
    """Return what tells later whether the server's file is still the same; weak ETags do not."""
    etag = answer.headers.get("ETag") or ""
    return str(etag if etag.startswith('"') else answer.headers.get("Last-Modified") or "")


def _reason(error: BaseException) -> str:
    """Say in a few words why a connection failed."""
    inner = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(inner, TimeoutError):
        return "no answer in time"
    if isinstance(inner, OSError) and inner.strerror:
        return inner.strerror
    return str(inner) or type(inner).__name__


# The partial file


def discard(part: Path) -> None:
    """Remove a partial file and what is known of it."""
    for path in (part, _note(part)):
        path.unlink(missing_ok=True)


def begun_at(part: Path) -> str:
    """Return the URL a partial file began at; empty if there is none."""
    return _read_note(part).url if _size(part) else ""


def read_kept(part: Path, url: str) -> Kept:
    """Return what is there to go on with; nothing if it began elsewhere or cannot be continued."""
    kept = replace(_read_note(part), size=_size(part))
    is_useful = kept.url == url and (kept.validator or kept.total)
    if not is_useful or kept.size > (kept.total or kept.size):
        return Kept(url=url)
    return kept


def _note(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _size(part: Path) -> int:
    with contextlib.suppress(OSError):
        return part.stat().st_size
    return 0


def _read_note(part: Path) -> Kept:
    try:
        note = json.loads(_note(part).read_bytes())
        total = int(note["total"])
        return Kept(url=str(note["url"]), validator=str(note["validator"]), total=total)
    except (OSError, ValueError, KeyError, TypeError):
        return Kept()


def _open_part(part: Path, kept: Kept) -> FileIO:
    """Open a partial file at the place to go on; to begin anew it is emptied before the note."""
    note = {"url": kept.url, "validator": kept.validator, "total": kept.total}
    try:
        file = part.open("r+b" if kept.size else "wb", buffering=0)  # a kill loses nothing
        file.seek(kept.size)
        _note(part).write_text(json.dumps(note), encoding="utf-8")
    except OSError as error:
        raise disk_error(part, error) from error
    return file


def _write(file: FileIO, chunk: bytes) -> None:
    left = memoryview(chunk)
    try:
        while left:
            left = left[file.write(left) :]
    except OSError as error:
        raise disk_error(Path(str(file.name)), error) from error


def disk_error(path: Path, error: OSError) -> RequestError:
    """Return what to raise when the disk does not take a file."""
    return RequestError(
        f"{path} cannot be written: {error.strerror}. "
        "XDG_CACHE_HOME names another place for the data."
    )
