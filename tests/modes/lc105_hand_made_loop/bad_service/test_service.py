"""The constructor makes a loop, which nobody runs."""

import pytest
from service import Service


@pytest.fixture
def service():
    service = Service()
    yield service
    service.loop.close()


@pytest.mark.asyncio
async def test_service_is_ready(service):
    service.start()
    assert await service.ready
