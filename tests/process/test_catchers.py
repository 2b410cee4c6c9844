"""Who catches the error of a limit is known before there is one, from bytecode and callbacks."""

import asyncio
import contextlib
import unittest
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import anyio
import pytest

from loopcheck.process.waiting import error_route
from loopcheck.source.catching.catching_frames import Limit
from loopcheck.watch.limits import timeouts

Test = Callable[[], Awaitable[object]]
SOON = 0.001


async def _never() -> None:
    await asyncio.Event().wait()


async def plain() -> None:
    async with asyncio.timeout(SOON):
        await _never()


async def waited_for() -> None:
    await asyncio.wait_for(_never(), SOON)


async def raised_again() -> None:
    try:
        await plain()
    except TimeoutError:
        raise
    except OSError:
        return


async def raised_anew() -> None:
    try:
        await waited_for()
    except TimeoutError as error:
        raise LookupError("no answer") from error


async def raised_anew_and_another_is_caught() -> None:
    with contextlib.suppress(ZeroDivisionError):
        await plain()


async def another_is_caught() -> None:
    try:
        await plain()
    except (KeyError, asyncio.CancelledError):
        return


class _Retry:
    def __init__(self, *kinds: type[BaseException]) -> None:
        self._kinds = kinds

    async def call(self) -> None:
        try:
            await _never()
        except self._kinds:
            return


async def retried_for_others() -> None:
    async with asyncio.timeout(SOON):
        await _Retry(OSError, TimeoutError).call()


async def retried() -> None:
    async with asyncio.timeout(SOON):
        await _Retry(OSError, asyncio.CancelledError).call()


async def waited_for_within() -> None:
    async with asyncio.timeout(SOON):
        await asyncio.wait_for(_never(), 60)


async def cleaned_up() -> None:
    lock = asyncio.Lock()
    async with lock:
        try:
            await waited_for()
        finally:
            for _ in range(2):
                await asyncio.sleep(0)


async def said_by_the_test() -> None:
    try:
        await waited_for()
    except TimeoutError:
        pytest.fail("no answer")


async def in_a_group() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(plain())


async def in_anyios_group() -> None:
    async with anyio.create_task_group() as group:
        group.start_soon(plain)


async def gathered() -> None:
    await asyncio.gather(plain(), asyncio.sleep(0))


async def shielded() -> None:
    await asyncio.shield(asyncio.ensure_future(plain()))


async def with_a_longer_limit() -> None:
    await asyncio.wait_for(asyncio.create_task(waited_for()), 60)


async def in_a_longer_limit() -> None:
    async with asyncio.timeout(60):
        await plain()


@contextlib.asynccontextmanager
async def _limit() -> AsyncIterator[None]:
    async with asyncio.timeout(SOON):
        yield


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with contextlib.suppress(TimeoutError):
        yield


class _Quiet:
    async def __aenter__(self) -> None: ...

    async def __aexit__(self, kind: object, *_: object) -> bool:
        return kind is TimeoutError


class _Closes:
    async def __aenter__(self) -> None: ...

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0)


async def in_a_helper() -> None:
    async with _Closes(), _limit():
        await _never()


async def stacked() -> None:
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(_Closes())
        await plain()


async def of_anyio() -> None:
    with anyio.fail_after(60) as scope:
        # Not before it waits, however slow the machine is.
        asyncio.get_running_loop().call_soon(setattr, scope, "deadline", anyio.current_time())
        await _never()


async def another_is_expected() -> None:
    with pytest.raises(LookupError, match="no answer"):
        await waited_for()


async def others_are_expected() -> None:
    with pytest.raises((KeyError, ValueError)):
        await plain()


async def another_of_a_module_is_expected() -> None:
    with pytest.raises(asyncio.QueueEmpty):
        await asyncio.wait_for(_never(), SOON)


async def another_is_expected_by_a_local_name() -> None:
    wanted = KeyError
    with pytest.raises(wanted):
        await asyncio.wait_for(_never(), SOON)


async def another_is_asserted() -> None:
    with unittest.TestCase().assertRaises(KeyError):  # noqa: PT027
        await waited_for()


FAILS: list[Test] = [
    *(retried_for_others, waited_for_within),
    *(plain, waited_for, raised_again, raised_anew, raised_anew_and_another_is_caught),
    *(another_is_caught, cleaned_up, said_by_the_test, in_a_group, in_anyios_group, gathered),
    *(shielded, with_a_longer_limit, in_a_longer_limit, in_a_helper, stacked, of_anyio),
    *(another_is_expected, others_are_expected, another_is_asserted),
    *(another_of_a_module_is_expected, another_is_expected_by_a_local_name),
]


async def returned() -> None:
    try:
        await plain()
    except TimeoutError:
        return


async def returned_but_for_a_reason(reason: str = "") -> None:
    try:
        await waited_for()
    except TimeoutError:
        if not reason:
            return
        raise


async def polled() -> None:
    for _ in range(3):
        try:
            async with asyncio.timeout(0):
                await _never()
        except TimeoutError:
            continue


async def caught_as_any() -> None:
    try:
        await waited_for()
    except Exception as error:
        print(type(error))


async def caught_bare() -> None:
    try:
        await plain()
    except:  # noqa: E722
        print("whatever it was")


async def one_of_many() -> None:
    errors = (KeyError, TimeoutError)
    try:
        await plain()
    except errors as error:
        print(type(error))


async def raised_anew_and_caught() -> None:
    with contextlib.suppress(LookupError):
        await raised_anew()


async def left_by_finally() -> None:
    while True:
        try:
            await plain()
        finally:
            break  # noqa: B012


async def expected() -> None:
    with pytest.raises(TimeoutError):
        await plain()


async def expected_of_a_wait() -> None:
    with pytest.raises(TimeoutError):
        await waited_for()


async def expected_right_there() -> None:
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(_never(), SOON)


async def suppressed() -> None:
    with contextlib.suppress(asyncio.TimeoutError):
        await waited_for()


async def quiet() -> None:
    with _quiet():
        await plain()


async def quiet_by_a_class() -> None:
    async with _Quiet():
        await plain()


async def quiet_on_a_stack() -> None:
    with contextlib.ExitStack() as stack:
        stack.enter_context(_quiet())
        await plain()


async def gathered_as_results() -> None:
    await asyncio.gather(plain(), return_exceptions=True)


async def group_caught() -> None:
    try:
        await in_a_group()
    except* TimeoutError:
        pass


async def nobody_waits() -> None:
    task = asyncio.create_task(plain())
    done, _ = await asyncio.wait([task])
    assert done.pop().exception()


async def moved_on() -> None:
    with anyio.move_on_after(SOON):
        await _never()


async def expected_among_others() -> None:
    with pytest.raises((KeyError, TimeoutError)):
        await plain()


async def expected_by_its_base() -> None:
    with pytest.raises(OSError):  # noqa: PT011
        await waited_for()


async def expected_as_what_it_becomes() -> None:
    with pytest.raises(LookupError):
        await raised_anew()


async def expected_among_others_right_there() -> None:
    wanted = (KeyError, TimeoutError)
    with pytest.raises(wanted):
        await asyncio.wait_for(_never(), SOON)


async def expected_without_a_class() -> None:
    with pytest.raises(check=lambda error: isinstance(error, TimeoutError)):
        await asyncio.wait_for(_never(), SOON)


async def asserted() -> None:
    with unittest.TestCase().assertRaises(TimeoutError):  # noqa: PT027
        await waited_for()


PASSES: list[Test] = [
    *(returned, returned_but_for_a_reason, polled, caught_as_any, caught_bare, one_of_many),
    *(raised_anew_and_caught, left_by_finally, expected, expected_of_a_wait, expected_right_there),
    *(suppressed, quiet, quiet_by_a_class, quiet_on_a_stack, gathered_as_results, group_caught),
    *(nobody_waits, moved_on, retried, expected_among_others, expected_by_its_base),
    *(expected_as_what_it_becomes, asserted, expected_among_others_right_there),
    *(expected_without_a_class,),
]


def told(test: Test, monkeypatch: pytest.MonkeyPatch) -> tuple[list[bool], BaseException | None]:
    """Return what was said as each limit of *test* ran out, and what the test failed with."""
    from loopcheck.watch.limits import anyio_limits

    found = []

    def listen(
        task: Any,
        steps: object,
        limit: object,
        future: object = None,
        upper: Any = (),
        *,
        drops: bool = False,
    ) -> None:
        known = Limit(limit, TimeoutError, drops=drops)
        found.append(error_route.fails_test(task, known, upper))

    monkeypatch.setattr(timeouts, "listener", listen)
    scopes = anyio_limits.Scopes(listen)
    undo = timeouts.install()
    try:
        scopes.look()
        asyncio.run(test())  # type: ignore[arg-type]
    except BaseException as error:
        return found, error
    finally:
        undo()
        scopes.undo()
    return found, None


@pytest.mark.parametrize("test", FAILS, ids=lambda test: test.__name__)
def test_an_error_that_nobody_catches_will_fail_the_test(
    test: Test, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A frame of this function catches it: the machinery's mark ends the way before that.
    monkeypatch.setattr(error_route, "_above", lambda loop, kind: True)
    found, error = told(test, monkeypatch)
    assert error is not None
    assert True in found


@pytest.mark.parametrize("test", PASSES, ids=lambda test: test.__name__)
def test_an_error_that_is_caught_will_not(test: Test, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_route, "_above", lambda loop, kind: True)
    found, error = told(test, monkeypatch)
    assert error is None
    assert found
    assert True not in found


def test_who_runs_the_loop_may_catch_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found, error = told(plain, monkeypatch)
    assert (found, type(error)) == ([False], TimeoutError)
