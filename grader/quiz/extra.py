"""Imports what only some of dlab's users have installed, or says in one line how to get it."""

import importlib
from typing import Any

from grader.errors import RequestError

EXTRA_OF = {
    "jinja2": "quiz",
    "latex2mathml.converter": "quiz",
    "lxml.etree": "quiz",
    "lxml.html": "quiz",
    "matplotlib": "labs",
    "mdit_py_plugins.dollarmath": "quiz",
    "openpyxl": "xlsx",
    "starlette.applications": "quiz-server",
    "starlette.responses": "quiz-server",
    "starlette.routing": "quiz-server",
    "uvicorn": "quiz-server",
    "uvicorn.protocols.http.h11_impl": "quiz-server",
    "yaml": "quiz",
}


def need(module: str) -> Any:
    """Import a module of an extra.

    Raises:
        RequestError: If it is not installed; names the command that installs it.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        extra = EXTRA_OF[module]
        raise RequestError(
            f"This needs '{module.partition('.')[0]}': pip install 'dlab[{extra}]'"
        ) from error
