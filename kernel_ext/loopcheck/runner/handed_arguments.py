"""Explains the failure of a test that received a container which an earlier test had changed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from types import CodeType
from typing import Any

from loopcheck.labels import Labels, plain
from loopcheck.process import failure, object_names
from loopcheck.process.failure import Step
from loopcheck.records import Place, SharedRecord
from loopcheck.runner import fixtures, undone_changes
from loopcheck.runner.shared_arguments import (
    KINDS,
    Found,
    Look,
    Opaque,
    Stories,
    Story,
    at,
    inside,
    look,
)
from loopcheck.source import parsed_files, project_files, user_code
from loopcheck.source.nodes import nodes_of

SHOWN = 40  # characters of a key
IN_PLACE = (
    "key",
    "argument",
    "extra",
    "index",
)  # with these, the user's own line is the last that ran


def read(error: BaseException, item: Any, stories: Stories, labels: Labels) -> SharedRecord | None:
    """Return the change of a shared container by an earlier test that explains *error*, if any."""
    changed = list(stories.changed(item))
    if not changed:
        return None
    for link in failure.chain(error):
        steps = link.users
        for found, story, now in changed if steps else ():
            how = undone_changes.explains(link.error, steps, found.value, story, now)
            last = steps[0] is link.trace[-1]
            if how is not None and (last or how not in IN_PLACE):
                return _record(found, story, how, steps[0], item, labels)
        if not failure.passed_on(link):
            break
    return _bereft(error, changed, item, labels)


def _bereft(
    error: BaseException, changed: list[tuple[Found, Story, Look]], item: Any, labels: Labels
) -> SharedRecord | None:
    """Return the parameter that an earlier test took something from, if an assertion fails.

    The asserted value may be derived from it anywhere. No author wants `parametrize` to pass less
    than it lists; what is only added, or kept elsewhere, may be intended.
    """
    last = next(iter(failure.chain(error))).trace[-1:]
    code = user_code.test(item)
    if type(error) is not AssertionError or not last or last[0].frame.f_code is not code:
        return None
    spec = getattr(item, "callspec", None)
    given = list(spec.params.values()) if spec is not None else []
    said = (
        parsed_files.names_at(code.co_filename, last[0].line) if code is not None else frozenset()
    )
    for found, story, _ in changed:
        whole = any(found.value is one for one in given)
        if not whole and found.kind == "parameter" and re.split(r"[.\[]", found.name)[0] in said:
            kept = _in_a_global(found)  # otherwise an object may use it up, as intended
            whole, found = kept is not None, kept or found
        record = _record(found, story, "assertion", last[0], item, labels) if whole else None
        if record is not None and record.lost:
            return record
    return None


def _in_a_global(found: Found) -> Found | None:
    """Return the container in a parameter as part of the only global that holds it too."""
    kept = []
    for root in object_names.other_globals(()):
        for path, written in inside(root.value) if type(root.value) in KINDS else ():
            if at(root.value, path) is found.value:
                kept.append(Found("global", root.name + written, found.value, root.filename))
    return kept[0] if len({(one.owner, one.name) for one in kept}) == 1 else None


def _record(
    found: Found, story: Story, how: undone_changes.Explains, step: Step, item: Any, labels: Labels
) -> SharedRecord:
    first, last = dict(story.first.entries), dict(story.last.entries)
    if story.first.type is list:
        lost, gained = _elements(story.first, story.last), _elements(story.last, story.first)
        changed: list[object] = []
    else:
        lost, gained = [k for k in first if k not in last], [k for k in last if k not in first]
        changed = [k for k in first if k in last and first[k] != last[k]]
    return SharedRecord(
        name=found.name,
        type=story.first.type.__name__,
        kind=found.kind,
        explains=how,
        scope=str(found.owner.scope) if found.kind == "fixture" else None,
        by_fixture=found.kind == "parameter" and _fixture(found, item) is not None,
        place=_place(found, story.first, item, labels),
        used_at=step.place(labels),
        changed_by=labels.node(story.changed_by) if story.changed_by else None,
        lost=tuple(map(_written, lost)),
        gained=tuple(map(_written, gained)),
        changed=tuple(map(_written, changed)),
    )


def _elements(of: Look, without: Look) -> list[object]:
    """Return the elements of one list that the other lacks."""
    left = [value for _, value in without.entries]
    more = []
    for _, value in of.entries:
        if value in left:
            left.remove(value)
        else:
            more.append(value)
    return more


def _written(key: object) -> str:
    return "an object" if type(key) is Opaque else plain(repr(key))[:SHOWN]


# Where it is created


def _place(found: Found, first: Look, item: Any, labels: Labels) -> Place | None:
    if found.kind == "fixture":
        return fixtures.place(found.owner, labels)
    name = found.name.partition("[")[0]  # the line that creates the outer container
    if found.kind == "default":
        return _in_signature(found.owner.__code__, name, labels)
    if found.kind == "global":
        own = isinstance(found.owner, str)  # of a module that the test does not name
        file = found.owner if own else found.owner.__dict__.get("__file__")
        return object_names.global_line(file, name, labels) if isinstance(file, str) else None
    if found.kind == "attribute":
        return _in_class(found.owner, name.rpartition(".")[2], labels)
    by = _fixture(found, item)
    if by is not None:
        return fixtures.place(by, labels)
    return _in_decorator(name.partition(".")[0], first, item, labels)


def _fixture(found: Found, item: Any) -> Any:
    """Return the definition of the fixture whose own `params=` provide a parameter."""
    definition = fixtures.definitions(item).get(re.split(r"[.\[]", found.name)[0])
    params = getattr(definition, "params", None) or ()
    given = getattr(getattr(item, "callspec", None), "params", {}).values()
    return definition if any(one is each for one in params for each in given) else None


def _in_signature(code: CodeType, name: str, labels: Labels) -> Place | None:
    """Return the line of a parameter, which has the default next to it."""
    block = parsed_files.function_of(code)
    for one in nodes_of(ast.arg, block.args if block is not None else None):
        if one.arg == name:
            return Place(labels.file(code.co_filename), one.lineno, code.co_name)
    return None


def _in_class(cls: type, name: str, labels: Labels) -> Place | None:
    file = project_files.module_file(cls.__module__) or ""
    block = parsed_files.class_named(file, cls.__qualname__) if file else None
    for one in block.body if block is not None else ():
        targets = one.targets if isinstance(one, ast.Assign) else [getattr(one, "target", None)]
        if any(isinstance(each, ast.Name) and each.id == name for each in targets):
            return Place(labels.file(file), one.lineno, name)
    return None


def _in_decorator(name: str, first: Look, item: Any, labels: Labels) -> Place | None:
    """Return the line of a parameter's value, else that of its `parametrize`."""
    code = user_code.test(item)
    if code is None:
        return None
    file = code.co_filename
    function = parsed_files.function_at(file, code.co_firstlineno)
    for call in _parametrized(function, file, getattr(item, "cls", None)):
        said = [one.value for one in nodes_of(ast.Constant, call.args[0])]
        if any(name in [each.strip() for each in str(one).split(",")] for one in said):
            # By its source text: pytest's name for an index differs by version.
            rows = [one for one in nodes_of(ast.expr, call.args[1]) if _literal(one) == first]
            return Place(labels.file(file), (rows[0] if rows else call).lineno, name)
    return None


def _literal(one: ast.AST) -> Look | None:
    if not isinstance(one, ast.Dict | ast.List | ast.Set):
        return None
    try:
        return look(ast.literal_eval(one))
    except (ValueError, TypeError):
        return None


def _parametrized(function: Any, file: str, cls: Any) -> Iterator[ast.Call]:
    block = parsed_files.class_named(file, cls.__qualname__) if isinstance(cls, type) else None
    for one in (function, block):
        for each in one.decorator_list if one is not None else ():
            match each:
                case ast.Call(func=called, args=[_, _, *_]) if _dotted(called) == "parametrize":
                    yield each


def _dotted(called: ast.expr) -> str:
    return ast.unparse(called).rpartition(".")[2]
