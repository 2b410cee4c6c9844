"""LC214 lost-context: the solution of the exercise, why it works, another good way.

What was wrong: the press creates its worker when it opens. A task copies the context at that
moment, and no customer had come. What customers set later is in their own tasks' contexts. The
queue carried titles, and nothing else.

What changed: each job brings a copy of its customer's context, and the worker runs the job in it.
The context belongs to a task, so the worker creates a task for each job, and awaits it before it
takes the next one. Everything that customers set comes along, not only the name.

Another good way: send the value itself.

    self.jobs.put_nowait((title, done, customer.get()))
    …
    customer.set(who)

Choose it if one value is all that the job needs. Then every job must set it: what the worker has
set once stays, and the next job would inherit it.
"""

import asyncio
import contextvars

from shop import pull


class Press:
    async def __aenter__(self):
        self.jobs = asyncio.Queue()
        self.worker = asyncio.create_task(self.run())
        return self

    async def __aexit__(self, *_):
        self.worker.cancel()
        await asyncio.wait([self.worker])

    async def run(self):
        while True:
            title, done, context = await self.jobs.get()
            try:
                await asyncio.create_task(pull(title), context=context)
                done.set_result(None)
            except Exception as error:
                done.set_exception(error)

    async def print(self, title):
        done = asyncio.get_running_loop().create_future()
        self.jobs.put_nowait((title, done, contextvars.copy_context()))
        await done
