"""The line of user code that created a double, its name there, and what it replaced."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable
from itertools import pairwise
from types import CodeType, CoroutineType, FrameType, FunctionType
from typing import Any, Literal

from loopcheck.labels import Labels, plain
from loopcheck.light import frozen, replace
from loopcheck.process import objects, parameters
from loopcheck.process.doubles import doubles
from loopcheck.process.doubles.doubles import Put
from loopcheck.process.frames import line_at, module_of, owner_of
from loopcheck.process.objects import UNKNOWN
from loopcheck.process.patches.replaced import Entry
from loopcheck.records import Place
from loopcheck.runner import fixture_tables, fixtures
from loopcheck.source import modules, parsed_files, project_files, user_code
from loopcheck.source.failing_line import FileLine, Look
from loopcheck.source.nodes import calls_in, has_node, nodes_with_parents, results_of
from loopcheck.source.replaced_methods import is_patch
from loopcheck.source.values import passed_classes

BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef)


@frozen
class Origin:
    """The origin of a double."""

    name: str
    place: Place | None = None
    original: str | None = None  # "service.fetch", if it replaced something
    unnamed: bool = False  # the name is the mock's own: user code has none for it
    returned_by: str | None = None  # a helper of that name creates and returns it, without a name
    class_passed: bool = False  # the line passes on the mock's class: `default_factory=AsyncMock`


def of(
    double: object,
    said: ast.AST | None,
    frames: list[FrameType],
    look: Look,
    labels: Labels,
) -> Origin:
    """Return where *double* comes from; *said* is the failing line's expression for it."""
    if type(double) is doubles.Gone:
        return _named(double.site, [], "mock", "", labels)
    if not objects.is_mock(double):
        return _of_function(double, labels)
    way = list(doubles.up(double))
    lines = [look.made_at(mock) for mock, _ in way]
    found = next((index for index, line in enumerate(lines) if line is not None), len(way) - 1)
    root = way[found][0]
    path = [step for _, step in way[:found]]
    bare = said.value if isinstance(said, ast.Await) else said
    call = bare.func if isinstance(bare, ast.Call) else bare
    said_root = _root(doubles.words(call), path) if call is not None else None
    kept = _kept(root, frames) if said_root is None else None
    text = said_root or kept or "mock"  # as in its repr: <AsyncMock name='mock.find()'>
    line = lines[found] or _held(root, frames, look.item) or _decorator(root, look.item)
    if line is None:
        name = "".join([text, *map(_step, reversed(path))])
        return Origin(name=name, unnamed=not (said_root or kept))
    holder = kept or _kept(root, frames)
    attribute = holder.rpartition(".")[2] if holder is not None else None
    passed = passed_classes.find(line, doubles.kind_of(root), attribute, _makes)
    if passed is not None:
        root = plain(holder or text)
        name = "".join([root, *map(_step, reversed(path))])
        place = Place(labels.file(passed[0]), passed[1], root)
        return Origin(name=name, place=place, class_passed=True)
    origin = _named(line, path, text, doubles.kind_of(root), labels)
    if said_root is not None or origin.place is None or origin.place.name is not None:
        return origin
    return replace(origin, place=replace(origin.place, name=kept), unnamed=kept is None)


def _root(text: str, path: list[str]) -> str | None:
    """Return the first part of the failing line's expression, without the steps in *path*.

    None if the line does not contain all steps: `loan.rate` begins with an earlier result.
    """
    for step in path:
        said = step if step == doubles.RESULT else f".{step}"
        if not text.endswith(said):
            return None
        text = text.removesuffix(said)
    return text


def _kept(mock: object, frames: list[FrameType]) -> str | None:
    """Return the attribute of a user's object that holds *mock*: `self.repo`, `loans.repo`."""
    for frame in frames:
        if (name := _attribute(frame.f_locals.get("self"), mock)) is not None:
            return f"self.{name}"
    for frame in frames:
        if owner_of(frame) != "user":
            continue
        for local, owner in list(frame.f_locals.items()):
            if local.isidentifier() and (name := _attribute(owner, mock)) is not None:
                return f"{local}.{name}"
    return None


def _attribute(owner: object, mock: object) -> str | None:
    if objects.users_class(type(owner)) is None or objects.is_mock(owner):
        return None
    for name, value in list((objects.own_dict(owner) or {}).items()):
        if value is mock:
            return str(name)
    return None


def _of_function(double: object, labels: Labels) -> Origin:
    if type(double) is doubles.Fake:
        code = double.code
    else:
        written = objects.function_of(double)
        assert written is not None
        code = written.__code__
    block = parsed_files.function_of(code)
    if block is not None and code.co_name != "<lambda>":
        line = block.lineno
        name = plain(code.co_qualname.rpartition("<locals>.")[2])
        return Origin(name=name, place=Place(labels.file(code.co_filename), line, name))
    return _named((code.co_filename, code.co_firstlineno), [], "lambda", "", labels)


def _named(line: FileLine, path: list[str], otherwise: str, kind: str, labels: Labels) -> Origin:
    """Return the double that *line* creates, or the one at *path* (innermost first) from it."""
    name, original = name_at(*line, otherwise, kind)
    text = name or otherwise
    text += "".join(map(_step, reversed(path)))
    place = Place(labels.file(line[0]), line[1], name or None)
    returns = _helper_returning(line, name)
    return Origin(name=plain(text), place=place, original=original, returned_by=returns)


def _helper_returning(line: FileLine, name: str | None) -> str | None:
    """Return the function that returns what *line* creates, if *name* is that of its call."""
    block = next(iter(parsed_files.enclosing(*line)), None)
    if block is None or name is None or not name.startswith(f"{block.name}()"):
        return None
    return block.name if has_node(ast.Return, *parsed_files.standing_at(*line)) else None


def _step(step: str) -> str:
    return step if step == doubles.RESULT or not step else f".{step}"


# The name that a line assigns


def name_at(filename: str, line: int, said: str, kind: str) -> tuple[str | None, str | None]:
    """Return the name that *line* assigns to the double it creates, and what that replaces.

    If it creates several, the failing line's *said* picks one.
    """
    module = parsed_files.tree(filename)
    found: dict[str, str | None] = {}
    makers = _makers(module, line) if module is not None else []
    exact = [nodes for nodes in makers if _class(nodes[0]) == kind]
    for nodes in exact or makers:
        original = next(filter(None, map(_replaced, nodes)), None)
        if (name := _name(nodes) or original) is not None:
            found.setdefault(name, original)
    meant = [name for name in found if name.rpartition(".")[2] == said.rpartition(".")[2]]
    if found and (meant or len(found) == 1):
        name = (meant or list(found))[0]
        return name, found[name]
    return None, None


def _makers(module: ast.Module, line: int) -> list[tuple[ast.AST, ...]]:
    """Return the calls at *line*, each with the nodes above it, innermost first."""
    found = [
        (node, *reversed(above))
        for node, above in nodes_with_parents(module, deep=True)
        if isinstance(node, ast.Call | ast.Lambda) and node.lineno == line
    ]
    made = [nodes for nodes in found if _makes(nodes[0])]
    return sorted(made or found, key=len)[::-1]


def _makes(node: ast.AST) -> bool:
    if isinstance(node, ast.Lambda):
        return True
    if not isinstance(node, ast.Call):
        return False
    last = _class(node)
    return "Mock" in last or last == "create_autospec" or is_patch(node.func)


def _class(node: ast.AST) -> str:
    return ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""


_VALUES = ("new", "new_callable", "return_value", "side_effect", "wraps")


def _name(nodes: tuple[ast.AST, ...]) -> str | None:
    inner = ""
    for node, parent in pairwise(nodes):
        match parent:
            case ast.Assign(targets=[ast.Tuple(), *_]):
                return None
            case ast.Assign(targets=[target, *_]) | ast.AnnAssign(target=target):
                return (_fixture(nodes, target) or ast.unparse(target)) + inner
            case ast.NamedExpr(target=target):
                return ast.unparse(target) + inner
            case ast.keyword(arg="return_value") if inner or _makes(_call(parent, nodes)):
                inner = f".return_value{inner}"
            case ast.keyword(arg=str(name)) if name not in _VALUES:
                if not _makes(_call(parent, nodes)):
                    return name + inner
                inner = f".{name}{inner}"  # a mock in a mock
            case ast.withitem(optional_vars=ast.Name(id=name) as target):
                return (_fixture(nodes, target) or name) + inner
            case ast.Return() | ast.Yield():
                return f"{_function(nodes)}{inner}"
            case ast.Call(func=func) if node is not func and not inner:
                return None  # a positional argument: only the called function has a name for it
            case ast.List() | ast.Tuple() | ast.Set() | ast.Dict():
                return None  # one of many: the name is that of the collection
            case ast.stmt():
                return _patched(nodes, parent, inner) or inner.lstrip(".") or None
    return None


def _patched(nodes: tuple[ast.AST, ...], step: ast.stmt, inner: str) -> str | None:
    """Return the name of a mock in a patch without `as`: its parameter, else what it replaces.

    What the patch itself makes has no other name than the parameter.
    """
    patch = next((one for one in nodes if _is_patch(one)), None)
    if patch is None:
        return None
    parameter = _parameter(step, patch) if isinstance(step, BLOCKS) else None
    if not inner:
        return parameter
    name = parameter or (_replaced(patch) or "").rpartition(".")[2]
    return f"{name}{inner}" if name else None


def _is_patch(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and is_patch(node.func)


def _parameter(function: ast.FunctionDef | ast.AsyncFunctionDef, patch: ast.AST) -> str | None:
    """Return the parameter that gets the mock of the decorator *patch*: the last one is first."""
    passing = [
        one
        for one in reversed(function.decorator_list)
        if isinstance(one, ast.Call)
        and is_patch(one.func)
        and len(one.args) == (2 if ast.unparse(one.func).endswith(".object") else 1)
        and all(word.arg not in (None, "new") for word in one.keywords)
    ]
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    names = names[1:] if names[:1] == ["self"] else names
    return next((name for one, name in zip(passing, names, strict=False) if one is patch), None)


def _call(keyword: ast.keyword, nodes: tuple[ast.AST, ...]) -> ast.AST:
    """Return the call that *keyword* belongs to."""
    return nodes[nodes.index(keyword) + 1]


def _fixture(nodes: tuple[ast.AST, ...], target: ast.expr) -> str | None:
    """Return the name of the enclosing fixture that passes *target* to its tests."""
    block = next((one for one in nodes if isinstance(one, BLOCKS)), None)
    if block is None or not _is_fixture(block):
        return None
    root, dot, rest = ast.unparse(target).partition(".")
    given = any(ast.unparse(one) == root for one in results_of(block))
    return f"{block.name}{dot}{rest}" if given else None


def _is_fixture(block: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("fixture" in ast.unparse(one) for one in block.decorator_list)


def _function(nodes: tuple[ast.AST, ...]) -> str | None:
    block = next((one for one in nodes if isinstance(one, BLOCKS)), None)
    if block is None:
        return None
    return block.name if _is_fixture(block) else f"{block.name}()"


def _replaced(node: ast.AST) -> str | None:
    """Return what a patch or `setattr` replaces."""
    if not isinstance(node, ast.Call) or not is_patch(node.func):
        return None
    said = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
    if not said or type(said[0]) is not str:
        return None
    if isinstance(node.args[0], ast.Constant):
        return said[0]
    return f"{ast.unparse(node.args[0])}.{said[0]}"


# Without the watch on mocks


def _held(mock: object, frames: list[FrameType], item: Any) -> FileLine | None:
    """Return the line that assigns *mock* to a name: of a frame, of a module, of a fixture."""
    for frame in frames:
        code = frame.f_code
        if project_files.owner(code.co_filename, module_of(frame)) != "user":
            continue
        for name, value in list(frame.f_locals.items()):
            if value is mock and code.co_name != "<module>":
                blocks = parsed_files.enclosing(code.co_filename, line_at(frame))
                line = parsed_files.assigned(blocks[0], name) if blocks else None
                if line is not None:
                    return code.co_filename, line
        for name, value in list(frame.f_globals.items()):
            if value is mock:
                file, line = _global(code.co_filename, name)
                if line is not None:
                    return file, line
    return _of_fixture(mock, item)


def _global(filename: str, name: str) -> tuple[str, int | None]:
    module = parsed_files.tree(filename)
    return filename, parsed_files.own_lines(module, name) if module is not None else None


def _of_fixture(mock: object, item: Any) -> FileLine | None:
    for definition in fixtures.definitions(item).values() if item is not None else ():
        code = fixtures.users_code(definition)
        if fixture_tables.value_of(definition) is mock and code is not None:
            function = parsed_files.function_of(code)
            line = parsed_files.made_in(function) if function is not None else None
            return (code.co_filename, line) if line is not None else None
    return None


def _decorator(mock: object, item: Any) -> FileLine | None:
    """Return the `@patch` that passed *mock* to the test.

    The mock library's own frames keep no line of user code: the order of the arguments decides.
    """
    function = getattr(item, "obj", None)
    function = getattr(function, "__func__", function)
    patchings = getattr(function, "patchings", None)
    if type(patchings) is not list:
        return None
    code = user_code.function(function)
    block = parsed_files.function_of(code) if code else None
    if code is None or block is None:
        return None
    decorators = (one for one in reversed(block.decorator_list) if isinstance(one, ast.Call))
    said = [one for one in decorators if is_patch(one.func)]
    if len(said) == 1:
        return code.co_filename, said[0].lineno
    name = doubles.kind_of(mock) and objects.peek(mock, "_mock_name")
    for one in said:
        if type(name) is str and _last(one) == name:
            return code.co_filename, one.lineno
    return None


def _last(node: ast.Call) -> str:
    return (_replaced(node) or "").rpartition(".")[2]


# Identified by its coroutine


def fake_of(coroutine: object, look: Look) -> object | None:
    """Return the tests' `async def` behind a coroutine that was never awaited."""
    if type(coroutine) is not CoroutineType:
        return None
    code, frame = coroutine.cr_code, coroutine.cr_frame
    if frame is None or inspect.getcoroutinestate(coroutine) != inspect.CORO_CREATED:
        return None
    for put in look.puts:
        if type(put.double) is FunctionType and put.double.__code__ is code:
            return put.double
    if project_files.owner(code.co_filename) != "user" or not doubles.of_a_fake(code):
        return None
    return doubles.Fake(code, frame.f_locals.get(parameters.first(code) or "", UNKNOWN))


def _named_after(fake: doubles.Fake) -> object:
    """Return what a fake's method replaces: in a base of its class, or in the class it names."""
    name, kind = fake.code.co_name, type(fake.of)
    kinds = [one for one in objects.mro(kind) if not _defines(one, fake.code)]
    wanted = doubles.unprefixed(fake.code)
    for space in modules.spaces() if wanted else ():
        found: Any = space.held.get(wanted or "")
        kinds += [found] if objects.is_a(found, type) else []
    held = (objects.class_dict(one) for one in kinds)
    return next((one[name] for one in held if name in one), UNKNOWN)


def _defines(kind: type, code: CodeType) -> bool:
    held = objects.function_of(objects.class_dict(kind).get(code.co_name))
    return held is not None and held.__code__ is code


# Patched in


def puts(entries: Iterable[Entry]) -> list[Put]:
    """Return what patches had put in place when the test failed, the last first."""
    found = []
    for one in entries:
        owner, double, original = one.owner(), one.double(), one.original()
        if double is None and one.calls and one.site is not None:
            double = doubles.Gone(one.calls, one.site[:2])
        if owner is None or double is None:
            continue
        # the class has it, not the object; a bound method is gone right after it is read
        if one.added or original is None or objects.type_name(original).startswith("_pytest."):
            original = _of_class(owner, one.attribute)
        held = objects.own_dict(owner) if objects.is_module(owner) else owner
        found.append(Put(held, one.attribute, double, original, one.over, one.site))
    return found


def _of_class(owner: object, name: str) -> object | None:
    kinds = (objects.class_dict(kind) for kind in objects.mro(type(owner)))
    return next((kind[name] for kind in kinds if name in kind), None)


def patched(look: Look) -> Callable[[FunctionType], bool]:
    """Return a test of whether a patch put a function in place of another."""

    def asks(function: FunctionType) -> bool:
        return look.original(function) is not None or _said(function)

    return asks


def _said(function: FunctionType) -> bool:
    """Return whether a line in the function's own file patches with it."""
    if not project_files.of_tests(function.__code__.co_filename):
        return False
    module = parsed_files.tree(function.__code__.co_filename)
    for node in calls_in(module):
        if is_patch(node.func):
            handed = [*node.args[1:], *(one.value for one in node.keywords)]
            if any(isinstance(one, ast.Name) and one.id == function.__name__ for one in handed):
                return True
    return False


def spec(double: object) -> tuple[str | None, object]:
    """Return the class in the spec of the double's owner, and that class's own member."""
    (_, name), *rest = doubles.up(double)
    if not rest or not (found := doubles.spec_of(rest[0][0])):
        return None, UNKNOWN
    text, kind = found
    for base in objects.mro(kind):
        if (member := objects.class_dict(base).get(name, UNKNOWN)) is not UNKNOWN:
            return text, member
    return text, UNKNOWN


def real(double: object, look: Look) -> Literal["async", "sync"] | None:
    """Return whether a call of *double*'s original is async, if that is known."""
    _, member = spec(double) if objects.is_mock(double) else (None, UNKNOWN)
    if type(double) is doubles.Fake:
        member = _named_after(double)
    elif member is UNKNOWN:
        put = look.original(double)
        member = put.original if put is not None else UNKNOWN
    function = objects.function_of(member)
    if function is None:
        return None
    return "async" if function.__code__.co_flags & inspect.CO_COROUTINE else "sync"
