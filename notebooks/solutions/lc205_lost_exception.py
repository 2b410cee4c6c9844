"""LC205 lost-exception: the solution of the exercise, why it works, and one other good way.

What was wrong: a task keeps its error until some code reads it, and none did. `asyncio.wait` waits
but reads no result. The callback made it worse: it removed each job from `jobs` as soon as the job
ended, so `close` could not even know that it had been there.

What changed: a job stays in `jobs` until the shop closes. `gather(…, return_exceptions=True)` waits
for all of them, and does not stop at the first error; it returns the errors as results. That alone
would hide them for good, since asyncio treats an error that was returned as read. So the next lines
look for them, and raise them together.

Another good way: an `asyncio.TaskGroup` that is open as long as the shop is, where one failed job
*should* end all others. Here the other letters must still be printed, so it would be too strict.
And if no code ever closes the shop: a callback that calls `job.exception()` and reports what it
finds.
"""

import asyncio


class Press:
    def __init__(self, printer):
        self.printer = printer
        self.jobs = []

    def order(self, letter):
        self.jobs.append(asyncio.create_task(self.printer.print(letter)))

    async def close(self):
        results = await asyncio.gather(*self.jobs, return_exceptions=True)
        errors = [result for result in results if isinstance(result, Exception)]
        if errors:
            raise ExceptionGroup("letters that were not printed", errors)
