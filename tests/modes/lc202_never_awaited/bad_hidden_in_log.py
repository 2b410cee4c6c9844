"""A server answers with what its hooks return. It logs an error, and the test sees a status."""

# name: Users.load
import asyncio
import functools
import logging

import pytest


def timed(method):
    seconds = []

    def measured(*args, **kwargs):
        seconds.append(0)
        result = method(*args, **kwargs)  # LC202
        return result

    return functools.wraps(method)(measured)


class Users:
    async def load(self, name):
        await asyncio.sleep(0)
        return {"name": name}


def body(result):
    if asyncio.iscoroutine(result):
        raise TypeError("the hook returned a coroutine, not a result")
    return str(result)


class Server:
    def __init__(self, hook):
        self.hook = hook

    async def get(self, name):
        call = self.hook
        try:
            if asyncio.iscoroutinefunction(call):
                return 200, body(await call(name))
            return 200, body(await asyncio.to_thread(call, name))
        except TypeError:
            logging.getLogger("server").exception("no answer for %s", name)
            return 500, ""


@pytest.mark.asyncio
async def test_a_user_is_found():
    users = Users()
    server = Server(timed(users.load))
    status, _ = await server.get("ann")
    assert status == 200
