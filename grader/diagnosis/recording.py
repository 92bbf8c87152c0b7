"""What the known mistakes answer in the public checks, recorded for students' machines.

The mistakes themselves are solutions with one change, so students never get them. Their wrong
answers on the public inputs give nothing away, and are all that recognising a mistake needs.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.diagnosis.mistake import Answer, Mistake
from grader.errors import ContentError
from grader.sandbox import wire
from grader.testing.record import Failure, Observation

FILE_NAME = "known_answers.bin"
FORMAT = 1
FAILED = Failure(headline="wrong")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Answers by check, for one seed.

    Attributes:
        seed: The grading seed whose inputs they belong to.
        version: Hash of the checks and mistakes they were made with.
    """

    seed: int
    version: str
    answers: dict[str, list[tuple[Mistake, Answer]]]


def write_recording(path: Path, recording: Recording) -> None:
    """Write a recording; values that cannot be stored are left out with their mistake."""
    entries = [
        entry
        for check_id, known in sorted(recording.answers.items())
        for mistake, answer in known
        if (entry := _pack(check_id, mistake, answer))
    ]
    header = {"format": FORMAT, "seed": recording.seed, "version": recording.version}
    pieces, _ = wire.encode(header, entries, _refuse)
    path.write_bytes(b"".join(pieces))


def read_recording(path: Path) -> Recording | None:
    """Read a recording; None if there is none.

    Raises:
        ContentError: If the file is damaged.
    """
    if not path.is_file():
        return None
    try:
        content = path.read_bytes()
        size, _ = wire.parse_lengths(content[: wire.LENGTHS.size])
        start = wire.LENGTHS.size
        body = bytearray(content[start + size :])
        header, entries = wire.decode(content[start : start + size], body, _refuse)
        return _unpack(header, entries)
    except (struct.error, KeyError, TypeError, ValueError) as error:  # a FrameError is one too
        where = f"{path.parent.name}/{path.name}"
        raise ContentError(f"{where} is damaged: {error}. `dlab validate --record`.") from error


def _refuse(value: object) -> Any:
    raise wire.UnsupportedValueError(f"a {type(value).__name__} cannot be recorded")


def _pack(check_id: str, mistake: Mistake, answer: Answer) -> dict[str, object] | None:
    entry: dict[str, object] = {
        "check": check_id,
        "mistake": (mistake.name, mistake.headline, mistake.hint, mistake.lecture),
        "caught_by": list(mistake.caught_by),
        "failed": [seen.failure is not None for seen in answer.observations],
        "got": [seen.got for seen in answer.observations],
        "error": answer.error,
    }
    try:
        wire.encode({}, entry, _refuse)
    except wire.UnsupportedValueError:
        return None
    return entry


def _unpack(header: dict[str, Any], entries: Any) -> Recording:
    if header["format"] != FORMAT:
        raise ValueError(f"it has format {header['format']}, this dlab reads {FORMAT}")
    answers: dict[str, list[tuple[Mistake, Answer]]] = {}
    for entry in entries:
        name, headline, hint, lecture = entry["mistake"]
        mistake = Mistake(
            name=name,
            path=Path(),
            headline=headline,
            hint=hint,
            lecture=lecture,
            caught_by=tuple(entry["caught_by"]),
            functions=frozenset(),
        )
        seen = _observations(entry["got"], entry["failed"])
        answer = Answer(observations=tuple(seen), error=entry["error"])
        answers.setdefault(entry["check"], []).append((mistake, answer))
    return Recording(seed=header["seed"], version=header["version"], answers=answers)


def _observations(values: Any, failed: Any) -> Iterable[Observation]:
    for got, is_wrong in zip(values, failed, strict=True):
        yield Observation(what="", got=got, failure=FAILED if is_wrong else None)
