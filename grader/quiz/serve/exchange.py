"""What our handlers take and return: no web framework is needed to read or test them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.quiz.serve.answers import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request.

    Attributes:
        method: GET, HEAD or POST.
        token: From the path; empty if the path has none.
        browser: What our cookie says; empty without one.
        form: The fields that were sent.
    """

    method: str = "GET"
    token: str = ""
    browser: str = ""
    form: Form = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return the first value of a field; empty if it is missing."""
        found = self.form.get(name, ())
        return found[0] if found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to a request.

    Attributes:
        location: Where to go instead, for status 303.
        browser: What our cookie shall say; empty to leave it.
        file_name: Under which name a browser stores it; empty to show it.
    """

    status: int = 200
    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    location: str = ""
    browser: str = ""
    file_name: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def html(text: str, status: int = 200, *, browser: str = "") -> Reply:
    """Answer with a page."""
    return Reply(status=status, body=text.encode("utf-8", "replace"), browser=browser)


def plain_json(data: Mapping[str, Any], status: int = 200) -> Reply:
    """Answer the script."""
    body = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
    return Reply(status=status, body=body, media_type="application/json")


def go_to(path: str, *, browser: str = "") -> Reply:
    """Send the browser on, to be read with GET."""
    return Reply(status=303, location=path, browser=browser)
