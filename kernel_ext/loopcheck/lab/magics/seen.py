"""`%%seen`: paste a message or a whole traceback, get the modes it may come from."""

from html import escape

from loopcheck.lab.arguments import as_written
from loopcheck.lab.magics import Table
from loopcheck.lab.verdicts import paragraph, sentence
from loopcheck.lab.workbook.lesson_files import lesson_stems
from loopcheck.modes import catalogue, pasted
from loopcheck.modes.pasted import Guess
from loopcheck.report import html
from loopcheck.report.view import View

SHOWN = 3  # with a line each; the others only with their code
HOW = (
    "Nothing is pasted here. Begin a cell with %%seen and put below it what you saw: a message, "
    "or everything that pytest printed. It stays on this machine."
)
GUESS = "By its words alone this may be:"
UNKNOWN = (
    "No failure mode is known by these words. Many have none: a hang, a green test, a plain "
    "`assert`. Paste more of the output, or look at the run itself: "
)
LOOK = "pytest --loopcheck says which it is, and which line to change."


def table() -> Table:
    """Return the magic by kind and name."""
    return {("line_cell", "seen"): seen}


@as_written
def seen(line: str, cell: str | None = None) -> View:
    """List the modes that a pasted message may come from: `%%seen`, and the text below it."""
    text = "\n".join(filter(None, (line, cell)))
    if not text.strip():
        return _plain(HOW)
    found = pasted.guesses(text)
    return _shown(found) if found else _plain(UNKNOWN + LOOK)


def _plain(said: str) -> View:
    return View(paragraph(said), f"<p>{html.in_code(said)}</p>")


def _shown(found: list[Guess]) -> View:
    """Return lines for the first guesses, the codes of the others, and how to be certain."""
    first, others = found[:SHOWN], [one.mode.code for one in found[SHOWN:]]
    stems = lesson_stems()
    also = [f"The words fit these too: {', '.join(others)}."] if others else []
    said = [line for one in first for line in _lines(one, stems)]
    last = f"A message alone proves nothing. {LOOK}"
    closing = [paragraph(" ".join([*also, last]))]
    rows = "".join(_row(one, stems) for one in first)
    head = f'<div style="{html.TITLE}">{escape(GUESS)}</div>'
    body = f'<table style="{html.TABLE}"><tbody>{rows}</tbody></table>'
    end = f"<p>{escape(' '.join([*also, last]))}</p>"
    return View("\n".join([GUESS, *said, *closing]), head + body + end)


def _lines(one: Guess, stems: list[str]) -> list[str]:
    head = f"  {one.mode.code} {one.mode.slug}: {sentence(catalogue.title(one.mode))}"
    way, target = _way(one, stems)
    return [head, f"        seen: `{one.seen}`", f"        {way}: {target}"]


def _row(one: Guess, stems: list[str]) -> str:
    way, target = _way(one, stems)
    link = f'<a href="{escape(target)}">{escape(target)}</a>' if way == "lesson" else escape(target)
    return (
        f'<tr><th scope="row" style="{html.LABEL}">{escape(one.mode.code)}</th>'
        f'<td style="{html.CELL}"><b>{escape(one.mode.slug)}</b>: '
        f"{html.in_code(sentence(catalogue.title(one.mode)))}<br>"
        f"seen: <code>{escape(one.seen)}</code><br>{way}: {link}</td></tr>"
    )


def _way(one: Guess, stems: list[str]) -> tuple[str, str]:
    """Return where to read on: the lesson, or the reference page if there is none yet."""
    if one.mode.stem in stems:
        return "lesson", f"{one.mode.stem}.ipynb"
    return "page", f"%loopcheck explain {one.mode.code}"
