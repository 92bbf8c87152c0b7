"""Reads what a student handed in: files as inert bytes, bounded, never executed here."""

import hashlib
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from grader.errors import RequestError, SubmissionError
from grader.model import Lab
from grader.text import clean

MAX_FILES = 200
MAX_FILE_BYTES = 2 << 20
MAX_TOTAL_BYTES = 8 << 20
MAX_ZIP_BYTES = 32 << 20
MAX_DEPTH = 20  # of folders
MAX_REMARKS = 20
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others may ask for gigabytes to unpack
BROKEN_ZIP = (  # what zipfile lets through
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError),
    *(RuntimeError, ValueError, LookupError, ArithmeticError),
)
SUFFIXES = (".py", ".txt", ".json", ".csv", ".npz", ".npy", ".md")
SKIPPED = ("__pycache__", ".ipynb_checkpoints", ".dlab", ".git", "__MACOSX")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handin:
    """One student's files for one lab.

    Attributes:
        student: The student's id.
        files: Path relative to the main file's folder -> content.
        problem: Why it cannot be graded; empty if it can.
        remarks: What was left out, for staff.
    """

    student: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    problem: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """Return a hash of names and contents."""
        digest = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            digest.update(name.encode("utf-8", "surrogateescape") + b"\0")
            digest.update(hashlib.sha256(content).digest())
        return digest.hexdigest()


def read_handin(path: Path, lab: Lab, student: str) -> Handin:
    """Read a file, a folder or a zip; whatever is wrong becomes the handin's `problem`."""
    try:
        return _read(path, lab, student)
    except SubmissionError as error:
        return Handin(student=student, problem=_one_line(str(error)))
    except OSError as error:
        problem = _one_line(f"{path.name} cannot be read: {error.strerror or error}")
        return Handin(student=student, problem=problem)


def _one_line(text: str) -> str:
    """Return text with names of files in it as one line that can be stored and shown."""
    return " ".join(clean(text, 400).split())


def _read(path: Path, lab: Lab, student: str) -> Handin:
    if path.is_symlink():
        raise SubmissionError(f"{path.name} is a symbolic link; a submission holds real files")
    if path.is_file() and path.suffix.lower() == ".zip":
        found, remarks = _read_zip(path)
    elif path.is_file():
        content = _bounded(path, path.name)
        return Handin(student=student, files={lab.file: content})
    else:
        found, remarks = _read_folder(path)
        if not _mains(found, lab) and (packed := _only_zip(path)):
            found, remarks = _read_zip(packed)
    kept = tuple(_one_line(remark) for remark in remarks[:MAX_REMARKS])
    try:
        return Handin(student=student, files=_around(found, lab), remarks=kept)
    except SubmissionError as error:  # the remarks may say why it seems to be missing
        return Handin(student=student, problem=_one_line(str(error)), remarks=kept)


def _around(found: Mapping[str, bytes], lab: Lab) -> dict[str, bytes]:
    """Keep the folder of the main file and what is below it."""
    mains = _mains(found, lab)
    if not mains:
        names = ", ".join(sorted(found)[:5]) or "no file that is graded"
        raise SubmissionError(f"{lab.file} is missing; there is {names}")
    if len(mains) > 1 and _depth(mains[0])[0] == _depth(mains[1])[0]:
        raise SubmissionError(f"{lab.file} stands there twice: {mains[0]} and {mains[1]}")
    base = PurePosixPath(mains[0]).parent
    return {
        str(PurePosixPath(name).relative_to(base)): content
        for name, content in found.items()
        if PurePosixPath(name).is_relative_to(base)
    }


def _mains(found: Mapping[str, bytes], lab: Lab) -> list[str]:
    """Return the paths of the lab's main file, the one nearest to the top first."""
    return sorted((n for n in found if PurePosixPath(n).name == lab.file), key=_depth)


def _only_zip(folder: Path) -> Path | None:
    """Return the zip of `dlab submit` where it was handed in inside a folder.

    Raises:
        SubmissionError: If there are several: nobody knows which one is meant.
    """
    zips = [path for path in _walk(folder, []) if path.suffix.lower() == ".zip"]
    if len(zips) > 1:
        names = ", ".join(path.name for path in zips[:5])
        raise SubmissionError(f"there are {len(zips)} zips, and one is graded: {names}")
    return zips[0] if zips else None


def _depth(name: str) -> tuple[int, str]:
    return name.count("/"), name


def _is_wanted(name: str, remarks: list[str]) -> bool:
    parts = PurePosixPath(name).parts
    if not name.endswith(SUFFIXES) or any(part in SKIPPED for part in parts):
        return False
    if not name.isprintable():  # a name in another encoding could not be stored in a result
        remarks.append(f"left out: {name!a} is no readable name")
        return False
    return True


def _read_folder(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    found: dict[str, bytes] = {}
    remarks: list[str] = []
    for path in _walk(folder, remarks):
        name = path.relative_to(folder).as_posix()
        if not _is_wanted(name, remarks):
            continue
        found[name] = _bounded(path, name)
        _check_totals(found)
    return found, remarks


def _walk(folder: Path, remarks: list[str]) -> Iterator[Path]:
    """Yield regular files; links, devices and pipes are noted and left alone."""
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        if len(Path(root).relative_to(folder).parts) >= MAX_DEPTH:
            remarks.append(f"left out: folders more than {MAX_DEPTH} deep")
            folders.clear()
        for name in sorted(names):
            path = Path(root, name)
            if stat.S_ISREG(path.lstat().st_mode):
                yield path
            else:
                shown = str(path.relative_to(folder))
                remarks.append(f"left out: {shown!a} is not a regular file")


def _bounded(path: Path, name: str) -> bytes:
    with path.open("rb") as file:
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise SubmissionError(f"{name} is larger than {MAX_FILE_BYTES >> 20} MiB")
    return content


def _check_totals(found: Mapping[str, bytes]) -> None:
    if len(found) > MAX_FILES:
        raise SubmissionError(f"there are more than {MAX_FILES} files")
    if sum(map(len, found.values())) > MAX_TOTAL_BYTES:
        raise SubmissionError(f"the files are larger than {MAX_TOTAL_BYTES >> 20} MiB together")


def _read_zip(path: Path) -> tuple[dict[str, bytes], list[str]]:
    """Read a zip's files without unpacking it to a disk; sizes are counted as they come."""
    if path.stat().st_size > MAX_ZIP_BYTES:
        raise SubmissionError(f"{path.name} is larger than {MAX_ZIP_BYTES >> 20} MiB")
    found: dict[str, bytes] = {}
    remarks: list[str] = []
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist()[: 50 * MAX_FILES]:
                if _points_outside(entry):
                    remarks.append(f"left out: {entry.filename[:80]!a} points outside the zip")
                elif not entry.is_dir() and _is_wanted(entry.filename, remarks):
                    if entry.filename in found:
                        raise SubmissionError(f"{entry.filename} stands there twice")
                    found[entry.filename] = _unpack(archive, entry)
                    _check_totals(found)
    except BROKEN_ZIP as error:
        raise SubmissionError(f"{path.name} is not a readable zip: {error}") from error
    return found, remarks


def _points_outside(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is a link, or would land outside the folder it is unpacked in."""
    name = PurePosixPath(entry.filename)
    return name.is_absolute() or ".." in name.parts or stat.S_ISLNK(entry.external_attr >> 16)


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.compress_type not in METHODS:
        raise SubmissionError(f"{entry.filename} is compressed in a way only some programs know")
    with archive.open(entry) as file:
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise SubmissionError(f"{entry.filename} is larger than {MAX_FILE_BYTES >> 20} MiB")
    return content


def find_own(lab: Lab, start: Path, named: str) -> Path:
    """Find a student's own submission.

    Args:
        lab: Which lab.
        start: The current folder.
        named: A file or folder given by the user; empty to look in the usual places.

    Raises:
        RequestError: If there is none; says where it looked.
    """
    if named:
        path = Path(named)
        if not path.exists():
            raise RequestError(f"There is no file or folder '{named}'.")
        return path
    places = [start / lab.file]
    for folder in (lab.lab_id, lab.short_id):
        places += [start / folder / lab.file, start / "submissions" / folder / lab.file]
    for place in places:
        if place.is_file():  # beside the user's other files: that file alone
            return place if place.parent == start else place.parent
    looked = ", ".join(os.path.relpath(place, start) for place in places)
    raise RequestError(
        f"No {lab.file} found. Looked for {looked}. `dlab start {lab.short_id}` makes one."
    )
