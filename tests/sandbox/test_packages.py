"""Which files and module names a sandbox gets: of made-up distributions and of real ones here."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from grader.errors import ContentError
from grader.sandbox import packages
from grader.sandbox.packages import import_names, importable_files

Install = Callable[..., Path]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Put made-up distributions into a folder on the search path."""
    site = tmp_path / "site-packages"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    packages._files.cache_clear()

    def put(name: str, *files: str, requires: tuple[str, ...] = (), record: bool = True) -> Path:
        info = site / f"{name}-1.0.dist-info"
        info.mkdir()
        lines = [f"Requires-Dist: {line}" for line in requires]
        head = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", *lines, "", ""]
        (info / "METADATA").write_text("\n".join(head))
        for file in files:
            (site / file).parent.mkdir(parents=True, exist_ok=True)
            (site / file).touch()
        if record:
            listed = [*files, f"{info.name}/METADATA", f"{info.name}/RECORD"]
            (info / "RECORD").write_text("".join(f"{file},sha256=abc,1\n" for file in listed))
        return site

    yield put
    packages._files.cache_clear()


def skip_unless_installed(*names: str) -> None:
    for name in names:
        try:
            distribution(name)
        except PackageNotFoundError:
            pytest.skip(f"{name} is not installed")


def test_packages_modules_libraries_and_metadata_are_found(install: Install) -> None:
    suffix = packages.MODULE_SUFFIXES[-1]
    files = ("demo/__init__.py", "demo/a.py", "single.py", f"fast{suffix}", "demo.libs/lib.so")
    site = install("demo", *files)

    found = importable_files(["demo"])

    names = ["demo", "demo-1.0.dist-info", "demo.libs", f"fast{suffix}", "single.py"]
    assert found == {name: site / name for name in names}
    assert import_names(["demo"]) == {"demo", "single", "fast"}


def test_bytecode_of_a_single_module_comes_along(install: Install) -> None:
    tag = sys.implementation.cache_tag
    site = install("demo", "single.py", f"__pycache__/single.{tag}.pyc", "__pycache__/other.pyc")

    found = importable_files(["demo"])

    compiled = f"__pycache__/single.{tag}.pyc"
    assert found == {name: site / name for name in ["demo-1.0.dist-info", "single.py", compiled]}
    assert import_names(["demo"]) == {"single"}


def test_what_lies_outside_or_starts_code_is_left_out(install: Install) -> None:
    """Scripts, data for the whole installation, .pth files, and entries that do not exist."""
    site = install("demo", "demo/__init__.py", "demo.pth", "bin/tool", "share/doc")
    record = site / "demo-1.0.dist-info" / "RECORD"
    record.write_text(record.read_text() + "../../bin/tool,,\n/etc/passwd,,\ngone/a.py,,\n")

    assert set(importable_files(["demo"])) == {"demo", "demo-1.0.dist-info"}


def test_quoted_path_is_read(install: Install) -> None:
    site = install("demo", "demo/__init__.py")
    record = site / "demo-1.0.dist-info" / "RECORD"
    (site / "data").mkdir()
    record.write_text(record.read_text() + '"data/a,b.txt",,\n')

    assert "data" in importable_files(["demo"])


@pytest.mark.parametrize("spelling", ["My.Demo", "my_demo", "MY-DEMO", "my--demo"])
def test_any_spelling_of_a_name_is_understood(install: Install, spelling: str) -> None:
    install("my_demo", "my_demo/__init__.py")

    assert import_names([spelling]) == {"my_demo"}


def test_requirements_of_requirements_come_along(install: Install) -> None:
    install("first", "first/__init__.py", requires=("second>=1.0",))
    install("second", "second/__init__.py", requires=("third",))
    install("third", "third/__init__.py", requires=("first",))  # a circle

    assert import_names(["first"]) == {"first", "second", "third"}


@pytest.mark.parametrize(
    "requirement",
    [
        'other; extra == "full"',
        'other; python_version < "3"',
        'other; sys_platform == "amiga"',
        'other; python_version >= "3" and extra == "full"',
    ],
)
def test_requirement_that_does_not_apply_stays_out(install: Install, requirement: str) -> None:
    install("demo", "demo/__init__.py", requires=(requirement,))
    install("other", "other/__init__.py")

    assert import_names(["demo"]) == {"demo"}


def test_missing_requirement_of_a_requirement_is_no_error(install: Install) -> None:
    """CUDA builds of torch name two dozen packages that a machine may do without."""
    install("demo", "demo/__init__.py", requires=("nvidia-nonsense-cu99", "triton-nonsense"))

    assert import_names(["demo"]) == {"demo"}


def test_requirement_that_is_never_in_a_sandbox_stays_out(install: Install) -> None:
    install("demo", "demo/__init__.py", requires=("pytest", "pip", "dlab"))

    assert import_names(["demo"]) == {"demo"}


@pytest.mark.parametrize("name", ["pytest", "pip", "dlab", "PyTest"])
def test_what_is_never_in_a_sandbox_is_refused_by_name(name: str) -> None:
    with pytest.raises(ContentError, match=r"is never in a sandbox\. Remove it from the lab\."):
        importable_files([name])


def test_our_own_packages_are_left_out_whoever_brings_them(install: Install) -> None:
    install("trap", "grader/__init__.py", "cli/__init__.py", "trap/__init__.py")

    assert set(importable_files(["trap"])) == {"trap", "trap-1.0.dist-info"}


def test_package_without_record_is_found_by_what_it_declares(install: Install) -> None:
    site = install("demo", "demo/__init__.py", "single.py", "other.py", record=False)
    (site / "demo-1.0.dist-info" / "top_level.txt").write_text("demo\nsingle\n")

    assert import_names(["demo"]) == {"demo", "single"}


@pytest.mark.parametrize("name", ["nonsense-9", ""])
def test_missing_distribution_is_named_with_the_command(name: str) -> None:
    with pytest.raises(ContentError) as caught:
        importable_files([name])

    expected = f"The package '{name}' is not installed. Try: pip install {name}"
    assert str(caught.value) == expected


def test_missing_distribution_of_an_extra_names_the_extra(install: Install) -> None:
    site = install("dlab", requires=('nonsense-9>=2; extra == "labs"', "click"))
    metadata = site / "dlab-1.0.dist-info" / "METADATA"
    extras = "Provides-Extra: quiz\nProvides-Extra: labs\nName:"
    metadata.write_text(metadata.read_text().replace("Name:", extras))

    with pytest.raises(ContentError, match=r'Try: pip install "dlab\[labs\]"$'):
        importable_files(["nonsense_9"])


def test_editable_distribution_is_refused(install: Install) -> None:
    site = install("demo", "__editable__.demo-1.0.pth")
    origin = {"url": "file:///somewhere", "dir_info": {"editable": True}}
    (site / "demo-1.0.dist-info" / "direct_url.json").write_text(json.dumps(origin))

    with pytest.raises(ContentError, match="'demo' is installed as editable, which a sandbox"):
        importable_files(["demo"])


def test_unreadable_requirement_is_named(install: Install) -> None:
    install("demo", "demo/__init__.py", requires=("other >>> 1",))

    with pytest.raises(ContentError, match="'demo' has a requirement that cannot be read: other"):
        importable_files(["demo"])


def test_answer_is_the_callers_own(install: Install) -> None:
    install("demo", "demo/__init__.py")
    importable_files(["demo"]).clear()

    assert "demo" in importable_files(["demo"])


def test_nothing_named_gives_nothing() -> None:
    assert importable_files([]) == {}
    assert import_names([]) == frozenset()


# The real ones

TMP = "/tmp"
REAL = [("numpy",), ("numpy", "matplotlib"), ("torch",), ("scikit-learn",)]


@pytest.mark.parametrize("names", REAL, ids="+".join)
def test_real_entries_are_absolute_and_hold_no_grader(names: tuple[str, ...]) -> None:
    skip_unless_installed(*names)

    found = importable_files(names)

    assert all(path.is_absolute() and path.exists() for path in found.values())
    forbidden = {"grader", "cli", "pytest", "_pytest", "pip", "py.py", "pluggy", "click"}
    assert not forbidden & found.keys()


@pytest.mark.parametrize("names", REAL, ids="+".join)
def test_real_packages_work_alone_in_bwrap(names: tuple[str, ...]) -> None:
    """Only their entries are there, bound one by one; pytest, here beside them, is not."""
    skip_unless_installed(*names)
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        pytest.skip("bubblewrap is not installed")
    box = [bwrap, "--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "--tmpfs", TMP]
    for name, path in importable_files(names).items():
        box += ["--ro-bind", str(path), f"{TMP}/site/{name}"]
    if subprocess.run([*box, "/bin/true"], capture_output=True, check=False).returncode:
        pytest.skip("bubblewrap cannot start a sandbox here")
    modules = ["matplotlib.pyplot", "sklearn.svm", "torch.optim", "numpy.linalg"]
    chosen = [name for name in modules if name.partition(".")[0] in import_names(names)]
    source = f"""
import importlib, importlib.util, sys
sys.path.insert(0, "{TMP}/site")
for name in {chosen!r}: importlib.import_module(name)
for name in ("pytest", "pip", "click", "grader"):
    assert importlib.util.find_spec(name) is None, name
print("fine")
"""
    python = Path(sys.base_prefix) / "bin" / Path(sys.executable).resolve().name
    command = [*box, "--setenv", "HOME", TMP, "--", str(python), "-I", "-S", "-W", "ignore"]

    done = subprocess.run(
        [*command, "-c", source], capture_output=True, text=True, check=False, timeout=120
    )

    assert done.stdout == "fine\n", done.stderr


def test_second_answer_costs_nothing() -> None:
    """Asked once per worker: it must not be seen beside the 60 ms that a worker takes to start."""
    importable_files(["numpy"])
    started = time.process_time()
    for _ in range(100):
        importable_files(["numpy"])

    assert (time.process_time() - started) / 100 < 1e-3  # measured: 5e-6
