"""Workers wait for jobs on a condition of anyio, in a function that has only parameters."""

# name: arrived
import anyio
import pytest


async def next_job(jobs, arrived, log):
    async with arrived:
        if len(jobs) == 0:  # LC211
            log.append("waits")
            await arrived.wait()
        name = min(jobs)
        del jobs[name]
    return name


@pytest.mark.asyncio
async def test_each_worker_gets_a_job():
    jobs, arrived, log, got = {}, anyio.Condition(), [], []

    async def work():
        got.append(await next_job(jobs, arrived, log))

    async def feed():
        for name in ("print", "post"):
            await anyio.sleep(0.01)
            async with arrived:
                jobs[name] = True
                arrived.notify_all()

    with anyio.fail_after(2):
        async with anyio.create_task_group() as group:
            for one in (work, work, feed):
                group.start_soon(one)
    assert sorted(got) == ["post", "print"]
