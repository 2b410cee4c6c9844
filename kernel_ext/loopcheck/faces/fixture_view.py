"""The table, the graph and the verdicts of fixtures, as text and as HTML."""

from __future__ import annotations

from loopcheck.faces.fixture_table import Table
from loopcheck.faces.view import View
from loopcheck.facts.records import Unreadable
from loopcheck.words import fixture_graph, html, text
from loopcheck.words import fixture_table as words


def whole(table: Table, said: str) -> View:
    """Return all that is known of the fixtures of *said*."""
    rows = table.fixtures
    section, graph = words.table(rows, table.found, said), words.graph_text(rows)
    faults = [one for row in rows for one in table.found[row.fixture.name]]
    shown = [text.section(section)]
    rich = [html.section(section)]
    if graph:
        shown.append(f"who needs whom\n{graph}")
        rich.append(fixture_graph.html(rows))
    if faults:
        shown.append(text.findings(faults))
        rich.append(html.findings(faults))
    return View("\n\n".join(shown), "".join(rich))


def unreadable(one: Unreadable) -> View:
    section = words.unreadable(one)
    return View(text.section(section), html.section(section))
