"""Odd objects get through every probe of registries, pools, patches and settings.

Nothing of theirs is called, nothing raises, and nothing takes long.
"""

import asyncio
import sys
import time
import types
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import aiohttp
import asyncpg  # type: ignore[import-untyped]
import prometheus_client
import pytest
import redis.asyncio
import sqlalchemy.pool
import valkey.asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from loopcheck.case import failure_evidence
from loopcheck.labels import Labels
from loopcheck.process import object_names
from loopcheck.process.bound_objects import read_bound
from loopcheck.process.databases.pools import read_pools
from loopcheck.process.growing_containers import Grown
from loopcheck.process.loops import loop_records
from loopcheck.process.patches.active_patches import read_patches
from loopcheck.process.registries import read_registries
from loopcheck.records import LoopRecord
from loopcheck.runner.config import read_config
from loopcheck.source.coroutines import warnings_as_errors
from loopcheck.watch import patches as patch_watch

pytestmark = pytest.mark.filterwarnings("ignore:Inheritance class Odd from")  # aiohttp's

CALLED: list[str] = []


def _refuse(self: object, *args: object, **kwargs: object) -> Any:
    CALLED.append(type(self).__name__)
    raise AssertionError("the probe ran code of the user's")


SPECIAL = (
    *("__getattribute__", "__getattr__", "__repr__", "__str__", "__hash__", "__eq__", "__iter__"),
    *("__len__", "__bool__", "__contains__", "__getitem__", "__call__", "__dir__", "__index__"),
)
QUIET: dict[str, Any] = {"__del__": lambda self: None}  # what a library does at the end is its own
REFUSED: dict[str, Any] = dict.fromkeys(SPECIAL, _refuse) | QUIET


class Liar:
    """Claims to be whatever one looks for."""

    def __init__(self, kind: type) -> None:
        object.__setattr__(self, "kind", kind)

    __class__ = property(_refuse)
    __dict__ = property(_refuse)


class Slots:
    __slots__ = ("_holders", "empty", "pool")

    def __init__(self) -> None:
        self.pool = self


def half_built(base: Any, methods: dict[str, Any]) -> Any:
    """Return an object of a subclass of *base*, made past its `__init__`."""
    kind: Any = types.new_class("Odd", (base,), exec_body=lambda space: space.update(methods))
    return base.__new__(kind)


def trap(base: type = object, **kept: object) -> Any:
    """Return an object whose every method refuses."""
    made = half_built(base, REFUSED)
    spaces = (vars(kind) for kind in type(made).__mro__)
    own: Any = next(space["__dict__"] for space in spaces if "__dict__" in space)
    own.__get__(made).update(kept)
    return made


KINDS: tuple[Any, ...] = (
    valkey.asyncio.Valkey,
    valkey.asyncio.ConnectionPool,
    valkey.asyncio.BlockingConnectionPool,
    redis.asyncio.Redis,
    redis.asyncio.ConnectionPool,
    asyncpg.Pool,
    asyncpg.Connection,
    aiohttp.ClientSession,
    aiohttp.TCPConnector,
    AsyncEngine,
    sqlalchemy.pool.QueuePool,
    sqlalchemy.pool.AsyncAdaptedQueuePool,
    sqlalchemy.pool.StaticPool,
    sqlalchemy.pool.NullPool,
    prometheus_client.CollectorRegistry,
    prometheus_client.Counter,
    pytest.MonkeyPatch,
)
POOL_FIELDS = (
    *("_in_use_connections", "_available_connections", "max_connections", "_holders", "_loop"),
    *("_conns", "_acquired", "_limit", "_pool", "_overflow", "_max_overflow", "connection"),
    *("_collector_to_names", "_setattr", "_closed", "_condition", "_lock", "_maxsize"),
)


class Kept:
    pass


KEPT = Kept()


class OddType(type):
    """Refuses what may be asked of a class."""

    __hash__ = __eq__ = __getattribute__ = __instancecheck__ = __subclasscheck__ = _refuse


ODD = OddType("Odd", (), {})


def odd() -> Iterator[object]:
    """Yield objects of which each breaks one habit that a reader may have."""
    ring: list[object] = []
    ring.append(ring)
    yield ring
    yield from (Slots(), trap(), trap(dict), trap(list), trap(set), mock.MagicMock(), mock.Mock())
    yield from (weakref.proxy(KEPT), weakref.ref(KEPT), types.ModuleType("empty"), object())
    yield from ([(n,) for n in range(300_000)], {n: [n] for n in range(100_000)})
    for kind in KINDS:
        yield half_built(kind, QUIET)
        yield Liar(kind)
        yield mock.MagicMock(spec=kind)
        yield mock.NonCallableMagicMock(spec=kind)
        for value in (trap(), mock.MagicMock(), Slots(), object(), 3, trap(dict), trap(list)):
            yield trap(kind, **dict.fromkeys(POOL_FIELDS, value))


@pytest.fixture(scope="module")
def things() -> list[object]:
    return list(odd())


@pytest.fixture(autouse=True)
def nothing_is_called(tmp_path: Path) -> Iterator[None]:
    CALLED.clear()
    before = set(sys.modules)
    began = time.process_time()
    yield
    assert CALLED == []
    assert set(sys.modules) == before
    assert time.process_time() - began < 60  # a walk without an end would not be back at all


LABELS = Labels("/")


def in_words(loop: asyncio.AbstractEventLoop) -> LoopRecord:
    return loop_records.read_loop(loop, LABELS)


def roots(things: list[object]) -> list[tuple[str, object]]:
    return [(f"odd{number:03}", thing) for number, thing in enumerate(things)]


def test_there_are_two_hundred_of_them(things: list[object]) -> None:
    assert len(things) > 180


def test_pools_are_read_past_odd_objects(things: list[object]) -> None:
    real: Any = valkey.asyncio.Valkey()
    found = read_pools([*roots(things), ("real", real)], LABELS, in_words)
    assert "real" in {one.subject.name for one in found}
    for one in found:
        assert {type(one.in_use), type(one.free), type(one.most)} <= {int, type(None)}


def test_the_heap_is_scanned_past_odd_objects(things: list[object]) -> None:
    real: Any = valkey.asyncio.ConnectionPool()
    found = read_pools([], LABELS, in_words, deep=True)
    assert "ConnectionPool" in {one.subject.name for one in found}
    assert real is not None


def test_pools_of_odd_parts_in_a_global_of_the_users_are_read(things: list[object]) -> None:
    pool: Any = valkey.asyncio.ConnectionPool()
    for field in POOL_FIELDS[:3]:
        for thing in things:
            vars(pool)[field] = thing
            [one] = read_pools([("pool", pool)], LABELS, in_words)
            assert one.subject.name == "pool"


def test_registries_are_read_past_odd_objects(things: list[object]) -> None:
    loops = []
    for thing in things:
        loop = asyncio.new_event_loop()
        loop.close()
        vars(loop)["_exception_handler"] = vars(loop)["_signal_handlers"] = thing
        loops.append(loop)
    read_registries(loops, LABELS, in_words)
    read_registries([], LABELS, in_words, roots(things), everything=True)


def test_odd_collectors_are_registered_and_read(things: list[object]) -> None:
    registry = prometheus_client.CollectorRegistry()
    keyed: list[Any] = [thing for thing in things if type(thing).__hash__ is object.__hash__]
    registry._collector_to_names.update({key: [trap(), "name"] for key in keyed})
    found = read_registries([], LABELS, in_words, [("registry", registry)])
    assert len([one for one in found if "in registry" in (one.detail or "")]) >= len(keyed)


def test_odd_globals_of_a_users_module_are_read_past(
    things: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.ModuleType("odd_module")
    vars(module).update(roots(things), __file__=f"{tmp_path}/odd_module.py")
    monkeypatch.setitem(sys.modules, "odd_module", module)
    target = types.ModuleType("target")
    vars(target)["thing"] = print
    with mock.patch.object(target, "thing"):
        read_patches(LABELS, deep=True)
    read_registries([], LABELS, in_words)
    read_config(tmp_path, LABELS)
    vars(module).clear()
    vars(module)["__name__"] = "odd_module"


def test_odd_globals_are_passed_where_containers_are_counted(
    things: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.ModuleType("odd_module")
    vars(module).update(roots(things), __file__=f"{tmp_path}/odd_module.py", there=[1])
    grown = Grown()
    grown.new_modules.names()  # the tests' own modules have containers, too
    monkeypatch.setitem(sys.modules, "odd_module", module)
    grown.find()
    grown.begin(1)
    grown.set_up()
    ways = [story.way for story in grown.stories]
    assert ("there",) in ways
    vars(module).clear()
    vars(module)["__name__"] = "odd_module"


def test_who_patches_an_odd_object_does_not_have_it_asked() -> None:
    assert not patch_watch._is_own(Liar(type))


@pytest.mark.parametrize("kind", [type, dict, Exception])
def test_odd_values_of_a_failing_line_are_read_past(kind: type) -> None:
    liar = Liar(kind)
    with pytest.raises(AssertionError) as raised:
        assert all([None, liar, {"liar": liar}["liar"]])
    failure_evidence.of_failure(raised.value, LABELS)


def test_an_odd_error_is_read_past() -> None:
    class Odd(Exception):
        __class__ = property(_refuse)

    for error in (Odd("it is there"), ExceptionGroup("several", [Odd("there"), Odd("here")])):
        try:
            raise error
        except Exception as caught:
            failure_evidence.of_failure(caught, LABELS)
            warnings_as_errors.of(caught)


def test_patches_of_odd_objects_are_read(things: list[object]) -> None:
    for some in (things[at : at + 20] for at in range(0, len(things), 20)):
        monkey = pytest.MonkeyPatch()
        monkey._setattr.extend((thing, "name", thing) for thing in some)
        odd = {f"odd {number}": thing for number, thing in enumerate(some)}
        read_patches(LABELS, types.SimpleNamespace(funcargs={"monkeypatch": monkey, **odd}))
        monkey._setattr.clear()


def test_odd_monkeypatches_and_items_are_read(things: list[object]) -> None:
    for thing in things:
        read_patches(LABELS, thing)
        monkey = pytest.MonkeyPatch()
        vars(monkey)["_setattr"] = [thing]
        read_patches(LABELS, types.SimpleNamespace(funcargs={"monkeypatch": monkey}))


def test_a_class_whose_metaclass_refuses_is_read_past(tmp_path: Path) -> None:
    things = roots([ODD, type.__call__(ODD), [ODD]])
    read_pools([*things, ("real", valkey.asyncio.Valkey())], LABELS, in_words)  # type: ignore[no-untyped-call,unused-ignore]
    read_registries([], LABELS, in_words, things)
    read_patches(LABELS, ODD)
    called = list(CALLED)
    CALLED.clear()
    assert called == []


def test_odd_objects_under_names_are_read_past_for_loops(things: list[object]) -> None:
    loop = asyncio.new_event_loop()
    future = loop.create_future()
    found = read_bound([*roots(things), ("real", [future])], LABELS, in_words)
    assert [one.subject.name for one in found if one.subject.name.startswith("real")] == ["real[0]"]
    loop.close()


def test_odd_objects_are_searched_for_a_name_without_being_asked(things: list[object]) -> None:
    target = object()
    kept = [
        object_names.Root(name=f"odd_{number}", value=[thing], keeper="global", filename=__file__)
        for number, thing in enumerate(things)
    ]
    kept.append(
        object_names.Root(name="real", value={"x": target}, keeper="global", filename=__file__)
    )
    way = object_names.find(kept, [target])
    assert way is not None
    assert way.name == "real['x']"
