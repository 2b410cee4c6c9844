"""A prometheus_client metric that was registered twice: by which lines, and why."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, takewhile
from types import CodeType, ModuleType
from typing import Literal, NamedTuple, cast

from loopcheck.labels import Labels, plain
from loopcheck.process import metrics, object_names, objects
from loopcheck.process.failure import Link, Step
from loopcheck.records import Place, TwiceRegistered
from loopcheck.source import modules as spaces
from loopcheck.source import parsed_files, project_files
from loopcheck.source.nodes import calls_in

Line = tuple[CodeType, int]
# The lines of user code that registered a metric, innermost first; None: no watch is installed.
Seen = Callable[[object], tuple[Line, ...]] | None
SUFFIXES = ("_total", "_created", "_bucket", "_sum", "_count", "_info")


def read(links: Sequence[Link], seen: Seen, labels: Labels) -> TwiceRegistered | None:
    """Return the metric that a registry refused, and the existing one."""
    for link in links:
        last = link.trace[-1] if link.trace else None
        if last is not None and _refused(link, last):
            users = link.users[::-1]
            if users and (link is links[0] or not any(map(_staged, users))):
                return _read(last, users, link, seen, labels)
    return None


def _refused(link: Link, last: Step) -> bool:
    here = last.module, last.frame.f_code.co_name
    named = here == ("prometheus_client.registry", "register")
    return named and objects.is_a(link.error, ValueError)


def _staged(step: Step) -> bool:
    """Return whether the line of *step* is in a `with pytest.raises(…)`: it expects the refusal.

    If the test failed with another error, its `raises` caught the refusal, and wanted other words.
    """
    return any(
        "raises" in ast.unparse(item.context_expr).lower()
        for node in parsed_files.standing_at(step.frame.f_code.co_filename, step.line)
        if isinstance(node, ast.With | ast.AsyncWith) and step.line >= node.body[0].lineno
        for item in node.items
    )


def _read(
    last: Step, users: Sequence[Step], link: Link, seen: Seen, labels: Labels
) -> TwiceRegistered:
    space = last.frame.f_locals
    new, registry = space.get("collector"), space.get("self")
    old = _there(registry, new, space.get("duplicates"))
    name = _name(new)
    at = _registering(users, name)
    step = users[at]
    again = step.place(labels)
    lines = seen(old) if seen is not None else ()
    unseen = seen is None or _ran_at_import(step, labels)
    first = _of_lines(lines, _name(old), len(users) - 1 - at, labels)
    first = first or _first(step, old, unseen, labels)
    if first is None and unseen and _alike(new, old) and not _others(step, old, labels):
        first = again
    how = _how(step, link, first, labels)
    called_at: Place | None = None
    modules: tuple[str, ...] = ()
    if step.frame.f_code.co_name == "<module>" and how in ("imported again", "reloaded"):
        called_at = _imported_at(users, at, labels)
        modules = _names_of(step)
    elif at:
        called_at = users[at - 1].place(labels)
    kind = objects.type_name(new)
    return TwiceRegistered(
        name=plain(_written(step, name) or name or kind.rpartition(".")[2]),
        type=kind,
        again=again,
        how=how,
        first=again if how in ("line again", "imported again", "reloaded") else first,
        called_at=called_at,
        before=_before(step, called_at, labels) if how == "line again" else None,
        modules=modules,
        other=_other(old, name),
        registry=_registry(registry, step),
    )


def _there(registry: object, new: object, duplicates: object) -> object | None:
    """Return the collector that already has the name."""
    known = objects.peek(registry, "_names_to_collectors")
    names = sorted(n for n in duplicates if type(n) is str) if type(duplicates) is set else []
    own = _name(new)
    for name in ([own] if own in names else []) + names:
        found = dict.get(known, name) if type(known) is dict else None
        if found is not None:
            return cast("object", found)
    return None


def _name(collector: object) -> str | None:
    found = objects.peek(collector, "_name")
    return found if type(found) is str else None


def _other(old: object, name: str | None) -> str | None:
    there = _name(old)
    return plain(there) if there is not None and there != name else None


def _registry(registry: object, step: Step) -> str | None:
    """Return the name of *registry* in user code, "" if none, None for the library's own."""
    library = sys.modules.get("prometheus_client.registry")
    if type(library) is ModuleType and library.__dict__.get("REGISTRY") is registry:
        return None
    kept = [step.frame.f_locals, *(space.held for space in spaces.spaces())]
    names = (name for held in kept for name, value in list(held.items()) if value is registry)
    return next((name for name in names if name != "self"), "")


# The line that registered it now


def _registering(users: Sequence[Step], name: str | None) -> int:
    """Return which user frame creates the metric: not a helper that creates them all."""
    innermost = len(users) - 1
    for index in range(innermost, -1, -1):
        if _said(users[index], name) is not None:
            return index
        if index < innermost and users[index].frame.f_code.co_name == "<module>":
            break
    return innermost


def _said(step: Step, name: str | None) -> str | None:
    """Return the text in the failing calls of *step* that names the metric."""
    found = (_gives(call, name) for call in _calls(step))
    return next((text for text in found if text is not None), None)


def _gives(call: ast.Call, name: str | None) -> str | None:
    """Return the text in *call* that is the name of a metric."""
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    texts = (spaces.text_of(value) for value in values[:4])
    return next((text for text in texts if text and name and _fits(text, name)), None)


def _fits(text: str, name: str) -> bool:
    """Return whether *text* is the name, or its end after a prefix that a helper adds."""
    bare = next((text.removesuffix(s) for s in SUFFIXES if text.endswith(s)), text)
    return any(name == one or name.endswith(f"_{one}") for one in (text, bare))


def _calls(step: Step) -> list[ast.Call]:
    """Return the calls that fail at *step*, the innermost first."""
    here = parsed_files.nodes_at(step.frame.f_code.co_filename, step.line)
    found = [
        node
        for node in here
        if isinstance(node, ast.Call) and parsed_files.covers(node, step.line, step.span)
    ]
    return sorted(found, key=lambda node: (-node.lineno, -node.col_offset))


def _written(step: Step, name: str | None) -> str | None:
    """Return the name as user code writes it: with `_total`, if the line has that."""
    said = _said(step, name)
    if said is None or name is None:
        return None
    ends = next((suffix for suffix in SUFFIXES if said.endswith(suffix)), "")
    return name if name.endswith(ends) else name + ends


# The line that registered the existing metric


def _of_lines(lines: Sequence[Line], name: str | None, depth: int, labels: Labels) -> Place | None:
    """Return which of the *lines* that registered a metric is the one that names it.

    *depth*: how many helpers the new metric went through, below the line that names it.
    """
    own = list(takewhile(lambda one: one[0].co_name != "<module>", lines))
    own = list(lines[: len(own) + 1])  # the lines that load a module name no metric
    named = [one for one in own if _names(one, name)]
    if not own:
        return None
    code, line = named[0] if named else own[min(depth, len(own) - 1)]
    return Place(labels.file(code.co_filename), line, code.co_name)


def _names(at: Line, name: str | None) -> bool:
    """Return whether a call at that line names the metric."""
    nodes = parsed_files.nodes_at(at[0].co_filename, at[1])
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return any(_gives(call, name) is not None for call in calls)


def _first(step: Step, old: object, unseen: bool, labels: Labels) -> Place | None:
    """Return the line that may have created *old*; that of *step* only if it ran *unseen*."""
    kind = objects.type_name(old).rpartition(".")[2]
    known = _name(old)
    if old is None or known is None:
        return None
    users = metrics.users_spaces()
    for space in users:
        for given, value in list(space.held.items()):
            if value is old:
                return _line_of(space, given, step, labels)
    if (line := _earlier(step, known, kind, old)) is not None:
        code = step.frame.f_code
        return Place(labels.file(code.co_filename), line, code.co_name)
    places = {place for place, doc in _makers(users, known, kind, labels) if _same_doc(doc, old)}
    runs_once = len(places) == 2 and step.frame.f_code.co_name.startswith("test")
    if runs_once or not unseen:
        places = {place for place in places if not _here(place, step, labels)}
    return places.pop() if len(places) == 1 else None


def _line_of(space: spaces.Space, name: str, step: Step, labels: Labels) -> Place | None:
    """Return the line that created *name*: of two cells, not the one that was refused."""
    places = [object_names.global_line(file, name, labels) for file in space.files()]
    found = [place for place in places if place is not None]
    return next((one for one in found if not _here(one, step, labels)), next(iter(found), None))


def _earlier(step: Step, known: str, kind: str, old: object) -> int | None:
    """Return the line that ran before that of *step* in its function, and can have created *old*.

    It uses the same registry, or the registry would have refused the earlier line itself.
    """
    tree = parsed_files.tree(step.frame.f_code.co_filename)
    functions = parsed_files.enclosing(step.frame.f_code.co_filename, step.line)
    top: ast.AST | None = tree if step.frame.f_code.co_name == "<module>" else None
    block = top or (functions[0] if functions else None)
    into = [_into(call) for call in _calls(step)[:1]]
    found = [
        node.lineno
        for statement in (_ran_before(block, step.line) if block is not None else ())
        for node in calls_in(statement)
        if _into(node) in into
        if (said := _makes(node, known, kind)) is not None and _same_doc(said.doc, old)
    ]
    return found[-1] if found else None


def _into(call: ast.Call) -> str:
    """Return the registry argument of *call*, as the code writes it."""
    return next((ast.unparse(one.value) for one in call.keywords if one.arg == "registry"), "")


def _ran_before(block: ast.AST, line: int) -> Iterator[ast.stmt]:
    """Yield the plain statements of *block* that every path to *line* runs."""
    for around in parsed_files.reaching(block, line):
        for _, part in ast.iter_fields(around):
            steps = [one for one in part if isinstance(one, ast.stmt)] if type(part) is list else []
            ends = [one.end_lineno or one.lineno for one in steps]
            if steps and steps[0].lineno <= line <= ends[-1]:
                plain_ones = (ast.Assign, ast.AnnAssign, ast.Expr)
                yield from (
                    one
                    for one, end in zip(steps, ends, strict=True)
                    if end < line and isinstance(one, plain_ones)
                )


def _makers(
    users: Sequence[spaces.Space], name: str, kind: str, labels: Labels
) -> Iterator[tuple[Place, str | None]]:
    """Yield the lines that can create a metric of that name, each with its help text."""
    files = dict.fromkeys(file for space in users for file in space.files())
    word = name.rpartition("_")[2]
    for file in islice((one for one in files if word in parsed_files.text(one)), spaces.FILES):
        for node in calls_in(parsed_files.tree(file)):
            made = _makes(node, name, kind)
            if made is not None:
                yield Place(labels.file(file), made.line), made.doc


class _Made(NamedTuple):
    line: int
    doc: str | None


def _makes(call: ast.Call, name: str, kind: str) -> _Made | None:
    """Return the line and the help text of a *call* that can create a metric of that name."""
    if not ast.unparse(call.func).endswith(kind):
        return None
    said = [spaces.text_of(arg) for arg in call.args[:2]]
    said += [spaces.text_of(k.value) for k in call.keywords if k.arg == "name"]
    if not any(text and _fits(text, name) for text in said[:1] + said[2:]):
        return None
    return _Made(call.lineno, said[1] if len(said) > 1 else None)


def _same_doc(doc: str | None, old: object) -> bool:
    kept = objects.peek(old, "_documentation")
    return doc is None or type(kept) is not str or doc == kept


def _how(
    step: Step, link: Link, first: Place | None, labels: Labels
) -> Literal["line again", "imported again", "reloaded", "two lines", "unknown"]:
    if step.frame.f_code.co_name == "<module>":
        if first is not None and not _here(first, step, labels):
            return "two lines"
        if any(s.module == "importlib" and s.frame.f_code.co_name == "reload" for s in link.trace):
            return "reloaded"
        if project_files.is_cell(step.frame.f_code.co_filename):  # run again: no import runs a cell
            return "line again" if first is not None else "unknown"
        return "imported again" if first is not None or _names_of(step)[1:] else "unknown"
    if first is not None and not _here(first, step, labels):
        return "two lines"
    return "line again" if first is not None else "unknown"


def _here(place: Place, step: Step, labels: Labels) -> bool:
    """Return whether *place* is in the statement of *step*, which may have several lines."""
    one = step.source.statement
    last = step.line if one is None or hasattr(one, "body") else one.end_lineno or step.line
    first = one.lineno if one is not None else step.line
    same = place.file == labels.file(step.frame.f_code.co_filename)
    return same and first <= place.line <= last


def _alike(new: object, old: object) -> bool:
    """Return whether both metrics have the same description, as two from one line do."""
    said = ("_name", "_documentation", "_labelnames")
    same = all(objects.peek(new, one) == objects.peek(old, one) for one in said)
    return type(new) is type(old) and _name(new) is not None and same


def _ran_at_import(step: Step, labels: Labels) -> bool:
    """Return whether the line of *step* runs during an import, before any watch was installed."""
    if step.frame.f_code.co_name == "<module>":
        return True
    return _before(step, step.place(labels), labels) is not None


def _others(step: Step, old: object, labels: Labels) -> bool:
    """Return whether another line than that of *step* can have created *old*."""
    kind, known = objects.type_name(old).rpartition(".")[2], _name(old) or ""
    made = _makers(metrics.users_spaces(), known, kind, labels)
    return any(not _here(place, step, labels) for place, doc in made if _same_doc(doc, old))


def _names_of(step: Step) -> tuple[str, ...]:
    """Return the module names of the file of *step*: the one that is loading now first."""
    file = step.frame.f_code.co_filename
    others = {space.name for space in spaces.spaces() if space.file == file}
    return (step.module, *sorted(others - {step.module}))


def _imported_at(users: Sequence[Step], at: int, labels: Labels) -> Place | None:
    """Return the line that loads the file: the first frame with another module name."""
    package = users[at].module.partition(".")[0]
    for step in reversed(users[:at]):
        if step.frame.f_code.co_name != "<module>" or step.module.partition(".")[0] != package:
            return step.place(labels)
    return users[at - 1].place(labels) if at else None


def _before(step: Step, now: Place | None, labels: Labels) -> Place | None:
    """Return the line of a loaded module that calls the function of *step*, if only one does."""
    owner, _, name = step.frame.f_code.co_qualname.rpartition(".")
    called = owner.rpartition(".")[2] if name == "__init__" else name
    files = dict.fromkeys(file for space in spaces.spaces() for file in space.files())
    modules = [(one, parsed_files.tree(one)) for one in islice(files, spaces.FILES)]
    found = {
        Place(labels.file(file), node.lineno, "<module>")
        for file, module in modules
        for statement in (module.body if module is not None else ())
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.Expr)
        for node in calls_in(statement)
        if ast.unparse(node.func).rpartition(".")[2] == called
    }
    found -= {one for one in found if now and (one.file, one.line) == (now.file, now.line)}
    return found.pop() if len(found) == 1 else None
