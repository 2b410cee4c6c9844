"""Decorators patch two functions. The result of the async one has async methods, too."""

# passes
import unittest
from unittest import mock


class Broker:
    async def receive(self):
        raise NotImplementedError

    def acknowledge(self, tag):
        raise NotImplementedError


async def drain(broker):
    message = await broker.receive()
    broker.acknowledge(message.tag())
    return "drained"


# name: receive().tag
class DrainTest(unittest.IsolatedAsyncioTestCase):
    @mock.patch.object(Broker, "acknowledge")
    @mock.patch.object(Broker, "receive")  # LC402
    async def test_a_message_is_acknowledged(self, receive, acknowledge):
        self.assertEqual(await drain(Broker()), "drained")
        acknowledge.assert_called_once()
