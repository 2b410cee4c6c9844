"""A task group packs the error into an ExceptionGroup."""

# name: news
import asyncio
import os

import pytest
import valkey.asyncio as valkey

news = valkey.from_url(os.environ["VALKEY_URL"])  # LC102


async def publish(*stories):
    async with asyncio.TaskGroup() as desk:
        for story in stories:
            desk.create_task(news.rpush("stories", story))


@pytest.mark.asyncio(loop_scope="module")
async def test_morning_edition():
    await publish("rain")


@pytest.mark.asyncio
async def test_evening_edition():
    await publish("sun", "wind")
