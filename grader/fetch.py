"""Fetches a dataset into the user's cache: mirrors in turn, verified, never half there."""

import enum
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from grader import datastore
from grader.cache import remember
from grader.connection import Patience
from grader.datasource import MIRRORS, DataFile, DataSource
from grader.download import Download, begun_at, discard, disk_error
from grader.errors import FetchError, RequestError
from grader.lockfile import locked
from grader.text import clean

SPARE = 1 << 16  # bytes a compressed file may have more than its content
LOCK = ".lock"
MAX_REASON = 200  # characters


class Step(enum.Enum):
    """What a fetch is doing."""

    WAITING = "waiting for another dlab that fetches the same"
    CONNECTING = "connecting"
    RECEIVING = "receiving"
    VERIFYING = "verifying"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Where a fetch is.

    Attributes:
        file: The file's name; empty while waiting.
        place: Its number, from 1, of `count`.
        mirror: The server it comes from.
        done: Bytes that are there.
        total: Bytes to come in all; 0 if not known.
    """

    step: Step
    file: str = ""
    place: int = 0
    count: int = 0
    mirror: str = ""
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a fetch came to.

    Attributes:
        folder: Where the files are.
        new: Names of the files that were downloaded; the others were there and are right.
    """

    folder: Path
    new: tuple[str, ...] = ()


Observer = Callable[[Moment], None]
DEFAULT_PATIENCE = Patience()


def mirrors_in_force() -> tuple[str, ...]:
    """Return the mirrors, or those that DLAB_MIRRORS names, separated by spaces.

    Raises:
        RequestError: If one is no http or https address.
    """
    mirrors = tuple(os.environ.get("DLAB_MIRRORS", "").split()) or MIRRORS
    for mirror in mirrors:
        parts = urlsplit(mirror)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise RequestError(f"DLAB_MIRRORS: '{mirror}' is not an http:// or https:// address.")
    return mirrors


def fetch(
    source: DataSource, observer: Observer, *, patience: Patience = DEFAULT_PATIENCE
) -> Fetched:
    """Make sure that a dataset is on this machine, all of it verified.

    Args:
        source: What to fetch.
        observer: Told of every step.
        patience: How long to wait for a server.

    Raises:
        FetchError: If no mirror gives a file; what was received stays for the next try.
        RequestError: If a file of DLAB_DATA is damaged, or the cache cannot be written.
    """
    if source.is_embedded or _is_outside(source):
        return Fetched(folder=datastore.verify(source)[0].parent)
    folder, mirrors = datastore.own_folder(source), mirrors_in_force()
    waiting = Moment(step=Step.WAITING)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / LOCK, lambda: observer(waiting)):
            fetcher = _Fetcher(source, folder, mirrors, observer, patience)
            return Fetched(folder=folder, new=fetcher.fetch_all())
    except OSError as error:
        raise disk_error(folder, error) from error


def _is_outside(source: DataSource) -> bool:
    """Whether DLAB_DATA has the files."""
    try:
        found = datastore.find_files(source)
    except RequestError:
        return False
    return found[0].parent != datastore.own_folder(source)


@dataclass(frozen=True, slots=True)
class _Fetcher:
    """Fetches what the folder lacks. Holds the lock."""

    source: DataSource
    folder: Path
    mirrors: Sequence[str]
    observer: Observer
    patience: Patience

    def fetch_all(self) -> tuple[str, ...]:
        """Return the names of the files that were fetched."""
        new = []
        for place, file in enumerate(self.source.files, 1):
            count = len(self.source.files)
            moment = Moment(step=Step.VERIFYING, file=file.name, place=place, count=count)
            if not self._is_there(file, moment):
                self._fetch_file(file, moment)
                new.append(file.name)
        return tuple(new)

    def _is_there(self, file: DataFile, moment: Moment) -> bool:
        """Whether the file is there and right; one that is wrong is removed."""
        path = datastore.find_file(self.folder, file)
        if path is None:
            return False
        self.observer(moment)
        is_right = not datastore.damage_of(path, file)
        remember(path, file, is_right=is_right)
        if not is_right:
            path.unlink()
        return is_right

    def _fetch_file(self, file: DataFile, moment: Moment) -> None:
        """Try the mirrors, first the one that a partial file came from."""
        part = self.folder / f"{file.name}{datastore.PACKED}.part"
        urls = [
            f"{mirror.rstrip('/')}/{self.source.name}/{file.name}{datastore.PACKED}"
            for mirror in self.mirrors
        ]
        tried = []
        for url in sorted(urls, key=lambda url: url != begun_at(part)):
            try:
                self._fetch_from(url, part, file, replace(moment, mirror=urlsplit(url).netloc))
            except FetchError as error:
                reason = " ".join(clean(str(error), MAX_REASON).split())  # servers chose the words
                tried.append(f"{url}: {reason}.")
            else:
                return
        raise FetchError("\n".join([*tried, self._other_ways(file)]))

    def _fetch_from(self, url: str, part: Path, file: DataFile, moment: Moment) -> None:
        """Download, unpack and verify one file from one mirror."""

        def show(done: int, total: int) -> None:
            self.observer(replace(moment, step=Step.RECEIVING, done=done, total=total))

        self.observer(replace(moment, step=Step.CONNECTING))
        download = Download(
            url=url, part=part, limit=file.size + SPARE, patience=self.patience, progress=show
        )
        was_begun = download.run()
        self.observer(replace(moment, step=Step.VERIFYING))
        damage = self._unpack(part, file)
        if damage and was_begun:  # perhaps the old part was to blame: once more, all of it
            download.run()
            damage = self._unpack(part, file)
        if damage:
            raise FetchError(f"what came {damage}")

    def _unpack(self, part: Path, file: DataFile) -> str:
        """Put a complete file in its place in one step; return what is wrong with it instead."""
        target, fresh = self.folder / file.name, self.folder / f".{file.name}.new"
        with fresh.open("wb") as out:
            damage = datastore.damage_of(part, file, take=out.write)
            out.flush()
            os.fsync(out.fileno())
        if damage:
            fresh.unlink()
        else:
            os.replace(fresh, target)
            remember(target, file)
        discard(part)
        return damage

    def _other_ways(self, file: DataFile) -> str:
        """Say how to go on without the mirrors."""
        names = ", ".join(f"{entry.name}{datastore.PACKED}" for entry in self.source.files)
        return (
            f"{file.name} came from none of {len(self.mirrors)} mirrors. Try again later (what "
            f"came is kept), or bring {names} from elsewhere: into {self.folder}, or into a "
            "folder that DLAB_DATA names."
        )
