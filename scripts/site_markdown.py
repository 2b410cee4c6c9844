"""Markdown pages of the project as HTML: headings with anchors, code in colours, links to pages."""

import posixpath
import re
from collections.abc import Callable
from html import escape
from typing import Any

import mistune
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
from pygments.styles import get_style_by_name  # type: ignore[import-untyped]
from pygments.token import STANDARD_TYPES  # type: ignore[import-untyped]
from pygments.util import ClassNotFound  # type: ignore[import-untyped]

TAG = re.compile(r"<[^>]+>")
IMAGE = re.compile(r'(<img\b[^>]*\bsrc=")([^":]+)(")')
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
LANGUAGES = {"console": "text", "toml": "ini"}  # a prompt is no program; ini's colours are enough

# Where a path of the repository is on the site; None: it isn't.
Find = Callable[[str], str | None]


def anchor_of(heading: str) -> str:
    """Return the anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", TAG.sub("", heading)).strip().lower().replace(" ", "-")


class _Renderer(mistune.HTMLRenderer):
    """HTML with anchors, in which links lead to pages of the site or are plain text."""

    def __init__(self, source: str, find: Find) -> None:
        super().__init__(escape=False)
        self.folder = posixpath.dirname(source)
        self.find = find

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        return f'<h{level} id="{anchor_of(text)}">{text}</h{level}>\n'

    def block_code(self, code: str, info: str | None = None) -> str:
        return code_block(code, (info or "text").split()[0])

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if "://" in url or url.startswith("#"):
            return f'<a href="{escape(url)}">{text}</a>'
        path, _, anchor = url.partition("#")
        page = self.find(posixpath.normpath(posixpath.join(self.folder, path)))
        return f'<a href="{page}{"#" if anchor else ""}{anchor}">{text}</a>' if page else text


def code_block(code: str, language: str) -> str:
    """Return *code* in colours."""
    try:
        lexer = get_lexer_by_name(LANGUAGES.get(language, language))
    except ClassNotFound:
        lexer = get_lexer_by_name("text")
    said: str = highlight(code, lexer, HtmlFormatter())
    return said


def to_html(text: str, source: str, find: Find) -> str:
    """Return the HTML of a markdown page; *source* is its path in the repository."""
    renderer = _Renderer(source, find)
    convert: Any = mistune.create_markdown(renderer=renderer, plugins=["table", "strikethrough"])
    body = TABLE.sub(_scrollable, convert(text))
    folder = posixpath.dirname(source)

    def moved(found: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, found[2]))
        return f"{found[1]}{find(path) or found[2]}{found[3]}"

    return IMAGE.sub(moved, body)


def _scrollable(found: re.Match[str]) -> str:
    """A wide table scrolls by itself, by the keyboard, too."""
    label = ", ".join(TAG.sub("", head) for head in re.findall(r"<th\b.*?</th>", found[0]))
    return f'<div class="table" tabindex="0" role="region" aria-label="{label}">{found[0]}</div>'


def colours() -> str:
    """Return the colours of code, for light and dark in one rule each."""
    light, dark = get_style_by_name("default"), get_style_by_name("github-dark")
    rules = []
    for token, short in STANDARD_TYPES.items():
        pair = [one.style_for_token(token) for one in (light, dark)]
        found = [f"#{one['color']}" if one["color"] else "inherit" for one in pair]
        if not short or found == ["inherit", "inherit"]:
            continue
        bold = "; font-weight: 600" if pair[0]["bold"] else ""
        colour = found[0] if found[0] == found[1] else f"light-dark({found[0]}, {found[1]})"
        rules.append(f".highlight .{short} {{ color: {colour}{bold} }}")
    return (
        "\n".join(rules).replace("inherit,", "currentColor,").replace(" inherit)", " currentColor)")
    )
