"""Says whether torch can compute on a GPU here."""

import importlib
import importlib.util

from grader.errors import RequestError


def hold_gpu() -> None:
    """Refuse CUDA where torch cannot use it.

    Raises:
        RequestError: With what to do instead.
    """
    if importlib.util.find_spec("torch") is None:
        raise RequestError("torch is not installed. `pip install 'dlab[labs]'` installs it.")
    if not importlib.import_module("torch").cuda.is_available():
        raise RequestError("There is no GPU that torch can use here. Leave out --device cuda.")
