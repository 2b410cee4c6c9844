"""The future that the double gives is never set: the test waits for ever."""

# options: --loopcheck-hang=0.5
# name: concurrent.futures.ThreadPoolExecutor

import asyncio
import unittest
from concurrent.futures import Future
from unittest.mock import patch


def parse(text):
    return text.split()


class ParserTest(unittest.IsolatedAsyncioTestCase):
    @patch("concurrent.futures.ThreadPoolExecutor")  # LC406
    async def test_parse(self, pool):
        pool.return_value.submit.return_value = Future()
        assert await asyncio.to_thread(parse, "a b") == ["a", "b"]
