"""Packs a quiz for QTI 2.1 and 3.0: items, the test that gives them, and the manifest.

The test is nonlinear and simultaneous: everything is submitted at the end, and only then is
feedback shown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from grader.quiz.export.package import MANIFEST, Pictures, identifier, title_of, zip_of
from grader.quiz.export.qti_items import write_item
from grader.quiz.export.qti_words import Dialect, Writer
from grader.quiz.export.xml import add, new, to_bytes
from grader.quiz.model import Entry, Question, Quiz, Role

TEST_FILE = "test.xml"


def write_package(quiz: Quiz, dialect: Dialect) -> bytes:
    """Return the zip file.

    Raises:
        ContentError: If a question has two things to choose from that are the same, or an image
            is missing.
    """
    files: dict[str, bytes] = {}
    images: dict[str, list[str]] = {}
    pictures: dict[str, bytes] = {}
    for question in quiz.questions():
        writer = Writer(dialect, Pictures(quiz.folder))
        item = write_item(writer, question, is_shuffled=quiz.shuffle_options)
        files[item_path(question)] = to_bytes(item)
        images[item_path(question)] = sorted(writer.pictures.files)
        pictures |= writer.pictures.files
    writer = Writer(dialect, Pictures(quiz.folder))
    files[TEST_FILE] = to_bytes(_test(writer, quiz))
    images[TEST_FILE] = sorted(writer.pictures.files)
    pictures |= writer.pictures.files
    files[MANIFEST] = to_bytes(_manifest(dialect, quiz, images))
    return zip_of(files | pictures)


def item_path(question: Question) -> str:
    """Return where in the package a question lies."""
    return f"items/{question.variant_id}.xml"


def _manifest(dialect: Dialect, quiz: Quiz, images: Mapping[str, Sequence[str]]) -> Any:
    about = {"identifier": f"manifest-{identifier(quiz.quiz_id)}"}
    root = new("manifest", about, nsmap={None: dialect.package_namespace})
    metadata = add(root, "metadata")
    add(metadata, "schema", dialect.schema)
    add(metadata, "schemaversion", dialect.schema_version)
    add(root, "organizations")
    resources = add(root, "resources")
    names = {item_path(q): f"q-{q.variant_id}" for q in quiz.questions()}
    test = _resource(resources, "test", dialect.test_type, TEST_FILE, images[TEST_FILE])
    for path, name in names.items():
        add(test, "dependency", "", {"identifierref": name})
        _resource(resources, name, dialect.item_type, path, images[path])
    return root


def _resource(parent: Any, name: str, kind: str, path: str, images: Sequence[str]) -> Any:
    about = {"identifier": name, "type": kind, "href": path}
    resource = add(parent, "resource", "", about)
    for file in (path, *images):
        add(resource, "file", "", {"href": file})
    return resource


def _test(writer: Writer, quiz: Quiz) -> Any:
    about = {"identifier": identifier(quiz.quiz_id), "title": quiz.title}
    root = writer.root("assessmentTest", about)
    score = {"identifier": "SCORE", "cardinality": "single", "baseType": "float"}
    score |= {"normalMinimum": "0", "normalMaximum": str(quiz.points)}
    declared = writer.add(root, "outcomeDeclaration", "", score)
    writer.add(writer.add(declared, "defaultValue"), "value", "0")
    if quiz.minutes:
        writer.add(root, "timeLimits", "", {"maxTime": str(60 * quiz.minutes)})
    is_practice = quiz.role is Role.PRACTICE
    mode = {"submissionMode": "individual" if is_practice else "simultaneous"}
    part = {"identifier": "part", "navigationMode": "nonlinear"} | mode
    _part(writer, writer.add(root, "testPart", "", part), quiz, "0" if is_practice else "1")
    processing = writer.add(root, "outcomeProcessing")
    total = writer.add(processing, "setOutcomeValue", "", {"identifier": "SCORE"})
    weighed = {"variableIdentifier": "SCORE", "weightIdentifier": "POINTS"}
    writer.add(writer.add(total, "sum"), "testVariables", "", weighed)
    return root


def _part(writer: Writer, part: Any, quiz: Quiz, attempts: str) -> None:
    """Add the questions, shown once (0: as often as one likes)."""
    control = {"maxAttempts": attempts, "showFeedback": "true", "allowReview": "true"}
    writer.add(part, "itemSessionControl", "", control | {"showSolution": "false"})
    about = {"identifier": "questions", "title": quiz.title, "visible": "true"}
    section = writer.add(part, "assessmentSection", "", about)
    if quiz.shuffle_questions:
        writer.add(section, "ordering", "", {"shuffle": "true"})
    if quiz.introduction:
        rubric = writer.add(section, "rubricBlock", "", {"view": "candidate"})
        writer.content(rubric, quiz.introduction, base="")
    for entry in quiz.entries:
        parent = section if len(entry.variants) == 1 else _one_of(writer, section, entry)
        for question in entry.variants:
            about = {"identifier": f"q-{question.variant_id}", "href": item_path(question)}
            item = writer.add(parent, "assessmentItemRef", "", about)
            weight = {"identifier": "POINTS", "value": str(question.points)}
            writer.add(item, "weight", "", weight)


def _one_of(writer: Writer, section: Any, entry: Entry) -> Any:
    """Add a section of which every student gets one question."""
    about = {"identifier": f"one-of-{entry.question_id}", "title": title_of(entry.first)}
    group = writer.add(section, "assessmentSection", "", about | {"visible": "false"})
    writer.add(group, "selection", "", {"select": "1"})
    return group
