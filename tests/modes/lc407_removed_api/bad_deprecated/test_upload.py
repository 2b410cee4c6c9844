"""The project's filters make an error of the library's DeprecationWarning."""

# name: client.post
import httpx


async def upload(client, text):
    return await client.post("http://shop/notes", data=text)  # LC407


async def test_upload():
    transport = httpx.MockTransport(lambda request: httpx.Response(201))
    async with httpx.AsyncClient(transport=transport) as client:
        answer = await upload(client, b"two pounds of tea")
    assert answer.status_code == 201
