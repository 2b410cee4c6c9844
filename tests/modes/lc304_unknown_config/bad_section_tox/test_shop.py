"""The section's name is that of setup.cfg, and no file is left that pytest reads."""

# name: asyncio_mode


async def test_shop():
    assert True
