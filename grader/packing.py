"""Packs a submission into one zip: the files that are graded, and a manifest of them."""

import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader import __version__
from grader.errors import RequestError
from grader.handin import SKIPPED, Handin, read_handin
from grader.model import SCHEMA_VERSION, Lab, Report
from grader.progress import (
    LAST_WHOLE_RUN,
    folder_of,
    last_report,
    public_score,
    save_submitted,
)
from grader.stub import Look, look_at

# Below .dlab, so that the manifest is no part of what is graded: the zip and the folder it was
# made from have the same hash.
MANIFEST = ".dlab/manifest.json"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # of every file in the zip: equal files, equal bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What would be handed in.

    Attributes:
        files: Path in the zip -> content.
        left_out: What lies beside them and is not sent.
        look: Which functions are written.
        report: The last run of all public checks, if there was one.
        is_checked: Whether that run was of these very files.
    """

    lab: Lab
    folder: Path
    sha256: str
    files: Mapping[str, bytes]
    left_out: tuple[str, ...]
    look: Look
    report: Report | None
    is_checked: bool


def pack(lab: Lab, path: Path) -> Package:
    """Collect what is handed in; nothing is executed or written.

    Raises:
        RequestError: If these files could not be graded at all.
    """
    handin = read_handin(path, lab, "own")
    if handin.problem:
        raise RequestError(f"{path} cannot be handed in: {handin.problem}.")
    folder = folder_of(path)
    report = last_report(folder, lab.lab_id, LAST_WHOLE_RUN)
    return Package(
        lab=lab,
        folder=folder,
        sha256=handin.sha256,
        files=handin.files,
        left_out=_left_out(path, handin),
        look=look_at(lab, handin.files[lab.file]),
        report=report,
        is_checked=report is not None and report.submission_sha256 == handin.sha256,
    )


def _left_out(path: Path, handin: Handin) -> tuple[str, ...]:
    """Name what lies in the folder and is not sent; a folder of which nothing is sent is one."""
    if not path.is_dir():
        return ()
    sent = {Path(name).parts[0] for name in handin.files} | {*SKIPPED}
    return tuple(
        entry.name + "/" * entry.is_dir(follow_symlinks=False)
        for entry in sorted(os.scandir(path), key=lambda entry: entry.name)
        if entry.name not in sent and not entry.name.endswith("_submission.zip")
    )


def manifest_of(package: Package, created_at: str) -> dict[str, Any]:
    """Return the manifest: what is in the zip, of which lab, and how it last did."""
    manifest: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "lab_id": package.lab.lab_id,
        "dlab_version": __version__,
        "created_at": created_at,
        "submission_sha256": package.sha256,
        "files": [
            {"path": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(package.files.items())
        ],
    }
    if package.report:
        score = public_score(package.report)
        manifest["last_check"] = {
            "public_points": score.points,
            "public_max_points": score.max_points,
            "checked_at": package.report.graded_at,
            "of_these_files": package.is_checked,
        }
    return manifest


def write_package(package: Package, target: Path) -> dict[str, Any]:
    """Write the zip in one step, remember it, and return its manifest.

    Raises:
        RequestError: If the target cannot be written, or is a file that dlab did not write.
    """
    if target.exists() and not _is_package(target):
        raise RequestError(f"{target} exists and is not a submission of dlab. Choose another name.")
    manifest = manifest_of(package, datetime.now(UTC).isoformat(timespec="seconds"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(package.files.items()):
            archive.writestr(_entry(name), content)
        archive.writestr(_entry(MANIFEST), json.dumps(manifest, indent=2) + "\n")
    try:
        _replace(target, buffer.getvalue())
    except OSError as error:
        raise RequestError(f"{target} cannot be written: {error.strerror}.") from error
    save_submitted(package.folder, package.lab.lab_id, manifest)
    return manifest


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, FIXED_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _is_package(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return MANIFEST in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def _replace(target: Path, content: bytes) -> None:
    """Write so that a reader sees the old file or the new one, never half of one."""
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
