import os

import pytest
import pytest_asyncio


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    monkeypatch.setenv("SHOP_URL", "http://shop")
    monkeypatch.delenv("HTTP_PROXY", raising=False)


@pytest_asyncio.fixture
async def config(no_proxies, tmp_path):
    (tmp_path / "config.toml").write_text("debug = true")
    yield {"url": os.environ["SHOP_URL"], "files": [p.name for p in tmp_path.iterdir()]}
