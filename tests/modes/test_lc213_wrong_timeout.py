"""LC213: it names the limit that ran out and the one that the handler is about, or nothing."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from loopcheck.case.live import Live
from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.tasks.lc213_wrong_timeout import detect, fixes, limit_lines
from loopcheck.modes.tasks.lc213_wrong_timeout.evidence import WrongTimeout, find_wrong_timeout
from loopcheck.process import failure
from loopcheck.records import ErrorRecord, Evidence, Place
from loopcheck.source.changes.edited_text import applied
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source
from loopcheck.watch import swallowed
from loopcheck.watch.hooks import together
from loopcheck.watch.limits import timeouts

ERROR = ErrorRecord(
    type="shop.Closed", message="", module="shop", function="buy", raised="raise", owner="user"
)
LATE = replace(ERROR, type="TimeoutError", owner="library")
SEEN = WrongTimeout(
    how="taken",
    fired="asyncio.timeout(1)",
    fired_at=Place("db.py", 4, "read"),
    other="asyncio.timeout(5)",
    other_at=Place("shop.py", 7, "buy"),
    handler="except TimeoutError",
    handler_at=Place("shop.py", 9, "buy"),
    block="async with",
)


def case(seen: WrongTimeout | None, *errors: ErrorRecord) -> Evidence:
    return Evidence.knowing({find_wrong_timeout: seen}, errors=errors or (ERROR, LATE))


def test_the_handler_and_both_limits_are_named() -> None:
    [found] = diagnose(case(SEEN))
    assert (found.code, found.certainty, found.where) == ("LC213", "certain", SEEN.handler_at)
    assert found.what == (
        "`except TimeoutError` at shop.py:9 is about `asyncio.timeout(5)` at shop.py:7, but"
        " `asyncio.timeout(1)` at db.py:4 ran out."
    )
    assert "if not limit.expired(): raise" in found.fix
    assert found.remedy == ("ask", "asyncio.timeout(5)", "expired()")


def test_a_scope_of_anyio_is_asked_by_its_own_name() -> None:
    [found] = detect(case(replace(SEEN, other="anyio.fail_after(5)", block="with")))
    assert "`with anyio.fail_after(5) as limit`" in found.fix
    assert "if not limit.cancelled_caught: raise" in found.fix


def test_wait_for_cannot_be_asked() -> None:
    [found] = detect(case(replace(SEEN, block="", by_library=True)))
    assert "but a limit inside of `asyncio.timeout(1)` at db.py:4 ran out" in found.what
    assert "instead of `wait_for`" in found.fix
    assert not found.remedy


def test_of_a_handler_that_never_ran_the_outer_limit_is_the_line_to_change() -> None:
    [found] = detect(case(replace(SEEN, how="missed")))
    assert (found.certainty, found.where) == ("likely", SEEN.fired_at)
    assert "never ran" in found.what
    assert not found.remedy


@pytest.mark.parametrize("kind", ["ValueError", "asyncio.CancelledError", "shop.Closed"])
def test_another_error_asks_nothing(kind: str) -> None:
    assert not list(detect(case(SEEN, replace(ERROR, type=kind, raised="other"))))
    assert not list(detect(case(None)))
    assert not list(detect(Evidence()))


# What is read of real errors


class Closed(Exception):
    pass


async def read(seconds: float = 0.001) -> None:
    async with asyncio.timeout(seconds):
        await asyncio.sleep(10)


def look(run: Any) -> WrongTimeout | None:
    """Return what is read of the error that the coroutine function *run* raises."""
    with pytest.raises((Closed, TimeoutError)) as raised:
        asyncio.run(run())
    links = tuple(failure.chain(raised.value))
    labels = Labels(str(Path(__file__).parent))
    return find_wrong_timeout(Live(raised.value, links, None, "call", labels, None))


def mixed_up() -> Iterator[Any]:
    async def two_blocks() -> None:
        try:
            async with asyncio.timeout(5):
                await read()
        except TimeoutError:
            raise Closed from None

    async def wait_for_around_a_block() -> None:
        try:
            await asyncio.wait_for(read(), 5)
        except TimeoutError as error:
            raise Closed from error

    async def a_block_around_wait_for() -> None:
        try:
            async with asyncio.timeout(5):
                await asyncio.wait_for(asyncio.sleep(10), timeout=0.001)
        except (ValueError, TimeoutError) as error:
            raise Closed from error

    async def anyio_around_asyncio() -> None:
        try:
            with anyio.fail_after(5):
                await read()
        except TimeoutError as error:
            raise Closed from error

    async def a_deadline() -> None:
        try:
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + 5):
                await read()
        except TimeoutError as error:
            raise Closed from error

    async def a_name_of_the_limit() -> None:
        try:
            async with asyncio.timeout(5) as _limit:
                await read()
        except TimeoutError as error:
            raise Closed from error

    yield from (two_blocks, wait_for_around_a_block, a_block_around_wait_for)
    yield from (anyio_around_asyncio, a_deadline, a_name_of_the_limit)


@pytest.mark.parametrize("run", [*mixed_up()], ids=lambda one: one.__name__)
def test_the_error_of_a_limit_inside_is_not_the_handlers_own(run: Any) -> None:
    seen = look(run)
    assert seen is not None
    assert seen.how == "taken"
    assert "0.001" in seen.fired or "seconds" in seen.fired
    assert "5" in seen.other
    assert seen.handler.startswith("except ")


def rightly_handled() -> Iterator[Any]:
    async def its_own() -> None:
        try:
            async with asyncio.timeout(0.001):
                await read(5)
        except TimeoutError as error:
            raise Closed from error

    async def it_asks() -> None:
        try:
            async with asyncio.timeout(5) as limit:
                await read()
        except TimeoutError as error:
            assert not limit.expired()
            raise Closed from error

    async def any_error() -> None:
        try:
            async with asyncio.timeout(5):
                await read()
        except Exception as error:
            raise Closed from error

    async def after_the_block() -> None:
        try:
            async with asyncio.timeout(5):
                await asyncio.sleep(0)
            await read()
        except TimeoutError as error:
            raise Closed from error

    async def raised_by_the_code() -> None:
        try:
            async with asyncio.timeout(5):
                raise TimeoutError
        except TimeoutError as error:
            raise Closed from error

    async def as_long_as_the_outer_one() -> None:
        try:
            async with asyncio.timeout(0.001):
                await read(0.001)
        except TimeoutError as error:
            raise Closed from error

    async def a_timeout_of_the_project() -> None:
        @contextlib_timeout
        async def timeout(_: float) -> Any:
            yield

        try:
            async with timeout(5):
                await read()
        except TimeoutError as error:
            raise Closed from error

    yield from (its_own, it_asks, any_error, after_the_block, raised_by_the_code)
    yield from (as_long_as_the_outer_one, a_timeout_of_the_project, read)


def contextlib_timeout(function: Any) -> Any:
    from contextlib import asynccontextmanager

    return asynccontextmanager(function)


@pytest.mark.parametrize("run", [*rightly_handled()], ids=lambda one: one.__name__)
def test_a_handler_that_is_right_is_left_alone(run: Any) -> None:
    assert look(run) is None


def test_an_outer_limit_that_leaves_the_handler_no_time_is_named() -> None:
    async def run() -> None:
        async with asyncio.timeout(0.001):
            try:
                await asyncio.wait_for(asyncio.sleep(10), 5)
            except TimeoutError:
                raise Closed from None

    async def nested() -> None:
        async with asyncio.timeout(0.001):
            await falls_back()

    async def falls_back() -> None:
        try:
            async with asyncio.timeout(5):
                await asyncio.sleep(10)
        except TimeoutError:
            raise Closed from None

    seen = look(nested)
    assert seen is not None
    assert (seen.how, seen.fired, seen.other) == (
        "missed",
        "asyncio.timeout(0.001)",
        "asyncio.timeout(5)",
    )
    assert look(run) is None  # one function shows both


async def retries(limit: float) -> None:
    for _ in range(2):
        try:
            async with asyncio.timeout(limit):
                await read()
        except TimeoutError:
            await asyncio.sleep(0)
    raise Closed


@pytest.mark.parametrize(("limit", "taken"), [(5, True), (0.0005, False)])
def test_a_retry_that_raises_after_its_handler_is_read_from_the_watch(
    limit: float, taken: bool
) -> None:
    undo = together(timeouts.install(), swallowed.install())
    try:
        seen = look(lambda: retries(limit))
    finally:
        undo()
    assert (seen is not None) is taken


# Before 3.12, the watch notes which line waits for the end of a limit


def test_a_limit_that_ran_out_is_noted_with_the_line_of_its_block() -> None:
    async def run() -> None:
        with pytest.raises(TimeoutError):
            await read()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.sleep(10), 0.001)

    undo = timeouts.install()
    try:
        before = len(timeouts.fired_in_this_test())
        asyncio.run(run())
        noted = [one.way[0][0].co_name for one in timeouts.fired_in_this_test()[before:]]
    finally:
        undo()
    assert noted == (["read", "run"] if timeouts.BEFORE_REPORTS else [])


# The lines


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("    async with asyncio.timeout(1):", "asyncio.timeout(1)"),
        ("    async with session(), asyncio.timeout(1):", "asyncio.timeout(1)"),
        ("    async with asyncio.timeout(1), asyncio.timeout(2):", None),
        ("    with anyio.fail_after(3):", "anyio.fail_after(3)"),
        ("    with anyio.move_on_after(3):", None),
        ("    async with retry.timeout(1):", None),
    ],
)
def test_only_a_librarys_limit_counts(line: str, written: str | None, tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    file.write_text(f"async def buy():\n{line}\n        await pay()\n")
    found = limit_lines.ending_at(str(file), 2)
    assert (found.written if found is not None else None) == written


# Edits


def asked(head: str, handler: str, written: str = "asyncio.timeout(5)") -> str:
    text = (
        f"async def buy():\n    try:\n{head}            return await pay()\n"
        f"    except TimeoutError:{handler}\n"
    )
    line = text[: text.index("    except")].count("\n") + 1
    return applied(text, list(fixes._asked(Source("shop.py", text), line, written, "expired()")))


def test_the_limit_gets_a_name_and_the_handler_asks_it() -> None:
    found = asked("        async with asyncio.timeout(5):\n", "\n        return None")
    assert "        async with asyncio.timeout(5) as limit:\n" in found
    assert "    except TimeoutError:\n        if not limit.expired():\n            raise\n" in found


def test_a_name_that_is_there_is_used() -> None:
    found = asked("        async with asyncio.timeout(5) as own:\n", "\n        return None")
    assert "if not own.expired():" in found


@pytest.mark.parametrize(
    ("head", "handler"),
    [
        ("        await open_shop()\n        async with asyncio.timeout(5):\n", "\n        pass"),
        ("        async with asyncio.timeout(5) as self.limit:\n", "\n        pass"),
        ("        async with asyncio.timeout(5):\n", " return None"),
        ("        async with asyncio.timeout(6):\n", "\n        pass"),
    ],
)
def test_a_limit_that_the_handler_could_not_ask_has_no_edit(head: str, handler: str) -> None:
    with pytest.raises(NoSplice):
        asked(head, handler)
