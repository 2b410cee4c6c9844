"""The subscription, not the client, carries the connection from loop to loop."""

# name: alarms
import os

import pytest
import valkey.asyncio as valkey


@pytest.fixture(scope="module")
def alarms():  # LC102
    return valkey.from_url(os.environ["VALKEY_URL"]).pubsub()


@pytest.mark.asyncio(loop_scope="module")
async def test_alarm_is_subscribed(alarms):
    await alarms.subscribe("fire")
    assert (await alarms.get_message(timeout=1))["type"] == "subscribe"


@pytest.mark.asyncio
async def test_alarm_is_silent(alarms):
    assert await alarms.get_message(timeout=0.1) is None
