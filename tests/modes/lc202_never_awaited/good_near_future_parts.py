"""Tests that expect another value, of a task that is only a part of the failing expression."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


async def price(fruit):
    return len(fruit)


class Shop:
    def start(self):
        return asyncio.create_task(price("plum"), name="plum")


def label(task):
    return task.get_name()


async def test_the_first_answer():
    done, _ = await asyncio.wait([asyncio.create_task(price("plum"))])
    assert done.pop().result() == 5


async def test_the_first_answer_on_the_right():
    done, _ = await asyncio.wait([asyncio.create_task(price("plum"))])
    assert 5 == done.pop().result()  # noqa: SIM300


async def test_a_name():
    assert Shop().start().get_name() == "pear"


async def test_a_task_is_given_to_a_function():
    assert label(Shop().start()) == "pear"
