"""An error in a file of the bank, with the line it is in."""

from collections.abc import Iterator
from contextlib import contextmanager

from grader.errors import ContentError


class LineError(ContentError):
    """A line of a quiz breaks a rule.

    Attributes:
        line: Its number.
        message: What is wrong, without the line.
    """

    def __init__(self, line: int, message: str) -> None:
        """Keep both."""
        super().__init__(f"{line}: {message}")
        self.line, self.message = line, message


@contextmanager
def at(line: int) -> Iterator[None]:
    """Give the errors of a block the line they belong to, if they have none yet."""
    try:
        yield
    except LineError:
        raise
    except ContentError as error:
        raise LineError(line, str(error)) from error
