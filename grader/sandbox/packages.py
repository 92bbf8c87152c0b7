"""Finds the files of installed packages, so that a sandbox can hold what a lab allows, no more.

A distribution is what pip installs ("scikit-learn"); it brings modules to import ("sklearn").
"""

import importlib.machinery
import importlib.util
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from grader.errors import ContentError

KEPT_OUT = frozenset({"dlab", "pytest", "pip"})  # what grades, and what could install more
OWN_PACKAGES = frozenset({"grader", "cli"})
NOT_CODE = frozenset({"", ".", "..", "__pycache__", "bin", "share", "include"})
MODULE_SUFFIXES = tuple(importlib.machinery.all_suffixes())


def importable_files(distributions: Sequence[str]) -> dict[str, Path]:
    """Return what a sandbox must see of some distributions and of all they require.

    Args:
        distributions: Names as for pip, in any case and with any of "-", "_" and ".".

    Returns:
        Relative path in a folder for packages to the absolute path here: packages, single modules
        and their bytecode, `*.libs`, `*.dist-info`. Where two distributions bring the same name,
        the first one holds. Never dlab, pytest or pip.

    Raises:
        ContentError: If a distribution that is named is not installed or cannot be had in a
            sandbox. What it requires in turn may be missing: torch runs without much of it.
    """
    return dict(_files(tuple(distributions)))


def import_names(distributions: Sequence[str]) -> frozenset[str]:
    """Return the top-level module names that some distributions and all they require bring.

    Args:
        distributions: As in `importable_files`.

    Raises:
        ContentError: As in `importable_files`.
    """
    names = (_module_name(entry) for entry in _files(tuple(distributions)))
    return frozenset(name for name in names if name)


def installed(distributions: Sequence[str]) -> tuple[str, ...]:
    """Return those of some distributions that this machine has."""
    return tuple(name for name in distributions if _find(_canonical(name)))


@cache
def _files(names: tuple[str, ...]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for found in _closure([_canonical(name) for name in names]):
        for entry, path in _entries(found):
            files.setdefault(entry, path)
    return files


def _canonical(name: str) -> str:
    """Return the one spelling of a name. Source: PyPA, Names and normalization."""
    return re.sub(r"[-_.]+", "-", name).lower()


# Which distributions


def _closure(names: Sequence[str]) -> Iterable[Distribution]:
    """Return the named distributions and those of what they require that are installed."""
    found = {name: _named(name) for name in names}
    waiting = list(found)
    for name in waiting:  # grows meanwhile
        for required in _requirements(name, found[name]):
            if required in found or required in KEPT_OUT:
                continue
            if there := _find(required):
                found[required] = there
                waiting.append(required)
    return found.values()


def _named(name: str) -> Distribution:
    if name in KEPT_OUT:
        raise ContentError(f"The package '{name}' is never in a sandbox. Remove it from the lab.")
    found = _find(name)
    if found is None:
        raise ContentError(f"The package '{name}' is not installed. Try: {_how_to_install(name)}")
    if _is_editable(found):
        message = f"The package '{name}' is installed as editable, which a sandbox cannot see."
        raise ContentError(f"{message} Try: pip install <its folder>, without -e")
    return found


def _find(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except (PackageNotFoundError, ValueError):  # ValueError: an empty name
        return None


def _requirements(name: str, found: Distribution) -> Iterator[str]:
    """Yield what an installed distribution requires on this machine, without its extras."""
    for line in found.requires or []:
        try:
            requirement = Requirement(line)
        except InvalidRequirement as error:
            message = f"The package '{name}' has a requirement that cannot be read: {line}"
            raise ContentError(f"{message}. Install another version of it.") from error
        if _applies(requirement, extra=""):
            yield _canonical(requirement.name)


def _applies(requirement: Requirement, *, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def _is_editable(found: Distribution) -> bool:
    """Whether it is only a pointer to a folder. Source: PEP 610."""
    origin = json.loads(found.read_text("direct_url.json") or "{}")
    return bool(origin.get("dir_info", {}).get("editable", False))


def _how_to_install(name: str) -> str:
    """Return the command, through an extra of dlab where one has it."""
    if own := _find("dlab"):
        requirements = [Requirement(line) for line in own.requires or []]
        lines = [line for line in requirements if _canonical(line.name) == name]
        for extra in own.metadata.get_all("Provides-Extra") or []:
            if any(_applies(line, extra=extra) for line in lines):
                return f'pip install "dlab[{extra}]"'
    return f"pip install {name}"


# Which files


def _entries(found: Distribution) -> Iterator[tuple[str, Path]]:
    """Yield what a distribution has put directly into its folder for packages."""
    site = Path(str(found.locate_file(""))).absolute()
    for entry in sorted(_first_parts(found) - NOT_CODE - OWN_PACKAGES):
        path = site / entry
        if entry.endswith(".pth") or not path.exists():
            continue
        yield entry, path
        if entry.endswith(".py"):  # its bytecode: else each worker compiles it anew
            compiled = Path(importlib.util.cache_from_source(str(path)))
            if compiled.is_file():
                yield f"__pycache__/{compiled.name}", compiled


def _first_parts(found: Distribution) -> set[str]:
    """Return the first part of each installed path; torch has 15000, so lines are not parsed."""
    record = found.read_text("RECORD")
    if record is None:  # a package of the operating system
        return {path.parts[0] for path in found.files or []} | set(_declared(found))
    # Each line is path,hash,size; a path with a comma is in quotes.
    return {line.split("/", 1)[0].split(",", 1)[0].lstrip('"') for line in record.splitlines()}


def _declared(found: Distribution) -> Iterator[str]:
    """Yield every form that the modules it declares may have on disk."""
    for name in (found.read_text("top_level.txt") or "").split():
        yield from (name, *(f"{name}{suffix}" for suffix in MODULE_SUFFIXES))


def _module_name(entry: str) -> str:
    """Return the name to import an entry by, or an empty string if it is no module."""
    suffixes = [suffix for suffix in MODULE_SUFFIXES if entry.endswith(suffix)]
    stem = entry.removesuffix(max(suffixes, key=len, default=""))
    return stem if stem.isidentifier() else ""
