"""A plain test cannot await, and calls all the same."""

sent = []


async def send(text):
    sent.append(text)


# name: send
def test_send():
    send("hello")  # LC202
    assert not sent
