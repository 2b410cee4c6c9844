"""Attributes that are not there, and nothing of it is about a client."""

import os
from unittest.mock import MagicMock

import pytest
from valkey.asyncio import Valkey

pytestmark = pytest.mark.asyncio


class Cart:
    def __init__(self, owner):
        self.owner, self.store = owner, Valkey.from_url(os.environ["VALKEY_URL"])


class User:
    name = "ada"


async def find(name):
    return User()


def helper():
    return 3


async def test_a_typo_on_the_client():
    await Valkey.from_url(os.environ["VALKEY_URL"]).setnxx("a", 1)


async def test_a_typo_on_an_object_that_has_a_client():
    Cart("ada").totall()


async def test_a_common_name_on_an_object_that_has_a_client():
    Cart("ada").delete("tea")


async def test_none():
    client = None
    await client.get("a")


async def test_a_dict_is_no_client():
    assert {"a": 1}.incr("a")


async def test_an_object_without_a_client():
    User().get("name")


async def test_a_function_that_gives_no_client():
    helper.get("a")


async def test_a_mock_with_a_spec():
    MagicMock(spec=User).get("name")
