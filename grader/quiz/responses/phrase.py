"""Compares texts as people see them: what an LMS shows of our Markdown, and what it wrote down."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from grader.quiz.markup import to_html, to_text

Token = tuple[str, ...]
"""What a phrase stands for: (option id,), (step id,), or (left id, right id)."""

MOST_PIECES = 200  # of one answer; no question has as many options
UNSEEN = re.compile(r"[\s*_\u200b-\u200d\u2060\ufeff]+")  # Moodle shows emphasis as _this_
DASHES = str.maketrans("\u2212\u2010\u2011\u2018\u2019\u201c\u201d", "---''\"\"")


class _Words(HTMLParser):
    """Collects what a page shows; images as nothing, or by their alternative text."""

    def __init__(self, *, with_images: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._with_images = with_images

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img" and self._with_images:
            self.words.append(f"[{dict(attrs).get('alt') or ''}]")


def words_of(markup: str, *, with_images: bool = False) -> str:
    """Return HTML without its tags."""
    parser = _Words(with_images=with_images)
    parser.feed(markup)
    parser.close()
    return "".join(parser.words)


def shapes(text: str) -> tuple[str, ...]:
    """Return a Markdown text as it may come back: without tags, in Unicode, or as it is written.

    The first is what an LMS shows of our exports; always as many, in the same order.
    """
    page = to_html(text)
    plain, with_images = words_of(page), words_of(page, with_images=True)
    return (plain, with_images, to_text(text), text)


def exact_key(text: str) -> str:
    """Return a text without differences in spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def loose_key(text: str) -> str:
    """Return a text without spaces, case, emphasis and kinds of dashes and quotes."""
    plain = unicodedata.normalize("NFC", html.unescape(text)).translate(DASHES)
    return UNSEEN.sub("", plain).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """What the answers to one question can be made of.

    Attributes:
        exact: Exact key to what it stands for; empty if it could be two things.
        loose: The same for loose keys; looked at second.
        clash: Two texts that read the same, as an example; empty if there are none.
    """

    exact: Mapping[str, Token]
    loose: Mapping[str, Token]
    clash: tuple[str, ...]

    def find(self, text: str) -> Token:
        """Return what a text stands for; empty if that is nothing, or not certain."""
        return self.exact.get(exact_key(text)) or self.loose.get(loose_key(text), ())

    def most_pieces(self, separator: str) -> int:
        """Return into how many parts a separator cuts a phrase at most."""
        return max((key.count(separator) for key in self.exact), default=0) + 1


def make_phrases(entries: Iterable[tuple[int, str, Token]]) -> Phrases:
    """Index texts by their keys.

    Args:
        entries: Level, text, and what it stands for; the same twice is fine. A text of a lower
            level wins: `$x$` may come back as "x", but not where another option is "x".
    """
    ordered = sorted(entries, key=lambda entry: entry[0])
    exact, clash = _index(ordered, exact_key)
    return Phrases(exact=exact, loose=_index(ordered, loose_key)[0], clash=clash)


def _index(
    entries: Iterable[tuple[int, str, Token]], key_of: Callable[[str], str]
) -> tuple[dict[str, Token], tuple[str, ...]]:
    """Return the index, and the first two texts of the lowest level that share a key."""
    index: dict[str, Token] = {}
    owners: dict[str, tuple[int, str, Token]] = {}
    clash: tuple[str, ...] = ()
    for level, text, token in entries:
        key = key_of(text)
        other_level, other_text, other = owners.setdefault(key, (level, text, token))
        if not key or (other_level < level and other != token):
            continue
        if other == token:
            index.setdefault(key, token)
            continue
        index[key] = ()
        clash = clash or ((other_text, text) if level == 0 else ())
    return index, clash


def segment(text: str, separator: str, phrases: Phrases) -> tuple[Token, ...]:
    """Cut an answer into phrases, also where a phrase has the separator in it.

    Args:
        text: Phrases joined by the separator; spaces beside it do not count.
        separator: Such as ";".
        phrases: What there can be.

    Returns:
        The phrases; empty if there is no way to cut it, or more than one.
    """
    pieces = text.split(separator)
    if len(pieces) > MOST_PIECES:
        return ()
    most = phrases.most_pieces(separator)
    ways: list[tuple[tuple[Token, ...], ...]] = [()] * len(pieces) + [((),)]
    for start in range(len(pieces) - 1, -1, -1):
        found: list[tuple[Token, ...]] = []
        for end in range(start + 1, min(len(pieces), start + most) + 1):
            token = phrases.find(separator.join(pieces[start:end]))
            if token:
                found += [(token, *rest) for rest in ways[end] if token not in rest]
        ways[start] = tuple(dict.fromkeys(found))[:2]  # two ways are as bad as many
    return ways[0][0] if len(ways[0]) == 1 else ()
