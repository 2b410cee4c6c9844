"""Limits that are too short: what they wait for is slow, and would come."""

import asyncio
import contextvars
import os
import signal
import threading
import weakref

import pytest

pytestmark = pytest.mark.asyncio
current = contextvars.ContextVar("current")


async def test_a_slow_server():
    async def serve(reader, writer):
        await asyncio.sleep(2)
        writer.write(b"late\n")
        writer.close()  # 3.12's server waits for it, and else for the collector

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            assert await asyncio.wait_for(reader.readline(), 0.1)
        finally:
            writer.close()


async def test_a_slow_worker():
    async def work(done):
        await asyncio.sleep(2)
        done.set()

    done = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(work(done))
        await asyncio.wait_for(done.wait(), 0.1)


async def test_a_slow_step():
    async with asyncio.timeout(0.1):
        await asyncio.sleep(2)


async def test_a_slow_timer():
    ready = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(2, ready.set_result, 1)
    assert await asyncio.wait_for(ready, 0.1)


async def test_a_slow_thread():
    loop, inbox, go = asyncio.get_running_loop(), asyncio.Queue(), threading.Event()

    def produce():
        go.wait(2)
        loop.call_soon_threadsafe(inbox.put_nowait, 1)

    thread = threading.Thread(target=produce)
    thread.start()
    try:
        async with asyncio.timeout(0.1):
            await inbox.get()
    finally:
        go.set()
        thread.join()


async def test_a_slow_heartbeat():
    beats = asyncio.Queue()

    async def beat():
        while True:
            await asyncio.sleep(2)
            beats.put_nowait("beat")

    heart = asyncio.create_task(beat())
    try:
        assert await asyncio.wait_for(beats.get(), 0.1) == "beat"
    finally:
        heart.cancel()


async def test_a_lock_that_is_given_back_late():
    lock = asyncio.Lock()

    async def hold():
        async with lock:
            await asyncio.sleep(2)

    holder = asyncio.create_task(hold())
    await asyncio.sleep(0)
    try:
        async with asyncio.timeout(0.1), lock:
            pass
    finally:
        holder.cancel()


async def test_a_child_that_is_slow():
    child = await asyncio.create_subprocess_exec("sleep", "2")
    try:
        await asyncio.wait_for(child.wait(), 0.1)
    finally:
        child.kill()
        await child.wait()


async def test_silence_that_is_meant():
    async def never():
        await asyncio.Event().wait()

    await asyncio.wait_for(never(), 0.1)


async def test_an_error_of_the_users():
    inbox = asyncio.Queue()
    try:
        await asyncio.wait_for(inbox.get(), 0.05)
    except TimeoutError:
        pass
    raise TimeoutError("the shop is closed")


async def test_a_timer_that_knows_it_by_its_context():
    done = asyncio.Event()
    current.set(done)
    asyncio.get_running_loop().call_later(2, lambda: current.get().set())
    await asyncio.wait_for(done.wait(), 0.1)


async def test_a_timer_that_knows_it_weakly():
    done = asyncio.Event()
    known = weakref.ref(done)
    asyncio.get_running_loop().call_later(2, lambda: known().set())
    await asyncio.wait_for(done.wait(), 0.1)


async def test_a_signal_that_did_not_come():
    done, loop = asyncio.Event(), asyncio.get_running_loop()
    before = signal.signal(signal.SIGUSR1, lambda *_: loop.call_soon_threadsafe(done.set))
    try:
        await asyncio.wait_for(done.wait(), 0.1)
    finally:
        signal.signal(signal.SIGUSR1, before)


async def test_a_pipe_that_nobody_wrote_to():
    done, loop = asyncio.Event(), asyncio.get_running_loop()
    out, into = os.pipe()
    loop.add_reader(out, done.set)
    try:
        await asyncio.wait_for(done.wait(), 0.1)
    finally:
        loop.remove_reader(out)
        os.close(out)
        os.close(into)


async def test_the_loop_of_another_thread():
    other, loop = asyncio.new_event_loop(), asyncio.get_running_loop()
    go, done = asyncio.Event(), asyncio.Event()
    thread = threading.Thread(target=other.run_forever)
    thread.start()

    async def serve():
        await go.wait()
        loop.call_soon_threadsafe(done.set)

    served = asyncio.run_coroutine_threadsafe(serve(), other)
    try:
        await asyncio.wait_for(done.wait(), 0.1)
    finally:
        other.call_soon_threadsafe(go.set)
        served.result(5)
        other.call_soon_threadsafe(other.stop)
        thread.join()
        other.close()


async def test_a_task_whose_own_limit_brings_it():
    done = asyncio.Event()

    async def patient():
        try:
            async with asyncio.timeout(2):
                await asyncio.Event().wait()
        except TimeoutError:
            done.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(patient())
        await asyncio.wait_for(done.wait(), 0.1)


async def test_another_error_was_expected():
    done = asyncio.Event()
    asyncio.get_running_loop().call_later(2, done.set)
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(done.wait(), 0.1)
