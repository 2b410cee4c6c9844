"""One file, the right section, the right name."""


async def test_shop():
    assert True
