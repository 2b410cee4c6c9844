"""The loop that is to start is uvloop's, which refuses in code that is not Python's."""

# name: loop.run_until_complete
import pytest


class Server:
    async def start(self):
        return 8080

    def serve(self):
        loop = pytest.importorskip("uvloop").new_event_loop()
        try:
            return loop.run_until_complete(self.start())  # LC103
        finally:
            loop.close()


@pytest.mark.asyncio
async def test_it_serves():
    assert Server().serve() == 8080
