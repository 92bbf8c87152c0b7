"""Finds labs and reads lab.toml. A wrong key ends in one line: file, key, rule, what to write."""

import difflib
import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.course import Course
from grader.errors import ContentError, RequestError
from grader.model import DATASETS, Check, Kind, Lab, Limits, Visibility

LEAVES = ("array", "number", "text", "list", "dict", "figure", "object", "any")
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
WHAT_TO_WRITE = {
    "missing": "is missing",
    "int_type": "must be a whole number without quotes",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number without quotes",
    "finite_number": "must be a finite number",
    "greater_than": "must be greater than {gt}",
    "string_type": 'must be text in quotes, such as "lab1.py"',
    "list_type": 'must be a list, such as ["numpy"]',
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "string_pattern_mismatch": "must be lower-case letters, digits and underscores",
    "enum": "must be one of {expected}",
    "literal_error": "must be {expected}",
}


_DEFAULT = Limits()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _CheckFile(_Strict):
    id: Name
    title: str
    points: Annotated[int, Field(gt=0)]
    visibility: Annotated[Visibility, Field(strict=False)]
    kind: Annotated[Kind, Field(strict=False)] = Kind.VALUE
    functions: list[str] = []
    needs: list[str] = []
    hints: list[str] = []
    lecture: str = ""


class _LimitsFile(_Strict):
    check_cpu_s: Seconds = _DEFAULT.check_cpu_s
    import_cpu_s: Seconds = _DEFAULT.import_cpu_s
    submission_cpu_s: Seconds = _DEFAULT.submission_cpu_s
    memory_mib: Annotated[int, Field(gt=0)] = _DEFAULT.memory_mib
    output_kib: Annotated[int, Field(gt=0)] = _DEFAULT.output_kib
    processes: Annotated[int, Field(gt=0)] = _DEFAULT.processes


class _DatasetLimitsFile(_Strict):
    check_cpu_s: Seconds | None = None
    submission_cpu_s: Seconds | None = None
    memory_mib: Annotated[int, Field(gt=0)] | None = None


class _AllLimitsFile(_LimitsFile):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, _DatasetLimitsFile]  # `[limits.<dataset>]`


_KNOWN_LIMITS = (*_LimitsFile.model_fields, *DATASETS)


class _LabFile(_Strict):
    format: Literal[1] = Field(alias="schema")
    id: Name
    title: str
    file: str
    lectures: list[str] = []
    packages: list[str]
    datasets: list[str] = []
    limits: _AllLimitsFile = Field(default_factory=lambda: _AllLimitsFile.model_validate({}))
    functions: dict[str, Any]
    bars: dict[str, dict[str, float]] = {}
    checks: list[_CheckFile]


def lab_ids(course: Course) -> tuple[str, ...]:
    """Return the course's labs in the order of their names."""
    return tuple(sorted(path.parent.name for path in course.assignments.glob("*/lab.toml")))


def find_lab(course: Course, wanted: str) -> Lab:
    """Read the lab with this id or short id ("lab2").

    Raises:
        RequestError: If there is no such lab; suggests the nearest name.
        ContentError: If its lab.toml breaks a rule.
    """
    known = lab_ids(course)
    matches = [lab_id for lab_id in known if wanted in (lab_id, lab_id.split("_", 1)[0])]
    if len(matches) == 1:
        return read_lab(course, matches[0])
    if matches:
        raise RequestError(f"'{wanted}' could be {' or '.join(matches)}. Write the whole id.")
    shorts = [lab_id.split("_", 1)[0] for lab_id in known]
    near = difflib.get_close_matches(wanted.lower(), [*known, *shorts], n=1, cutoff=0.5)
    tail = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(known) or 'none'}."
    raise RequestError(f"There is no lab '{wanted}'. {tail}")


def read_lab(course: Course, lab_id: str) -> Lab:
    """Read and check `assignments/<lab_id>/lab.toml`."""
    path = course.assignments / lab_id / "lab.toml"
    where = path.relative_to(course.root)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContentError(f"{where}: not valid TOML: {error}") from error
    try:
        spec = _LabFile.model_validate(raw)
    except ValidationError as error:
        raise ContentError("\n".join(_explain(where, raw, error))) from error
    lab = _build(spec, path.parent)
    problems = [f"{where}: {problem}" for problem in _broken_rules(lab)]
    if problems:
        raise ContentError("\n".join(problems))
    return lab


def _build(spec: _LabFile, folder: Path) -> Lab:
    limits = Limits(**spec.limits.model_dump(include=set(_LimitsFile.model_fields)))
    differing = {
        name: part.model_dump(exclude_none=True)
        for name, part in spec.limits.__pydantic_extra__.items()
    }
    checks = tuple(
        Check(
            check_id=line.id,
            title=line.title,
            points=line.points,
            visibility=line.visibility,
            kind=line.kind,
            functions=tuple(line.functions),
            needs=tuple(line.needs),
            hints=tuple(line.hints),
            lecture=line.lecture,
        )
        for line in spec.checks
    )
    return Lab(
        lab_id=spec.id,
        title=spec.title,
        file=spec.file,
        folder=folder,
        packages=tuple(spec.packages),
        datasets=tuple(spec.datasets),
        lectures=tuple(spec.lectures),
        functions=spec.functions,
        checks=checks,
        limits=limits,
        limits_of={name: replace(limits, **changes) for name, changes in differing.items()},
        bars=spec.bars,
    )


def _explain(where: Path, raw: Mapping[str, Any], error: ValidationError) -> Iterator[str]:
    """Turn pydantic's findings into lines that say what to write."""
    for finding in error.errors():
        location = finding["loc"]
        key = _key_of(location, raw)
        kind, context = finding["type"], finding.get("ctx", {})
        is_no_dataset = location[0] == "limits" and bool({*location[1:2]} - {*_KNOWN_LIMITS})
        if kind == "extra_forbidden" or is_no_dataset:
            rule = f"is not a known key{_suggest(str(location[-1]), _known_keys(location))}"
        else:
            rule = WHAT_TO_WRITE.get(kind, finding["msg"][0].lower() + finding["msg"][1:])
            rule = rule.format(**context) if context else rule
        is_told = is_no_dataset or kind in ("missing", "extra_forbidden")
        value = "" if is_told else f", not {finding['input']!r}"
        yield f"{where}: {key} {rule}{value}."


def _key_of(location: Sequence[int | str], raw: Mapping[str, Any]) -> str:
    """Write a location as `checks[3].points`, with the check's id where it has one."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    if len(location) > 1 and location[0] == "checks" and isinstance(location[1], int):
        line = raw["checks"][location[1]]
        if isinstance(line, dict) and isinstance(line.get("id"), str):
            text += f" (check '{line['id']}')"
    return text


def _known_keys(location: Sequence[int | str]) -> list[str]:
    model: type[BaseModel] = _LabFile
    if location[0] == "checks" and len(location) > 2:
        model = _CheckFile
    elif location[0] == "limits" and len(location) > 1:
        model = _DatasetLimitsFile if location[1] in DATASETS else _LimitsFile
    return [field.alias or name for name, field in model.model_fields.items()]


def _suggest(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f"; write '{near[0]}'" if near else f"; known are {', '.join(known) or 'none'}"


def _broken_rules(lab: Lab) -> Iterator[str]:
    """Check what concerns more than one key."""
    if lab.lab_id != lab.folder.name:
        yield f"id is '{lab.lab_id}', the folder is '{lab.folder.name}'; make them equal."
    if Path(lab.file).name != lab.file or not lab.file.endswith(".py"):
        yield f"file is '{lab.file}'; write a plain file name such as 'lab1.py'."
    if not lab.checks:
        yield "checks is empty; a lab needs at least one rubric line."
    yield from _broken_tables(lab)
    seen: set[str] = set()
    for check in lab.checks:
        for problem in _broken_check_rules(check, seen, list(lab.functions)):
            yield f"check '{check.check_id}' {problem}"
        seen.add(check.check_id)


def _broken_tables(lab: Lab) -> Iterator[str]:
    for name in lab.datasets:
        if name not in DATASETS:
            yield f"datasets names '{name}'; there are: {', '.join(DATASETS)}."
    for name, returns in lab.functions.items():
        if problem := _wrong_returns(returns):
            yield f"functions.{name}: {problem}"
    tables = [("bars", name) for name in lab.bars] + [("limits", name) for name in lab.limits_of]
    for table, name in tables:
        if name not in lab.datasets:
            yield f"{table}.{name}: '{name}' is not in datasets{_suggest(name, lab.datasets)}."


def _broken_check_rules(check: Check, seen: set[str], functions: list[str]) -> Iterator[str]:
    if check.check_id in seen:
        yield "stands there twice; ids are unique."
    for need in check.needs:
        if need not in seen:
            yield f"needs '{need}', which is not an earlier check."
    for name in check.functions:
        if name not in functions:
            yield f"names the function '{name}', not in [functions]{_suggest(name, functions)}."


def _wrong_returns(returns: object) -> str:
    """Return what is wrong with the description of a return value, or an empty string."""
    if isinstance(returns, str):
        return "" if returns in LEAVES else f"'{returns}' is not one of {', '.join(LEAVES)}."
    if isinstance(returns, list) and returns:
        return next((problem for item in returns if (problem := _wrong_returns(item))), "")
    if isinstance(returns, dict) and list(returns) == ["list"]:
        return _wrong_returns(returns["list"])
    return 'write "array", ["number", "array"] for a tuple, or {list = "array"}.'


def lab_version(course: Course, lab: Lab) -> str:
    """Return a hash of all that decides a score: rubric, checks, solution, mistakes."""
    roots = (lab.folder, course.hidden / lab.lab_id, course.solutions / lab.lab_id)
    paths = (path for root in roots for path in sorted(root.rglob("*")))
    return _hash(course, (path for path in paths if path.suffix in (".toml", ".py", ".npz")))


def public_version(course: Course, lab: Lab) -> str:
    """Return a hash of what the recorded answers of the known mistakes depend on."""
    mistakes = sorted((course.hidden / lab.lab_id / "mistakes").glob("*.py"))
    solution = course.solutions / lab.lab_id / lab.file
    return _hash(course, (*check_paths(lab.folder), solution, *mistakes))


def check_paths(folder: Path) -> tuple[Path, ...]:
    """Return a lab's files of checks: checks.py, or several such as checks_training.py."""
    return tuple(sorted(folder.glob("checks*.py")))


def _hash(course: Course, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        if path.is_file():
            digest.update(path.relative_to(course.root).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]
