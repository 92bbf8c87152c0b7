"""Where the files of a dataset are, and whether they are what they should be."""

import enum
import hashlib
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from gzip import BadGzipFile, GzipFile
from pathlib import Path

from grader.cache import cache_folder, is_verified, remember, stamp_of
from grader.datasource import DataFile, DataSource, find_source
from grader.errors import RequestError
from grader.model import Lab

EMBEDDED = Path(__file__).resolve().parent / "data"
PACKED = ".gz"
CHUNK = 1 << 20  # bytes
GZIP = b"\x1f\x8b"  # how a gzip file begins


class State(enum.Enum):
    """What is known of a dataset on this machine."""

    VERIFIED = "verified"  # every byte was compared once and no file has changed since
    UNVERIFIED = "not verified yet"  # the files are there
    MISSING = "not here"
    DAMAGED = "damaged"  # a file is not what it should be


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What this machine holds of a dataset.

    Attributes:
        paths: Where its files are, in the source's order; empty if it is not here.
        problem: Why it cannot be used, and what to type; empty if it can.
    """

    source: DataSource
    state: State
    paths: tuple[Path, ...] = ()
    problem: str = ""


def choose_dataset(lab: Lab, wanted: str) -> str:
    """Return the dataset a lab is graded on, with its files verified; empty if it uses none.

    Args:
        lab: The lab.
        wanted: Name; empty for the lab's first.

    Raises:
        RequestError: If the lab does not support it, or its files are not here or are damaged.
    """
    if wanted and wanted not in lab.datasets:
        there_are = f"It has: {', '.join(lab.datasets)}." if lab.datasets else "It uses none."
        raise RequestError(f"{lab.short_id} has no dataset '{wanted}'. {there_are}")
    name = wanted or next(iter(lab.datasets), "")
    if name:
        verify(find_source(name))
    return name


# Where


def own_folder(source: DataSource) -> Path:
    """Return the folder dlab itself keeps a dataset in."""
    return EMBEDDED if source.is_embedded else cache_folder() / source.name


def find_files(source: DataSource) -> tuple[Path, ...]:
    """Return where a dataset's files are: all in one folder, compressed or not.

    Looks in DLAB_DATA, in its subfolder with the dataset's name, and in the cache.

    Raises:
        RequestError: If they are in none of these; says what to type.
    """
    for folder in _named_folders(source):
        if len(paths := _in_folder(folder, source)) == len(source.files):
            return tuple(paths.values())
    own = _in_folder(own_folder(source), source)
    if len(own) == len(source.files):
        return tuple(own.values())
    raise RequestError(_missing(source))


def _named_folders(source: DataSource) -> tuple[Path, ...]:
    """Return where DLAB_DATA says to look, if it is set."""
    named = os.environ.get("DLAB_DATA", "")
    if not named or source.is_embedded:
        return ()
    return Path(named).expanduser() / source.name, Path(named).expanduser()


def _in_folder(folder: Path, source: DataSource) -> dict[str, Path]:
    found = {file.name: find_file(folder, file) for file in source.files}
    return {name: path for name, path in found.items() if path}


def find_file(folder: Path, file: DataFile) -> Path | None:
    """Return where a file is in a folder, compressed or not; None if it is not there."""
    paths = (folder / file.name, folder / (file.name + PACKED))
    return next((path for path in paths if path.is_file()), None)


def _missing(source: DataSource) -> str:
    """Say what is not where it was looked for, and what to type."""
    if source.is_embedded:
        return f"The dataset '{source.name}' is part of dlab and is not there. Install dlab again."
    text = f"The dataset '{source.name}' is not on this machine"
    if folders := _named_folders(source):
        text += f": DLAB_DATA is '{os.environ['DLAB_DATA']}', "
        most = max((_in_folder(folder, source) for folder in folders), key=len)
        lacking = [file.name for file in source.files if file.name not in most]
        is_there = folders[-1].is_dir()
        text += f"which lacks {', '.join(lacking)}" if is_there else "and there is no such folder"
    fetch = f"`dlab data fetch {source.name}` downloads it"
    return f"{text}. {fetch}; or set DLAB_DATA to a folder that holds its files."


# Whether


def look(source: DataSource) -> Holding:
    """Find out what is here without reading the files; embedded ones are small and are read."""
    if source.is_embedded:
        return inspect(source)
    try:
        paths = find_files(source)
    except RequestError as error:
        return Holding(source=source, state=State.MISSING, problem=str(error))
    is_known = all(is_verified(*pair) for pair in zip(paths, source.files, strict=True))
    state = State.VERIFIED if is_known else State.UNVERIFIED
    return Holding(source=source, state=state, paths=paths)


def inspect(source: DataSource) -> Holding:
    """Compare every byte of a dataset's files, also of those that were verified before."""
    try:
        paths = find_files(source)
    except RequestError as error:
        return Holding(source=source, state=State.MISSING, problem=str(error))
    try:
        verify(source, is_anew=True)
    except RequestError as error:
        return Holding(source=source, state=State.DAMAGED, paths=paths, problem=str(error))
    return Holding(source=source, state=State.VERIFIED, paths=paths)


def verify(source: DataSource, *, is_anew: bool = False) -> tuple[Path, ...]:
    """Return where a dataset's files are, each compared with its SHA-256 once.

    Args:
        source: The dataset.
        is_anew: Whether files are read that were verified before and have not changed since.

    Raises:
        RequestError: If a file is missing or damaged.
    """
    paths = find_files(source)
    for path, file in zip(paths, source.files, strict=True):
        if is_anew or not is_verified(path, file):
            _require(path, file, source)
    return paths


def read_files(source: DataSource) -> tuple[bytearray, ...]:
    """Return the decompressed content of a dataset's files, verified.

    Raises:
        RequestError: If a file is missing or damaged.
    """
    contents = []
    for path, file in zip(find_files(source), source.files, strict=True):
        content = bytearray()
        _require(path, file, source, take=content.extend, is_hashed=not is_verified(path, file))
        contents.append(content)
    return tuple(contents)


def _require(
    path: Path,
    file: DataFile,
    source: DataSource,
    *,
    take: Callable[[bytes], object] = len,
    is_hashed: bool = True,
) -> None:
    """Read a file; raise if it is not what it should be, remember that it is."""
    stamp = stamp_of(path)
    damage = damage_of(path, file, take=take, is_hashed=is_hashed)
    if not source.is_embedded and (damage or is_hashed) and stamp == stamp_of(path):
        remember(path, file, is_right=not damage)  # but not while somebody writes it
    if not damage:
        return
    advice = f"`dlab data fetch {source.name}` gets it again."
    if source.is_embedded:
        advice = "Install dlab again."
    elif path.parent in _named_folders(source):
        advice = "Copy it again, or unset DLAB_DATA."
    raise RequestError(f"{path} {damage}. {advice}")


def damage_of(
    path: Path, file: DataFile, *, take: Callable[[bytes], object] = len, is_hashed: bool = True
) -> str:
    """Read a file to its end and return what is wrong with it; empty if nothing is.

    Args:
        path: The file, compressed or not, whatever its name says.
        file: What it should be. No more than its size is ever decompressed.
        take: Is given the decompressed bytes, piece by piece.
        is_hashed: Whether the bytes are compared too, not only their number.
    """
    digest, size = hashlib.sha256(), 0
    try:
        for chunk in _chunks(path):
            size += len(chunk)
            if size > file.size:
                return f"is longer than the {file.size} bytes it should have"
            if is_hashed:
                digest.update(chunk)
            take(chunk)
    except ValueError as error:
        return str(error)
    if size < file.size:
        return f"has {size} of {file.size} bytes"
    if is_hashed and digest.hexdigest() != file.sha256:
        return f"is another file: its SHA-256 is {digest.hexdigest()[:12]}..., not {file.sha256}"
    return ""


def _chunks(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes, decompressed if they are compressed, whatever the file's name says.

    Raises:
        ValueError: If it cannot be read to its end; says why. What the caller raises passes.
    """
    try:
        with path.open("rb") as raw:
            is_packed = raw.read(2) == GZIP
            raw.seek(0)
            stream = GzipFile(fileobj=raw) if is_packed else raw
            while chunk := stream.read(CHUNK):
                yield chunk
    except (EOFError, zlib.error, BadGzipFile) as error:
        raise ValueError("is cut short or damaged: it cannot be decompressed") from error
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error
