"""result.json: written atomically, read strictly, described by a JSON Schema."""

import json
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from grader.errors import RequestError
from grader.model import SCHEMA_VERSION, Report

FILE_NAME = "result.json"


@cache
def _adapter() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


def to_json(report: Report) -> str:
    """Return a report as indented JSON with sorted keys and a final newline."""
    data = _storable(_adapter().dump_python(report, mode="json"))
    return json.dumps(data, indent=2, sort_keys=True, allow_nan=False) + "\n"


def _storable(value: Any) -> Any:
    """Return plain data without lone surrogates, which JSON writes and cannot read back."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_storable(key): _storable(entry) for key, entry in value.items()}
    return [_storable(entry) for entry in value] if isinstance(value, list | tuple) else value


def from_json(text: str | bytes) -> Report:
    """Read a report.

    Raises:
        RequestError: If the text is not a report of this version.
    """
    try:
        report = _adapter().validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise RequestError(f"not a result file: {key or 'content'}: {first['msg']}") from error
    if report.schema_version != SCHEMA_VERSION:
        raise RequestError(
            f"a result of schema version {report.schema_version}; this dlab reads {SCHEMA_VERSION}"
        )
    return report


def read_result(path: Path) -> Report:
    """Read a result file; the error names it."""
    try:
        return from_json(path.read_bytes())
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}.") from error
    except RequestError as error:
        raise RequestError(f"{path}: {error}.") from error


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader, or a kill at any moment, sees the old one or the new one."""
    data = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of result.json."""
    schema = _adapter().json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"dlab result, version {SCHEMA_VERSION}",
        **{key: value for key, value in schema.items() if key != "title"},
    }
