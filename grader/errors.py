"""Every error dlab raises on purpose. Each kind is one for which a different person must act.

DlabError
├── RequestError        whoever typed the command corrects it                      exit 2
├── ContentError        staff fix assignments/, solutions/ or autograder_tests/    exit 3, no score
├── FetchError          no mirror gave the file: try later, or bring it            exit 4
├── SubmissionError     the student fixes the submission                           outcome ERRORED
└── SandboxError        the worker gave no usable answer                           outcome ERRORED
    ├── WorkerCrashError      its process ended                                    outcome ERRORED
    ├── WorkerProtocolError   it sent something that is not an answer              outcome ERRORED
    └── WorkerTimeoutError    it used up its time                                  outcome TIMED_OUT
"""

from collections.abc import Sequence


class DlabError(Exception):
    """Base of all errors that dlab explains in one line instead of a traceback."""


class RequestError(DlabError):
    """The command asks for something that does not exist or cannot be read."""


class ContentError(DlabError):
    """A file of the course breaks a rule. The message names file, key, rule and next step."""


class FetchError(DlabError):
    """A file could not be downloaded. Nothing is broken by it: try later, or bring the file."""


class SubmissionError(DlabError):
    """The submission raised, lacks a function, or returned something that cannot be graded.

    Attributes:
        kind: The name of the student's exception type, as the worker gave it.
        public: The message without anything that the submission chose: it may quote hidden inputs.
        places: File and line number of each frame in the student's files, as the worker gave them.
        trace: Those lines' text, looked up by us; innermost last.
        is_loading: Whether it happened before any check: there is nothing hidden to quote.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str = "",
        public: str = "",
        places: Sequence[tuple[str, int]] = (),
        trace: Sequence[str] = (),
        is_loading: bool = False,
    ) -> None:
        """Keep what is known."""
        super().__init__(message)
        self.kind = kind
        self.public = public or "The submission raised an exception."
        self.places = tuple(places)
        self.trace = tuple(trace)
        self.is_loading = is_loading


class SandboxError(DlabError):
    """The worker gave no usable answer; what it was doing is lost, the rest goes on."""


class WorkerCrashError(SandboxError):
    """The worker's process ended before it answered."""


class WorkerProtocolError(SandboxError):
    """The worker sent bytes that are not a well-formed answer."""


class WorkerTimeoutError(SandboxError):
    """The worker used up its CPU or wall-clock time."""
