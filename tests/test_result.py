"""result.json: what is written can be read, is described by the schema, and is never half there."""

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from miniature import copy_course, grade, make_report, make_result, solution

from grader.errors import RequestError
from grader.model import Diagnosis, Measurement, Outcome, Report
from grader.result import (
    from_json,
    json_schema,
    read_result,
    to_json,
    write_atomically,
)
from grader.testing.record import measure, recording

SCHEMA = Path(__file__).resolve().parents[1] / "docs" / "result.schema.json"


def full_report() -> Report:
    """Return a report in which every field holds something."""
    measured = (
        Measurement(name="accuracy", value=0.5, threshold=0.9, unit="of 1"),
        Measurement(name="loss", value=None),
    )
    diagnosis = Diagnosis(mistake="m", headline="h", evidence="e", hint="think", lecture="l")
    checks = tuple(
        replace(
            make_result(outcome.value, outcome),
            message="lines\nof text",
            diagnosis=diagnosis,
            measured=measured,
        )
        for outcome in Outcome
    )
    return make_report(
        checks=checks, remarks=("a remark",), output="printed", problem="p", versions={"numpy": "2"}
    )


def test_report_survives_json() -> None:
    report = full_report()

    assert from_json(to_json(report)) == report


def test_json_has_sorted_keys_and_a_final_newline() -> None:
    text = to_json(full_report())

    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"


@pytest.mark.parametrize(
    "text", ["é 漢字 \U0001f600", "tab\tand\nline", '"quoted" \\ud800', "\x00"]
)
def test_text_survives_json(text: str) -> None:
    assert from_json(to_json(make_report(text))).student == text


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\udc00\ud800"])
def test_half_a_character_does_not_make_a_result_unreadable(text: str) -> None:
    report = make_report("ada", output=text, remarks=(text,), versions={text: text})

    read = from_json(to_json(report))

    assert read.output == re.sub("[\ud800-\udfff]", "?", text)
    assert read.remarks == (read.output,)


def test_a_measurement_that_is_not_finite_is_written_as_null() -> None:
    with recording() as recorder:
        for value in (float("nan"), float("inf"), 0.25):
            measure("loss", value)
    result = replace(make_result(), measured=tuple(recorder.measurements))

    data = json.loads(to_json(make_report(checks=(result,))))

    assert [entry["value"] for entry in data["checks"][0]["measured"]] == [None, None, 0.25]


def test_nan_elsewhere_is_refused_and_not_written() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json(make_report(cpu_s=float("nan")))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"^not a result file: content: Invalid JSON: .*"),
        ("[]", r"^not a result file: content: Input should be an object"),
        ("{}", r"^not a result file: dlab_version: Field required"),
    ],
)
def test_what_is_no_report_is_refused(text: str, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        from_json(text)


def test_wrong_field_is_named() -> None:
    data = json.loads(to_json(full_report()))
    data["checks"][2]["outcome"] = "splendid"

    with pytest.raises(RequestError, match=r"^not a result file: checks\.2\.outcome: "):
        from_json(json.dumps(data))


def test_other_schema_version_is_refused() -> None:
    with pytest.raises(RequestError, match=r"^a result of schema version 2; this dlab reads 1$"):
        from_json(to_json(make_report(schema_version=2)))


def test_error_of_a_file_names_it(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text("{")

    with pytest.raises(RequestError, match=rf"^{path}: not a result file: .*\.$"):
        read_result(path)


def test_absent_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "result.json"

    with pytest.raises(
        RequestError, match=rf"^{path} cannot be read: No such file or directory\.$"
    ):
        read_result(path)


# The schema


def test_published_schema_is_the_one_of_the_code() -> None:
    """To write it anew: python -m json.tool --sort-keys, of grader.result.json_schema()."""
    text = json.dumps(json_schema(), indent=2, sort_keys=True) + "\n"

    assert SCHEMA.read_text(encoding="utf-8") == text


def test_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("report", [full_report(), make_report(points=None)], ids=["full", "empty"])
def test_report_fits_the_schema(report: Report) -> None:
    jsonschema.validate(json.loads(to_json(report)), json.loads(SCHEMA.read_text()))


def test_produced_report_fits_the_schema(tmp_path: Path) -> None:
    course = copy_course(tmp_path)
    wrong = solution(course) + "\ndef square(x):\n    return -x * x\n\ndef spread(x):\n    1 / 0\n"

    report = grade(course, wrong)

    jsonschema.validate(json.loads(to_json(report)), json.loads(SCHEMA.read_text()))
    assert from_json(to_json(report)) == report


def test_schema_refuses_what_is_no_report() -> None:
    data = json.loads(to_json(full_report()))
    del data["student"]

    with pytest.raises(jsonschema.ValidationError, match="'student' is a required property"):
        jsonschema.validate(data, json_schema())


# Writing


def test_file_is_written_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "result.json"

    write_atomically(path, "text\n")

    assert path.read_text() == "text\n"
    assert path.stat().st_mode & 0o777 == 0o644


def test_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    write_atomically(path, "long old text\n")

    write_atomically(path, "new\n")

    assert path.read_text() == "new\n"
    assert os.listdir(tmp_path) == ["result.json"]


def test_half_a_character_is_written_as_an_escape(tmp_path: Path) -> None:
    write_atomically(tmp_path / "scores.csv", "a\ud800b")

    assert (tmp_path / "scores.csv").read_bytes() == b"a\\ud800b"


def test_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """The last step fails for real: a folder stands where the file should go."""
    path = tmp_path / "result.json"
    path.mkdir()
    (path / "kept").write_text("old")

    with pytest.raises(OSError, match="directory"):
        write_atomically(path, "new\n")

    assert os.listdir(tmp_path) == ["result.json"]
    assert (path / "kept").read_text() == "old"


def test_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    write_atomically(path, "old\n")

    with pytest.raises(TypeError):
        write_atomically(path, 3)  # type: ignore[arg-type]  # fails while writing

    assert path.read_text() == "old\n"
    assert os.listdir(tmp_path) == ["result.json"]
