import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Stands for an environment in which the plugin is not installed."""
    config.pluginmanager.unregister(name="pytest_asyncio.plugin")
