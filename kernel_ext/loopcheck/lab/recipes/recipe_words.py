"""The results of recipes in words: a card for one, a table and a count for all. Text and HTML."""

import re
from collections import Counter
from collections.abc import Sequence
from html import escape

from loopcheck.lab import verdicts
from loopcheck.lab.recipes.recipe import CODE, LABELS, VERDICTS, Result, Row
from loopcheck.modes import catalogue
from loopcheck.report import html, text
from loopcheck.report.sections import Section

INDENT = 13  # the longest label, and a gap


def count(results: Sequence[Result]) -> str:
    """Return "45 recipes: 12 work, 9 work, at a price, …", counted from *results*."""
    seen = Counter(one.verdict for one in results)
    parts = [
        f"{seen[one]} {one if seen[one] == 1 else many}"
        for one, many in VERDICTS.items()
        if seen[one]
    ]
    noun = "recipe" if len(results) == 1 else "recipes"
    return f"{len(results)} {noun}: {'; '.join(parts) or 'none was run'}"


def card(result: Result) -> str:
    """Return the results, the verdict, and where the better way is."""
    lines = [f"{result.recipe.name} {result.verdict}"]
    lines += [f"{LABELS[row.part]:<{INDENT}}{_said(row)}" for row in result.rows]
    if result.lacks:
        lines.append(f"{'not run':<{INDENT}}{result.lacks}")
    lines.append(f"{'better':<{INDENT}}{result.recipe.better}")
    return "\n".join(line.rstrip() for line in lines)


def drawn(result: Result) -> str:
    """Return the same as HTML, with links to the lessons."""
    told = [(LABELS[row.part], html.in_code(_said(row))) for row in result.rows]
    if result.lacks:
        told.append(("not run", html.in_code(result.lacks)))
    told.append(("better", linked(html.in_code(result.recipe.better))))
    rows = "".join(
        f'<tr><th scope="row" style="{html.LABEL}">{escape(label)}</th>'
        f'<td style="{html.CELL}">{said}</td></tr>'
        for label, said in told
    )
    return (
        f'<div style="{html.BOX}"><div><b>{escape(result.recipe.name)} '
        f"{escape(result.verdict)}</b></div>"
        f'<table style="{html.TABLE}"><tbody>{rows}</tbody></table></div>'
    )


def _said(row: Row) -> str:
    sign = verdicts.mark("✓", "[ok]") if row.held else verdicts.mark("✗", "[no]")
    words = f": {row.words}" if row.words else ""
    outcome = "pytest did not start" if row.outcome == "did not start" else row.outcome
    asked = "" if row.outcome == "did not start" else f": {row.asked}"
    return f"{sign} {outcome}{asked}{words}"


def linked(drawn: str) -> str:
    """Return *drawn* with each code as a link to its lesson."""

    def link(found: re.Match[str]) -> str:
        mode = catalogue.find(found[0])
        return f'<a href="{mode.stem}.ipynb">{found[0]}</a>' if mode else found[0]

    return CODE.sub(link, drawn)


def table(group: str, results: Sequence[Result]) -> Section:
    """Return the recipes of a group and their verdicts."""
    return Section(
        title=group,
        columns=("recipe", "the advice", "today it", "lesson"),
        rows=tuple(
            (one.recipe.name, one.recipe.advice, one.verdict, ", ".join(one.recipe.modes))
            for one in results
        ),
    )


def overview(groups: dict[str, list[Result]]) -> tuple[str, str]:
    """Return the count of all and a table for each group, as text and as HTML."""
    said = count([one for results in groups.values() for one in results])
    tables = [table(group, results) for group, results in groups.items()]
    lines = [said, *map(text.section, tables)]
    drawn = "".join(linked(html.section(one)) for one in tables)
    return "\n\n".join(lines), f"<p><b>{escape(said)}</b></p>{drawn}"
