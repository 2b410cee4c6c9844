import pytest
import pytest_asyncio
from bus import Bus


@pytest_asyncio.fixture
async def bus():  # LC309
    bus = Bus()
    await bus.start()
    yield bus
    bus.task.cancel()


@pytest.fixture
def with_bus(request, bus):
    request.cls.bus = bus
