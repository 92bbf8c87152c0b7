"""Writes a QTI 2.1 package: items, a test and a manifest."""

from grader.quiz.export.qti_package import write_package
from grader.quiz.export.qti_words import Dialect
from grader.quiz.export.target import Wish
from grader.quiz.model import Quiz

QTI21 = Dialect(
    name="QTI 2.1",
    is_kebab=False,
    has_tolerance=True,
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p1",
    templates="http://www.imsglobal.org/question/qti_v2p1/rptemplates/{name}",
    package_namespace="http://www.imsglobal.org/xsd/imscp_v1p1",
    schema="QTIv2.1 Package",
    schema_version="1.0.0",
    item_type="imsqti_item_xmlv2p1",
    test_type="imsqti_test_xmlv2p1",
)


def write(quiz: Quiz, _: Wish) -> bytes:
    """Return the package."""
    return write_package(quiz, QTI21)
