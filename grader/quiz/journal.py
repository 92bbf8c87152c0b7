"""Keeps the events of a sitting in a file: a line each, on the disk before it is confirmed.

Whatever kills the process, what was confirmed is there when the quiz is taken up again.
"""

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.errors import RequestError
from grader.quiz.sitting import Answered, Closed, Event, Moment, Start

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
LARGEST = 16 << 20  # bytes; an hour of typing is far less


def moment() -> Moment:
    """Read the clocks: the steady one counts sleep where the system has such a clock."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    seconds = time.monotonic() if clock is None else time.clock_gettime(clock)
    try:
        boot = "" if clock is None else BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        boot = ""
    return Moment(seconds=seconds, boot=boot, wall=datetime.now().astimezone())


@dataclass(slots=True)
class Journal:
    """A file of events, open to append.

    Attributes:
        events: What was in it when it was opened.
        remarks: What could not be read, a line each.
    """

    path: Path
    descriptor: int
    events: tuple[Event, ...] = ()
    remarks: list[str] = field(default_factory=list)

    def write(self, event: Event) -> None:
        """Append an event; it is on the disk when this returns.

        Raises:
            RequestError: If it cannot be written: then it must not be confirmed.
        """
        line = json.dumps(data_of(event), ensure_ascii=True, allow_nan=False) + "\n"
        try:
            _write_all(self.descriptor, line.encode())
            os.fsync(self.descriptor)
        except OSError as error:
            raise RequestError(
                f"{self.path}: the answer cannot be kept: {error.strerror}. Make room, and run "
                "the same command again: earlier answers are kept."
            ) from error

    def last(self) -> tuple[Start | None, tuple[Answered | Closed, ...]]:
        """Return the latest attempt: how it began, and what followed."""
        start: Start | None = None
        rest: list[Answered | Closed] = []
        for event in self.events:
            if isinstance(event, Start):
                start, rest = event, []
            else:
                rest.append(event)
        return start, tuple(rest)


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


@contextmanager
def open_journal(path: Path) -> Iterator[Journal]:
    """Open a journal, with its lock, and read what is in it.

    A last line that is not whole (the machine stopped while it was written) is cut off; any
    other line that is damaged is left out, and `remarks` says so.

    Raises:
        RequestError: If it cannot be opened, or is open in another process.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _flags(), 0o600)
    except OSError as error:
        raise RequestError(f"{path} cannot be written: {error.strerror}.") from error
    try:
        _lock(descriptor, path)
        journal = Journal(path=path, descriptor=descriptor)
        _load(journal)
        yield journal
    finally:
        os.close(descriptor)


def _flags() -> int:
    return int(getattr(os, "O_NOFOLLOW", 0)) | int(getattr(os, "O_BINARY", 0))


def _lock(descriptor: int, path: Path) -> None:
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows: two terminals at once are the student's own risk
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise RequestError(
            f"{path} is in use: this quiz is open in another terminal. Go on there, or close it."
        ) from error


def _load(journal: Journal) -> None:
    if os.fstat(journal.descriptor).st_size > LARGEST:
        raise RequestError(f"{journal.path} is too large for a journal of `dlab quiz take`.")
    with os.fdopen(os.dup(journal.descriptor), "rb") as file:
        content = file.read()
    *lines, rest = content.split(b"\n")
    if rest:
        os.ftruncate(journal.descriptor, len(content) - len(rest))
        journal.remarks.append(
            f"{journal.path.name}: the last line was not whole and is left out; an answer that "
            "was confirmed is always whole."
        )
    events = []
    for number, line in enumerate(lines, 1):
        try:
            events.append(event_from(_object(line)))
        except (ValueError, RecursionError):
            journal.remarks.append(
                f"{journal.path.name}: line {number} is damaged and is left out; what it held is "
                "lost. Look at your answers."
            )
    journal.events = tuple(events)


def _object(line: bytes) -> dict[str, Any]:
    data = json.loads(line, parse_constant=_refuse)
    if not isinstance(data, dict):
        raise ValueError("no event")
    return data


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number that JSON has")


def event_from(data: Mapping[str, Any]) -> Event:
    """Return the event that plain data describe.

    Raises:
        ValueError: If they describe none; pydantic's error is one.
    """
    from pydantic import TypeAdapter

    kinds: dict[str, type] = {"start": Start, "answer": Answered, "close": Closed}
    rest = {key: value for key, value in data.items() if key != "event"}
    name = str(data.get("event"))
    if name not in kinds:
        raise ValueError("no event")
    event: Event = TypeAdapter(kinds[name]).validate_python(rest)
    if isinstance(event, Start) and datetime.fromisoformat(event.started_at).tzinfo is None:
        raise ValueError("no time zone")
    return event


def data_of(event: Event) -> dict[str, Any]:
    """Return an event as plain data; `event_from` reads them."""
    from pydantic import TypeAdapter

    names = {Start: "start", Answered: "answer", Closed: "close"}
    data = TypeAdapter(type(event)).dump_python(event, mode="json")
    return {"event": names[type(event)], **data}
