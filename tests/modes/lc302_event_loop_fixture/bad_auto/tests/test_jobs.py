# name: event_loop
async def test_jobs(jobs):
    assert await jobs.get() == "bake"


async def test_queue(queue):
    assert queue.empty()
