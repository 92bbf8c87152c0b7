"""The layers of the house, held by reading imports; nothing is imported to find out."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.model import DATASETS

ROOT = Path(__file__).resolve().parents[1]
STANDARD = sys.stdlib_module_names
HEAVY = ("torch", "nbgrader", "matplotlib", "dask", "sklearn", "sqlalchemy", "starlette", "uvicorn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One imported module, and whether loading the importing module is enough to import it."""

    module: str
    is_at_once: bool
    line: int


def imports_of(path: Path) -> Iterator[Import]:
    """Yield what a file imports, but not for annotations only."""
    yield from _imports(ast.parse(path.read_bytes()), is_at_once=True)


def _imports(node: ast.AST, *, is_at_once: bool) -> Iterator[Import]:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import | ast.ImportFrom):
        named = [alias.name for alias in node.names]
        for module in _from(node) if isinstance(node, ast.ImportFrom) else named:
            yield Import(module=module, is_at_once=is_at_once, line=node.lineno)
    is_later = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    for child in ast.iter_child_nodes(node):
        yield from _imports(child, is_at_once=is_at_once and not is_later)


def _from(node: ast.ImportFrom) -> list[str]:
    """Return the modules of `from a import b`: a.b where that is a module of ours, else a."""
    assert node.level == 0, "relative imports are banned"
    module = node.module or ""
    names = [f"{module}.{alias.name}" for alias in node.names]
    found = [name for name in names if (ROOT / f"{name.replace('.', '/')}.py").is_file()]
    return found if len(found) == len(names) else [*found, module]


def top(module: str) -> str:
    """Return the package's name."""
    return module.partition(".")[0]


def python_files(*folders: str) -> list[Path]:
    """Return all Python files below folders of the repository."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def shown(path: Path) -> str:
    """Return a path as it is typed."""
    return path.relative_to(ROOT).as_posix()


def strangers(path: Path, allowed: Set[str]) -> list[str]:
    """Return what a file imports beyond the standard library and some modules or packages."""

    def is_allowed(module: str) -> bool:
        return module == "grader" or any(
            module == name or module.startswith(f"{name}.") for name in allowed
        )

    return [
        f"{shown(path)}:{entry.line} imports {entry.module}"
        for entry in imports_of(path)
        if top(entry.module) not in STANDARD and not is_allowed(entry.module)
    ]


def modules(*names: str) -> list[Path]:
    """Return files of the engine."""
    return [ROOT / "grader" / f"{name}.py" for name in names]


# The engine


@pytest.mark.parametrize("path", modules("errors", "model", "wish", "text"), ids=shown)
def test_foundation_imports_the_standard_library_only(path: Path) -> None:
    assert strangers(path, set()) == []


def test_model_does_not_know_errors_and_errors_know_nothing() -> None:
    found = [entry.module for path in modules("errors", "model") for entry in imports_of(path)]

    assert not [module for module in found if top(module) in ("grader", "cli")]


@pytest.mark.parametrize(
    "path",
    modules("course", "labs", "scoring", "result", "gradebook", "review", "handin"),
    ids=shown,
)
def test_data_modules_know_neither_sandbox_nor_pytest(path: Path) -> None:
    names = ("errors", "model", "course", "text", "result", "table")
    light = {f"grader.{name}" for name in names}

    assert strangers(path, light | {"pydantic"}) == []


DATA = ("datasource", "cache", "datastore", "connection", "download", "lockfile", "fetch")


@pytest.mark.parametrize("path", modules(*DATA), ids=shown)
def test_fetching_needs_the_standard_library_only(path: Path) -> None:
    light = {f"grader.{name}" for name in (*DATA, "errors", "model", "result", "text")}

    assert strangers(path, light) == []


def test_looking_at_datasets_needs_neither_numpy_nor_pydantic() -> None:
    found = imported_by(
        "from grader import datasource, datastore, fetch; datastore.look(datasource.MNIST)"
    )

    assert found & {"numpy", "pydantic", "pytest", "rich"} == set()


@pytest.mark.parametrize("path", modules("sandbox/worker", "sandbox/wire"), ids=shown)
def test_untrusted_side_holds_nothing_of_ours_but_the_wire(path: Path) -> None:
    allowed = {"numpy", "grader.sandbox.wire"}
    if path.name == "worker.py":
        allowed.add("torch")  # for submissions of labs that allow it

    assert strangers(path, allowed) == []


def test_untrusted_side_imports_torch_only_when_asked() -> None:
    (path,) = modules("sandbox/worker")

    assert [
        entry.module
        for entry in imports_of(path)
        if entry.is_at_once and top(entry.module) == "torch"
    ] == []


@pytest.mark.parametrize("path", python_files("grader/testing"), ids=shown)
def test_what_checks_may_import_knows_no_runner(path: Path) -> None:
    known = {f"grader.{name}" for name in ("errors", "model", "dataset", "testing")}

    sandbox = {"grader.sandbox.client", "grader.sandbox.memory"}
    assert strangers(path, known | sandbox | {"numpy"}) == []


@pytest.mark.parametrize("path", python_files("grader/sandbox"), ids=shown)
def test_sandbox_knows_no_grading(path: Path) -> None:
    known = {f"grader.{name}" for name in ("errors", "model", "text", "sandbox")}
    known |= {"torch"} if path.name == "worker.py" else set()

    assert strangers(path, known | {"numpy", "packaging"}) == []


@pytest.mark.parametrize("path", python_files("grader/diagnosis"), ids=shown)
def test_diagnosis_runs_nothing(path: Path) -> None:
    known = {f"grader.{name}" for name in ("errors", "model", "testing", "diagnosis")}

    assert strangers(path, known | {"grader.sandbox.wire", "numpy"}) == []


EXTRAS = {"markdown_it", "markupsafe", "starlette"}


@pytest.mark.parametrize("path", python_files("grader/quiz"), ids=shown)
def test_quizzes_know_no_labs_no_sandbox_and_no_pytest(path: Path) -> None:
    """What is optional is imported through `need`, which says how to install it."""
    light = ("errors", "model", "course", "result", "text", "table", "roster", "handin", "lockfile")
    known = {f"grader.{name}" for name in (*light, "quiz")}

    assert strangers(path, known | EXTRAS | {"pydantic", "numpy"}) == []


def test_taking_a_quiz_imports_nothing_that_only_staff_need() -> None:
    found = imported_by("from grader.quiz import publish, paper, scoring, attempt, sitting")

    assert found & {"numpy", "yaml", "lxml", "jinja2", "starlette", "pytest", "rich"} == set()


@pytest.mark.parametrize("path", python_files("grader"), ids=shown)
def test_engine_does_not_know_the_command_line(path: Path) -> None:
    assert [e.module for e in imports_of(path) if top(e.module) in ("cli", "click", "rich")] == []


@pytest.mark.parametrize("path", python_files("grader", "cli"), ids=shown)
def test_nothing_heavy_is_imported_at_once(path: Path) -> None:
    heavy = [
        entry.module
        for entry in imports_of(path)
        if entry.is_at_once and top(entry.module) in HEAVY
    ]

    assert heavy == []


def test_engine_has_no_circle() -> None:
    """Following imports at once never leads back to where it began."""
    graph = {
        shown(path)[:-3].replace("/", ".").removesuffix(".__init__"): {
            entry.module for entry in imports_of(path) if entry.is_at_once
        }
        for path in python_files("grader")
    }

    def walk(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, f"{' -> '.join(above)} -> {module}"
        for inner in sorted(graph.get(module, ())):
            if inner in graph and inner not in clean:
                walk(inner, (*above, module))
        clean.add(module)

    clean: set[str] = set()
    for name in sorted(graph):
        walk(name, ())


# The command line

PUBLIC = {"grader.api", "grader.errors", "grader.model"}
ON_DEMAND = {  # for one command each; too dear for the others
    *("grader.batch", "grader.calibrate", "grader.gradebook", "grader.labs", "grader.result"),
    *("grader.text", "grader.validate", "grader.proof", "grader.demo", "grader.yardstick"),
    *("grader.datasource", "grader.datastore", "grader.fetch", "grader.quiz", "grader.grades"),
    *("grader.course_book", "grader.roster"),
}


@pytest.mark.parametrize("path", python_files("cli"), ids=shown)
def test_command_line_imports_public_names_only(path: Path) -> None:
    assert strangers(path, {"cli", "click", "rich"} | PUBLIC | ON_DEMAND) == []


OF_ONE_COMMAND = {"cli/quiz_dialog.py"}  # imported by that command, when it runs


@pytest.mark.parametrize("path", python_files("cli"), ids=shown)
def test_command_line_imports_at_once_what_every_command_needs(path: Path) -> None:
    if shown(path) in OF_ONE_COMMAND:
        return
    at_once = {entry.module for entry in imports_of(path) if entry.is_at_once}
    ours = {module for module in at_once if top(module) == "grader"}

    assert ours <= PUBLIC
    assert "rich" not in {top(module) for module in at_once}


def imported_by(code: str) -> set[str]:
    """Return the names of the top-level modules that some code leaves imported."""
    report = (
        "import sys; sys.stderr.write(' '.join({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"try:\n    {code}\nfinally:\n    {report}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return set(done.stderr.split())


def test_help_imports_nothing_it_does_not_need() -> None:
    found = imported_by("from cli.main import dlab; dlab(['--help'])")

    heavy = {"numpy", "torch", "pydantic", "pytest", "_pytest", "rich", "matplotlib", "packaging"}
    assert "click" in found
    assert found & heavy == set()


def test_reading_a_lab_needs_neither_numpy_nor_pytest() -> None:
    found = imported_by("from grader import api; api.list_labs(api.load_course())")

    assert "pydantic" in found
    assert found & {"numpy", "torch", "pytest", "rich", "matplotlib"} == set()


# The content

CONTENT = ("assignments", "solutions", "autograder_tests")
FILES = python_files(*CONTENT, "tests/courses")
CHECKS = [path for path in FILES if path.name.startswith(("checks", "oracle_"))]
TOOLS = [path for path in FILES if path.name.startswith(("yardsticks", "make_"))]
STUDENT_SIDE = [path for path in FILES if path not in {*CHECKS, *TOOLS}]


@pytest.mark.parametrize("path", CHECKS, ids=shown)
def test_checks_import_what_a_check_may_use(path: Path) -> None:
    beside = {file.stem for file in path.parent.glob("*.py")}
    assert strangers(path, beside | {"grader.testing", "numpy", "torch", "pytest"}) == []


@pytest.mark.parametrize("path", TOOLS, ids=shown)
def test_tools_of_a_lab_import_data_and_yardsticks(path: Path) -> None:
    allowed = {"grader.dataset", "grader.yardstick", "grader.testing", "numpy", "torch"}
    assert strangers(path, allowed) == []


@pytest.mark.parametrize("path", CHECKS, ids=shown)
def test_checks_import_public_names_of_the_engine(path: Path) -> None:
    """`grader.testing` itself, none of its modules."""
    assert [e.module for e in imports_of(path) if e.module.startswith("grader.testing.")] == []


def test_code_that_runs_in_the_worker_does_not_know_dlab() -> None:
    found = [
        f"{shown(path)}:{entry.line} imports {entry.module}"
        for path in STUDENT_SIDE
        for entry in imports_of(path)
        if top(entry.module) in ("grader", "cli")
    ]

    assert found == []


def test_there_is_content_to_look_at() -> None:
    assert len(CHECKS) >= 6
    assert len(STUDENT_SIDE) > 50


# The engine knows no lab

# "mnist" is left to grader/datasource.py and model.py: there it is a dataset.
TOPICS = ("gradient_descent", "backprop", "mnist", "mlp", "cnn", "lstm", "autoencoder", "gan")
LAB_NAME = re.compile(rf"\blab\d|\b({'|'.join(TOPICS)})\b", re.IGNORECASE)


def words_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield names and texts of a file, but no docstrings; examples in messages say "such as"."""
    tree = ast.parse(path.read_bytes())
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in docstrings:
            text = str(node.value)
            if "such as" not in text:
                yield node.lineno, text
        for name in ("id", "name", "attr", "arg"):
            if isinstance(word := getattr(node, name, None), str):
                yield getattr(node, "lineno", 0), word


AS_DATASET = ("grader/datasource.py", "grader/model.py")
SHOWMAN = ("grader/demo.py", "cli/commands/demo.py")  # they show the sample class of examples/
ENGINE = [path for path in python_files("grader", "cli") if shown(path) not in SHOWMAN]


@pytest.mark.parametrize("path", ENGINE, ids=shown)
def test_no_lab_is_named_in_the_engine(path: Path) -> None:
    found = list(words_of(path))
    if shown(path) in AS_DATASET:
        found = [(line, text) for line, text in found if text.lower() not in DATASETS]
    named = [f"{line}: {text}" for line, text in found if LAB_NAME.search(text)]

    assert named == []
