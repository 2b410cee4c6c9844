import httpx
import pytest_asyncio
import tides


@pytest_asyncio.fixture
async def answers():
    sent = []

    def answer(request):
        sent.append(request.url.path)
        return httpx.Response(200, json={"height": len(sent)})

    tides.station()._transport = httpx.MockTransport(answer)
    yield sent
    await tides.station().aclose()  # LC604
