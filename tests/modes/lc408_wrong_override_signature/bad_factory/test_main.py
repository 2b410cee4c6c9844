import httpx
from main import Session, app, get_db


# name: get_db
async def test_counts():
    app.dependency_overrides[get_db] = lambda: Session  # LC408
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/count")).json() == 3
