"""Tasks that outlive a test and are ended: by a wider fixture, by a module, or by themselves."""

import asyncio

import pytest

BACKGROUND = set()


class App:
    def __init__(self):
        self.jobs, self.done, self.worker, self.children = asyncio.Queue(), [], None, []

    async def submit(self, job):
        if self.worker is None:  # started by the first who needs it
            self.worker = asyncio.create_task(self.work())
        await self.jobs.put(job)

    async def work(self):
        while True:
            self.done.append(await self.jobs.get())
            self.jobs.task_done()

    async def close(self):
        if self.worker is not None:
            self.worker.cancel()
            await asyncio.gather(self.worker, return_exceptions=True)


async def beat(app):
    while True:
        await asyncio.sleep(0.01)
        asyncio.create_task(answer(app))


async def answer(app):
    await asyncio.sleep(0.005)
    app.done.append("beat")


@pytest.fixture(scope="session")
async def app():
    app = App()
    heart = asyncio.create_task(beat(app))
    yield app
    heart.cancel()
    await asyncio.gather(heart, return_exceptions=True)
    await app.close()


@pytest.fixture(scope="session")
async def submit(app):
    lazy = App()
    yield lazy.submit
    await lazy.close()


@pytest.fixture(scope="module", autouse=True)
async def tidy(app):
    yield
    for task in BACKGROUND:
        task.cancel()
    await asyncio.gather(*BACKGROUND, return_exceptions=True)


async def audit(app):
    while True:
        await asyncio.sleep(0.01)
        app.done.append("audit")


async def test_submit(app):
    await app.submit("a")
    await app.jobs.join()
    assert "a" in app.done


async def test_submit_elsewhere(submit):
    await submit("b")


async def test_audit(app):
    task = asyncio.create_task(audit(app))
    BACKGROUND.add(task)
    await asyncio.sleep(0.02)


async def test_short(app):
    asyncio.create_task(answer(app))


async def test_plain_failure(app):
    await app.submit("a")
    await asyncio.sleep(0.02)
    assert app.jobs.qsize() == 1
