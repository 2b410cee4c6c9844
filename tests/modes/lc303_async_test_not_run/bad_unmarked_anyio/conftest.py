import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Stands for an environment in which anyio's plugin is alone."""
    config.pluginmanager.unregister(name="pytest_asyncio.plugin")
