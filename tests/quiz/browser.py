"""Debian's Chromium, driven by Playwright; tests that need it skip where either is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from grader.quiz.export import pdf

ARGUMENTS = ["--no-sandbox", *(flag for flag in pdf.FLAGS if flag.startswith("--disable"))]


@contextmanager
def chromium() -> Iterator[Any]:
    """Open a browser that looks for nothing outside."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = pdf.find_browser()
    if path is None:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield opened
        finally:
            opened.close()
