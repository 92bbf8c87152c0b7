"""Prints the page of printable.py as PDF, with a Chromium that is installed on this machine."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from grader.errors import RequestError
from grader.quiz.export import printable
from grader.quiz.export.target import Wish
from grader.quiz.model import Quiz

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # the page needs no network
    "--no-pdf-header-footer",
)
TIMEOUT_S = 120


def write(quiz: Quiz, wish: Wish) -> bytes:
    """Return the quiz as PDF, A4.

    Raises:
        RequestError: If there is no Chromium, or it fails.
        ContentError: If an image is missing.
    """
    return print_page(printable.write(quiz, wish))


def find_browser() -> str | None:
    """Return the path of a Chromium on this machine."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def print_page(page: bytes) -> bytes:
    """Return an HTML page as PDF; everything it needs is in it."""
    browser = find_browser()
    if browser is None:
        raise RequestError(
            "A PDF needs Chromium, which is not on this machine: `apt install chromium`, or write "
            "HTML (--to html) and print it from a browser."
        )
    with tempfile.TemporaryDirectory(prefix="dlab-print-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_bytes(page)
        _run(browser, source, target)
        if not target.is_file() or not target.stat().st_size:
            raise RequestError(f"{browser} printed nothing. Write HTML (--to html) instead.")
        return target.read_bytes()


def _run(browser: str, source: Path, target: Path) -> None:
    root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    command = [
        browser,
        *FLAGS,
        *root,
        f"--user-data-dir={source.parent / 'profile'}",
        f"--print-to-pdf={target}",
        source.as_uri(),
    ]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_S)  # noqa: S603  a browser that was looked up, on our own page
    except subprocess.TimeoutExpired as error:
        raise RequestError(f"{browser} did not print within {TIMEOUT_S} s.") from error
    except (OSError, subprocess.CalledProcessError) as error:
        raise RequestError(f"{browser} cannot print: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        lines = error.stderr.decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else f"exit code {error.returncode}"
    return str(error)
