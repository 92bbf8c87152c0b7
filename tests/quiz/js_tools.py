"""Programs in JavaScript that tests ask for a second opinion; without npm these tests skip.

The packages are in js/package.json, with exact versions. They are installed once, below js/.
"""

import fcntl
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

JS = Path(__file__).parent / "js"
INSTALL_LIMIT_S = 300


def node_modules() -> Path:
    """Return the folder of the installed packages; skip the test if they cannot be had."""
    problem = _install()
    if problem:
        pytest.skip(problem)
    return JS / "node_modules"


@cache
def _install() -> str:
    """Install what is not there; return why it did not work, or nothing."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        return "node and npm are not installed"
    wanted = (JS / "package-lock.json").read_text()
    stamp = JS / "node_modules" / ".dlab-installed"
    with (JS / ".gitignore").open() as lock:  # any file that is always there
        fcntl.flock(lock, fcntl.LOCK_EX)
        if stamp.is_file() and stamp.read_text() == wanted:
            return ""
        try:
            done = subprocess.run(
                [npm, "ci"], cwd=JS, capture_output=True, text=True, timeout=INSTALL_LIMIT_S
            )
        except subprocess.TimeoutExpired:
            return "npm ci did not end in time"
        if done.returncode:
            return f"npm ci failed: {done.stderr.strip()[-300:]}"
        stamp.write_text(wanted)
    return ""


@contextmanager
def talk(script: Path) -> Iterator[Callable[[Any], Any]]:
    """Start one node process for many questions; give a function that asks it one.

    Args:
        script: Reads JSON Lines and answers each with a line; it finds the packages of js/.
    """
    node_modules()
    process = subprocess.Popen(
        [shutil.which("node") or "node", str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=JS,
        encoding="utf-8",
    )

    def ask(sample: Any) -> Any:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(sample) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    with process:
        try:
            yield ask
        finally:
            process.kill()
