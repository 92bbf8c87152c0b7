"""Where datasets are looked for, what is said when they are not there, and what is verified."""

import gzip
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mirror import FILES, FIRST, NAMES, PACKED, TINY, idx, source_of, tiny_files, write_files

from grader import datastore
from grader.cache import cache_folder, is_verified
from grader.dataset import load_dataset, load_idx
from grader.datasource import DIGITS, MNIST, SOURCES, DataFile, DataSource, find_source
from grader.datastore import State, choose_dataset, find_files, inspect, look, read_files, verify
from grader.errors import RequestError
from grader.model import DATASETS, Lab, Limits

LAST = "t10k-labels-idx1-ubyte.gz"
REAL = Path(os.environ.get("DLAB_DATA") or Path(__file__).resolve().parents[1] / "../shared/data")
HAS_MNIST = any(
    (folder / "t10k-labels-idx1-ubyte.gz").is_file() for folder in (REAL, REAL / "mnist")
)
needs_mnist = pytest.mark.skipif(not HAS_MNIST, reason=f"MNIST is not in {REAL}")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and no DLAB_DATA."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("DLAB_DATA", raising=False)
    return tmp_path / "cache" / "dlab"


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that DLAB_DATA names, with the tiny dataset."""
    monkeypatch.setenv("DLAB_DATA", str(tmp_path / "named"))
    return write_files(tmp_path / "named")


def set_content(path: Path, content: bytes) -> None:
    """Change a file but neither its time nor, if the content is as long, its size."""
    status = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def flipped(content: bytes) -> bytes:
    """Return content with one bit changed."""
    return content[:-3] + bytes([content[-3] ^ 1]) + content[-2:]


# What there is


def test_every_dataset_of_the_model_has_a_source() -> None:
    assert tuple(SOURCES) == DATASETS


def test_unknown_source_is_told_with_the_known() -> None:
    with pytest.raises(RequestError, match=r"^There is no dataset 'x'. There are: digits, mnist.$"):
        find_source("x")


def test_embedded_digits_are_the_committed_file(named: Path) -> None:
    """DLAB_DATA does not replace what is part of dlab."""
    (named / "digits.npz").write_bytes(b"other")

    assert inspect(DIGITS).state is look(DIGITS).state is State.VERIFIED
    assert find_files(DIGITS) == (datastore.EMBEDDED / "digits.npz",)


# Where


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("inner", ["", "tiny"])
def test_dlab_data_holds_the_files_or_a_folder_with_them(
    inner: str, packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_files(tmp_path / "named" / inner, packed=packed)
    monkeypatch.setenv("DLAB_DATA", str(tmp_path / "named"))

    assert {path.parent for path in find_files(TINY)} == {folder}
    assert read_files(TINY) == tuple(FILES.values())


def test_relative_dlab_data_is_meant_from_here(
    named: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("DLAB_DATA", "../named")

    assert read_files(TINY) == tuple(FILES.values())


def test_cache_is_second_and_holds_all_or_nothing(named: Path, cache: Path) -> None:
    """A dataset never comes from two places."""
    write_files(cache / "tiny")
    assert find_files(TINY)[0].parent == named

    (named / NAMES[2]).unlink()

    assert {path.parent for path in find_files(TINY)} == {cache / "tiny"}


@pytest.mark.parametrize("value", ["", "relative"])
def test_cache_is_in_the_home_without_an_absolute_xdg_cache_home(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert cache_folder() == tmp_path / ".cache" / "dlab"


def test_dlab_data_works_without_a_home(named: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a user id of a container that no passwd file knows."""
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", no_home)

    assert read_files(TINY) == tuple(FILES.values())


def test_no_home_and_no_dlab_data_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", no_home)

    with pytest.raises(RequestError, match=r"^You have no home folder: set XDG_CACHE_HOME, or DLA"):
        find_files(TINY)


def no_home() -> Path:
    raise RuntimeError("Could not determine home directory.")


WHAT_TO_TYPE = (
    "`dlab data fetch tiny` downloads it; or set DLAB_DATA to a folder that holds its files."
)


def lose_nothing(folder: Path) -> None:
    pass


def lose_one(folder: Path) -> None:
    (folder / NAMES[1]).unlink()


def lose_all(folder: Path) -> None:
    for name in NAMES:
        (folder / name).unlink()


def lose_folder(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


@pytest.mark.parametrize(
    ("lose", "text"),
    [
        (lose_one, ": DLAB_DATA is '{named}', which lacks train-labels"),
        (lose_all, ": DLAB_DATA is '{named}', which lacks " + ", ".join(NAMES)),
        (lose_folder, ": DLAB_DATA is '{named}', and there is no such folder"),
    ],
)
def test_what_dlab_data_lacks_is_said(lose: Callable[[Path], None], text: str, named: Path) -> None:
    lose(named)

    with pytest.raises(RequestError) as caught:
        load_idx(TINY)

    expected = f"The dataset 'tiny' is not on this machine{text.format(named=named)}. "
    assert str(caught.value) == expected + WHAT_TO_TYPE
    assert look(TINY).state is inspect(TINY).state is State.MISSING
    assert look(TINY).problem == inspect(TINY).problem == str(caught.value)


def test_nothing_anywhere_says_what_to_type() -> None:
    with pytest.raises(RequestError) as caught:
        verify(TINY)

    assert str(caught.value) == f"The dataset 'tiny' is not on this machine. {WHAT_TO_TYPE}"


# Whether it is right

OTHER = tiny_files("another")[FIRST]


@pytest.mark.parametrize(
    ("content", "damage"),
    [
        (FILES[FIRST][:-1], "has 1905 of 1906 bytes"),
        (FILES[FIRST] + b"x", "is longer than the 1906 bytes it should have"),
        (flipped(FILES[FIRST]), "is another file: its SHA-256 is "),
        (OTHER, "is another file: its SHA-256 is "),
        (b"", "has 0 of 1906 bytes"),
        (PACKED[FIRST][:-1], "is cut short or damaged: it cannot be decompressed"),
        (PACKED[FIRST][:900], "is cut short or damaged: it cannot be decompressed"),
        (flipped(PACKED[FIRST][:-9]), "is cut short or damaged: it cannot be decompressed"),
        (PACKED[FIRST] + b"junk", "is cut short or damaged: it cannot be decompressed"),
        (gzip.compress(OTHER), "is another file: its SHA-256 is "),
        (gzip.compress(bytes(1 << 22)), "is longer than the 1906 bytes it should have"),
    ],
)
def test_damaged_file_is_refused_by_all(content: bytes, damage: str, named: Path) -> None:
    (named / FIRST).write_bytes(content)

    for use in (verify, read_files, load_idx):
        with pytest.raises(RequestError) as caught:
            use(TINY)

        assert str(caught.value).startswith(f"{named / FIRST} {damage}")
        assert str(caught.value).endswith(". Copy it again, or unset DLAB_DATA.")
    assert inspect(TINY).state is State.DAMAGED
    assert inspect(TINY).problem == str(caught.value)


def test_damaged_file_of_the_cache_can_be_fetched_again(cache: Path) -> None:
    (write_files(cache / "tiny") / FIRST).write_bytes(b"")

    with pytest.raises(RequestError, match=r"\. `dlab data fetch tiny` gets it again\.$"):
        verify(TINY)


def test_file_that_a_browser_unpacked_is_read(named: Path) -> None:
    """It keeps the name that ends in .gz; what counts is how it begins."""
    (named / FIRST).rename(named / f"{FIRST}.gz")

    assert read_files(TINY) == tuple(FILES.values())


def test_bomb_is_not_unpacked_further_than_its_file_may_be_long(named: Path) -> None:
    (named / FIRST).write_bytes(gzip.compress(bytes(1 << 26)))
    taken = []

    damage = datastore.damage_of(named / FIRST, TINY.files[0], take=lambda c: taken.append(len(c)))

    assert damage == "is longer than the 1906 bytes it should have"
    assert taken == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file_says_why(named: Path) -> None:
    (named / FIRST).chmod(0)

    with pytest.raises(RequestError, match=r"cannot be read: Permission denied"):
        verify(TINY)


# Once


@pytest.mark.parametrize("packed", [False, True])
def test_files_are_verified_once_and_that_is_remembered(packed: bool, cache: Path) -> None:
    folder = write_files(cache / "tiny", packed=packed)
    assert look(TINY).state is State.UNVERIFIED

    load_idx(TINY)

    assert look(TINY).state is State.VERIFIED
    assert all(is_verified(p, f) for p, f in zip(find_files(TINY), TINY.files, strict=True))
    assert folder == find_files(TINY)[0].parent


def test_file_that_was_verified_is_not_hashed_again(named: Path) -> None:
    """Shown by a change that leaves size and time as they were: only `inspect` sees it."""
    verify(TINY)
    set_content(named / FIRST, flipped(FILES[FIRST]))

    assert look(TINY).state is State.VERIFIED
    verify(TINY)

    assert inspect(TINY).state is State.DAMAGED
    assert look(TINY).state is State.UNVERIFIED  # and it is not forgotten
    with pytest.raises(RequestError, match="is another file"):
        load_idx(TINY)


def test_file_with_another_time_is_verified_again(named: Path) -> None:
    verify(TINY)
    path = named / FIRST
    path.write_bytes(flipped(FILES[FIRST]))
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))

    with pytest.raises(RequestError, match="is another file"):
        verify(TINY)


def test_verified_for_one_dataset_is_not_verified_for_another(named: Path) -> None:
    """The same path, other expected bytes."""
    verify(TINY)
    other = source_of(FILES | {FIRST: OTHER}, "tiny")

    assert look(other).state is State.UNVERIFIED
    with pytest.raises(RequestError, match="is another file"):
        verify(other)


@pytest.mark.parametrize("memory", [b"", b"[]", b"{", b'{"x": 3}', b"\xff", b"[" * 100_000])
def test_broken_memory_is_no_memory(memory: bytes, named: Path, cache: Path) -> None:
    cache.mkdir(parents=True)
    (cache / "verified.json").write_bytes(memory)
    assert look(TINY).state is State.UNVERIFIED

    verify(TINY)

    assert look(TINY).state is State.VERIFIED


def test_cache_that_cannot_be_written_only_costs_time(
    named: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))

    assert read_files(TINY) == tuple(FILES.values())
    assert look(TINY).state is State.UNVERIFIED


# What is loaded


def test_idx_dataset_has_the_types_of_a_dataset(named: Path) -> None:
    data = load_idx(TINY)

    assert (data.name, data.max_value) == ("tiny", 255)
    assert (data.x_train.shape, data.x_test.shape) == ((30, 9, 7), (12, 9, 7))
    assert (data.y_train.shape, data.y_test.shape) == ((30,), (12,))
    assert {data.x_train.dtype, data.x_test.dtype} == {np.dtype(np.uint8)}
    assert {data.y_train.dtype, data.y_test.dtype} == {np.dtype(np.int64)}
    np.testing.assert_array_equal(data.x_train.ravel(), list(FILES[FIRST][16:]))
    np.testing.assert_array_equal(data.y_test, list(FILES[NAMES[3]][8:]))


def test_nobody_can_change_a_dataset(named: Path) -> None:
    for data in (load_idx(TINY), load_dataset("digits")):
        for array in (data.x_train, data.y_train, data.x_test, data.y_test):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0


@pytest.mark.parametrize(
    ("file", "content", "text"),
    [
        (FIRST, b"hello", "train-images: it does not begin as an IDX file."),
        (FIRST, FILES[NAMES[1]], "tiny: (30,) labels do not go with (30,) images."),
        (NAMES[3], FILES[NAMES[1]], "tiny: (30,) labels do not go with (12, 9, 7) images."),
        (NAMES[3], idx(np.zeros((12, 1), np.uint8)), "tiny: (12, 1) labels do not go with (12, "),
    ],
)
def test_files_that_do_not_go_together_are_refused(
    file: str, content: bytes, text: str, named: Path
) -> None:
    """Their bytes are as expected, so that whoever wrote the source was wrong."""
    (named / file).write_bytes(content)

    with pytest.raises(RequestError) as caught:
        load_idx(source_of(FILES | {file: content}))

    assert str(caught.value).startswith(text)


# What a lab may use


def lab_with(*datasets: str) -> Lab:
    return Lab(
        lab_id="lab9_tiny",
        title="",
        file="lab9.py",
        folder=Path(),
        packages=(),
        datasets=datasets,
        lectures=(),
        functions={},
        checks=(),
        limits=Limits(),
        bars={},
    )


@pytest.mark.parametrize(
    ("has", "wanted", "chosen"),
    [((), "", ""), (("digits",), "", "digits"), (("digits", "mnist"), "digits", "digits")],
)
def test_dataset_is_the_one_asked_for_or_the_first(
    has: tuple[str, ...], wanted: str, chosen: str
) -> None:
    assert choose_dataset(lab_with(*has), wanted) == chosen


@pytest.mark.parametrize(("has", "text"), [((), "It uses none."), (("digits",), "It has: digits.")])
def test_lab_without_a_dataset_says_what_it_has(has: tuple[str, ...], text: str) -> None:
    with pytest.raises(RequestError) as caught:
        choose_dataset(lab_with(*has), "mnist")

    assert str(caught.value) == f"lab9 has no dataset 'mnist'. {text}"


@pytest.mark.parametrize("wanted", ["", "mnist"])
def test_dataset_that_is_not_here_is_told_before_anything_runs(wanted: str) -> None:
    with pytest.raises(RequestError, match=r"^The dataset 'mnist' is not on this machine\."):
        choose_dataset(lab_with("mnist", "digits"), wanted)


# The real one


@needs_mnist
def test_mnist_is_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLAB_DATA", str(REAL))
    data = load_dataset.__wrapped__("mnist")  # not kept in memory for the rest of the tests

    assert (data.x_train.shape, data.x_test.shape) == ((60000, 28, 28), (10000, 28, 28))
    assert (data.x_train.dtype, data.y_train.dtype) == (np.uint8, np.int64)
    assert (data.x_train.min(), data.x_train.max(), data.max_value) == (0, 255, 255)
    assert data.y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert data.y_test[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(data.y_train).tolist() == counts
    assert look(MNIST).state is State.VERIFIED


def test_expected_sizes_of_mnist_are_those_of_its_shapes() -> None:
    sizes = [file.size for file in MNIST.files]

    assert sizes == [16 + 60000 * 784, 8 + 60000, 16 + 10000 * 784, 8 + 10000]
    assert all(len(bytes.fromhex(file.sha256)) == 32 for file in MNIST.files)


def test_hash_is_of_the_decompressed_bytes(named: Path) -> None:
    """Recompressing changes the file and not the dataset."""
    for level in (1, 9):
        (named / FIRST).write_bytes(gzip.compress(FILES[FIRST], level))
        assert inspect(TINY).state is State.VERIFIED

    file = DataFile(name=FIRST, size=1906, sha256=hashlib.sha256(PACKED[FIRST]).hexdigest())
    wrong = DataSource(name="tiny", files=(file, *TINY.files[1:]))
    assert inspect(wrong).state is State.DAMAGED
