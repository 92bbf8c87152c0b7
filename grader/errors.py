"""Every error dlab raises on purpose. Each kind is one for which a different person must act.

DlabError
├── RequestError        whoever typed the command corrects it                      exit 2
├── ContentError        staff fix assignments/, solutions/ or autograder_tests/    exit 3, no score
├── SubmissionError     the student fixes the submission                           outcome ERRORED
└── SandboxError        the worker gave no usable answer                           outcome ERRORED
    ├── WorkerCrashError      its process ended                                    outcome ERRORED
    ├── WorkerProtocolError   it sent something that is not an answer              outcome ERRORED
    └── WorkerTimeoutError    it used up its time                                  outcome TIMED_OUT
"""


class DlabError(Exception):
    """Base of all errors that dlab explains in one line instead of a traceback."""


class RequestError(DlabError):
    """The command asks for something that does not exist or cannot be read."""


class ContentError(DlabError):
    """A file of the course breaks a rule. The message names file, key, rule and next step."""


class SubmissionError(DlabError):
    """The submission raised, lacks a function, or returned something that cannot be graded.

    Attributes:
        kind: The student's exception type, such as "ValueError"; safe to show for hidden checks.
        trace: The part of the traceback that lies in the student's files; may quote inputs.
    """

    def __init__(self, message: str, *, kind: str = "", trace: str = "") -> None:
        """Keep the message, the exception type's name and the trimmed traceback."""
        super().__init__(message)
        self.kind = kind
        self.trace = trace


class SandboxError(DlabError):
    """The worker gave no usable answer; what it was doing is lost, the rest goes on."""


class WorkerCrashError(SandboxError):
    """The worker's process ended before it answered."""


class WorkerProtocolError(SandboxError):
    """The worker sent bytes that are not a well-formed answer."""


class WorkerTimeoutError(SandboxError):
    """The worker used up its CPU or wall-clock time."""
