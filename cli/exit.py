"""What the exit code says. Scripts may rely on these numbers."""

from grader.errors import ContentError, DlabError, RequestError
from grader.model import Outcome, Report

EXIT_OK = 0
EXIT_POINTS_LOST = 1
EXIT_USAGE = 2  # click itself uses it too
EXIT_CONTENT = 3  # staff must mend the course; no score
EXIT_CANNOT_GRADE = 4  # not the student's fault, or there was nothing that could be graded
EXIT_INTERRUPTED = 130


def code_of_error(error: DlabError) -> int:
    """Return the exit code of an error, by who must act."""
    if isinstance(error, RequestError):
        return EXIT_USAGE
    return EXIT_CONTENT if isinstance(error, ContentError) else EXIT_CANNOT_GRADE


def code_of_report(report: Report) -> int:
    """Return the exit code of a finished run."""
    if report.problem and not report.files:  # there was nothing that could be run
        return EXIT_CANNOT_GRADE
    if report.score is None or any(entry.outcome is Outcome.BROKEN for entry in report.checks):
        return EXIT_CONTENT
    return EXIT_OK if report.score.is_full else EXIT_POINTS_LOST
