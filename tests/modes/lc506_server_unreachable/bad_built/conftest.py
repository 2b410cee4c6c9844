import os
import socket

import pytest


@pytest.fixture
def dsn():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return os.environ.get("SHOP_DSN", f"postgresql://shop:shop@127.0.0.1:{port}/shop")  # LC506
