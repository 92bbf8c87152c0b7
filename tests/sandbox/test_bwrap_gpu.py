"""A worker reaches a GPU only when it was asked for."""

from dataclasses import replace
from pathlib import Path

import pytest
from walls import SPEC

from grader.sandbox import bwrap_flags


@pytest.fixture
def devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three files that look like the devices of a GPU."""
    for name in ("nvidia0", "nvidiactl", "nvidia-uvm", "sda"):
        (tmp_path / name).touch()
    monkeypatch.setattr(bwrap_flags, "GPUS", f"{tmp_path}/nvidia*")
    bwrap_flags.arguments.cache_clear()
    return [str(tmp_path / name) for name in ("nvidia-uvm", "nvidia0", "nvidiactl")]


def bound(arguments: tuple[str, ...]) -> list[str]:
    """Return what --dev-bind names."""
    return [arguments[i + 1] for i, word in enumerate(arguments) if word == "--dev-bind"]


def test_gpus_are_bound_when_asked_for(devices: list[str]) -> None:
    assert bound(bwrap_flags.arguments(replace(SPEC, has_gpu=True))) == devices


def test_otherwise_no_device_is_bound(devices: list[str]) -> None:
    assert bound(bwrap_flags.arguments(SPEC)) == []
