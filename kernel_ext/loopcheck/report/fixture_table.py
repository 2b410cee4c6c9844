"""Fixtures as a table and as a dependency graph, lettered by loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from loopcheck.modes.finding import Finding
from loopcheck.records import SCOPES, DefinedFixture, Unreadable
from loopcheck.report import text
from loopcheck.report._story import a, brief, counted, listed
from loopcheck.report.sections import Section

Found = Mapping[str, Sequence[Finding]]
WIDEST_FIRST = SCOPES[::-1]
LETTERS = "ABCDE"
BEGIN = "none yet: begin a cell with %%asyncfixture"


def none_there(files: Sequence[str]) -> str:
    """Return the message for a folder without fixtures; *files* are the conftest.py below it."""
    others = f"; below it: {listed(list(files), quote='')}" if files else ""
    return f"none in this folder or above it{others}"


def bound(rows: Sequence[DefinedFixture]) -> tuple[DefinedFixture, ...]:
    """Return the fixtures that involve a loop: async ones, and all that lead to one."""
    by_name = {row.fixture.name: row for row in rows}
    kept = {row.fixture.name for row in rows if row.fixture.asynchronous}
    kept |= {name for name in by_name if name in ("event_loop", "event_loop_policy")}
    kept |= {row.fixture.name for row in rows if row.fixture.loop_scope}
    todo = list(kept)
    while todo:
        for user in by_name[todo.pop()].needed_by:
            if user in by_name and user not in kept:
                kept.add(user)
                todo.append(user)
    return tuple(row for row in rows if row.fixture.name in kept)


def letters(rows: Sequence[DefinedFixture]) -> dict[str, str]:
    """Return a letter for each loop scope in use, the widest first."""
    used = {row.fixture.loop_scope for row in rows}
    scopes = [scope for scope in WIDEST_FIRST if scope in used]
    return dict(zip(scopes, LETTERS, strict=False))


def table(rows: Sequence[DefinedFixture], found: Found, said: str, none: str = BEGIN) -> Section:
    """Return the fixtures of *said* that involve a loop, the others in a line; or *none*."""
    shown = bound(rows)
    named = letters(shown)
    ordered = sorted(shown, key=lambda row: _order(row, found))
    names = {row.fixture.name for row in shown}
    rest = [row.fixture.name for row in rows if row.fixture.name not in names]
    return Section(
        title=f"fixtures of {said}",
        columns=(
            *("fixture", "decorator", "scope", "loop", "needs", "needed by", "set up on"),
            "verdict",
        ),
        rows=tuple(_row(row, named, found) for row in ordered),
        note=" ".join(
            filter(None, (_legend(named), _crossing(shown), _rest(rest), "" if rows else none))
        ),
    )


def _order(row: DefinedFixture, found: Found) -> tuple[bool, int, str]:
    scope = row.fixture.loop_scope or row.fixture.scope
    wide = WIDEST_FIRST.index(scope) if scope in WIDEST_FIRST else len(WIDEST_FIRST)
    return not verdict(row, found), wide, row.fixture.name


def _row(row: DefinedFixture, named: Mapping[str, str], found: Found) -> tuple[str, ...]:
    one = row.fixture
    return (
        one.name,
        decorator(row),
        f"{one.scope}, autouse" if one.autouse else one.scope,
        named.get(one.loop_scope or "", ""),
        needs(row),
        ", ".join(row.needed_by),
        set_up_on(row),
        verdict(row, found),
    )


def verdict(row: DefinedFixture, found: Found) -> str:
    """Return the codes of a fixture's faults, and pytest's own error; or an empty text."""
    codes = list(dict.fromkeys(one.code for one in found.get(row.fixture.name, ())))
    if row.narrower_needs:
        codes.append("ScopeMismatch")
    if row.left_open is not None:
        codes.append("never closed")
    return ", ".join(codes)


def needs(row: DefinedFixture) -> str:
    """Return the fixtures that one requests, each narrower one with its scope."""
    narrower = {one.partition(" (")[0]: one for one in row.narrower_needs}
    return ", ".join(narrower.get(need, need) for need in row.fixture.needs)


def scope_mismatch(row: DefinedFixture) -> str:
    """Return why pytest refuses a fixture that requests narrower ones."""
    one = row.fixture
    return (
        f"pytest refuses `{one.name}` with ScopeMismatch: it is {one.scope}-scoped and asks for"
        f" {', '.join(row.narrower_needs)}. Give `{one.name}` the narrower scope, or what it asks"
        " for the wider one."
    )


def never_closed(row: DefinedFixture) -> str:
    """Return what a fixture leaves open, and how to close it."""
    one = row.left_open
    if one is None:
        return ""
    verb = "yields" if row.form != "coroutine" else "returns"
    close = f"await {one.name or 'NAME'}.{one.method}()"
    first = (
        f"`{row.fixture.name}` {verb} {a(one.type)} and never closes it, so it stays open when its "
        "loop closes"
    )
    how = "Below the `yield` write" if verb == "yields" else "Yield it, and write below that"
    return f"{first}. {how} `{close}`; or enter it with `async with`, if it can be entered."


def remarks(row: DefinedFixture) -> list[str]:
    """Return what is wrong with a fixture beside its findings, a paragraph each."""
    mismatch = scope_mismatch(row) if row.narrower_needs else ""
    return [one for one in (mismatch, never_closed(row)) if one]


def set_up_on(row: DefinedFixture) -> str:
    """Return the loops of its setups in the last run, or that it is up."""
    if row.up:
        return "up, here"
    run = row.last_run
    if run is None or not run.loops:
        return ""
    if run.loop_count == 1:
        return brief(run.loops[0]).removeprefix("the ")
    if run.loop_count == len(run.loops) and all(loop.label for loop in run.loops):
        return ", ".join(loop.label for loop in run.loops)
    return counted(run.loop_count, f"{run.loop_scope} loop" if run.loop_scope else "loop")


def decorator(row: DefinedFixture) -> str:
    """Return the decorator, as pytest will treat it."""
    if row.form == "plain":
        return "sync"
    if row.decorator == "@pytest_asyncio.fixture":
        return row.decorator
    if row.runner == "pytest-asyncio":
        return f"{row.decorator}, auto mode"
    if row.runner is None:
        return f"{row.decorator}: nobody runs it"
    return f"{row.decorator}, by {row.runner}"


def decorators(rows: Sequence[DefinedFixture], found: Found) -> Section:
    """Return how each decorator should read, in strict and in auto mode."""
    return Section(
        title="fixtures of this cell",
        columns=("fixture", "in strict mode", "in auto mode", "needs", "verdict"),
        rows=tuple(
            (
                row.fixture.name,
                strict(row),
                auto(row) if auto(row) != strict(row) else "the same",
                needs(row),
                verdict(row, found) or "well",
            )
            for row in rows
        ),
        note=" ".join(
            [f"This notebook is in {row.mode} mode." for row in rows[:1]] + _try(rows, found)
        ),
    )


def _try(rows: Sequence[DefinedFixture], found: Found) -> list[str]:
    """Return what to type next, for the first fixture without a fault."""
    sound = [row.fixture.name for row in rows if not verdict(row, found)]
    return [f"Bring one up: %asyncfixture up {name}" for name in sound[:1]]


def strict(row: DefinedFixture) -> str:
    """Return the decorator that pytest-asyncio accepts in strict mode."""
    if row.form == "plain":
        return f"@pytest.fixture{_said(row, loop=None)}"
    return f"@pytest_asyncio.fixture{_said(row, loop=_loop(row))}"


def auto(row: DefinedFixture) -> str:
    """Return the decorator that works in auto mode: pytest's own has no loop scope."""
    loop = _loop(row)
    own = row.form == "plain" or loop in (None, "function")
    return f"@pytest.fixture{_said(row, loop=None)}" if own else strict(row)


def _loop(row: DefinedFixture) -> str | None:
    """Return the loop scope to set: at least as wide as the fixture."""
    scopes = [
        scope for scope in WIDEST_FIRST if scope in (row.fixture.scope, row.fixture.loop_scope)
    ]
    return scopes[0] if scopes and scopes[0] != "function" else None


def _said(row: DefinedFixture, *, loop: str | None) -> str:
    one = row.fixture
    words = [f'scope="{one.scope}"'] if one.scope != "function" else []
    words += [f'loop_scope="{loop}"'] if loop else []
    words += ["autouse=True"] if one.autouse else []
    words += ["params=…"] if row.parameters else []
    return f"({', '.join(words)})" if words else ""


def _legend(named: Mapping[str, str]) -> str:
    said = ", ".join(f"{letter} = {scope} loop" for scope, letter in named.items())
    return f"{said}." if said else ""


def crossings(rows: Sequence[DefinedFixture]) -> list[tuple[str, str]]:
    """Return (dependent, dependency) for each pair on two loops."""
    loops = {row.fixture.name: row.fixture.loop_scope for row in rows}
    return [
        (row.fixture.name, need)
        for row in rows
        for need in row.fixture.needs
        if row.fixture.loop_scope and loops.get(need) and row.fixture.loop_scope != loops[need]
    ]


def _crossing(rows: Sequence[DefinedFixture]) -> str:
    crossed = crossings(rows)
    if not crossed:
        return ""
    pairs = listed([f"{user} needs {needed}" for user, needed in crossed], quote="")
    return f"Across two loops: {pairs}. Brought up here, all share one loop."


def _rest(rest: Sequence[str]) -> str:
    if not rest:
        return ""
    return f"No loop concerns {counted(len(rest), 'sync fixture')}: {listed(list(rest), quote='')}."


def unreadable(one: Unreadable) -> Section:
    """Return why a conftest.py is not imported, and the fixtures in its text."""
    rows = tuple(
        (
            known.name,
            "async" if known.asynchronous else "sync",
            known.scope,
            ", ".join(known.needs),
            str(known.place or ""),
        )
        for known in one.known
    )
    return Section(
        title=why_unreadable(one),
        columns=("fixture", "kind", "scope", "needs", "at"),
        rows=rows,
        note="Read from its text; mend the import to see how pytest treats them."
        if rows
        else "Its text names no fixture that can be read.",
    )


def why_unreadable(one: Unreadable) -> str:
    """Return "tests/conftest.py can't be imported: ModuleNotFoundError: … (at line)"."""
    at = f" (at {one.place})" if one.place else ""
    kind = one.type.rpartition(".")[2]
    return f"{one.file} can't be imported: {kind}: {one.message.rstrip('.')}{at}"


def refused(one: Unreadable) -> str:
    """Return the same in one line."""
    names = [known.name for known in one.known]
    known = f" Its text names {listed(names, quote='')}." if names else ""
    return f"{why_unreadable(one)}.{known}"


def graph_text(rows: Sequence[DefinedFixture]) -> str:
    """Return the dependencies, a line each, lettered by loop."""
    shown = bound(rows)
    named = letters(shown)
    crossed = set(crossings(shown))
    lines = []
    for row in sorted(
        shown, key=lambda r: (named.get(r.fixture.loop_scope or "", "~"), r.fixture.name)
    ):
        one = row.fixture
        letter = named.get(one.loop_scope or "", "-")
        needs = [
            f"{need} (another loop)" if (one.name, need) in crossed else need for need in one.needs
        ]
        lines.append(f"{letter}  {one.name}" + (f"  needs {', '.join(needs)}" if needs else ""))
    return "\n".join(text.tidy(line) for line in lines)
