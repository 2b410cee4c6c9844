from options import DEFAULTS, connect


async def test_connect():
    assert await connect(**DEFAULTS) == "localhost:6379"
