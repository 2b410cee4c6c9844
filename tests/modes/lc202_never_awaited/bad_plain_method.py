"""A plain method tries the mirror if the first source fails: it returns before that happens."""

from unittest import IsolatedAsyncioTestCase


class SourceDown(ConnectionError):
    pass


class Tides:
    def __init__(self, source, mirror):
        self.source, self.mirror = source, mirror

    async def fetch(self, source, port):
        if source is None:
            raise SourceDown(port)
        return source[port]

    def table(self, port):
        try:
            rows = self.fetch(self.source, port)  # LC202
        except OSError:
            rows = self.fetch(self.mirror, port)
        return rows


# name: Tides.fetch
class TidesTest(IsolatedAsyncioTestCase):
    async def test_the_mirror_answers(self):
        tides = Tides(None, {"brest": [4.1, 0.6]})
        self.assertEqual(await tides.table("brest"), [4.1, 0.6])
