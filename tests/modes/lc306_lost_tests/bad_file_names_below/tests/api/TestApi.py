"""No file of this folder fits, and its conftest is pytest's all the same."""

# name: TestApi.py
# findings: 2


async def test_api(token):  # LC306
    assert token == "x"
