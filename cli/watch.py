"""Runs something again whenever a file changes, until Ctrl-C."""

from collections.abc import Callable

POLL_S = 0.3


def watch(run: Callable[[], int], look: Callable[[], object], wait: Callable[[float], None]) -> int:
    """Run now, and after every change; return the last run's exit code.

    Args:
        run: What is run.
        look: Gives something that differs once a file was saved.
        wait: Waits so many seconds.
    """
    code = 0
    try:
        while True:
            seen = look()  # before the run: what is saved meanwhile is run again
            code = run()
            while look() == seen:
                wait(POLL_S)
    except KeyboardInterrupt:
        return code
