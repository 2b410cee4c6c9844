"""The section's name is that of setup.cfg."""

# name: asyncio_mode


async def test_shop():
    assert True
