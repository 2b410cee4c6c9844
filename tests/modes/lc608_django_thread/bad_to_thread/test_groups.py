"""The plain function runs in a thread of asyncio's own: one more connection."""

import asyncio

import pytest
from django.contrib.auth.models import User


def find(name):
    return User.objects.filter(is_active=True).get(username=name)


@pytest.fixture
def ada(db):  # LC608
    return User.objects.create(username="ada")


# name: asyncio.to_thread
@pytest.mark.asyncio
async def test_find(ada):
    assert await asyncio.to_thread(find, "ada") == ada
