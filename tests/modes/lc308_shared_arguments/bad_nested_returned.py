"""A fixture hands out its parameter, and the code adds to a list in it, then gives the whole."""

# name: table['lan'] | TestCalls.DEFAULTS['headers']
# findings: 2
import pytest

pytestmark = pytest.mark.asyncio


async def route(table, target, by):
    table.setdefault(target, []).append(by)
    return table


@pytest.fixture(params=[{"lan": ["a"]}], ids=["home"])
def table(request):  # LC308
    return dict(request.param)


class TestRoutes:
    async def test_one_more(self, table):
        assert await route(table, "lan", "b") == {"lan": ["a", "b"]}

    async def test_another(self, table):
        assert await route(table, "wan", "c") == {"lan": ["a"], "wan": ["c"]}


class TestCalls:
    DEFAULTS = {"timeout": 3, "headers": {"accept": "json"}}  # LC308

    async def test_a_call_that_signs(self):
        call = dict(self.DEFAULTS)
        call["headers"]["authorization"] = "abc"
        assert call["timeout"] == 3

    async def test_a_call_that_does_not_sign(self):
        call = dict(self.DEFAULTS)
        assert call == {"timeout": 3, "headers": {"accept": "json"}}
