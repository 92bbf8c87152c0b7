"""Reads the text of a `*.quiz.md` file into drafts: strings with the lines they stand in.

A file is front matter, then questions, each a `##` heading with an id. In a question everything
before the answer block is the stem. The answer block is the list of `- [x]` options or the lines
that begin with `=`; without these, the last table or the last numbered list.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grader.quiz.lines import LineError

HEADING = re.compile(r"##[ \t]+(?P<id>[^\s:]+)[ \t]*:?[ \t]*(?P<title>.*?)[ \t]*$")
ATTRIBUTES = re.compile(r"(?:^|\s)\{(?P<inside>[^{}]*)\}\s*$")
ATTRIBUTE = re.compile(
    r"""(?P<key>[a-z_]+)(?:=(?:"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+)))?(?=\s|$)"""
)
OPEN_BRACE = re.compile(r"\s\{[^{}$`]*$")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FENCE = re.compile(r"\s*(```+|~~~+)\s*(?P<word>\S*)")
OPTION = re.compile(r"[-*+] \[(?P<mark>[ xX])\][ \t]+(?P<text>.*)")
EQUALS = re.compile(r"=[ \t]+(?P<text>.*)")
ROW = re.compile(r"\|.*\|[ \t]*$")
NUMBERED = re.compile(r"\d+[.)][ \t]+(?P<text>.*)")
SHARE = re.compile(r"\s\((?P<percent>\d+(?:[.,]\d+)?)\s?%\)\s*$")
LINE_KINDS = (("option", OPTION), ("equals", EQUALS), ("row", ROW), ("numbered", NUMBERED))
QUESTION_KEYS = frozenset({"points", "variants", "tags", "pair", "type", "scoring"})
ANSWER_KEYS = frozenset({"misconception", "fixed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a file.

    Attributes:
        is_code: Whether it is inside a fence, or is one.
    """

    number: int
    text: str
    is_code: bool


@dataclass(slots=True, kw_only=True)
class AnswerDraft:
    """One line of an answer block, with what is indented below it.

    Attributes:
        kind: "option", "equals", "row" or "numbered".
        is_ticked: Whether an option is marked `[x]`.
        share: Percent of the points, as written; empty for all.
    """

    kind: str
    line: int
    text: str
    is_ticked: bool = False
    share: str = ""
    feedback: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDraft:
    """A question as it is written, parameters and all."""

    question_id: str
    title: str
    line: int
    attributes: Mapping[str, str]
    stem: str
    answers: Sequence[AnswerDraft]
    explanation: str
    params: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDraft:
    """A whole file.

    Attributes:
        front: The text between the two `---`, which begins in line 2.
    """

    front: str
    introduction: str
    questions: Sequence[QuestionDraft]
    problems: Sequence[LineError]


def read_draft(text: str) -> FileDraft:
    """Split a file into its parts.

    Raises:
        LineError: If there is no front matter, or a fence is not closed. What is wrong with single
            questions is collected in `problems` instead.
    """
    lines = list(_lines(text.removeprefix("\ufeff").splitlines()))
    if not lines or lines[0].text.strip() != "---":
        raise LineError(1, "a quiz begins with '---' and its front matter (quiz, title, ...)")
    ends = [line.number for line in lines[1:] if line.text.strip() == "---"]
    if not ends:
        raise LineError(1, "the front matter is not closed: a second '---' is missing")
    front = "\n".join(line.text for line in lines[1 : ends[0] - 1])
    groups = _split(_fenced(lines[ends[0] :]))
    questions, problems = [], []
    for group in groups[1:]:
        try:
            questions.append(_read_question(group))
        except LineError as error:
            problems.append(error)
    return FileDraft(
        front=front,
        introduction=_text(groups[0]),
        questions=questions,
        problems=problems,
    )


def _lines(texts: Sequence[str]) -> Iterator[Line]:
    for number, text in enumerate(texts, 1):
        yield Line(number=number, text=text.rstrip(), is_code=False)


def _fenced(lines: Sequence[Line]) -> Iterator[Line]:
    """Mark what is code: nothing inside a fence is a heading or an answer."""
    fence, opened = "", 0
    for line in lines:
        match = FENCE.match(line.text)
        opens = match is not None and not fence
        closes = match is not None and bool(fence) and match[1].startswith(fence)
        yield Line(number=line.number, text=line.text, is_code=bool(fence) or opens)
        if match is not None and opens:
            fence = match[1]
            opened = line.number
        elif closes:
            fence = ""
    if fence:
        raise LineError(opened, f"the code fence '{fence}' is not closed")


def _split(lines: Iterator[Line]) -> list[list[Line]]:
    """Cut at headings; the first group is what stands before all of them."""
    groups: list[list[Line]] = [[]]
    for line in lines:
        if line.text.startswith("## ") and not line.is_code:
            groups.append([])
        groups[-1].append(line)
    return groups


def _read_question(lines: Sequence[Line]) -> QuestionDraft:
    heading, number = lines[0].text, lines[0].number
    text, attributes = take_attributes(heading, QUESTION_KEYS, number)
    if OPEN_BRACE.search(text):
        raise LineError(number, "a brace is not closed: '{points=2}'")
    match = HEADING.fullmatch(text)
    if match is None or not ID.fullmatch(match["id"]):
        raise LineError(
            number, "a question begins with '## id: title'; an id is made of a-z, 0-9 and '-'"
        )
    params, rest = _take_params(lines[1:])
    start, end = _answer_block(rest, number)
    explanation = _explanation(rest[end:])
    return QuestionDraft(
        question_id=match["id"],
        title=match["title"],
        line=number,
        attributes=attributes,
        stem=_text(rest[:start]),
        answers=_read_answers(rest[start:end]),
        explanation=explanation,
        params=params,
    )


def take_attributes(text: str, known: frozenset[str], number: int) -> tuple[str, dict[str, str]]:
    r"""Take `{key=value flag}` off the end of a line.

    A brace whose content is no attribute, such as the end of `\frac{a}{b}`, is text.

    Raises:
        LineError: If a key is not known: a slip of the pen would be shown to students.
    """
    match = ATTRIBUTES.search(text)
    if match is None:
        return text, {}
    inside = match["inside"].strip()
    found = list(ATTRIBUTE.finditer(inside))
    if not found or " ".join(entry[0] for entry in found) != " ".join(inside.split()):
        return text, {}
    attributes = {entry["key"]: entry["quoted"] or entry["plain"] or "" for entry in found}
    if unknown := attributes.keys() - known:
        near = difflib.get_close_matches(min(unknown), known, n=1)
        tail = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(sorted(known))}"
        raise LineError(number, f"there is no attribute '{min(unknown)}'; {tail}")
    return text[: match.start()].rstrip(), attributes


def _take_params(lines: Sequence[Line]) -> tuple[dict[int, str], list[Line]]:
    """Separate the `params` fence from the rest."""
    params: dict[int, str] = {}
    rest: list[Line] = []
    inside = False
    for line in lines:
        match = FENCE.match(line.text)
        if match and (inside or match["word"] == "params"):
            inside = not inside
        elif inside:
            params[line.number] = line.text
        else:
            rest.append(line)
    return params, rest


def _answer_block(lines: Sequence[Line], number: int) -> tuple[int, int]:
    """Return where the answer block begins and ends."""
    kinds = [_kind(line) for line in lines]
    present = [kind for kind in kinds if kind]
    if not present:
        raise LineError(
            number, "the question has no answers: '- [x] ...', '= ...', a table or a numbered list"
        )
    kind = next((kind for kind in ("option", "equals") if kind in present), present[-1])
    places = [index for index, found in enumerate(kinds) if found == kind]
    start = places[0] if kind in ("option", "equals") else _last_list(lines, places)
    return start, _end(lines, places[-1])


def _last_list(lines: Sequence[Line], places: Sequence[int]) -> int:
    """Return where the last table or numbered list begins; the stem may have others."""
    start = places[-1]
    is_table = _kind(lines[start]) == "row"
    for place in reversed(places[:-1]):
        between = lines[place + 1 : start]
        if any(is_table or (line.text and not line.text.startswith(" ")) for line in between):
            break
        start = place
    return start


def _end(lines: Sequence[Line], last: int) -> int:
    """Go on over what is indented below the last item."""
    end = last + 1
    while end < len(lines):
        text = lines[end].text
        after = next((line.text for line in lines[end:] if line.text), "")
        if not (text.startswith(("  ", "\t")) or (not text and after.startswith(("  ", "\t")))):
            break
        end += 1
    return end


def _kind(line: Line) -> str:
    if line.is_code:
        return ""
    return next((kind for kind, pattern in LINE_KINDS if pattern.match(line.text)), "")


def _read_answers(lines: Sequence[Line]) -> list[AnswerDraft]:
    drafts: list[AnswerDraft] = []
    below: list[list[Line]] = []
    for line in lines:
        kind = _kind(line)
        if kind:
            drafts.append(_read_answer(line, kind))
            below.append([])
        elif line.text and not line.text.startswith((" ", "\t")) and not line.is_code:
            raise LineError(line.number, "text between the answers; indent what belongs to one")
        elif not line.is_code and OPTION.match(line.text.lstrip()):
            raise LineError(line.number, "an option begins at the start of its line")
        elif below:
            below[-1].append(line)
    for draft, extra in zip(drafts, below, strict=True):
        quoted = [line for line in extra if _is_quote(line)]
        draft.feedback = _text([_unquoted(line) for line in quoted])
        more = _dedented([line for line in extra if line not in quoted])
        draft.text = f"{draft.text}\n{more.rstrip()}" if more.strip() else draft.text
    return drafts


def _read_answer(line: Line, kind: str) -> AnswerDraft:
    match = dict(LINE_KINDS)[kind].match(line.text)
    text = line.text if match is None or kind == "row" else match["text"].strip()
    attributes: dict[str, str] = {}
    share = ""
    if kind in ("option", "equals"):
        text, attributes = take_attributes(text, ANSWER_KEYS, line.number)
    if kind == "equals" and (found := SHARE.search(text)):
        text, share = text[: found.start()].rstrip(), found["percent"].replace(",", ".")
    ticked = match is not None and kind == "option" and match["mark"] in "xX"
    return AnswerDraft(
        kind=kind,
        line=line.number,
        text=text,
        is_ticked=ticked,
        share=share,
        attributes=attributes,
    )


def _explanation(lines: Sequence[Line]) -> str:
    for line in lines:
        if line.text and not _is_quote(line):
            raise LineError(
                line.number, "text after the answers; an explanation is quoted: '> ...'"
            )
    return _text([_unquoted(line) for line in lines])


def _is_quote(line: Line) -> bool:
    return line.text.lstrip().startswith(">")


def _unquoted(line: Line) -> Line:
    text = line.text.lstrip().removeprefix(">").removeprefix(" ")
    return Line(number=line.number, text=text, is_code=line.is_code)


def _dedented(lines: Sequence[Line]) -> str:
    used = [len(line.text) - len(line.text.lstrip()) for line in lines if line.text]
    return "\n".join(line.text[min(used, default=0) :] for line in lines)


def _text(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines).strip()
