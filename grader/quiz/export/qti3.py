"""Writes a QTI 3.0 package: items, a test and a manifest."""

from grader.quiz.export.qti_package import write_package
from grader.quiz.export.qti_words import Dialect
from grader.quiz.export.target import Wish
from grader.quiz.model import Quiz

QTI3 = Dialect(
    name="QTI 3.0",
    is_kebab=True,
    has_tolerance=False,
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    templates="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/{name}.xml",
    package_namespace="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    schema="QTI Package",
    schema_version="3.0.0",
    item_type="imsqti_item_xmlv3p0",
    test_type="imsqti_test_xmlv3p0",
)


def write(quiz: Quiz, _: Wish) -> bytes:
    """Return the package."""
    return write_package(quiz, QTI3)
