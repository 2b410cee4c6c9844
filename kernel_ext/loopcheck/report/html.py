"""Findings as HTML that works in an untrusted notebook: the same content as the text, escaped.

No class and no theme variable: Lab drops those. `light-dark()` stays and follows Lab.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from loopcheck.modes.finding import Finding
from loopcheck.report import text
from loopcheck.report._story import visible
from loopcheck.report.sections import Section

BOX = "border-left:4px solid #b4530a;padding:2px 0 2px 12px;margin:6px 0;max-width:60em"
QUIET = "color:light-dark(#57606a,#a9b3bd)"
LABEL = f"text-align:left;vertical-align:top;padding:1px 12px 1px 0;font-weight:600;{QUIET}"
CELL = "text-align:left;vertical-align:top;padding:1px 0;white-space:normal"
TABLE = "border-collapse:collapse;margin:6px 0"
TITLE = "text-align:left;font-weight:600;padding:1px 0"
SPACED = "text-align:left;vertical-align:top;padding:1px 16px 1px 0"
HEADING = f"{SPACED};font-weight:400;{QUIET}"
CODE = re.compile(r"`([^`]+)`")


def finding(found: Finding) -> str:
    """Return *found* as a card: its head, then a table of the facts."""
    name = visible(f"{found.code} {found.slug}")
    sources = {"change": text.shown_source(found)}
    rows = "".join(
        f'<tr><th scope="row" style="{LABEL}">{escape(word)}</th>'
        f'<td style="{CELL}">{in_code(said)}{_code(sources.get(word, ""))}</td></tr>'
        for word, said in text.parts(found)
    )
    test = f'<div style="{QUIET}">{escape(visible(found.test))}</div>' if found.test else ""
    return (
        f'<div style="{BOX}">{test}<div><b>{escape(name)}</b>'
        f' <span style="{QUIET}">({escape(found.certainty)})</span></div>'
        f'<table style="border-collapse:collapse;margin:4px 0"><tbody>{rows}</tbody></table>'
        f'<div style="{QUIET}">more: <code>{escape(text.more(found))}</code></div></div>'
    )


def in_code(said: str) -> str:
    """Return *said* escaped, with text between backticks as code."""
    return CODE.sub(r"<code>\1</code>", escape(said, quote=False))


def _code(source: str) -> str:
    return f"&emsp;<code>{escape(source, quote=False)}</code>" if source else ""


def findings(found: Sequence[Finding], nothing: str = "") -> str:
    """Return all of *found* below each other, or *nothing* if there is none."""
    return "".join(finding(one) for one in found) or f"<p>{escape(nothing)}</p>"


def page(said: str) -> str:
    """Return plain text unchanged, in a fixed width."""
    return f"<pre>{escape(said)}</pre>"


def section(shown: Section) -> str:
    """Return *shown* as a table with a caption; the first cell of a row is its heading."""
    columns, rows = text.table(shown)
    head = "".join(f'<th scope="col" style="{HEADING}">{escape(one)}</th>' for one in columns)
    body = "".join(_row(row) for row in rows)
    title, note = escape(text.tidy(shown.title)), escape(text.tidy(shown.note))
    table = (
        f'<table style="{TABLE}"><caption style="{TITLE}">{title}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        if rows
        else f'<div style="{TITLE}">{title}</div>'
    )
    return f'<div>{table}<div style="{QUIET}">{note}</div></div>'


def _row(row: Sequence[str]) -> str:
    first = f'<th scope="row" style="{SPACED};font-weight:600">{escape(row[0])}</th>'
    rest = "".join(f'<td style="{SPACED}">{escape(cell)}</td>' for cell in row[1:])
    return f"<tr>{first}{rest}</tr>"
