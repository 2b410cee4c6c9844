"""Wrong arguments and names that no version ever had, and functions of the user's own."""

import asyncio
from unittest.mock import create_autospec

import httpx
import pytest
from valkey.asyncio import Valkey


class AsyncClient:
    def __init__(self, base_url):
        self.base_url = base_url


class Lock:
    def __init__(self, name):
        self.name = name


class Quiet(httpx.AsyncClient):
    def __init__(self, url):
        super().__init__(base_url=url)


def sleep(seconds):
    return seconds


def test_a_client_of_our_own():
    AsyncClient("http://test", app=object())


def test_a_lock_of_our_own():
    Lock("orders", loop=None)


def test_a_function_of_our_own():
    sleep(1, loop=None)


def test_a_subclass_takes_less():
    Quiet("http://test", app=object())


def test_a_slip_of_the_pen():
    httpx.AsyncClient(ap=object())


def test_another_slip():
    asyncio.Lock(lop=None)


def test_a_third_slip():
    asyncio.corutine  # noqa: B018


def test_a_host_that_is_misspelt():
    Valkey(hots="127.0.0.1")


def test_a_double_has_a_signature():
    create_autospec(httpx.AsyncClient)(app=object())


@pytest.mark.asyncio
async def test_a_set_of_tasks():
    await asyncio.wait(None)
