"""Who runs the jobs has asked each for its error, and tells the loop in words of its own."""

import asyncio

import pytest


class Jobs:
    def spawn(self, work) -> asyncio.Task:
        task = asyncio.create_task(work)
        task.add_done_callback(self.done)
        return task

    def done(self, task: asyncio.Task) -> None:
        if (error := task.exception()) is not None:
            context = {"message": "Job failed", "job": self, "exception": error}
            task.get_loop().call_exception_handler(context)


async def work():
    raise ValueError("broken")


@pytest.mark.asyncio
async def test_a_job_fails():
    job = Jobs().spawn(work())
    with pytest.raises(ValueError, match="broken"):
        await job
