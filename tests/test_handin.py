"""What a student handed in is read as inert bytes; whatever is wrong becomes a problem in words."""

import os
import stat
import zipfile
from pathlib import Path

import pytest
from miniature import make_lab

from grader.errors import RequestError
from grader.handin import (
    MAX_DEPTH,
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_REMARKS,
    MAX_TOTAL_BYTES,
    MAX_ZIP_BYTES,
    Handin,
    find_own,
    read_handin,
)

LAB = make_lab()
MIB = 1 << 20


def read(path: Path) -> Handin:
    """Read a submission of lab9.py."""
    return read_handin(path, LAB, "ada")


def fill(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def pack(path: Path, files: dict[str, bytes]) -> Path:
    """Write a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.fixture(params=["folder", "zip"])
def put(request: pytest.FixtureRequest, tmp_path: Path):
    """Hand files in, as a folder or as a zip."""

    def write(files: dict[str, bytes]) -> Path:
        if request.param == "zip":
            return pack(tmp_path / "ada.zip", files)
        return fill(tmp_path / "ada", files)

    return write


# What is read


def test_single_file_is_read_under_the_labs_name(tmp_path: Path) -> None:
    (tmp_path / "ada.py").write_bytes(b"x = 1")

    assert read(tmp_path / "ada.py") == Handin(student="ada", files={"lab9.py": b"x = 1"})


def test_main_file_and_what_is_beside_it_are_read(put) -> None:
    files = {"lab9.py": b"1", "own.py": b"2", "deep/more.py": b"3", "data.npz": b"4"}

    assert read(put(files)).files == files


def test_folder_around_the_main_file_is_left_off(put) -> None:
    found = read(put({"a/b/lab9.py": b"1", "a/b/c/own.py": b"2", "a/other.py": b"3"}))

    assert found.files == {"lab9.py": b"1", "c/own.py": b"2"}


def test_main_file_nearest_to_the_top_is_taken(put) -> None:
    assert read(put({"a/lab9.py": b"near", "a/b/lab9.py": b"far"})).files["lab9.py"] == b"near"


@pytest.mark.parametrize(
    "name",
    [
        *("movie.mp4", "__pycache__/a.py", ".git/a.py", "sub/.dlab/a.json", "__MACOSX/lab9.py"),
        *(".ipynb_checkpoints/lab9.py", "notebook.ipynb", "noending"),
    ],
)
def test_what_is_not_graded_is_not_read(put, name: str) -> None:
    assert list(read(put({"lab9.py": b"1", name: b"2"})).files) == ["lab9.py"]


def test_contents_are_bytes_and_need_no_encoding(put) -> None:
    assert read(put({"lab9.py": b"\xff\x00\xfe"})).files == {"lab9.py": b"\xff\x00\xfe"}


# The hash


def test_hash_is_that_of_names_and_contents() -> None:
    hashes = {
        Handin(student="ada", files=files).sha256
        for files in (
            {"a.py": b"1"},
            {"b.py": b"1"},
            {"a.py": b"2"},
            {"a.py": b"1", "b.py": b""},
            {},
        )
    }

    assert len(hashes) == 5


def test_hash_does_not_depend_on_student_or_order() -> None:
    one = Handin(student="ada", files={"a.py": b"1", "b.py": b"2"})
    other = Handin(student="bob", files={"b.py": b"2", "a.py": b"1"})

    assert one.sha256 == other.sha256


def test_folder_and_zip_have_the_same_hash(tmp_path: Path) -> None:
    files = {"lab9.py": b"1", "own.py": b"2"}

    folder, packed = fill(tmp_path / "ada", files), pack(tmp_path / "ada.zip", files)

    assert read(folder).sha256 == read(packed).sha256


# Problems


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({}, "lab9.py is missing; there is no file that is graded"),
        ({"lab8.py": b"", "b.py": b""}, "lab9.py is missing; there is b.py, lab8.py"),
        (
            {f"{letter}.py": b"" for letter in "abcdefg"},
            "lab9.py is missing; there is a.py, b.py, c.py, d.py, e.py",
        ),
        (
            {"a/lab9.py": b"", "b/lab9.py": b""},
            "lab9.py stands there twice: a/lab9.py and b/lab9.py",
        ),
        (
            {"lab9.py": b"#" * (MAX_FILE_BYTES + 1)},
            f"lab9.py is larger than {MAX_FILE_BYTES // MIB} MiB",
        ),
        (
            {"lab9.py": b"", **{f"{i}.txt": b"#" * MAX_FILE_BYTES for i in range(5)}},
            f"the files are larger than {MAX_TOTAL_BYTES // MIB} MiB together",
        ),
        (
            {"lab9.py": b"", **{f"{i}.txt": b"" for i in range(MAX_FILES)}},
            f"there are more than {MAX_FILES} files",
        ),
    ],
    ids=["empty", "other", "many others", "twice", "large", "large together", "many"],
)
def test_problem_is_told_in_words(put, files: dict[str, bytes], problem: str) -> None:
    path = put(files)
    path.mkdir(exist_ok=True) if path.suffix != ".zip" else None

    found = read(path)

    assert found.problem == problem
    assert found.files == {}


def test_file_of_just_the_limit_is_read(put) -> None:
    assert read(put({"lab9.py": b"#" * MAX_FILE_BYTES})).problem == ""


def test_absent_path_is_a_problem(tmp_path: Path) -> None:
    assert read(tmp_path / "ada").problem == "lab9.py is missing; there is no file that is graded"


# Links and what is no file


def test_link_instead_of_a_submission_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_text("x = 1")
    (tmp_path / "ada.py").symlink_to("real.py")

    problem = read(tmp_path / "ada.py").problem

    assert problem == "ada.py is a symbolic link; a submission holds real files"


@pytest.mark.parametrize("target", ["/etc/passwd", "missing", "lab9.py"])
def test_links_in_a_folder_are_left_out_and_noted(tmp_path: Path, target: str) -> None:
    folder = fill(tmp_path / "ada", {"lab9.py": b"1"})
    (folder / "link.py").symlink_to(target)

    found = read(folder)

    assert found.files == {"lab9.py": b"1"}
    assert found.remarks == ("left out: 'link.py' is not a regular file",)


def test_linked_folder_is_not_followed(tmp_path: Path) -> None:
    fill(tmp_path / "secret", {"key.py": b"1"})
    folder = fill(tmp_path / "ada", {"lab9.py": b"1"})
    (folder / "more").symlink_to(tmp_path / "secret", target_is_directory=True)

    assert read(folder).files == {"lab9.py": b"1"}


def test_pipe_does_not_block(tmp_path: Path) -> None:
    folder = fill(tmp_path / "ada", {"lab9.py": b"1"})
    os.mkfifo(folder / "pipe.py")

    assert read(folder).remarks == ("left out: 'pipe.py' is not a regular file",)


def test_name_in_another_encoding_is_left_out_and_noted(tmp_path: Path) -> None:
    folder = fill(tmp_path / "ada", {"lab9.py": b"1"})
    (folder / os.fsdecode(b"caf\xe9.py")).write_bytes(b"2")

    found = read(folder)

    assert found.files == {"lab9.py": b"1"}
    assert found.remarks == (r"left out: 'caf\udce9.py' is no readable name",)


def test_deep_folders_are_left_out_and_noted(tmp_path: Path) -> None:
    deep = "/".join(["d"] * (MAX_DEPTH + 3))
    folder = fill(tmp_path / "ada", {"lab9.py": b"1", f"{deep}/x.py": b"2"})

    found = read(folder)

    assert found.files == {"lab9.py": b"1"}
    assert found.remarks == (f"left out: folders more than {MAX_DEPTH} deep",)


def test_there_are_not_many_remarks(tmp_path: Path) -> None:
    folder = fill(tmp_path / "ada", {"lab9.py": b"1"})
    for number in range(2 * MAX_REMARKS):
        (folder / f"{number}.py").symlink_to("missing")

    assert len(read(folder).remarks) == MAX_REMARKS


# Zips


@pytest.mark.parametrize("name", ["../evil.py", "/etc/evil.py", "a/../../evil.py"])
def test_entry_that_points_outside_is_left_out_and_noted(tmp_path: Path, name: str) -> None:
    found = read(pack(tmp_path / "ada.zip", {"lab9.py": b"1", name: b"2"}))

    assert found.files == {"lab9.py": b"1"}
    assert found.remarks == (f"left out: '{name}' points outside the zip",)


def test_link_in_a_zip_is_left_out_and_noted(tmp_path: Path) -> None:
    entry = zipfile.ZipInfo("own.py")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        archive.writestr("lab9.py", b"1")
        archive.writestr(entry, "/etc/passwd")

    found = read(tmp_path / "ada.zip")

    assert found.files == {"lab9.py": b"1"}
    assert found.remarks == ("left out: 'own.py' points outside the zip",)


def test_entry_that_stands_in_a_zip_twice_is_a_problem(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        archive.writestr("lab9.py", b"1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("lab9.py", b"2")

    assert read(tmp_path / "ada.zip").problem == "lab9.py stands there twice"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_compression_is_a_problem(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "ada.zip", "w", method) as archive:
        archive.writestr("lab9.py", b"1" * 100)

    problem = read(tmp_path / "ada.zip").problem

    assert problem == "lab9.py is compressed in a way only some programs know"


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + b"\x00" * 10])
def test_what_is_no_zip_is_a_problem(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ada.zip").write_bytes(content)

    problem = read(tmp_path / "ada.zip").problem

    assert problem == "ada.zip is not a readable zip: File is not a zip file"


def test_damaged_zip_is_a_problem(tmp_path: Path) -> None:
    path = pack(tmp_path / "ada.zip", {"lab9.py": bytes(range(256)) * 50})
    content = bytearray(path.read_bytes())
    content[60:90] = b"\xff" * 30
    path.write_bytes(content)

    assert read(path).problem.startswith("ada.zip is not a readable zip: ")


def test_large_zip_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "ada.zip"
    with path.open("wb") as file:
        file.truncate(MAX_ZIP_BYTES + 1)

    assert read(path).problem == f"ada.zip is larger than {MAX_ZIP_BYTES // MIB} MiB"


def test_bomb_is_a_problem_and_unpacks_little(tmp_path: Path) -> None:
    path = pack(tmp_path / "ada.zip", {"lab9.py": b"", "bomb.txt": b"0" * (64 * MIB)})

    assert read(path).problem == f"bomb.txt is larger than {MAX_FILE_BYTES // MIB} MiB"


def test_ending_of_a_zip_may_be_in_capitals(tmp_path: Path) -> None:
    assert read(pack(tmp_path / "ADA.ZIP", {"lab9.py": b"1"})).files == {"lab9.py": b"1"}


def test_zip_inside_a_students_folder_is_read(tmp_path: Path) -> None:
    """As an LMS hands out what `dlab submit` packed."""
    fill(tmp_path, {"readme.txt": b"hello"})
    pack(tmp_path / "lab9_tiny_submission.zip", {"lab9.py": b"1", "helper.py": b"2"})

    assert read(tmp_path).files == {"lab9.py": b"1", "helper.py": b"2"}


def test_a_file_beside_a_zip_is_what_was_handed_in(tmp_path: Path) -> None:
    fill(tmp_path, {"lab9.py": b"new"})
    pack(tmp_path / "old.zip", {"lab9.py": b"old"})

    assert read(tmp_path).files == {"lab9.py": b"new"}


def test_two_zips_are_a_problem(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        pack(tmp_path / name, {"lab9.py": b"1"})

    assert read(tmp_path).problem == "there are 2 zips, and one is graded: a.zip, b.zip"


# A student's own


@pytest.mark.parametrize(
    "place",
    [
        *("lab9/lab9.py", "lab9_tiny/lab9.py"),
        *("submissions/lab9/lab9.py", "submissions/lab9_tiny/lab9.py"),
    ],
)
def test_own_submission_is_found_in_the_usual_places(tmp_path: Path, place: str) -> None:
    fill(tmp_path, {place: b""})

    assert find_own(LAB, tmp_path, "") == (tmp_path / place).parent


def test_own_file_among_others_is_taken_alone(tmp_path: Path) -> None:
    fill(tmp_path, {"lab9.py": b"", "movie.py": b""})

    assert find_own(LAB, tmp_path, "") == tmp_path / "lab9.py"


def test_named_submission_is_taken(tmp_path: Path) -> None:
    fill(tmp_path, {"lab9.py": b"", "other.py": b""})

    assert find_own(LAB, tmp_path, str(tmp_path / "other.py")) == tmp_path / "other.py"


def test_named_submission_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"^There is no file or folder 'nowhere'\.$"):
        find_own(LAB, tmp_path, "nowhere")


def test_submission_that_is_nowhere_is_refused_with_the_places(tmp_path: Path) -> None:
    with pytest.raises(RequestError) as caught:
        find_own(LAB, tmp_path, "")

    assert str(caught.value) == (
        "No lab9.py found. Looked for lab9.py, lab9_tiny/lab9.py, submissions/lab9_tiny/lab9.py, "
        "lab9/lab9.py, submissions/lab9/lab9.py. `dlab start lab9` makes one."
    )
