"""Recorded answers of the known mistakes: all that recognising needs, and nothing to run."""

from pathlib import Path

import numpy as np
import pytest

from grader.diagnosis.mistake import Answer, Mistake, recognise
from grader.diagnosis.recording import Recording, read_recording, write_recording
from grader.errors import ContentError
from grader.sandbox.client import Handle
from grader.testing.record import Failure, Observation

X = np.array([[1.0, -2.0], [3.0, np.nan]])


def known(
    name: str, *values: object, error: tuple[str, str] | None = None
) -> tuple[Mistake, Answer]:
    """Return a mistake and what it answered; all values but the first are wrong."""
    mistake = Mistake(
        name=name,
        path=Path("secret") / f"{name}.py",
        headline=f"It is {name}.",
        hint="Think.",
        lecture="lecture 9",
        caught_by=("check",),
        functions=frozenset({"f"}),
    )
    seen = [
        Observation(
            what="w", got=got, expected=3, failure=Failure(headline="secret") if i else None
        )
        for i, got in enumerate(values)
    ]
    return mistake, Answer(observations=tuple(seen), error=error)


def stored(folder: Path, *entries: tuple[Mistake, Answer]) -> Recording:
    """Write and read a recording."""
    path = folder / "known_answers.bin"
    write_recording(path, Recording(seed=3, version="v", answers={"check": list(entries)}))
    found = read_recording(path)
    assert found is not None
    return found


def test_recording_survives_the_file(tmp_path: Path) -> None:
    found = stored(tmp_path, known("a", X, 2.0), known("b", 1, error=("ValueError", "bad")))

    (first, one), (second, other) = found.answers["check"]
    assert (found.seed, found.version) == (3, "v")
    assert (first.name, first.headline, first.hint) == ("a", "It is a.", "Think.")
    assert np.array_equal(one.observations[0].got, X, equal_nan=True)
    assert [seen.failure is None for seen in one.observations] == [True, False]
    assert (second.name, other.error) == ("b", ("ValueError", "bad"))


@pytest.mark.parametrize(
    "value", [3, 2.5, "up", None, True, (1, [X]), {"w": X}, [], np.int64(3), X.astype(np.float32)]
)
def test_recorded_mistake_is_recognised(tmp_path: Path, value: object) -> None:
    mistake, answer = known("a", X, value)

    found = recognise("check", answer, stored(tmp_path, (mistake, answer)).answers["check"])

    assert found is not None
    assert found.mistake == "a"


def test_recorded_exception_is_recognised(tmp_path: Path) -> None:
    mistake, answer = known("a", 1.0, error=("ValueError", "bad"))

    found = recognise("check", answer, stored(tmp_path, (mistake, answer)).answers["check"])

    assert found is not None


def test_nothing_of_the_solution_is_in_the_file(tmp_path: Path) -> None:
    """Neither what would be right nor where the mistakes are."""
    stored(tmp_path, known("a", X, 2.0))

    assert b"secret" not in (tmp_path / "known_answers.bin").read_bytes()


def test_mistake_whose_values_cannot_be_stored_is_left_out(tmp_path: Path) -> None:
    found = stored(tmp_path, known("a", Handle(1, "Adam", 1)), known("b", 1.0))

    assert [mistake.name for mistake, _ in found.answers["check"]] == ["b"]


def test_empty_recording_survives(tmp_path: Path) -> None:
    assert stored(tmp_path).answers == {}


def test_recording_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert read_recording(tmp_path / "known_answers.bin") is None


def test_equal_recordings_are_equal_files(tmp_path: Path) -> None:
    stored(tmp_path, known("a", X, 2.0))
    before = (tmp_path / "known_answers.bin").read_bytes()
    stored(tmp_path, known("a", X, 2.0))

    assert (tmp_path / "known_answers.bin").read_bytes() == before


@pytest.mark.parametrize("damage", ["empty", "short", "cut", "text", "flipped", "other format"])
def test_damaged_recording_is_told_with_the_way_out(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "known_answers.bin"
    stored(tmp_path, known("a", X, 2.0))
    content = path.read_bytes()
    path.write_bytes(
        {
            "empty": b"",
            "short": content[:5],
            "cut": content[:-8],
            "text": b"{}" * 50,
            "flipped": content[:20] + b"\xff" + content[21:],
            "other format": content.replace(b'"format": 1', b'"format": 2').replace(
                b'"format":1', b'"format":2'
            ),
        }[damage]
    )

    with pytest.raises(
        ContentError,
        match=rf"^{tmp_path.name}/known_answers\.bin is damaged: .*\. `dlab validate --record`\.$",
    ):
        read_recording(path)
