"""The same with a plain function in `sync_to_async`."""

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User


@sync_to_async
def find(name):
    return User.objects.get(username=name)


@pytest.fixture
def ada(db):  # LC608
    return User.objects.create(username="ada")


# name: find
@pytest.mark.asyncio
async def test_find(ada):
    assert await find("ada") == ada
