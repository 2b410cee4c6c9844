"""LC214: it names the line that sets a variable out of sight, and only if that line has run."""

import asyncio
import contextvars
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest

from loopcheck.case.live import Live
from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.tasks.lc214_lost_context import detect, fixes
from loopcheck.modes.tasks.lc214_lost_context.evidence import LostContext, find_lost_context
from loopcheck.process import failure
from loopcheck.records import ErrorRecord, Evidence, Place
from loopcheck.source.changes.edited_text import applied
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source

ERROR = ErrorRecord(
    type="LookupError", message="", module="shop", function="pay", raised="other", owner="user"
)
SEEN = LostContext(
    name="user",
    how="task",
    read_at=Place("shop.py", 9, "pay"),
    set_at=Place("shop.py", 4, "login"),
    set_by="login",
    written="asyncio.gather",
    runs="login",
    apart_at=Place("shop.py", 7, "start"),
)


def case(seen: LostContext | None, error: ErrorRecord = ERROR) -> Evidence:
    return Evidence.knowing({find_lost_context: seen}, errors=(error,))


def test_the_call_that_starts_the_task_is_the_line_to_change() -> None:
    [found] = diagnose(case(SEEN))
    assert (found.code, found.certainty, found.where) == ("LC214", "certain", SEEN.apart_at)
    assert found.what == (
        "shop.py:4 sets `user` in a task of its own (`asyncio.gather` at shop.py:7), so shop.py:9"
        " does not find it."
    )
    assert found.fix.startswith("Await `login` at shop.py:7 without a task of its own.")
    assert not found.remedy


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("thread", "return the value"),
        ("older task", "Pass the value of `user` along"),
        ("reader's thread", "asyncio.to_thread"),
        ("fixture", "`async def`"),
        ("class set-up", "`asyncSetUp`"),
        ("lifespan", "`app.state`"),
        ("dependency", "`async def`"),
        ("reset", "in one task"),
        ("middleware", "`request.state`"),
    ],
)
def test_the_fix_is_about_what_ran_elsewhere(how: Any, words: str) -> None:
    [found] = detect(case(replace(SEEN, how=how)))
    assert words in found.fix


@pytest.mark.parametrize("how", ["older task", "reader's thread", "fixture", "middleware"])
def test_a_call_that_no_frame_shows_is_left_out(how: Any) -> None:
    [found] = detect(case(replace(SEEN, how=how, written="", apart_at=None)))
    assert "None" not in f"{found.what} {found.why} {found.fix}"
    assert found.where == (SEEN.read_at if how == "older task" else SEEN.set_at)


@pytest.mark.parametrize(
    "error",
    [
        replace(ERROR, type="KeyError", owner="library"),
        replace(ERROR, type="PermissionError"),
        replace(ERROR, type="ValueError", message="no such user"),
        replace(ERROR, type="AttributeError", message="'Shop' object has no attribute 'pay'"),
        replace(ERROR, type="AssertionError", owner="library"),
    ],
)
def test_another_error_asks_nothing(error: ErrorRecord) -> None:
    assert not list(detect(case(SEEN, error)))


# What is read of real errors

user: ContextVar[str] = ContextVar("user")
unused: ContextVar[str] = ContextVar("unused")


async def login(name: str = "ada") -> None:
    await asyncio.sleep(0)
    user.set(name)


def log_in() -> None:
    user.set("ada")


def log_out(token: contextvars.Token[str]) -> None:
    user.reset(token)


def read() -> str:
    return user.get()


def look(run: Any) -> LostContext | None:
    """Return what is read of the error that *run* raises, in a context of its own."""

    def in_context() -> Any:
        return asyncio.run(run()) if asyncio.iscoroutinefunction(run) else run()

    with pytest.raises((LookupError, ValueError)) as raised:
        contextvars.copy_context().run(in_context)
    links = tuple(failure.chain(raised.value))
    labels = Labels(str(Path(__file__).parent))
    return find_lost_context(Live(raised.value, links, None, "call", labels, None))


def lost() -> Iterator[Any]:
    async def in_a_group() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(login())
        read()

    async def in_gather() -> None:
        await asyncio.gather(login(), asyncio.sleep(0))
        user.get()

    async def in_a_helper_of_the_task() -> None:
        async def start() -> None:
            await login("bob")

        await asyncio.create_task(start())
        read()

    def in_a_loop_of_its_own() -> None:
        asyncio.run(login())
        read()

    yield from ((one, "task") for one in (in_a_group, in_gather, in_a_helper_of_the_task))
    yield in_a_loop_of_its_own, "task"

    async def in_a_thread() -> None:
        await asyncio.to_thread(log_in)
        read()

    def in_a_bare_thread() -> None:
        thread = threading.Thread(target=log_in)
        thread.start()
        thread.join()
        read()

    yield from ((one, "thread") for one in (in_a_thread, in_a_bare_thread))

    def in_a_copy() -> None:
        contextvars.copy_context().run(log_in)
        read()

    yield in_a_copy, "context"

    async def read_in_an_executor() -> None:
        await login()
        await asyncio.get_running_loop().run_in_executor(None, read)

    def read_in_a_pool() -> None:
        log_in()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(read).result()

    yield from ((one, "reader's thread") for one in (read_in_an_executor, read_in_a_pool))

    async def read_in_an_older_task() -> None:
        async def work() -> None:
            await asyncio.sleep(0)
            read()

        task = asyncio.create_task(work())
        log_in()
        await task

    yield read_in_an_older_task, "older task"

    def reset_elsewhere() -> None:
        token = user.set("ada")

        def log_out() -> None:
            user.reset(token)

        contextvars.copy_context().run(log_out)

    yield reset_elsewhere, "reset"


@pytest.mark.parametrize(("run", "how"), [*lost()], ids=lambda one: getattr(one, "__name__", one))
def test_what_sets_it_in_another_context_is_found(run: Any, how: str) -> None:
    seen = look(run)
    assert seen is not None
    assert (seen.how, seen.name) == (how, "user")


def not_lost() -> Iterator[Any]:
    async def nobody_sets_it() -> None:
        await asyncio.gather(asyncio.sleep(0))
        read()

    async def only_another_one_is_set() -> None:
        unused.set("x")
        await asyncio.get_running_loop().run_in_executor(None, read)

    async def set_in_a_branch() -> None:
        async def maybe(name: str) -> None:
            if name:
                user.set(name)

        await asyncio.gather(maybe(""))
        read()

    async def set_in_a_loop() -> None:
        async def each(*names: str) -> None:
            for name in names:
                user.set(name)

        await asyncio.gather(each())
        read()

    async def taken_back() -> None:
        token = user.set("ada")
        user.reset(token)
        await asyncio.get_running_loop().run_in_executor(None, read)

    async def taken_back_in_the_task() -> None:
        async def scoped() -> None:
            token = user.set("ada")
            try:
                await asyncio.sleep(0)
            finally:
                user.reset(token)

        await asyncio.gather(scoped())
        read()

    async def taken_back_by_a_helper() -> None:
        token = user.set("ada")
        log_out(token)
        await asyncio.get_running_loop().run_in_executor(None, read)

    yield taken_back_by_a_helper

    async def not_yet_set() -> None:
        read()
        await asyncio.gather(login())

    async def never_awaited_in_between() -> None:
        started = login()
        started.close()
        read()

    async def a_lookup_error_of_its_own() -> None:
        await asyncio.gather(login())
        raise LookupError("user")

    yield from (nobody_sets_it, only_another_one_is_set, set_in_a_branch, set_in_a_loop)
    yield from (taken_back, taken_back_in_the_task, not_yet_set, never_awaited_in_between)
    yield a_lookup_error_of_its_own


@pytest.mark.parametrize("run", [*not_lost()], ids=lambda one: one.__name__)
def test_what_no_other_context_has_is_left_alone(run: Any) -> None:
    assert look(run) is None


# A default hides the loss

tenant: ContextVar[str | None] = ContextVar("tenant", default=None)


class Refused(Exception):
    pass


async def enter() -> None:
    tenant.set("acme")


async def enter_and_use() -> str:
    tenant.set("acme")
    return current()


def tenant_or_none() -> str | None:
    return tenant.get(None)


def current() -> str:
    found = tenant_or_none()
    if found is None:
        raise Refused
    return found


def title() -> str:
    return f"of {tenant.get()}"


def look_behind_default(run: Any) -> LostContext | None:
    """Return what is read of the error that *run* raises where a default lets it go on."""
    with pytest.raises((Refused, AssertionError)) as raised:
        contextvars.copy_context().run(lambda: asyncio.run(run()))
    links = tuple(failure.chain(raised.value))
    labels = Labels(str(Path(__file__).parent))
    return find_lost_context(Live(raised.value, links, None, "call", labels, None))


def lost_behind_default() -> Iterator[Any]:
    async def refused() -> None:
        await asyncio.create_task(enter())
        current()

    async def refused_in_an_else() -> None:
        await asyncio.gather(enter())
        if tenant.get():
            current()
        else:
            raise Refused

    async def refused_after_a_return() -> None:
        await asyncio.gather(enter())
        found = tenant.get()
        if found is not None:
            return
        raise Refused

    yield from ((one, False) for one in (refused, refused_in_an_else, refused_after_a_return))

    async def compared() -> None:
        await asyncio.create_task(enter())
        assert title() == "of acme"

    async def compared_by_a_name() -> None:
        await asyncio.create_task(enter())
        found = title()
        assert found == "of acme"

    yield from ((one, True) for one in (compared, compared_by_a_name))


@pytest.mark.parametrize(
    ("run", "returned"), [*lost_behind_default()], ids=lambda one: getattr(one, "__name__", one)
)
def test_a_default_does_not_hide_what_another_context_has(run: Any, returned: bool) -> None:
    seen = look_behind_default(run)
    assert seen is not None
    assert (seen.how, seen.name, seen.returned) == ("task", "tenant", returned)


def not_lost_behind_default() -> Iterator[Any]:
    async def set_after_the_read() -> None:
        found = tenant.get()
        await asyncio.create_task(enter())
        if found is None:
            raise Refused

    async def either_way_refused() -> None:
        await asyncio.create_task(enter())
        if tenant.get() is not None:
            raise Refused
        raise Refused

    async def refused_for_something_else() -> None:
        await asyncio.create_task(enter())
        if tenant.get() is None or title():
            raise Refused

    async def each_for_itself() -> None:
        await asyncio.create_task(enter_and_use())
        current()

    async def two_at_once() -> None:
        await asyncio.gather(enter(), enter())
        current()

    async def set_in_this_task() -> None:
        await asyncio.create_task(enter())
        await enter()
        assert title() == "of nobody"

    async def the_default_is_expected() -> None:
        await asyncio.create_task(enter())
        assert title() == "title of None"

    async def read_in_another_task() -> None:
        await asyncio.create_task(enter())
        assert await asyncio.to_thread(title) == "of acme"

    yield from (set_after_the_read, either_way_refused, refused_for_something_else)
    yield from (each_for_itself, two_at_once, set_in_this_task, the_default_is_expected)
    yield read_in_another_task


@pytest.mark.parametrize("run", [*not_lost_behind_default()], ids=lambda one: one.__name__)
def test_a_default_that_no_other_context_explains_is_left_alone(run: Any) -> None:
    assert look_behind_default(run) is None


def test_wait_for_has_a_task_of_its_own_before_python_3_12() -> None:
    async def refused() -> None:
        await asyncio.wait_for(enter(), 5)
        current()
        raise Refused

    seen = look_behind_default(refused)
    if sys.version_info >= (3, 12):
        assert seen is None
        return
    assert seen is not None
    [found] = detect(case(seen))
    assert found.fix.startswith("Await `enter` at ")
    assert "asyncio.timeout" in found.fix


def test_what_no_frame_shows_is_likely() -> None:
    [found] = detect(case(replace(SEEN, returned=True)))
    assert found.certainty == "likely"


def test_the_line_to_change_of_a_dependency_is_its_def() -> None:
    defined = Place("shop.py", 3, "login")
    [found] = detect(case(replace(SEEN, how="dependency", apart_at=None, defined_at=defined)))
    assert found.where == defined


# Edits


def copied(line: str, written: str) -> str:
    text = f"async def go():\n    {line}\n"
    source = Source("shop.py", text)
    return applied(text, fixes._copied(source, 2, written).changes).splitlines()[-1].strip()


def test_an_executor_of_the_project_runs_the_function_in_a_copy_of_the_context() -> None:
    line = "return await loop.run_in_executor(pool, read, 1)"
    assert copied(line, "loop.run_in_executor") == (
        "return await loop.run_in_executor(pool, contextvars.copy_context().run, read, 1)"
    )
    assert copied("job = pool.submit(read)", "pool.submit") == (
        "job = pool.submit(contextvars.copy_context().run, read)"
    )


def test_the_loops_own_executor_is_replaced_by_to_thread() -> None:
    line = "job = await loop.run_in_executor(None, read, 1)"
    assert copied(line, "loop.run_in_executor") == "job = await asyncio.to_thread(read, 1)"
    assert "copy_context" in copied(line.replace("await ", ""), "loop.run_in_executor")


@pytest.mark.parametrize("line", ["pool.submit(*work)", "pool.map(read, [1])", "read()"])
def test_a_function_that_is_not_given_by_itself_has_no_edit(line: str) -> None:
    with pytest.raises(NoSplice):
        copied(line, line.partition("(")[0])


def test_only_a_task_that_is_awaited_at_once_is_awaited_without_one() -> None:
    text = "async def go():\n    await asyncio.create_task(login(), name='l')\n"
    change = fixes._awaited(Source("shop.py", text), 2, "asyncio.create_task")
    assert applied(text, [change]).endswith("    await login()\n")
    with pytest.raises(NoSplice):
        fixes._awaited(Source("shop.py", text.replace("await ", "t = ")), 2, "asyncio.create_task")
