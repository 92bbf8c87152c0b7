"""Looks at a submission's text: which functions are written. Nothing is executed."""

import ast
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.errors import ContentError, RequestError
from grader.model import CheckResult, Lab, Outcome

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What can be said about a submission's main file without running it.

    Attributes:
        unwritten: Functions of the lab that still raise NotImplementedError.
        missing: Functions of the lab that the file does not define or import.
        problem: Why the file cannot be read as Python; empty if it can.
    """

    unwritten: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    problem: str = ""


def look_at(lab: Lab, content: bytes) -> Look:
    """Look at the content of the lab's main file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes are the student's own business
            tree = ast.parse(content)
    except SyntaxError as error:
        place = f"line {error.lineno}: " if error.lineno else ""
        return Look(problem=f"{lab.file} is not valid Python: {place}{error.msg}")
    except (ValueError, RecursionError, MemoryError) as error:
        return Look(problem=f"{lab.file} is not valid Python: {error}")
    functions: dict[str, bool] = {}  # a later binding of the same name wins
    everything = False
    for node in _module_level(tree):
        everything = everything or (isinstance(node, ast.alias) and node.name == "*")
        functions.update((name, _is_unwritten(node)) for name in _bound_names(node))
    return Look(
        unwritten=tuple(name for name in lab.functions if functions.get(name)),
        missing=tuple(name for name in lab.functions if name not in functions and not everything),
    )


def _module_level(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run when the module is loaded, in order."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, SCOPES):
            yield from _module_level(child)


def _bound_names(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, FunctionNode | ast.ClassDef):
        return (node.name,)
    if isinstance(node, ast.alias):
        return ((node.asname or node.name).partition(".")[0],)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return (node.id,)
    return ()


def _is_unwritten(node: ast.AST) -> bool:
    """Whether the function's own body, outside any branch, raises NotImplementedError."""
    if not isinstance(node, FunctionNode):
        return False
    raised = [step.exc for step in node.body if isinstance(step, ast.Raise)]
    names = [error.func if isinstance(error, ast.Call) else error for error in raised]
    return any(isinstance(name, ast.Name) and name.id == "NotImplementedError" for name in names)


def waiting_for(result: CheckResult, functions: Iterable[str]) -> str:
    """Return which of the functions, not written yet, ended this check; empty if none did."""
    first = result.message.partition("\n")[0]
    names = functions if result.outcome is Outcome.ERRORED else ()
    return next((name for name in names if first == f"{name} is not written yet."), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What `start_lab` did.

    Attributes:
        folder: Where the student works.
        written: Files that were copied.
        kept: Files that were there already and were left as they are.
    """

    folder: Path
    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def start_lab(lab: Lab, folder: Path) -> Started:
    """Copy what a student edits and reads: the stub and the statement. Overwrites nothing.

    Raises:
        RequestError: If the folder cannot be written.
        ContentError: If the lab has no stub.
    """
    if not (lab.folder / lab.file).is_file():
        raise ContentError(f"assignments/{lab.lab_id}/{lab.file} does not exist.")
    written: list[Path] = []
    kept: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (lab.file, "README.md"):
            source = lab.folder / name
            if not source.is_file():
                continue
            if _copy(source, folder / name):
                written.append(folder / name)
            else:
                kept.append(folder / name)
    except OSError as error:
        raise RequestError(f"{folder} cannot be written: {error.strerror}.") from error
    return Started(folder=folder, written=tuple(written), kept=tuple(kept))


def _copy(source: Path, target: Path) -> bool:
    """Copy unless something of that name is there; the kernel decides, so nothing is lost."""
    try:
        with target.open("xb") as file:
            file.write(source.read_bytes())
    except FileExistsError:
        return False
    return True
