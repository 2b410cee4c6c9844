"""The whole catalogue on one page: what people see → what it is → why → what to change → lesson."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from textwrap import fill

from loopcheck.modes import catalogue
from loopcheck.modes.catalogue import Entry, Mode
from loopcheck.report import html
from loopcheck.report.text import INDENT, WIDTH, paragraph

ASSERTS = "an assertion that fails like any other"


def as_text(modes: Sequence[Mode]) -> str:
    """Return the pages of *modes* below the names of their families."""
    return "\n\n".join(
        "\n\n".join(
            [
                f"{family}  {catalogue.FAMILIES[family]}",
                *(_text(one, one.lesson) for one in members),
            ]
        )
        for family, members in _families(modes)
    )


def page(mode: Mode) -> str:
    """Return the page of one mode for a terminal, with the command that opens its lesson."""
    said = catalogue.entry(mode)
    lesson = f"loopcheck lab --lesson {mode.code}" if said.lesson else None
    return _text(said, lesson)


def as_html(modes: Sequence[Mode]) -> str:
    """Return the same with headings, and with links to the lessons."""
    return "".join(
        f"<h2>{family} · {escape(catalogue.FAMILIES[family])}</h2>{''.join(map(_html, members))}"
        for family, members in _families(modes)
    )


def _families(modes: Sequence[Mode]) -> Iterator[tuple[str, list[Entry]]]:
    for family, members in groupby(modes, key=lambda mode: mode.family):
        yield family, [catalogue.entry(mode) for mode in members]


def _seen(entry: Entry) -> list[str]:
    """Return the messages that people see; ` … ` separates parts that may be apart."""
    return [" … ".join(one.split(" + ")) for one in entry.says]


def _text(entry: Entry, lesson: str | None) -> str:
    first, *others = _seen(entry) or [ASSERTS]
    parts = [("see", first), *(("", one) for one in others)]
    parts += [("what", entry.what), ("why", entry.why), ("fix", entry.fix)]
    parts += [("edit", entry.edit)] if entry.edit else []
    lines = [paragraph(label, said) for label, said in parts]
    head = fill(f"{entry.code} {entry.slug}: {entry.title}", WIDTH, subsequent_indent=" " * INDENT)
    return "\n".join([head, *lines, *([f"lesson   {lesson}"] if lesson else [])])


def _html(entry: Entry) -> str:
    seen = "<br>".join(f"<code>{escape(one)}</code>" for one in _seen(entry))
    parts = [
        ("see", seen or escape(ASSERTS)),
        ("what", html.in_code(entry.what)),
        ("why", html.in_code(entry.why)),
        ("fix", html.in_code(entry.fix)),
    ]
    if entry.edit:
        parts.append(("edit", html.in_code(entry.edit)))
    if entry.lesson:
        parts.append(("lesson", f'<a href="{entry.lesson}">{entry.lesson}</a>'))
    rows = "".join(
        f'<tr><th scope="row" style="{html.LABEL}">{label}</th>'
        f'<td style="{html.CELL}">{said}</td></tr>'
        for label, said in parts
    )
    return (
        f'<div style="max-width:60em;break-inside:avoid"><h3>{entry.code} · {entry.slug}</h3>'
        f"<p>{html.in_code(entry.title)}</p>"
        f'<table style="{html.TABLE}"><tbody>{rows}</tbody></table></div>'
    )
