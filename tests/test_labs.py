"""lab.toml: every broken rule is one line that says file, key, rule and what to write."""

import re
from pathlib import Path

import pytest
from miniature import copy_course, lab_toml

from grader.course import Course
from grader.errors import ContentError, RequestError
from grader.labs import find_lab, lab_ids, lab_version, read_lab
from grader.model import Check, Kind, Limits, Visibility

WHERE = "assignments/lab9_tiny/lab.toml"
MINIMAL = """
schema = 1
id = "lab9_tiny"
title = "Tiny"
file = "lab9.py"
packages = ["numpy"]

[functions]
square = "array"

[[checks]]
id = "one"
title = "One"
points = 1
visibility = "public"
functions = ["square"]
"""
CHECK = '[[checks]]\nid = "{}"\ntitle = "T"\npoints = 1\nvisibility = "hidden"\n'


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The miniature course."""
    return copy_course(tmp_path)


def problems(course: Course, text: str) -> list[str]:
    """Return what is said about a lab.toml, without the name of the file."""
    lab_toml(course).write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_lab(course, "lab9_tiny")
    lines = str(caught.value).split("\n")
    assert all(line.startswith(f"{WHERE}: ") for line in lines)
    return [line.removeprefix(f"{WHERE}: ") for line in lines]


def changed(old: str, new: str) -> str:
    """Return the minimal lab.toml with one change."""
    assert MINIMAL.count(old) == 1
    return MINIMAL.replace(old, new)


# What is read


def test_lab_is_read(course: Course) -> None:
    lab = find_lab(course, "lab9_tiny")

    assert (lab.lab_id, lab.short_id, lab.file) == ("lab9_tiny", "lab9", "lab9.py")
    assert lab.folder == course.assignments / "lab9_tiny"
    assert lab.limits == Limits(check_cpu_s=4, import_cpu_s=4, memory_mib=512)
    assert lab.bars == {"digits": {"accuracy": 0.8}}
    assert lab.functions["spread"] == ["number", "number"]
    assert [check.points for check in lab.checks] == [2, 3, 4, 1, 5]
    assert lab.checks[1] == Check(
        check_id="square_random",
        title="square: random arrays, and its gradient at 0",
        points=3,
        visibility=Visibility.HIDDEN,
        kind=Kind.VALUE,
        functions=("square",),
        needs=("square_table",),
        hints=("Try it on an array of two rows.",),
    )


def test_a_dataset_may_have_limits_of_its_own(course: Course) -> None:
    text = lab_toml(course).read_text()
    text = text.replace('["digits"]', '["digits", "mnist"]')
    lab_toml(course).write_text(text + "\n[limits.mnist]\ncheck_cpu_s = 300\n")

    lab = read_lab(course, "lab9_tiny")

    assert lab.on("digits").limits == Limits(check_cpu_s=4, import_cpu_s=4, memory_mib=512)
    assert lab.on("mnist").limits == Limits(check_cpu_s=300, import_cpu_s=4, memory_mib=512)


def test_what_may_be_left_out_has_defaults(course: Course) -> None:
    lab_toml(course).write_text(MINIMAL)

    lab = read_lab(course, "lab9_tiny")

    assert lab.limits == Limits()
    assert (lab.datasets, lab.lectures, lab.bars) == ((), (), {})
    assert (lab.checks[0].kind, lab.checks[0].needs, lab.checks[0].hints) == (Kind.VALUE, (), ())


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_written(course: Course, kind: Kind) -> None:
    lab_toml(course).write_text(f'{MINIMAL}kind = "{kind.value}"\n')

    assert read_lab(course, "lab9_tiny").checks[0].kind is kind


@pytest.mark.parametrize("visibility", Visibility)
def test_every_visibility_can_be_written(course: Course, visibility: Visibility) -> None:
    lab_toml(course).write_text(changed('"public"', f'"{visibility.value}"'))

    assert read_lab(course, "lab9_tiny").checks[0].visibility is visibility


@pytest.mark.parametrize(
    "returns",
    [
        *('"array"', '"number"', '"text"', '"list"', '"dict"', '"figure"', '"object"', '"any"'),
        *('["number", "array"]', '{list = "array"}', '["number", {list = ["array", "array"]}]'),
    ],
)
def test_every_description_of_a_return_value_can_be_written(course: Course, returns: str) -> None:
    lab_toml(course).write_text(changed('square = "array"', f"square = {returns}"))

    assert list(read_lab(course, "lab9_tiny").functions) == ["square"]


# Rules of one key


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("schema = 1", "", "schema is missing."),
        ("schema = 1", "schema = 2", "schema must be 1, not 2."),
        ('title = "Tiny"', "", "title is missing."),
        ('file = "lab9.py"', "", "file is missing."),
        ('packages = ["numpy"]', "", "packages is missing."),
        (MINIMAL[MINIMAL.index("[[checks]]") :], "", "checks is missing."),
        ('title = "Tiny"', "title = 3", 'title must be text in quotes, such as "lab1.py", not 3.'),
        (
            'packages = ["numpy"]',
            'packages = "numpy"',
            "packages must be a list, such as [\"numpy\"], not 'numpy'.",
        ),
        (
            'packages = ["numpy"]',
            "packages = [1]",
            'packages[0] must be text in quotes, such as "lab1.py", not 1.',
        ),
        (
            'title = "Tiny"',
            'titel = "Tiny"\ntitle = ""',
            "titel is not a known key; write 'title'.",
        ),
        (
            'id = "lab9_tiny"',
            'id = "Lab9"',
            "id must be lower-case letters, digits and underscores, not 'Lab9'.",
        ),
        ('packages = ["numpy"]', "packages = []\nlimits = 3", "limits must be a table, not 3."),
        (
            'packages = ["numpy"]',
            "packages = []\nlimits = {memory = 3}",
            "limits.memory is not a known key; write 'memory_mib'.",
        ),
        *(
            (
                'packages = ["numpy"]',
                f"packages = []\nlimits = {{{key} = {written}}}",
                f"limits.{key} must be {rule}, not {shown}.",
            )
            for key, written, rule, shown in (
                ("check_cpu_s", '"10"', "a number without quotes", "'10'"),
                ("check_cpu_s", "true", "a number without quotes", "True"),
                ("check_cpu_s", "0", "greater than 0.0", "0"),
                ("import_cpu_s", "inf", "a finite number", "inf"),
                ("submission_cpu_s", "nan", "a finite number", "nan"),
                ("memory_mib", "0", "greater than 0", "0"),
                ("memory_mib", "1.5", "a whole number without quotes", "1.5"),
                ("processes", '"4"', "a whole number without quotes", "'4'"),
            )
        ),
        (
            'packages = ["numpy"]',
            'packages = []\ndatasets = ["digits"]\nbars = {digits = {accuracy = "0.9"}}',
            "bars.digits.accuracy must be a number without quotes, not '0.9'.",
        ),
        ('[functions]\nsquare = "array"', "functions = 3", "functions must be a table, not 3."),
    ],
)
def test_broken_key_is_told_in_one_line(course: Course, old: str, new: str, message: str) -> None:
    assert problems(course, changed(old, new)) == [message]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("points = 1", "", "checks[0].points (check 'one') is missing."),
        *(
            ("points = 1", f"points = {written}", f"checks[0].points (check 'one') must be {rule}.")
            for written, rule in (
                ("0", "greater than 0, not 0"),
                ("-1", "greater than 0, not -1"),
                ("1.5", "a whole number without quotes, not 1.5"),
                ('"1"', "a whole number without quotes, not '1'"),
                ("true", "a whole number without quotes, not True"),
            )
        ),
        (
            'visibility = "public"',
            'visibility = "secret"',
            "checks[0].visibility (check 'one') must be one of 'public' or 'hidden', not 'secret'.",
        ),
        (
            'functions = ["square"]',
            'kind = "values"',
            (
                "checks[0].kind (check 'one') must be one of "
                "'value', 'statistical', 'training' or 'time', not 'values'."
            ),
        ),
        (
            'functions = ["square"]',
            'hint = ["x"]',
            "checks[0].hint (check 'one') is not a known key; write 'hints'.",
        ),
        (
            'functions = ["square"]',
            "needs = 'two'",
            "checks[0].needs (check 'one') must be a list, such as [\"numpy\"], not 'two'.",
        ),
        (
            'id = "one"',
            'id = "One!"',
            (
                "checks[0].id (check 'One!') must be lower-case letters, digits and underscores, "
                "not 'One!'."
            ),
        ),
        ('id = "one"', "", "checks[0].id is missing."),
        ('id = "one"', "id = 1", 'checks[0].id must be text in quotes, such as "lab1.py", not 1.'),
    ],
)
def test_broken_key_of_a_check_names_the_check(
    course: Course, old: str, new: str, message: str
) -> None:
    assert problems(course, changed(old, new)) == [message]


def test_unknown_key_without_a_likeness_lists_the_known(course: Course) -> None:
    (line,) = problems(course, f"xyz = 1\n{MINIMAL}")

    assert line == (
        "xyz is not a known key; known are schema, id, title, file, lectures, packages, datasets, "
        "limits, functions, bars, checks."
    )


def test_all_broken_keys_are_told_at_once(course: Course) -> None:
    text = changed("points = 1", "points = 0").replace("schema = 1", "schema = 3")

    assert len(problems(course, text)) == 2


# Rules of several keys


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'id = "lab9_tiny"',
            'id = "lab8_tiny"',
            "id is 'lab8_tiny', the folder is 'lab9_tiny'; make them equal.",
        ),
        *(
            ("lab9.py", name, f"file is '{name}'; write a plain file name such as 'lab1.py'.")
            for name in ("src/lab9.py", "../lab9.py", "lab9.txt", "")
        ),
        (
            'functions = ["square"]',
            'functions = ["sqare"]',
            "check 'one' names the function 'sqare', not in [functions]; write 'square'.",
        ),
        (
            'functions = ["square"]',
            'functions = ["cube"]',
            "check 'one' names the function 'cube', not in [functions]; known are square.",
        ),
        (
            'functions = ["square"]',
            'needs = ["two"]',
            "check 'one' needs 'two', which is not an earlier check.",
        ),
        (
            'functions = ["square"]',
            'needs = ["one"]',
            "check 'one' needs 'one', which is not an earlier check.",
        ),
        (
            'functions = ["square"]',
            CHECK.format("one"),
            "check 'one' stands there twice; ids are unique.",
        ),
        (
            "[functions]",
            'datasets = ["mnst"]\n[functions]',
            "datasets names 'mnst'; there are: digits, mnist.",
        ),
        (
            "[functions]",
            "[bars.digits]\na = 1\n[functions]",
            "bars.digits: 'digits' is not in datasets; known are none.",
        ),
        (
            "[functions]",
            'datasets = ["digits"]\n[bars.digit]\na = 1\n[functions]',
            "bars.digit: 'digit' is not in datasets; write 'digits'.",
        ),
        *(
            ('square = "array"', f"square = {returns}", f"functions.square: {rule}")
            for returns, rule in (
                (
                    '"tensor"',
                    "'tensor' is not one of array, number, text, list, dict, figure, object, any.",
                ),
                (
                    '["number", "arry"]',
                    "'arry' is not one of array, number, text, list, dict, figure, object, any.",
                ),
                *(
                    (
                        odd,
                        'write "array", ["number", "array"] for a tuple, or {list = "array"}.',
                    )
                    for odd in ("3", "[]", "{}", '{lists = "array"}', "[[]]", "{list = 1}")
                ),
            )
        ),
    ],
)
def test_broken_rule_is_told_in_one_line(course: Course, old: str, new: str, message: str) -> None:
    assert problems(course, changed(old, new)) == [message]


def test_empty_rubric_is_refused(course: Course) -> None:
    text = MINIMAL[: MINIMAL.index("[[checks]]")].replace("[functions]", "checks = []\n[functions]")

    assert problems(course, text) == ["checks is empty; a lab needs at least one rubric line."]


def test_a_need_that_stands_later_is_refused(course: Course) -> None:
    text = changed('functions = ["square"]', f'needs = ["two"]\n{CHECK.format("two")}')

    assert problems(course, text) == ["check 'one' needs 'two', which is not an earlier check."]


# Files


def test_bad_toml_is_told_with_its_place(course: Course) -> None:
    (line,) = problems(course, "schema = \n")

    assert re.fullmatch(r"not valid TOML: .* \(at line 1, column 10\)", line)


def test_a_key_written_twice_is_bad_toml(course: Course) -> None:
    (line,) = problems(course, f"schema = 1\n{MINIMAL}")

    assert line.startswith("not valid TOML: Cannot overwrite a value")


def test_text_that_is_not_utf_8_is_told(course: Course) -> None:
    lab_toml(course).write_bytes(MINIMAL.replace("Tiny", "caf\xe9").encode("latin-1"))

    with pytest.raises(ContentError, match=rf"^{WHERE}: not valid TOML: 'utf-8' codec"):
        read_lab(course, "lab9_tiny")


# Finding a lab


@pytest.fixture
def three(course: Course) -> Course:
    """A course with three labs."""
    for name in ("lab1_first", "lab10_last"):
        folder = course.assignments / name
        folder.mkdir()
        (folder / "lab.toml").write_text(MINIMAL.replace("lab9_tiny", name))
    return course


def test_labs_are_listed_by_name(three: Course) -> None:
    (three.assignments / "not_a_lab").mkdir()

    assert lab_ids(three) == ("lab10_last", "lab1_first", "lab9_tiny")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("lab1", "lab1_first"), ("lab10", "lab10_last"), ("lab9_tiny", "lab9_tiny")],
)
def test_lab_is_found_by_id_and_short_id(three: Course, wanted: str, found: str) -> None:
    assert find_lab(three, wanted).lab_id == found


@pytest.mark.parametrize(
    ("wanted", "tail"),
    [
        ("lab9_tinny", "Did you mean 'lab9_tiny'?"),
        ("LAB9", "Did you mean 'lab9'?"),
        ("lab99", "Did you mean 'lab9'?"),
        ("", "There are: lab10_last, lab1_first, lab9_tiny."),
        ("zzz", "There are: lab10_last, lab1_first, lab9_tiny."),
    ],
)
def test_unknown_lab_is_told_with_the_nearest(three: Course, wanted: str, tail: str) -> None:
    with pytest.raises(RequestError) as caught:
        find_lab(three, wanted)

    assert str(caught.value) == f"There is no lab '{wanted}'. {tail}"


def test_short_id_of_two_labs_is_refused(three: Course) -> None:
    folder = three.assignments / "lab1_other"
    folder.mkdir()
    (folder / "lab.toml").write_text(MINIMAL.replace("lab9_tiny", "lab1_other"))

    with pytest.raises(
        RequestError, match=r"^'lab1' could be lab1_first or lab1_other\. Write the whole id\.$"
    ):
        find_lab(three, "lab1")


def test_course_without_labs_says_so(course: Course) -> None:
    lab_toml(course).unlink()

    with pytest.raises(RequestError, match=r"^There is no lab 'lab9'\. There are: none\.$"):
        find_lab(course, "lab9")


# The version


@pytest.mark.parametrize(
    "changed_file",
    [
        *("assignments/lab9_tiny/lab.toml", "assignments/lab9_tiny/checks.py"),
        *("autograder_tests/lab9_tiny/checks.py", "autograder_tests/lab9_tiny/mistakes/doubles.py"),
        "solutions/lab9_tiny/lab9.py",
    ],
)
def test_version_changes_with_all_that_decides_a_score(course: Course, changed_file: str) -> None:
    before = lab_version(course, find_lab(course, "lab9"))
    path = course.root / changed_file
    path.write_text(path.read_text() + "\n# more\n")

    assert lab_version(course, find_lab(course, "lab9")) != before


def test_version_does_not_change_with_the_statement(course: Course) -> None:
    before = lab_version(course, find_lab(course, "lab9"))
    readme = course.assignments / "lab9_tiny" / "README.md"
    readme.write_text("Other words.")

    assert lab_version(course, find_lab(course, "lab9")) == before


def test_version_is_the_same_in_every_copy(tmp_path: Path, course: Course) -> None:
    (tmp_path / "other").mkdir()
    other = copy_course(tmp_path / "other")

    assert lab_version(course, find_lab(course, "lab9")) == lab_version(
        other, find_lab(other, "lab9")
    )


def test_version_does_not_change_with_compiled_files(course: Course) -> None:
    before = lab_version(course, find_lab(course, "lab9"))
    cache = course.assignments / "lab9_tiny" / "__pycache__"
    cache.mkdir()
    (cache / "checks.cpython-311.pyc").write_bytes(b"x")

    assert lab_version(course, find_lab(course, "lab9")) == before
