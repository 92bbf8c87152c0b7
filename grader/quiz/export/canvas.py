"""Writes a package for Canvas: QTI 1.2 with Canvas' own additions (Classic and New Quizzes).

Images are files of the package: Canvas removes `data:` addresses from what it imports.
Source: instructure/canvas-lms, gems/canvas_sanitize and gems/plugins/qti_exporter.
"""

from collections.abc import Sequence
from typing import Any

from grader.errors import ContentError
from grader.quiz.export import canvas_rules
from grader.quiz.export.canvas_items import Texts, add_fields, add_item
from grader.quiz.export.package import MANIFEST, Pictures, identifier, title_of, zip_of
from grader.quiz.export.target import Wish
from grader.quiz.export.xml import add, new, to_bytes
from grader.quiz.model import Entry, Quiz, Role

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
META = "http://canvas.instructure.com/xsd/cccv1p0"
META_TYPE = "associatedcontent/imscc_xmlv1p1/learning-application-resource"


def write(quiz: Quiz, wish: Wish) -> bytes:
    """Return the package.

    Raises:
        ContentError: Each question that Canvas cannot carry, a line each.
    """
    problems = [text for entry in quiz.entries for text in canvas_rules.problems(entry, wish)]
    if problems:
        raise ContentError("\n".join(problems))
    ident = identifier(quiz.quiz_id)
    texts = Texts(Pictures(quiz.folder))
    files = {
        f"{ident}/{ident}.xml": to_bytes(_assessment(quiz, ident, texts)),
        f"{ident}/assessment_meta.xml": to_bytes(_meta(quiz, ident, texts)),
    }
    pictures = dict(sorted(texts.pictures.files.items()))
    manifest = to_bytes(_manifest(ident, list(pictures)))
    return zip_of({MANIFEST: manifest, **files, **pictures})


def _manifest(ident: str, pictures: Sequence[str]) -> Any:
    root = new("manifest", {"identifier": f"man_{ident}"}, nsmap={None: PACKAGE})
    metadata = add(root, "metadata")
    add(metadata, "schema", "IMS Content")
    add(metadata, "schemaversion", "1.1.3")
    add(root, "organizations")
    resources = add(root, "resources")
    quiz = add(resources, "resource", "", {"identifier": ident, "type": "imsqti_xmlv1p2"})
    add(quiz, "file", "", {"href": f"{ident}/{ident}.xml"})
    add(quiz, "dependency", "", {"identifierref": f"{ident}_meta"})
    others = [(f"{ident}_meta", META_TYPE, f"{ident}/assessment_meta.xml")]
    others += [(f"{ident}_image{n}", "webcontent", path) for n, path in enumerate(pictures, 1)]
    for name, kind, path in others:
        about = {"identifier": name, "type": kind, "href": path}
        add(add(resources, "resource", "", about), "file", "", {"href": path})
    return root


def _meta(quiz: Quiz, ident: str, texts: Texts) -> Any:
    """Return Canvas' settings of the quiz.

    Results stay hidden until the lecturer shows them; a practice quiz shows them at once.
    """
    is_practice = quiz.role is Role.PRACTICE
    root = new("quiz", {"identifier": ident}, nsmap={None: META})
    settings = {
        "title": quiz.title,
        "description": texts.block(quiz.introduction) if quiz.introduction else "",
        "shuffle_answers": str(quiz.shuffle_options).lower(),
        "scoring_policy": "keep_highest",
        "hide_results": "" if is_practice else "always",
        "quiz_type": "practice_quiz" if is_practice else "assignment",
        "points_possible": str(quiz.points),
        "show_correct_answers": "true",
        "allowed_attempts": "-1" if is_practice else "1",
        "one_question_at_a_time": "false",
        **({"time_limit": str(quiz.minutes)} if quiz.minutes else {}),
    }
    for name, value in settings.items():
        add(root, name, value)
    return root


def _assessment(quiz: Quiz, ident: str, texts: Texts) -> Any:
    root = new("questestinterop", nsmap={None: QTI})
    assessment = add(root, "assessment", "", {"ident": ident, "title": quiz.title})
    attempts = "unlimited" if quiz.role is Role.PRACTICE else "1"
    add_fields(assessment, {"cc_maxattempts": attempts})
    section = add(assessment, "section", "", {"ident": "root_section"})
    for entry in quiz.entries:
        parent = section if len(entry.variants) == 1 else _group(section, entry)
        for question in entry.variants:
            add_item(parent, question, texts)
    return root


def _group(section: Any, entry: Entry) -> Any:
    """Add a section of which Canvas gives every student one question."""
    about = {"ident": f"group-{entry.question_id}", "title": title_of(entry.first)}
    group = add(section, "section", "", about)
    selection = add(add(group, "selection_ordering"), "selection")
    add(selection, "selection_number", "1")
    extension = add(selection, "selection_extension")
    add(extension, "points_per_item", str(entry.first.points))
    return group
