"""Changes that put tests and fixtures on one loop: marks of pytest-asyncio, and decorators."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from loopcheck.records import SCOPES, Edit, Edits, Place
from loopcheck.source.changes.async_conversion import decorate_by_pytest_asyncio
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, dotted
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def, Kinds, first_line
from loopcheck.source.nodes import names_in

MARK = "mark.asyncio"
ROUNDS = 5  # of fixtures that use each other


def put_file_on(source: Source, scope: str) -> list[Edit]:
    """Return the changes that run all async tests of a file on its loop of this *scope*."""
    own = list(_marks_of_definitions(source))
    module = [one for one in _marks(source) if _in_pytestmark(source, one)]
    plain = [one for one in _tests(source) if isinstance(one, ast.FunctionDef)]
    if module:
        edits = [_with_scope(source, one, scope) for one in module]
        return [*edits, *(_without(source, holder, mark, scope) for holder, mark in own)]
    if own and plain:  # a mark of the whole file would warn about the plain ones
        return [_with_scope(source, mark, scope) for _, mark in own]
    edits = [_without(source, holder, mark, scope) for holder, mark in own]
    return [*edits, *_add_pytestmark(source, scope)]


def put_class_on(source: Source, test: Def, scope: str) -> list[Edit]:
    """Return the changes that run all async tests of the class of *test* on one loop."""
    around = source.class_of(test)
    if around is None:
        raise NoSplice("the test is in no class")
    inside = [
        (holder, mark)
        for holder, mark in _marks_of_definitions(source)
        if holder is around or source.parents(holder)[0] is around
    ]
    edits = []
    for holder, mark in inside:
        whole = holder is around
        edits.append(
            _with_scope(source, mark, scope) if whole else _without(source, holder, mark, scope)
        )
    if not any(holder is around for holder, _ in inside):
        edits += [
            source.insert_before(around, f'@{_pytest(source)}.{MARK}(loop_scope="{scope}")'),
            *source.add_import("pytest"),
        ]
    return edits


def put_fixture_on(source: Source, function: Def, scope: str) -> list[Edit]:
    """Return the changes that run an async fixture on the loop of *scope*."""
    mark = source.decorator(function, "fixture")
    if mark is None:
        raise NoSplice("it has no decorator of a fixture")
    return _on_loop(source, mark, scope)


def _on_loop(source: Source, mark: ast.expr, scope: str) -> list[Edit]:
    """Return the changes of a fixture's decorator: only pytest-asyncio's has a loop scope."""
    change = source.set_keyword(mark, "loop_scope", f'"{scope}"')
    return [*decorate_by_pytest_asyncio(source, mark), change]


def share_loop(
    where: Place, fixture: str, scope: str, tests: Sequence[str], sources: Sources
) -> Iterator[Edits]:
    """Yield one loop for all *tests* that use an object, then one object for each of them."""
    edits: list[Edit] = []
    for source in files_of_tests(sources, tests):
        edits += put_file_on(source, scope)
        edits += _fixtures_with(source, (where.name or "").partition(".")[0], scope)
    if scope not in ("class", "module"):
        edits += put_users_on(sources, fixture, scope) if fixture else []
        edits += _importers_on(sources, where, scope)
    words = f"run all tests that use it on the {scope} loop"
    yield Edits(changes=tuple(edits), safe=True, words=words)
    source = sources.open(where.file)
    function = source.statement_at(where.line)
    mark = source.decorator(function, "fixture") if isinstance(function, Def) else None
    if mark is not None:
        changes = tuple(make_per_test(source, mark))
        yield Edits(changes=changes, safe=True, words="create it for each test")


def _fixtures_with(source: Source, name: str, scope: str) -> Iterator[Edit]:
    """Yield the changes of a file's async fixtures that use *name* on a narrower loop."""
    for function in source.nodes():
        if not isinstance(function, ast.AsyncFunctionDef) or name not in names_in(function):
            continue
        mark = source.decorator(function, "fixture")
        if mark is not None and _narrower(_scope_said(source, mark, "loop_scope"), scope):
            yield from _on_loop(source, mark, scope)


def _importers_on(sources: Sources, where: Place, scope: str) -> list[Edit]:
    """Return the changes for the other test files that import the object's module."""
    module = where.file.rpartition("/")[2].removesuffix(".py")
    edits: list[Edit] = []
    for source in sources.naming(module):
        name = source.file.rpartition("/")[2]
        if name.startswith("test_") or name.endswith("_test.py"):
            edits += put_file_on(source, scope)
    return edits


def drop_marks(source: Source, line: int) -> Iterator[Edit]:
    """Yield the changes that remove the marks of asyncio from the definition at *line*."""
    for holder, mark in _marks_of_definitions(source):
        if first_line(holder) <= line <= holder.lineno:
            end = mark.end_lineno or mark.lineno
            yield source.edit((mark.lineno, 0), (end + 1, 0), "")


def make_per_test(source: Source, mark: ast.expr) -> Iterator[Edit]:
    """Yield the changes that make a fixture for each test, by its decorator *mark*."""
    if isinstance(mark, ast.Call):
        named = ("scope", "loop_scope")
        rest = [one for one in mark.keywords if one.arg not in named]
        words = [source.text_of(one) for one in (*mark.args, *rest)]
        if any(one.arg == "loop_scope" for one in mark.keywords):
            words.append('loop_scope="function"')
        given = f"({', '.join(words)})" if words else ""
        yield source.replace(mark, f"{source.text_of(mark.func)}{given}")


def widen_mark(source: Source, line: int, scope: str) -> Iterator[Edit]:
    """Yield the change of the marks of asyncio on the definition at *line*."""
    for holder, mark in _marks_of_definitions(source):
        if first_line(holder) <= line <= holder.lineno:
            yield _with_scope(source, mark, scope)


def put_users_on(sources: Sources, fixture: str, scope: str) -> list[Edit]:
    """Return the changes that run all tests that use *fixture*, in any file, on one loop.

    Async fixtures between it and a test are put there, too.
    """
    names, edits = {fixture}, list[Edit]()
    users: list[tuple[Source, Def]] = []
    for _ in range(ROUNDS):
        naming = dict.fromkeys(one for name in sorted(names) for one in sources.naming(name))
        users = [
            (source, one)
            for source in naming
            for one in source.definitions()
            if names & requested(source, one)
        ]
        found = {one.name for source, one in users if source.decorator(one, "fixture")}
        if found <= names:
            break
        names |= found
    for source, one in users:
        mark = source.decorator(one, "fixture")
        if mark is None or isinstance(one, ast.FunctionDef) or one.name == fixture:
            continue
        if _narrower(_scope_said(source, mark, "loop_scope"), scope):
            edits += _on_loop(source, mark, scope)
    tests = [(source, one) for source, one in users if one.name.startswith("test")]
    for source in dict.fromkeys(source for source, _ in tests):
        if scope == "class":
            mine = [one for of, one in tests if of is source]
            for block in dict.fromkeys(source.class_of(one) for one in mine):
                inside = next(one for one in mine if source.class_of(one) is block)
                edits += put_class_on(source, inside, scope)
        else:
            mine = [one for of, one in tests if of is source]
            torn = _uses_narrower_loop(sources, source, mine, scope)
            edits += put_tests_on(source, mine, scope) if torn else put_file_on(source, scope)
    return edits


def put_tests_on(source: Source, tests: Sequence[Def], scope: str) -> list[Edit]:
    """Return the changes that run these async tests of a file on one loop, and no others."""
    edits: list[Edit] = []
    for test in tests:
        own = [mark for holder, mark in _marks_of_definitions(source) if holder is test]
        edits += [_with_scope(source, mark, scope) for mark in own]
        if not own and isinstance(test, ast.AsyncFunctionDef):
            mark = f'@{_pytest(source)}.{MARK}(loop_scope="{scope}")'
            edits.append(source.insert_before(test, mark))
    return [*edits, *source.add_import("pytest")] if edits else []


def _uses_narrower_loop(sources: Sources, source: Source, apart: Sequence[Def], scope: str) -> bool:
    """Return whether async tests of a file, but for those *apart*, need a narrower loop.

    Their own async fixtures run on it: a mark of the whole file would take the tests away from it.
    """
    others = [
        one for one in _tests(source) if isinstance(one, ast.AsyncFunctionDef) and one not in apart
    ]
    names = set().union(*(requested(source, one) for one in others))
    for _ in range(ROUNDS):
        more = set(names)
        for name in sorted(names):
            for file in sources.naming(name):
                for one in file.functions(name):
                    mark = file.decorator(one, "fixture")
                    if mark is None:
                        continue
                    if isinstance(one, ast.AsyncFunctionDef) and _narrower(
                        _scope_said(file, mark, "loop_scope"), scope
                    ):
                        return True
                    more |= requested(file, one)
        if more == names:
            return False
        names = more
    return False


def requested(source: Source, function: Def) -> set[str]:
    """Return the fixtures that a test or fixture names: its parameters, and `usefixtures`."""
    spec = function.args
    names = {one.arg for one in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)}
    for one in function.decorator_list:
        if isinstance(one, ast.Call) and dotted(one.func).endswith("usefixtures"):
            names |= {str(each.value) for each in one.args if isinstance(each, ast.Constant)}
    return names


def files_of_tests(sources: Sources, tests: Iterable[str | None]) -> list[Source]:
    """Return the files of these node ids, each once."""
    names = dict.fromkeys(one.partition("::")[0] for one in tests if one)
    return [sources.open(name) for name in names]


def _scope_said(source: Source, mark: ast.expr, keyword: str) -> str:
    given = mark.keywords if isinstance(mark, ast.Call) else []
    value = next((one.value for one in given if one.arg == keyword), None)
    return str(value.value) if isinstance(value, ast.Constant) else "function"


def _narrower(one: str, other: str) -> bool:
    return one in SCOPES and SCOPES.index(one) < SCOPES.index(other)


def _tests(source: Source) -> Iterator[Def]:
    return (one for one in source.nodes() if isinstance(one, Def) and one.name.startswith("test"))


def _marks(source: Source) -> Iterator[ast.expr]:
    """Yield the marks of asyncio in a file: `pytest.mark.asyncio`, or a call of that."""
    for node in source.nodes():
        if isinstance(node, ast.Attribute) and dotted(node).endswith(MARK):
            parent = source.parents(node)[0]
            yield parent if isinstance(parent, ast.Call) and parent.func is node else node


def _marks_of_definitions(source: Source) -> Iterator[tuple[Kinds, ast.expr]]:
    for mark in _marks(source):
        parent = source.parents(mark)[0]
        if isinstance(parent, Kinds) and mark in parent.decorator_list:
            yield parent, mark


def _in_pytestmark(source: Source, mark: ast.expr) -> bool:
    statement = source.statement_of(mark)
    return (
        isinstance(statement, ast.Assign)
        and dotted(statement.targets[0]) == "pytestmark"
        and statement in source.tree.body
    )


def _with_scope(source: Source, mark: ast.expr, scope: str) -> Edit:
    """Return the change that gives *mark* the loop scope, in whichever of its two spellings."""
    given = mark.keywords if isinstance(mark, ast.Call) else []
    if said := [one for one in given if one.arg == "scope"]:  # the older name
        return source.replace(said[0], f'loop_scope="{scope}"')
    return source.set_keyword(mark, "loop_scope", f'"{scope}"')


def _without(source: Source, holder: Kinds, mark: ast.expr, scope: str) -> Edit:
    """Return the change that drops a decorator, or gives it the scope if it says more."""
    more = isinstance(mark, ast.Call) and (
        mark.args or any(one.arg not in ("scope", "loop_scope") for one in mark.keywords)
    )
    end = mark.end_lineno or mark.lineno
    rest = source.lines[end - 1][source.span(mark)[1][1] :].strip()
    if more or (rest and not rest.startswith("#")):
        return _with_scope(source, mark, scope)
    return source.edit((mark.lineno, 0), (end + 1, 0), "")


def _add_pytestmark(source: Source, scope: str) -> list[Edit]:
    return add_pytestmark(source, f'asyncio(loop_scope="{scope}")')


def add_pytestmark(source: Source, word: str) -> list[Edit]:
    """Return the changes that give all tests of a file the mark *word*."""
    mark = f"{_pytest(source)}.mark.{word}"
    body = source.tree.body
    for node in body:
        if isinstance(node, ast.Assign) and dotted(node.targets[0]) == "pytestmark":
            if isinstance(node.value, ast.List | ast.Tuple) and node.value.elts:
                return [source.put_after(node.value.elts[-1], f", {mark}")]
            return [source.put_before(node.value, "["), source.put_after(node.value, f", {mark}]")]
    imports = source.add_import("pytest")
    block = [one for one in body if isinstance(one, ast.Import | ast.ImportFrom)]
    if not block:
        if not imports:
            raise NoSplice("the file does not import pytest on top")
        first = imports[0]
        line = f"{first.text.rstrip()}{source.newline * 2}pytestmark = {mark}{source.newline}"
        rest = first.text[len(first.text.rstrip()) :].removeprefix(source.newline)
        return [source.edit(first.start, first.end, f"{line}{rest}".replace("\r\n", "\n"))]
    last = block[-1].end_lineno or block[-1].lineno
    above = [*imports, source.insert_after(block[-1], "", f"pytestmark = {mark}")]
    tight = last < len(source.lines) and source.lines[last].strip()
    return [*above, source.insert_after(block[-1], "")] if tight else above


def _pytest(source: Source) -> str:
    return source.named("pytest")
