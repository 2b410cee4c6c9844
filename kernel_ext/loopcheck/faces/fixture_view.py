"""The table, the graph and the verdicts of fixtures, as text and as HTML."""

from __future__ import annotations

from loopcheck.faces.fixture_table import Table, lines_of
from loopcheck.faces.view import View
from loopcheck.facts.probes import source
from loopcheck.facts.records import DefinedFixture, Unreadable
from loopcheck.words import fixture_fix, fixture_graph, html, text
from loopcheck.words import fixture_table as words


def whole(table: Table, said: str, none: str = "") -> View:
    """Return all that is known of the fixtures of *said*, or *none* where there is none."""
    rows = table.fixtures
    section, graph = words.table(rows, table.found, said, none), words.graph_text(rows)
    faults = [one for row in rows for one in table.found[row.fixture.name]]
    shown = [text.section(section)]
    rich = [html.section(section)]
    if graph:
        shown.append(f"who needs whom\n{graph}")
        rich.append(fixture_graph.html(rows))
    if faults:
        shown.append(text.findings(faults))
        rich.append(html.findings(faults))
    for one in (words.scope_mismatch(row) for row in rows if row.narrower_needs):
        shown.append(one)
        rich.append(html.page(one))
    return View("\n\n".join(shown), "".join(rich))


def fixed(table: Table, name: str) -> tuple[list[str], View | None]:
    """Return the names that are known, and how the definition of *name* should read."""
    row = next((one for one in table.fixtures if one.fixture.name == name), None)
    if row is None:
        return [one.fixture.name for one in table.fixtures], None
    file, function = lines_of(table.definitions[name])
    where = row.fixture.place.file if row.fixture.place is not None else file
    if function is None:
        return [], View(f"The text of `{name}` can't be read: it is not in a file or a cell.")
    before = source.text(file)
    try:
        after, reasons = fixture_fix.mended(before, function, row, table.found[name])
    except SyntaxError:  # a cell with what only IPython understands
        return [], View(f"The text of `{name}` can't be read: its cell holds more than Python.")
    if not reasons:
        return [], View(_nothing(row, table))
    said = "\n".join([fixture_fix.difference(before, after, where), "", *reasons])
    return [], View(said, html.page(said))


def defined(table: Table, names: list[str]) -> View:
    """Return how the decorators of these fixtures read in each mode, and what is wrong."""
    rows = [row for row in table.fixtures if row.fixture.name in names]
    section = words.decorators(rows, table.found)
    faults = [one for row in rows for one in table.found[row.fixture.name]]
    said, rich = [text.section(section)], [html.section(section)]
    if faults:
        said.append(text.findings(faults))
        rich.append(html.findings(faults))
    return View("\n\n".join(said), "".join(rich))


def _nothing(row: DefinedFixture, table: Table) -> str:
    """Return that nothing is to be mended, or what no edit of the definition mends."""
    name, found = row.fixture.name, table.found[row.fixture.name]
    if found or row.narrower_needs:
        mismatch = [words.scope_mismatch(row)] if row.narrower_needs else []
        return "\n\n".join([*filter(None, [text.findings(found)]), *mismatch])
    kind = "It is a sync fixture." if row.form == "plain" else "Decorator and scopes are right."
    return f"Nothing to mend in `{name}`. {kind}"


def unreadable(one: Unreadable) -> View:
    """Return what is shown of a definition that could not be read."""
    section = words.unreadable(one)
    return View(text.section(section), html.section(section))
