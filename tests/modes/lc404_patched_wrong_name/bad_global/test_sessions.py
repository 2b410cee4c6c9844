"""The patched function was to set the global, which stays None."""

# name: sessions.client

import pytest
import sessions


@pytest.fixture
def no_server(monkeypatch):
    async def init_client(url):
        pass

    monkeypatch.setattr(sessions, "init_client", init_client)  # LC404


@pytest.mark.asyncio
async def test_save(no_server):
    await sessions.init_client("valkey://nowhere")
    await sessions.save("s1", "ada")
