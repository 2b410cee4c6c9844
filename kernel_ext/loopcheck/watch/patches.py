"""Which line patched what, and which patches were undone before anything could look.

`with patch(…)` and `@patch` are undone by the very error that they explain, and leave no trace. So
we record what a patch replaced when it is undone, by weak references: nothing lives longer because
of it. We never import `unittest.mock` for this, and hook it only once other code has imported it.
"""

from __future__ import annotations

import sys
import weakref
from collections import deque
from collections.abc import Callable, Collection, Iterator
from functools import wraps
from types import CodeType, FunctionType
from typing import Any

from loopcheck.process import objects
from loopcheck.process.frames import module_of
from loopcheck.process.patches import patch_scopes
from loopcheck.process.patches.replaced import MOCKS, By, Entry, Ref, Site
from loopcheck.source import project_files
from loopcheck.watch import faults
from loopcheck.watch.hooks import Counted, Undo, step_aside
from loopcheck.watch.loops import LEDGER

KEPT = 200  # patches that one test has undone
DEEPEST = 60  # frames between a patch and the user's line
CLEANS = frozenset({"doCleanups", "_callTearDown", "_callCleanup"})
UNITTEST = ("unittest.case", "unittest.async_case")
MONKEY = "_pytest.monkeypatch"
MONKEY_OUT = f"{MONKEY} out"  # hooked once a test has patched something
_OWN = frozenset({"_pytest", "pytest", "pytest_asyncio", "pluggy"})


_sites: dict[int, tuple[Ref, Site | None, CodeType | None]] = {}  # by the id of a mock's patch
_started: dict[int, int] = {}  # by that id: the test whose own lines started it
_monkeys: dict[int, tuple[Ref, dict[int, Site | None]]] = {}
undone: deque[Entry] = deque(maxlen=KEPT)  # in the test that runs
_passed: set[type] = set()  # types of frameworks that patch their own objects
_executors: deque[Entry] = deque(maxlen=20)  # a loop keeps the pool that it received
_hooked: dict[str, Undo] = {}


def _hook() -> Undo:
    """Hook what is loaded now; `loaded` hooks the rest."""
    loaded()
    return _leave


install = Counted(_hook).install


def _leave() -> None:
    while _hooked:
        _hooked.popitem()[1]()
    for kept in (_sites, _started, _monkeys):
        kept.clear()
    _executors.clear()
    undone.clear()


def begin() -> None:
    """Start recording for a new test, after one that has undone patches."""
    undone.clear()


def loaded() -> None:
    """Hook what is loaded now."""
    if len(_hooked) <= len(MOCKS):
        for name in MOCKS:
            if name not in _hooked and name in sys.modules:
                kind = getattr(sys.modules[name], "_patch", None)
                if isinstance(kind, type):
                    _hooked[name] = _around(kind, "__enter__", after=_entered)
                    _hooked[f"{name} out"] = _around(kind, "__exit__", before=_left)
        if MONKEY not in _hooked and MONKEY in sys.modules:
            monkey = sys.modules[MONKEY].MonkeyPatch
            _hooked[MONKEY] = _around(monkey, "setattr", after=_set, passed=_passed)


def _around(
    kind: type,
    name: str,
    before: Callable[..., None] | None = None,
    after: Callable[..., None] | None = None,
    passed: Collection[type] = (),
) -> Undo:
    """Let *before* and *after* see each call of a method except those for an object of *passed*."""
    theirs = kind.__dict__[name]
    active = True

    @wraps(theirs)
    def ours(self: Any, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True  # like pytest's own: a failure points at the user's line
        noting = active and not (args and type(args[0]) in passed)
        if noting and before is not None:
            try:
                before(self, args)
            except Exception:  # our code must never break the user's test
                faults.note()
        try:
            result = theirs(self, *args, **kwargs)
        except BaseException as error:
            step_aside(error)
            raise
        if noting and active and after is not None:
            try:
                after(self, args)
            except Exception:
                faults.note()
        return result

    setattr(kind, name, ours)

    def undo() -> None:
        nonlocal active
        active = False  # if other code has wrapped after us, ours stays as a pass-through
        if kind.__dict__.get(name) is ours:
            setattr(kind, name, theirs)

    return undo


# What is recorded


def _entered(patch: Any, args: object) -> None:
    site, decorated = _site()
    _sites[id(patch)] = (weakref.ref(patch), site, decorated)
    _started.pop(id(patch), None)
    if sys._getframe(2).f_code.co_name == "start" and patch_scopes.is_for_one_test(
        sys._getframe(2)
    ):
        _started[id(patch)] = LEDGER.moment
    if patch.attribute.endswith("PoolExecutor"):
        _executors.extend(_entry(patch, site, decorated))


def _left(patch: Any, args: tuple[object, ...]) -> None:
    kept = _sites.pop(id(patch), None)
    if kept is None or "temp_original" not in patch.__dict__:
        return
    error = args[1] if len(args) > 1 else None
    if not _machinery(patch.target):
        noted = _of_mock(patch, kept[1], kept[2], over=True, error=_id(error))
        noted.late = error is None and _cleaning_up()
        undone.append(noted)


def _cleaning_up() -> bool:
    """Return whether unittest is tearing a test down: it does so before the test is reported."""
    frame = sys._getframe(3)
    for _ in range(DEEPEST):
        if frame is None:
            break
        if frame.f_code.co_name in CLEANS and module_of(frame) in UNITTEST:
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


def _set(monkey: Any, args: tuple[object, ...]) -> None:
    if args and _is_own(args[0]):
        return
    if MONKEY_OUT not in _hooked:
        _hooked[MONKEY_OUT] = _around(sys.modules[MONKEY].MonkeyPatch, "undo", before=_unset)
    ref, sites = _monkeys.setdefault(id(monkey), (weakref.ref(monkey), {}))
    if ref() is not monkey:
        sites = {}
        _monkeys[id(monkey)] = (weakref.ref(monkey), sites)
    sites[len(monkey._setattr) - 1] = _site()[0]
    if str(monkey._setattr[-1][1]).endswith("PoolExecutor"):
        _executors.append([*_of_monkey(monkey)][-1])


def _is_own(target: object) -> bool:
    """Return whether frameworks patch their own objects there, as pytest-asyncio for each test."""
    kind = target if objects.is_a(target, type) else type(target)
    own = objects.module_of(kind).partition(".")[0] in _OWN
    if own and kind is not target:
        _passed.add(kind)
    return own


def _unset(monkey: Any, args: object) -> None:
    if id(monkey) not in _monkeys:
        return
    undone.extend(_of_monkey(monkey, over=True, error=_id(sys.exc_info()[1])))
    _monkeys.pop(id(monkey), None)


def _id(error: object) -> int | None:
    return id(error) if error is not None else None


def _site() -> tuple[Site | None, CodeType | None]:
    """Return the user's line that patches, or the function that `@patch` decorates."""
    frame = sys._getframe(3)
    for _ in range(DEEPEST):
        if frame is None:
            break
        code, module = frame.f_code, module_of(frame)
        if code.co_name == "decoration_helper" and module in MOCKS:
            return None, objects.code_of(frame.f_locals.get("patched"))
        if module not in MOCKS and project_files.owner(code.co_filename, module) == "user":
            return (code.co_filename, frame.f_lineno, code.co_name), None
        frame = frame.f_back  # type: ignore[assignment]
    return None, None


# What other code reads


def seen(monkeys: Iterator[object]) -> Iterator[Entry]:
    """Yield the active patches, then those that this test has undone. *monkeys* are known ones.

    Patches that were started before our hook are known only to `unittest.mock`, without their line.
    """
    known = set()
    for name in MOCKS:
        kind = getattr(sys.modules.get(name), "_patch", None)
        started = kind.__dict__.get("_active_patches") if isinstance(kind, type) else None
        for patch in list(started) if type(started) is list else ():
            if id(patch) not in _sites and not _machinery(objects.peek(patch, "target")):
                known.add(id(patch))
                yield from _entry(patch, None, None)
    for key, (ref, site, decorated) in list(_sites.items()):
        if (patch := ref()) is None:
            _sites.pop(key, None)
        elif key not in known and not _machinery(objects.peek(patch, "target")):
            yield from _entry(patch, site, decorated)
    there = [ref() for ref, _ in list(_monkeys.values())]
    for monkey in {id(one): one for one in [*there, *monkeys] if one is not None}.values():
        yield from _of_monkey(monkey)
    yield from reversed(undone)


def left_by_tests() -> Iterator[tuple[Entry, int]]:
    """Yield the active patches that earlier tests started, and those tests by their numbers."""
    for key, moment in list(_started.items()):
        ref, site, decorated = _sites.get(key, (lambda: None, None, None))
        patch = ref()
        if patch is None or site is None:
            _started.pop(key, None)
        elif moment < LEDGER.moment:
            yield from ((one, moment) for one in _entry(patch, site, decorated))


def executors() -> tuple[Entry, ...]:
    """Return the thread pools that were replaced in this run, by this test or before."""
    return tuple(_executors)


def _entry(patch: Any, site: Site | None, decorated: CodeType | None) -> Iterator[Entry]:
    if "temp_original" in patch.__dict__:
        yield _of_mock(patch, site, decorated)


def _of_mock(
    patch: Any,
    site: Site | None,
    decorated: CodeType | None,
    *,
    over: bool = False,
    error: int | None = None,
) -> Entry:
    given = patch.__dict__
    return _made(
        given["target"],
        given["attribute"],
        given["temp_original"],
        by="unittest.mock",
        site=site,
        decorated=decorated,
        over=over,
        error=error,
    )


def _of_monkey(monkey: Any, *, over: bool = False, error: int | None = None) -> Iterator[Entry]:
    ref, sites = _monkeys.get(id(monkey), (None, dict[int, Site | None]()))
    sites = sites if ref is not None and ref() is monkey else {}
    # `_setitem` is never read: for `setenv` it holds the whole environment
    for index, (owner, attribute, original) in enumerate(list(monkey._setattr)):
        if not _machinery(owner) and type(attribute) is str:
            yield _made(
                owner,
                attribute,
                original,
                by="monkeypatch",
                site=sites.get(index),
                over=over,
                error=error,
            )


def _made(
    owner: object,
    attribute: str,
    original: object,
    *,
    by: By,
    site: Site | None,
    decorated: CodeType | None = None,
    over: bool,
    error: int | None,
) -> Entry:
    double = standing(owner, attribute)
    named = type(original).__name__
    return Entry(
        owner=_weak(owner),
        attribute=attribute,
        original=_weak(original),
        # a double that an error removes often has no other reference, and explains the error
        double=_weak(double) if error is None else lambda: double,
        by=by,
        site=site,
        decorated=decorated,
        kind=objects.type_name(double).rpartition(".")[2],
        calls=calls(double),
        code=objects.code_of(double),
        added=named in ("_SentinelObject", "NotSetType", "Notset", "NotSet"),
        over=over,
        error=error,
    )


def standing(owner: object, attribute: str) -> object:
    """Return the value of that name now, without running code of the owner."""
    if objects.is_module(owner):
        return vars(owner).get(attribute)
    if objects.is_a(owner, type):
        return objects.class_dict(owner).get(attribute)
    return objects.peek(owner, attribute)


def calls(double: object) -> int | None:
    """Return how often *double* was called, None if it is no mock and counts nothing."""
    if type(double) is FunctionType:  # of `create_autospec`
        double = vars(double).get("mock")
    known = any(objects.module_of(k) in MOCKS for k in objects.mro(type(double)))
    count = objects.peek(double, "_mock_call_count") if known else None
    if type(count) is int:
        return count
    inner = objects.peek(double, "_mock_delegate") if known else None
    return calls(inner) if inner is not None and inner is not double else None


def _machinery(owner: object) -> bool:
    """Return whether a framework patched itself: pytest-mock patches all mock classes."""
    if objects.is_module(owner):
        name = str(vars(owner).get("__name__", ""))
    elif objects.is_a(owner, type):
        name = objects.module_of(owner)
        if name in MOCKS:
            return True
    else:
        name = objects.module_of(type(owner))
    return name.partition(".")[0] in _OWN


def _weak(thing: object) -> Ref:
    try:
        return weakref.ref(thing)
    except TypeError:  # None, a number, a text: keeping these alive harms nothing
        return lambda: thing
