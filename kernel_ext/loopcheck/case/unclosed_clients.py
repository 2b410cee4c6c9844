"""Names the clients that no code closed, from the watch's records and the objects still alive."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import objects
from loopcheck.process.databases import connection_openers
from loopcheck.process.databases.connection_openers import Opener
from loopcheck.process.errors import destructor_errors
from loopcheck.process.loops import loop_records
from loopcheck.process.waiting import await_chain
from loopcheck.records import Doubled, Evidence, LoopRecord, Place, Unclosed, WayOut
from loopcheck.runner import fixtures
from loopcheck.source import (
    bindings,
    modules,
    parsed_files,
    project_files,
    replaced_methods,
    user_code,
)
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import calls_in, nodes_of, spans_line
from loopcheck.source.statements import exit_paths
from loopcheck.source.values import forgotten_siblings
from loopcheck.source.values.unclosed_fixtures import METHODS
from loopcheck.watch import loops as ledger
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.stores import raw_sockets, sockets
from loopcheck.watch.stores.sockets import Entry, Line

MOST = 50  # per look
OUTWARD = 4  # functions from the one that opens it
GIVES = {
    **dict.fromkeys(("open_connection", "open_unix_connection"), "asyncio.StreamWriter"),
    **dict.fromkeys(bindings.PAIRED, "asyncio.Transport"),
}
CLOSERS = {raw_sockets.KIND: "{}.close()"}
SENDS, RECEIVES = "anyio.MemoryObjectSendStream", "anyio.MemoryObjectReceiveStream"
NODES = 5_000  # from one fixture's value to a socket


def of_failure(
    evidence: Evidence, error: BaseException, item: Any, tests: Sequence[str], labels: Labels
) -> Evidence:
    """Return *evidence* with what was left open, if only a warning filter made the test fail."""
    warnings = destructor_errors.left_open(error)
    if not warnings:
        return evidence
    said = filter(None, map(sockets.refused, destructor_errors.subjects(warnings)))
    freed = filter(None, (raw_sockets.freed(objects.said(one)) for one in warnings))
    found = [one for _, one in read([*sockets.take(), *said, *freed], item, tests, (), labels)]
    born = [(loop, LEDGER.dying(loop)) for loop in destructor_errors.loops(warnings)]
    made = (
        loop_records.read_loop(loop, labels, entry) for loop, entry in born if entry is not None
    )
    for _, entry in born:
        if entry is not None and entry in ledger.left_open:
            ledger.left_open.remove(entry)  # this failure reports it
    return replace(
        evidence,
        failed=False,  # all of its lines ran
        unclosed=tuple(found),
        unclosed_loops=tuple(one for one in made if one.made_at is not None),
    )


def read_loops(
    entries: Iterable[ledger.Entry], tests: Sequence[str], failed: Container[str], labels: Labels
) -> Iterator[tuple[int, LoopRecord]]:
    """Yield each loop that was collected open with its test, if a user line created it."""
    for entry in entries:
        if 0 < entry.born <= len(tests) and tests[entry.born - 1] not in failed:
            made_at = loop_records.asked_at(entry.callers, ledger.asked_for(entry.callers), labels)
            if made_at is not None:
                yield entry.born, LoopRecord(label="loop", made_at=made_at, born=entry.serial)


def read(
    entries: Sequence[Entry],
    item: Any,
    tests: Sequence[str],
    failed: Container[str],
    labels: Labels,
) -> Iterator[tuple[int, Unclosed]]:
    """Yield each client left open, with the number of its test; one for each name and test.

    A failed test may have left it because it failed.
    """
    known: set[tuple[int, str, Place | None]] = set()
    connected = {_library(entry) for entry in entries if entry.kind is None}
    named: set[str] = set()  # libraries whose connections have a known line of creation
    vague: set[str] = set()
    said = {_library(entry) for entry in entries if entry.kind is not None and entry.site.lines}
    ends = {(entry.kind, entry.site.lines) for entry in entries}
    for entry in sorted(entries[:MOST], key=lambda one: one.kind is not None):
        number, library = entry.site.born, _library(entry)
        if not 0 < number <= len(tests) or tests[number - 1] in failed:
            continue
        if entry.kind is not None and library in connected and library not in vague - named:
            continue  # its connection is reported, with the line that opened it
        both = (SENDS, entry.site.lines) in ends and (RECEIVES, entry.site.lines) in ends
        if entry.kind == RECEIVES and both:
            continue  # reported together with its other end
        made_in = _item(tests[number - 1], item)
        found = _read(entry, made_in, item, labels)
        if found is not None and entry.kind == SENDS:
            found = replace(found, name=_ends(found.name, entry, both=both))
        if found is not None:
            found = _with_way_out(_with_sibling(found, entry, labels), entry, labels)
        if found is not None and found.made_at is None and entry.kind is None and library in said:
            vague.add(library)  # the line that created its session is known, and says more
        elif found is not None and (number, found.name, found.made_at) not in known:
            known.add((number, found.name, found.made_at))
            named.update([library] if entry.kind is None else ())
            yield number, found


def _with_sibling(found: Unclosed, entry: Entry, labels: Labels) -> Unclosed:
    """Return *found* with the line that closes what its class keeps beside it."""
    if entry.kind is None or not entry.site.lines or found.made_at is None or found.clean_up:
        return found
    code, line, _ = entry.site.lines[0]
    around = parsed_files.enclosing(code.co_filename, line)[:1]
    found = replace(found, plain=any(isinstance(one, ast.FunctionDef) for one in around))
    one = forgotten_siblings.find(code.co_filename, line, found.name.split(", "))
    if one is None:
        return found
    place = Place(labels.file(code.co_filename), one.line, one.function)
    return replace(found, beside=place, closes=one.closes, leaves=one.leaves)


def _with_way_out(found: Unclosed, entry: Entry, labels: Labels) -> Unclosed:
    """Return *found* with the line at which a function leaves what it closes elsewhere."""
    if found.clean_up or found.doubled or found.beside or found.lost_by:
        return found
    for code, line, _ in entry.site.lines[:OUTWARD]:
        block = parsed_files.function_of(code)
        steps = [
            (one, [target.id for target in one.targets if isinstance(target, ast.Name)])
            for one in nodes_of(ast.Assign, block)
        ]  # a line that connects is another one than that which creates the client
        mine = (one for one in steps if spans_line(one[0], line) or found.name in one[1])
        step, names = next(mine, (None, list[str]()))
        closes = [
            call
            for call in calls_in(block)
            if isinstance(call.func, ast.Attribute) and call.func.attr in METHODS
            if isinstance(call.func.value, ast.Name) and call.func.value.id in names
        ]
        if block is None or step is None or not closes or _hands_on(block, names[0]):
            continue
        left = exit_paths.left_open(block, [*calls_in(step)], closes)
        if not left or left[-1].line >= block.body[-1].lineno:
            return found  # closed on all ways that show, or not even on the main one
        file = labels.file(code.co_filename)
        way = WayOut(
            place=Place(file, left[0].line, code.co_name),
            function=await_chain.short(code.co_qualname),
            name=names[0],
            opened_at=Place(file, step.lineno, code.co_name),
        )
        return replace(found, way_out=way)
    return found


def _hands_on(block: Def, name: str) -> bool:
    """Return whether *block* returns or stores what it calls *name*: others may close it."""
    values = [one.value for one in nodes_of((ast.Return, ast.Yield, ast.Assign), block)]
    owners = [one.value for one in nodes_of(ast.Attribute, *values)]  # of `session.get` it is one
    used = (one for one in nodes_of(ast.Name, *values) if one.id == name)
    return any(all(one is not owner for owner in owners) for one in used)


def _ends(name: str, entry: Entry, *, both: bool) -> str:
    """Return the names of a memory stream's sending end, or of *both*, if one line assigns them."""
    code, line, _ = entry.site.lines[0]
    blocks = parsed_files.enclosing(code.co_filename, line)[:1]
    given = [
        known
        for block in blocks
        for known, (value, _) in bindings.assigned(block)
        if spans_line(value, line)
    ]
    if name not in given or len(given) != 2:
        return name  # it is a fixture's, or one object that keeps both
    return ", ".join(given) if both else given[0]


def _library(entry: Entry) -> str:
    return (entry.kind or entry.site.library).partition(".")[0]


def _item(nodeid: str, item: Any) -> Any:
    """Return the test with that node id: a loop may be closed long after it."""
    if item is None or str(item.nodeid) == nodeid:
        return item
    items = getattr(getattr(item, "session", None), "items", None) or ()
    return next((one for one in items if str(one.nodeid) == nodeid), None)


def _read(entry: Entry, made_in: Any, item: Any, labels: Labels) -> Unclosed | None:
    transport = entry.transport() if entry.transport is not None else None
    opener = _fixture_of(transport, item) if transport is not None else None
    if opener is None:
        opener = _by_syntax(entry, made_in)
    if opener is None:
        return None
    definitions = fixtures.definitions(made_in) if made_in is not None else {}
    test = getattr(made_in, "obj", None)
    owner = connection_openers.of_owner(opener, definitions, test)
    found = _record(entry, owner, labels)
    return replace(found, doubled=_doubled(found, made_in, labels))


def _doubled(found: Unclosed, made_in: Any, labels: Labels) -> Doubled | None:
    """Return the double by which the test, or a fixture of it, replaces what would close it."""
    known = {one.rpartition(".")[2] for one in (found.type, found.name, found.keeps) if one}
    codes = [user_code.test(made_in), *fixtures.codes(made_in)] if made_in is not None else []
    for code in filter(None, codes):
        block = parsed_files.function_of(code)
        if block is None or project_files.owner(code.co_filename) != "user":
            continue
        for line, owner, method in replaced_methods.closers_in(block):
            if owner in known:
                place = Place(labels.file(code.co_filename), line, code.co_name)
                return Doubled(name=f"{owner}.{method}", place=place)
    return None


def _fixture_of(transport: object, item: Any) -> Opener | None:
    """Return the fixture whose value leads to *transport*; of several, one that another needs."""
    definitions = fixtures.definitions(item)
    given = dict(getattr(item, "funcargs", None) or {})
    found = [name for name, value in given.items() if _leads(value, transport)]
    needed = {needs for name in found for needs in getattr(definitions.get(name), "argnames", ())}
    first = [name for name in found if name in needed] or found
    makers = [connection_openers.fixture(name, definitions.get(name)) for name in first]
    return makers[0] if makers else None


def _leads(value: object, transport: object) -> bool:
    for number, (_, thing, _) in enumerate(objects.walk(value)):
        if thing is transport:
            return True
        if number > NODES:
            break
    return False


def _by_syntax(entry: Entry, made_in: Any) -> Opener | None:
    definitions = fixtures.definitions(made_in) if made_in is not None else {}
    test = getattr(made_in, "obj", None)
    if entry.kind is not None and not entry.site.lines:
        made = connection_openers.of_calls(entry.kind.rpartition(".")[2], definitions, test)
        files = (file for space in modules.spaces() for file in space.files())
        return made or connection_openers.of_files(entry.kind, dict.fromkeys(files))
    return connection_openers.of_lines(entry.site.lines, definitions, test)


def _record(entry: Entry, opener: Opener, labels: Labels) -> Unclosed:
    file = labels.file(opener.file)
    opened = entry.site.lines[0] if entry.site.lines else None
    if entry.kind is not None and opener.sure:
        opened = None  # only its creation is known: it may never have connected
    return Unclosed(
        name=opener.name,
        type=entry.kind or (_class(entry.site.library) if _named(opener, opened) else None),
        how=entry.how,
        scope=entry.scope,
        fixture=opener.fixture,
        keeps=opener.keeps,
        closer=opener.closer or (CLOSERS.get(entry.kind or "") if opener.keeps is None else None),
        made_at=Place(file, opener.line, opener.name) if opener.sure else None,
        opened_at=Place(labels.file(opened[0].co_filename), opened[1], opened[0].co_name)
        if opened
        else None,
        clean_up=Place(file, opener.clean_up[0], opener.name) if opener.clean_up else None,
        hidden_by=opener.clean_up[1] if opener.clean_up else None,
        lost_by=opener.lost_by,
    )


def _named(opener: Opener, opened: Line | None) -> bool:
    """Return whether the connecting line mentions its name: otherwise it called other code."""
    if opened is None:
        return False
    root = opener.name.partition(".")[0]
    return root in parsed_files.names_at(opened[0].co_filename, opened[1])


def _class(function: str) -> str | None:
    """Return the class of a method such as "valkey.asyncio.client.Valkey.execute_command"."""
    owner, _, called = function.rpartition(".")
    if owner.startswith("asyncio.") and called in GIVES:
        return GIVES[called]
    last = owner.rpartition(".")[2]
    return owner if last[:1].isupper() else None
