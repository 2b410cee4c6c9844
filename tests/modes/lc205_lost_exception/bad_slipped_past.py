"""A handler answers each request, also if its work fails. A cancelled future passes it."""

# name: except Exception
import asyncio

import pytest


class Server:
    def __init__(self, store):
        self.store, self.answers = store, []

    def receive(self, name):
        task = asyncio.ensure_future(self._handle(name))
        task.add_done_callback(self._done)

    async def _handle(self, name):
        try:
            self.answers.append(await self.store(name))
        except Exception as error:  # LC205
            self.answers.append(str(error))

    def _done(self, task):
        task.result()


async def broken(name):
    answer = asyncio.get_running_loop().create_future()
    answer.cancel()
    return await answer


@pytest.mark.asyncio
async def test_each_request_has_an_answer():
    server = Server(broken)
    server.receive("first")
    for _ in range(5):
        await asyncio.sleep(0)
    assert len(server.answers) == 1
