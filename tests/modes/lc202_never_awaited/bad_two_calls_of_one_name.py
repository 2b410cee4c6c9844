"""One of two calls is awaited, and a branch takes the other's coroutine for a success."""

# name: Camera.start
import pytest


class Camera:
    def __init__(self):
        self.streams = 0
        self.status = "off"

    async def start(self, session, options):
        self.streams += 1
        return True

    async def restart(self, session, options):
        self.streams = 1
        return True

    async def select(self, session, options, running):
        success = (
            await self.restart(session, {"quality": "high", **options})
            if running
            else self.start(session, {"quality": "high", **options})  # LC202
        )
        if success:
            self.status = "on"


@pytest.mark.asyncio
async def test_a_camera_starts():
    camera = Camera()
    await camera.select("s1", {}, running=False)
    assert (camera.status, camera.streams) == ("on", 1)
