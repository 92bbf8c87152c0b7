"""What the packages (zip files) of the exporters share: the same quiz gives the same bytes."""

import hashlib
import io
import os
import re
import urllib.parse
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from grader.errors import ContentError
from grader.quiz.markup import to_text
from grader.quiz.model import Question

MANIFEST = "imsmanifest.xml"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip file knows
NOT_IN_NAME = re.compile(r"[^A-Za-z0-9_.-]")


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """Pack files: the manifest first, then by name, without times, owners or compression.

    Compressed bytes differ from one zlib to the next; stored ones do not, and a quiz is small.

    Args:
        files: Path in the package to content.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        for name in sorted(files, key=lambda name: (name != MANIFEST, name)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # Unix, wherever it is written
            entry.external_attr = 0o644 << 16
            package.writestr(entry, files[name])
    return buffer.getvalue()


def identifier(text: str) -> str:
    """Return a text as an XML identifier (NCName): what it may not hold becomes `_`."""
    plain = NOT_IN_NAME.sub("_", text)
    return plain if plain[:1].isalpha() or plain.startswith("_") else f"_{plain}"


def decimal(number: float) -> str:
    """Write a number with at most 15 digits, a point and no exponent: `0.3`, `1792`."""
    text = format(Decimal(f"{number:.15g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact(number: float) -> str:
    """Write a share so that thirds add up to one: all digits, no exponent."""
    return format(Decimal(repr(float(number))), "f")


def title_of(question: Question) -> str:
    """Return a question's title as one line of plain text, or its id if it has none."""
    return " ".join(to_text(question.title).split()) or question.variant_id


def repeated(ids: Iterable[str]) -> str:
    """Return the first id that is there twice; empty if none is."""
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            return one
        seen.add(one)
    return ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Collects the images that texts refer to, as files of a package.

    Attributes:
        folder: Where the quiz and its images lie.
        files: Path in the package to content, filled as texts are written.
    """

    folder: Path
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, path: str) -> str:
        """Take an image into the package and return its path there.

        Args:
            path: As Markdown gives it: relative to the folder, `%20` for a space.

        Raises:
            ContentError: If it is missing or lies outside the folder.
        """
        content = self._read(urllib.parse.unquote(path))
        stem, suffix = os.path.splitext(os.path.basename(urllib.parse.unquote(path)))
        name = NOT_IN_NAME.sub("_", stem)[:60]
        mark = hashlib.sha256(content).hexdigest()[:8]
        target = f"images/{name}-{mark}{NOT_IN_NAME.sub('_', suffix)}"
        self.files[target] = content
        return target

    def _read(self, path: str) -> bytes:
        try:
            file = (self.folder / path).resolve()
            if file.is_relative_to(self.folder.resolve()) and file.is_file():
                return file.read_bytes()
        except (OSError, ValueError) as error:  # a name too long, or with a NUL
            raise ContentError(f"The image '{path[:60]}' cannot be read: {error}.") from error
        raise ContentError(f"There is no image '{path}' in {self.folder.name}/.")
