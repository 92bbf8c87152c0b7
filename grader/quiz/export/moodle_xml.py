"""Writes a quiz as Moodle XML, for "Import questions" of a course's question bank.

The file has questions only; how the quiz is given is set by hand (`moodle.checklist`).
"""

from typing import Any

from grader.quiz.export import xml
from grader.quiz.export.carry import (
    convert,
    decimal,
    hold_choice,
    hold_full_share,
    hold_texts,
    hold_typed,
)
from grader.quiz.export.moodle import (
    category,
    file_name,
    id_number,
    option_percents,
    percent,
    question_name,
    right_text,
)
from grader.quiz.export.target import Wish, refuse
from grader.quiz.markup import embedded, to_html, to_inline_html
from grader.quiz.model import Choice, Matching, Numeric, Ordering, Question, Quiz, Short

TARGET = "Moodle XML"
FIRST_WITH_ORDERING = (4, 4)
HTML = {"format": "html"}
MULTICHOICE, MATCHING = "multichoice", "matching"


def write(quiz: Quiz, wish: Wish) -> bytes:
    """Return the quiz as a file.

    Raises:
        ContentError: What Moodle would refuse, lose or score otherwise, a line for each question.
    """
    made = convert(quiz, lambda question: _Writer(quiz, question, wish).question())
    content = b"".join(xml.to_bytes(element) for group in made for element in group)
    place = category(quiz, content)
    root = xml.new("quiz")
    _add_category(root, place, quiz.introduction)
    for group in made:
        if len(group) == 1:
            root.append(group[0])
    for entry, group in zip(quiz.entries, made, strict=True):
        if len(group) > 1:
            _add_category(root, f"{place}/{entry.question_id}", "")
            root.extend(group)
    return xml.to_bytes(root)


def _add_category(root: Any, path: str, information: str) -> None:
    element = xml.add(root, "question", attributes={"type": "category"})
    _add_text(element, "category", path)
    if information:
        xml.add_cdata(xml.add(element, "info", attributes=HTML), "text", to_html(information))


def _add_text(parent: Any, tag: str, text: str) -> Any:
    element = xml.add(parent, tag)
    xml.add(element, "text", text)
    return element


class _Writer:
    """Writes one question."""

    def __init__(self, quiz: Quiz, question: Question, wish: Wish) -> None:
        """Keep what all parts need."""
        self.quiz = quiz
        self.asked = question
        self.wish = wish

    def question(self) -> Any:
        """Return the element of the question."""
        answer = self.asked.answer
        if isinstance(answer, Choice):
            element = self._head(MULTICHOICE)
            self._add_choice(element, answer)
        elif isinstance(answer, Numeric):
            element = self._head("numerical")
            self._add_numbers(element, answer)
        elif isinstance(answer, Short):
            element = self._head("shortanswer")
            self._add_texts(element, answer)
        elif isinstance(answer, Matching):
            element = self._head(MATCHING)
            self._add_pairs(element, answer)
        else:
            element = self._head("ordering")
            self._add_steps(element, answer)
        if self.asked.tags:
            tags = xml.add(element, "tags")
            for tag in self.asked.tags:
                _add_text(tags, "tag", tag)
        return element

    def _head(self, kind: str) -> Any:
        asked = self.asked
        element = xml.new("question", {"type": kind})
        _add_text(element, "name", question_name(self.quiz, asked))
        self._add_html(element, "questiontext", asked.stem)
        self._add_html(element, "generalfeedback", asked.explanation)
        xml.add(element, "defaultgrade", str(asked.points))
        xml.add(element, "penalty", "0")
        xml.add(element, "hidden", "0")
        xml.add(element, "idnumber", id_number(self.quiz, asked, TARGET))
        return element

    def _add_html(self, parent: Any, tag: str, text: str, **attributes: str) -> Any:
        """Append a text with its images; without a text, nothing but an empty element."""
        element = xml.add(parent, tag, attributes=attributes | HTML)
        files: dict[str, str] = {}
        is_inline = tag in ("answer", "subquestion")
        render = to_inline_html if is_inline else to_html

        def keep(path: str) -> str:
            name = file_name(path)
            files[name] = embedded(self.quiz.folder)(path).partition(";base64,")[2]
            return f"@@PLUGINFILE@@/{name}"

        xml.add_cdata(element, "text", render(text, image=keep))
        for name, content in files.items():
            about = {"name": name, "path": "/", "encoding": "base64"}
            xml.add(element, "file", content, about)
        return element

    def _add_feedback(self, parent: Any, text: str) -> None:
        if text:
            self._add_html(parent, "feedback", text)

    def _add_choice(self, element: Any, answer: Choice) -> None:
        hold_choice(self.asked, answer, TARGET)
        hold_texts(self.asked, [to_html(o.text) for o in answer.options], TARGET, "option")
        right, wrong = "100", "0"
        if answer.is_multiple:
            right, wrong = option_percents(self.asked, answer, TARGET)
        xml.add(element, "single", "false" if answer.is_multiple else "true")
        # Moodle cannot keep one option at its place: where one is fixed, all are.
        moves = self.quiz.shuffle_options and not any(o.is_fixed for o in answer.options)
        xml.add(element, "shuffleanswers", "true" if moves else "false")
        xml.add(element, "answernumbering", "abc")
        xml.add(element, "showstandardinstruction", "1" if answer.is_multiple else "0")
        for option in answer.options:
            fraction = right if option.is_right else wrong
            line = self._add_html(element, "answer", option.text, fraction=fraction)
            self._add_feedback(line, option.feedback)

    def _add_numbers(self, element: Any, answer: Numeric) -> None:
        hold_full_share(self.asked, answer.accepted, TARGET)
        for number in answer.accepted:
            fraction = percent(self.asked, number.share, TARGET)
            line = xml.add(element, "answer", attributes={"fraction": fraction})
            xml.add(line, "text", decimal(self.asked, number.value, TARGET))
            self._add_feedback(line, number.feedback)
            xml.add(line, "tolerance", decimal(self.asked, number.tolerance, TARGET))

    def _add_texts(self, element: Any, answer: Short) -> None:
        hold_typed(self.asked, answer, TARGET)
        xml.add(element, "usecase", "0")
        for text in answer.accepted:
            fraction = percent(self.asked, text.share, TARGET)
            line = xml.add(element, "answer", attributes={"fraction": fraction})
            xml.add(line, "text", escape_wildcard(text.text))
            self._add_feedback(line, text.feedback)

    def _add_pairs(self, element: Any, answer: Matching) -> None:
        hold_texts(self.asked, [to_html(e.text) for e in answer.lefts], TARGET, "left side")
        rights = {e.right_id: right_text(self.asked, e, TARGET) for e in answer.rights}
        hold_texts(self.asked, list(rights.values()), TARGET, "right side")
        xml.add(element, "shuffleanswers", "true")
        for left in answer.lefts:
            pair = self._add_html(element, "subquestion", left.text)
            _add_text(pair, "answer", rights[left.right_id])
        used = {left.right_id for left in answer.lefts}
        for right_id, text in rights.items():
            if right_id not in used:  # a left side without a text: nothing belongs to it
                pair = self._add_html(element, "subquestion", "")
                _add_text(pair, "answer", text)

    def _add_steps(self, element: Any, answer: Ordering) -> None:
        if self.wish.moodle < FIRST_WITH_ORDERING:
            version = ".".join(map(str, self.wish.moodle))
            raise refuse(
                self.asked,
                f"Moodle {version}",
                "knows no ordering and would refuse the whole file; export with --moodle 4.4 if "
                "your site has it, or ask for the order as a matching (step and its number)",
            )
        hold_texts(self.asked, [to_html(step.text) for step in answer.steps], TARGET, "step")
        for tag, text in ORDERING_SETTINGS:
            xml.add(element, tag, text)
        for number, step in enumerate(answer.steps, 1):
            self._add_html(element, "answer", step.text, fraction=str(number))


ORDERING_SETTINGS = (
    ("layouttype", "VERTICAL"),
    ("selecttype", "ALL"),
    ("selectcount", "0"),
    ("gradingtype", "ABSOLUTE_POSITION"),
    ("showgrading", "SHOW"),
    ("numberingstyle", "none"),
    ("shownumcorrect", "1"),  # without it the import ends in an error of the database
)


def escape_wildcard(text: str) -> str:
    r"""Return a short answer that means itself: to Moodle `*` is any text, `\*` a star."""
    return text.replace("*", r"\*")
