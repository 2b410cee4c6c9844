"""A patch that the failing code did not use: it looks the original up under another name.

Reported only if the original ran, or created what the failing line works with. A module that still
holds the original is no fault by itself: most do.
"""

from __future__ import annotations

import ast
import difflib
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import FunctionType, ModuleType
from typing import cast

from loopcheck.labels import Labels, plain
from loopcheck.light import replace
from loopcheck.process import object_names, objects, reach
from loopcheck.process.doubles import doubles
from loopcheck.process.failure import Link, Step
from loopcheck.process.frames import first_argument
from loopcheck.process.patches import (
    fastapi_depends,
    kept_functions,
    namesakes,
    patch_origins,
    patch_records,
    served_functions,
    unset_globals,
)
from loopcheck.process.patches.replaced import MOCKS, Entry
from loopcheck.process.pending import premature_asserts
from loopcheck.records import MissedPatch, Place
from loopcheck.source import parsed_files, project_files
from loopcheck.source.nodes import calls_in, names_read, nodes_of
from loopcheck.source.values import meaning

Held = Mapping[str, object]
STEPS = 12  # user frames to look at in one traceback
_GONE = object()


def read(links: Sequence[Link], entries: Sequence[Entry], labels: Labels) -> MissedPatch | None:
    """Return the patch that the failing code missed, None if there is none."""
    aimed = [one for one in entries if objects.is_module(one.owner())]
    for link in links:
        for look in (
            unset_globals.read,
            _copied,
            _early,
            _kept,
            _asserted,
            fastapi_depends.read,
            _misspelt,
        ):
            if (found := look(link, _live(link, links, aimed), labels)) is not None:
                return found
    return namesakes.read(links, _live(links[0], links, aimed), labels) if links else None


def _live(link: Link, links: Sequence[Link], entries: Sequence[Entry]) -> list[Entry]:
    """Return the patches that were in place when the errors of *links* were raised.

    A plain assertion may come after the `with patch(…)` whose result it checks.
    """
    raised = {id(one.error) for one in links}
    after = objects.is_a(link.error, AssertionError)
    return [e for e in entries if not e.over or e.error in raised or e.late or after]


# The name that keeps the original


def _copied(link: Link, entries: Sequence[Entry], labels: Labels) -> MissedPatch | None:
    """Return the patch whose original the failing lines looked up in another module."""
    for entry in entries:
        if patch_records.through(entry, link.trace):
            continue
        for original, twin in _originals(entry):
            for step in _users(link):
                use = _use(link, step, entry, original, twin)
                if use is not None:
                    return _copy(entry, use, twin, labels)
    return None


def _users(link: Link) -> list[Step]:
    """Return the user's steps of a traceback, innermost first, up to a limit."""
    return list(link.users[:STEPS])


def _originals(entry: Entry) -> Iterator[tuple[object, ModuleType | None]]:
    """Yield the original; for a file loaded under two names, also the one in its twin."""
    if (original := entry.original()) is not None and not entry.added:
        yield original, None
    owner = cast("ModuleType", entry.owner())
    for other in _twins(owner):
        there = vars(other).get(entry.attribute)
        if there is not None and there is not original and there is not entry.double():
            yield there, other


def _twins(owner: ModuleType) -> Iterator[ModuleType]:
    file = vars(owner).get("__file__")
    if type(file) is not str or project_files.owner(file) != "user":
        return
    for other in list(sys.modules.values()):
        if type(other) is not ModuleType or other is owner:
            continue
        if vars(other).get("__file__") == file and vars(other).get("__name__") != "__main__":
            yield other


def _until(link: Link, step: Step) -> list[Step]:
    index = next(i for i, one in enumerate(link.trace) if one is step)
    return list(link.trace[: index + 1])


def _use(
    link: Link, step: Step, entry: Entry, original: object, twin: ModuleType | None
) -> patch_origins.Use | None:
    """Return the global through which the failing line of *step* reached *original*."""
    owner = vars(cast("ModuleType", entry.owner()))
    below = link.trace[len(_until(link, step)) :]
    ran = _ran(below, original)
    uses = list(patch_origins.made_with(step))
    if not ran:
        if objects.is_a(link.error, AssertionError):
            return None  # earlier lines did not fail: `_asserted` checks whether the original ran
        if any(one.held is owner and one.name == entry.attribute for one in uses):
            return None  # this code uses the patched name
        if step is not _users(link)[0]:
            return None  # the failing line works with other objects
        uses = list(patch_origins.operands(step))
    for use in uses:
        if use.held is owner or use.held.get(use.name, _GONE) is not original:
            continue
        if twin is None and not _same_thing(original, use, entry):
            continue
        if not ran and (use.depth > 1 or patch_records.test_file(use.file)):
            continue
        if _meant(entry, use, twin):
            return use
    if ran and objects.is_a(original, type):  # created elsewhere, by code that imports the class
        return _maker(step, original, owner, entry, twin)
    return None


def _ran(below: Sequence[Step], original: object) -> bool:
    """Return whether one of the frames *below* is of *original*, or of an instance of it."""
    if objects.is_a(original, type):
        for step in below:
            own = first_argument(step.frame)
            if own is original or objects.is_a(own, original):
                return True
        return False
    mine = objects.code_of(original)
    return any(step.frame.f_code is mine for step in below)


def _same_thing(original: object, use: patch_origins.Use, entry: Entry) -> bool:
    """Return whether the name holds the very object: equal numbers and texts are everywhere."""
    if reach.of_kind(original, (FunctionType, type)) or objects.type_name(original) in _BUILTINS:
        return True
    return _imported(use, entry) is not None


_BUILTINS = ("builtin_function_or_method", "method", "functools.partial")


def _imported(use: patch_origins.Use, entry: Entry) -> int | None:
    """Return the line that imports the name from where it was replaced."""
    module = parsed_files.tree(use.file)
    for node in parsed_files.statements(module) if module else ():
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == use.name and alias.name == entry.attribute:
                    last = (node.module or "").rpartition(".")[2]
                    owner = str(vars(cast("ModuleType", entry.owner())).get("__name__", ""))
                    if not last or owner.rpartition(".")[2] == last:
                        return node.lineno
    return None


def _meant(entry: Entry, use: patch_origins.Use, twin: ModuleType | None) -> bool:
    """Return whether the patch was meant to reach that name, not only another module."""
    if twin is not None:
        return True
    if entry.calls:
        return False  # the code that it was meant for called it
    if patch_records.at_home(entry):
        return True
    return _of_that_name(entry, use) and entry.calls == 0


def _of_that_name(entry: Entry, use: patch_origins.Use) -> bool:
    return use.name == entry.attribute and not patch_records.test_file(use.file)


def _maker(
    step: Step, original: object, owner: Held, entry: Entry, twin: ModuleType | None
) -> patch_origins.Use | None:
    held, file = step.frame.f_globals, step.frame.f_code.co_filename
    if held is owner:
        return None
    for name in list(held):
        calls = _calls(file, name) if held[name] is original else []
        use = patch_origins.Use(held, name, file, (file, calls[0]) if len(calls) == 1 else None)
        if calls and _meant(entry, use, twin):
            return use
    return None


def _calls(file: str, name: str) -> list[int]:
    """Return the lines of *file* that call *name*."""
    module = parsed_files.tree(file)
    return [node.lineno for node in calls_in(module) if name in names_read(node.func)]


def _copy(
    entry: Entry, use: patch_origins.Use, twin: ModuleType | None, labels: Labels
) -> MissedPatch:
    name = f"{patch_records.module_dot(use.held)}{use.name}"
    if twin is not None and use.held is vars(twin):
        name = f"{vars(twin)['__name__']}.{use.name}"
    return MissedPatch(
        target=plain(patch_records.target(entry)),
        how="copy" if twin is None else "twin",
        place=patch_records.place(entry, labels),
        name=plain(name),
        kept_at=_kept_at(use, labels),
        used_at=_read_at(use, labels),
        double=entry.kind or None,
        twin=str(vars(twin)["__name__"]) if twin is not None else None,
        sure=use.depth <= 1,
        met=bool(entry.calls) and _kept_at(use, labels) is not None,
        keeper=use.keeper,
    )


def _read_at(use: patch_origins.Use, labels: Labels) -> Place | None:
    """Return the line that looks the name up: often not the one that failed."""
    if use.at is None:
        return None
    file, line = use.at
    around = parsed_files.enclosing(file, line)
    return Place(labels.file(file), line, around[0].name if around else None)


def _kept_at(use: patch_origins.Use, labels: Labels) -> Place | None:
    """Return the line that binds the name in its module."""
    module = parsed_files.tree(use.file)
    for node in parsed_files.statements(module) if module else ():
        if isinstance(node, ast.ImportFrom | ast.Import):
            for alias in node.names:
                if (alias.asname or alias.name) == use.name:
                    return Place(labels.file(use.file), node.lineno, use.name)
    for node in module.body if module else ():
        if getattr(node, "name", None) == use.name:  # a function or a class
            return Place(labels.file(use.file), node.lineno, use.name)
    return object_names.global_line(use.file, use.name, labels)


# What the original created before it was replaced


def _early(link: Link, entries: Sequence[Entry], labels: Labels) -> MissedPatch | None:
    """Return the patch of a class from which a global was created when its module loaded."""
    for entry in entries:
        original = entry.original()
        if not objects.is_a(original, type) or entry.calls:
            continue
        for step in _users(link):
            if not _ran(link.trace[len(_until(link, step)) :], original):
                continue
            for use in patch_origins.made_with(step):
                thing = use.held.get(use.name)
                line = object_names.global_line(use.file, use.name, labels)
                if objects.is_a(thing, original) and line is not None:
                    return MissedPatch(
                        target=plain(patch_records.target(entry)),
                        how="early",
                        place=patch_records.place(entry, labels),
                        name=plain(f"{patch_records.module_dot(use.held)}{use.name}"),
                        kept_at=line,
                        used_at=step.place(labels),
                        double=entry.kind or None,
                    )
    return None


def _kept(link: Link, entries: Sequence[Entry], labels: Labels) -> MissedPatch | None:
    """Return the patch whose original ran, and that one table, class or default keeps.

    If several keep it, any of them may have led to it.
    """
    for entry in entries:
        code = objects.code_of(entry.original())
        step = next((one for one in link.trace if one.frame.f_code is code), None)
        if step is None or entry.calls or not patch_records.at_home(entry):
            continue
        if patch_records.through(entry, link.trace):
            continue
        keepers = {one[0]: one for one in kept_functions.keepers(entry.original(), labels)}
        if len(keepers) == 1:
            [keeper] = keepers.values()
            return _kept_there(entry, keeper, step.place(labels), labels)
    return None


def _kept_there(
    entry: Entry,
    keeper: kept_functions.Keeper,
    used_at: Place | None,
    labels: Labels,
    *,
    sure: bool = True,
) -> MissedPatch:
    name, kept_at, how = keeper
    return MissedPatch(
        target=plain(patch_records.target(entry)),
        how=how,
        place=patch_records.place(entry, labels),
        name=plain(name),
        kept_at=kept_at,
        used_at=used_at,
        double=entry.kind or None,
        sure=sure,
    )


# Code that missed the patch, and did not fail in a line of its own


def _asserted(link: Link, entries: Sequence[Entry], labels: Labels) -> MissedPatch | None:
    """Return the patch that had no effect on a failing assertion, or that was never called.

    A `raise` of the project counts as the assertion of the `if` around it.
    """
    step = link.user
    waited = premature_asserts.did_not_raise(link.error)
    asserts = objects.is_a(link.error, AssertionError)
    raised = step is not None and not asserts and _raises(step)
    if step is None or not (waited or raised or asserts):
        return None
    last = link.trace[-1] if waited is None else step
    for entry in entries:
        original = entry.original()
        few = bool(entry.calls) and _too_few(entry, step)
        if original is None or entry.added or (entry.calls and not few):
            continue
        about, home = few or _about(entry, step, last), patch_records.at_home(entry)
        if not about and not home:
            continue  # nothing shows that the patch was to reach other code
        if not about and last is not step and last.module != "unittest.case":
            continue  # another check failed
        if raised:
            uses = list(patch_origins.ran_for_raise(step))
        else:
            uses = list(_ran_for_certain(link, step, about=about, waited=waited is not None))
        owner = vars(cast("ModuleType", entry.owner()))
        met = any(use.held is owner and use.name == entry.attribute for use in uses)
        if not about and not raised and waited is None and doubles.effect(entry.double()) is None:
            uses = list(_behind_values(link, step))  # the double would not change the rest
        # Of an import that was replaced, code that reads another name may be meant to.
        for use in uses if home and (few or not met) else ():
            if use.held is owner or use.held.get(use.name, _GONE) is not original:
                continue
            if few and not _of_that_name(entry, use):
                continue  # code that needs the original on purpose gives it another name
            if _same_thing(original, use, entry) and (use.depth or raised):
                return replace(_copy(entry, use, None, labels), sure=about and not few)
        reads = [] if few or met else uses
        if not about:  # the assertion is about a value: a default of what was called gave it
            reads = [
                use
                for use in reads
                if waited is None
                and home
                and kept_functions.has_default(use.held.get(use.name), original)
            ]
        kept = _kept_by(entry, reads, labels)
        if kept is not None:
            return kept
    return None


def _raises(step: Step) -> bool:
    file = step.frame.f_code.co_filename
    return isinstance(step.source.statement, ast.Raise) and not patch_records.test_file(file)


def _kept_by(entry: Entry, uses: Sequence[patch_origins.Use], labels: Labels) -> MissedPatch | None:
    """Return the patch whose original is kept by what the code read, if only one thing keeps it."""
    read = {name: use for use in uses for name in _names_of(use)}
    keepers = {one[0]: one for one in kept_functions.keepers(entry.original(), labels)}
    mine = [(one, read[one[0]]) for one in keepers.values() if one[0] in read]
    if len(mine) != 1:
        return None
    [(keeper, use)] = mine
    if not kept_functions.keeps_only(use.held.get(use.name), entry.original()):
        return None  # the code may have called another one
    return _kept_there(entry, keeper, _read_at(use, labels), labels, sure=False)


def _names_of(use: patch_origins.Use) -> Iterator[str]:
    """Yield the name that *use* reads, and the one that it has where it is defined."""
    yield f"{patch_records.module_dot(use.held)}{use.name}"
    value = use.held.get(use.name)
    if objects.is_a(value, type):
        yield f"{objects.module_of(value)}.{objects.class_name(value).rpartition('.')[2]}"
    elif type(value) is FunctionType:
        yield f"{value.__module__}.{value.__name__}"


def _ran_for_certain(
    link: Link, step: Step, *, about: bool, waited: bool
) -> Iterator[patch_origins.Use]:
    """Yield the reads before the assertion, for its values, or for the error it expects."""
    if waited:
        yield from patch_origins.ran_in(_block(step), step)
    elif about:
        yield from patch_origins.ran_before(step)
    else:
        yield from patch_origins.ran_for(step)
        for function in served_functions.endpoints(link, step):
            yield from patch_origins.ran_by(function)


def _behind_values(link: Link, step: Step) -> Iterator[patch_origins.Use]:
    """Yield the reads for the values of the assertion, not for calls whose results are dropped."""
    yield from patch_origins.ran_for(step, drops=False)
    for function in served_functions.endpoints(link, step):
        yield from patch_origins.ran_by(function, drops=False)


def _block(step: Step) -> list[ast.stmt]:
    """Return the body of the `with pytest.raises(…)` on the failing line."""
    around = parsed_files.standing_at(step.frame.f_code.co_filename, step.line)
    blocks = (one for one in around if isinstance(one, ast.With))
    here = [one for one in blocks if step.line <= one.body[0].lineno]
    mine = [one for one in here if "raises" in ast.unparse(one.items[-1])]
    return mine[0].body if mine else []


def _about(entry: Entry, step: Step, last: Step) -> bool:
    """Return whether the assertion expects a call of the double."""
    double = entry.double()
    if double is None or entry.calls != 0:
        return False
    if last.module in MOCKS and last.frame.f_code.co_name.startswith("assert_"):
        own = last.frame.f_locals.get("self")
        return own is double or own is patch_records.mock_of(double)
    statement = step.source.statement
    asked = nodes_of(ast.Attribute, statement if isinstance(statement, ast.Assert) else None)
    counts = (one for one in asked if one.attr in patch_origins.COUNTS)
    return any(meaning.of(one.value, step.frame) is double for one in counts)


def _too_few(entry: Entry, step: Step) -> bool:
    """Return whether the assertion expects more calls of the double than there were."""
    match step.source.statement:
        case ast.Assert(
            test=ast.Compare(
                left=ast.Attribute(value=of, attr="call_count" | "await_count"),
                ops=[ast.Eq() | ast.GtE()],
                comparators=[ast.Constant(value=int() as expected)],
            )
        ):
            double = entry.double()
            mine = double is not None and meaning.of(of, step.frame) is double
            return mine and 0 < (entry.calls or 0) < expected
    return False


def _misspelt(link: Link, entries: Sequence[Entry], labels: Labels) -> MissedPatch | None:
    """Return the patch of a name that did not exist, where the code used a similar one."""
    for entry in entries:
        owner = vars(cast("ModuleType", entry.owner()))
        if not entry.added or entry.calls:
            continue
        near = difflib.get_close_matches(entry.attribute, [n for n in owner if n[:2] != "__"], 1)
        near = [name for name in near if name != entry.attribute] or _nearest(entry, owner)
        for name in near:
            meant = owner[name]
            for step in _users(link):
                below = link.trace[len(_until(link, step)) :]
                drops = _about(entry, step, link.trace[-1])
                for use in patch_origins.made_with(step, drops=drops):
                    near_by = use.depth <= 1 or _ran(below, meant)
                    if near_by and use.held.get(use.name, _GONE) is meant:
                        return MissedPatch(
                            target=plain(patch_records.target(entry)),
                            how="typo",
                            place=patch_records.place(entry, labels),
                            name=plain(f"{patch_records.module_dot(owner)}{name}"),
                            used_at=step.place(labels),
                            double=entry.kind or None,
                            sure=False,
                        )
    return None


def _nearest(entry: Entry, owner: Held) -> list[str]:
    others = [n for n in owner if n[:2] != "__" and n != entry.attribute]
    return difflib.get_close_matches(entry.attribute, others, 1)
