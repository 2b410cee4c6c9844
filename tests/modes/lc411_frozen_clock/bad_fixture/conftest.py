import time
from unittest import mock

import pytest


@pytest.fixture
def noon():
    with mock.patch.object(time, "monotonic", lambda: 43_200.0):  # LC411
        yield
