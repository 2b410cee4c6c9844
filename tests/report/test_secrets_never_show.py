"""Passwords and tokens that users' objects carry do not come out of any face."""

import asyncio
from types import SimpleNamespace

import pytest
import valkey.asyncio as valkey

from loopcheck.case import failure_evidence
from loopcheck.labels import Labels, plain
from loopcheck.modes.diagnose import diagnose
from loopcheck.report import html, looking, text
from loopcheck.report import json as json_words

SECRET = "hunter2"
SAID = [
    "redis://:hunter2@localhost/0",
    "rediss://default:hunter2@cache.example:6380/0",
    "valkey://ada:hunter2@10.0.0.1",
    "postgresql://ada:hunter2@db/shop?sslmode=require",
    "postgresql+asyncpg://ada:hunter2@db:5432/shop",
    "amqp://guest:hunter2@mq//",
    "mongodb+srv://ada:hunter2@cluster0.example/test",
    "https://ada:hunter2@example.org/path",
    "connect(host='db', password='hunter2', port=1)",
    'connect(host="db", password="hunter2")',
    "password=hunter2",
    "password = hunter2",
    "passwd: hunter2",
    "PGPASSWORD=hunter2",
    "DB_PASSWORD='hunter2'",
    "redis_password: 'hunter2'",
    "{'password': 'hunter2'}",
    '{"password": "hunter2"}',
    "{'db_password': 'hunter2', 'user': 'ada'}",
    "token=hunter2",
    "access_token=hunter2&x=1",
    "auth_token: hunter2",
    "api_key=hunter2",
    "apikey=hunter2",
    "API-KEY: hunter2",
    "client_secret=hunter2",
    "secret='hunter2'",
    "AWS_SECRET_ACCESS_KEY=hunter2",
    "Authorization: Bearer hunter2",
    "Authorization: Basic hunter2",
    "X-Api-Key: hunter2",
    "cookie: session=hunter2",
]


@pytest.mark.parametrize("said", SAID)
def test_a_secret_is_masked_before_a_record_is_made(said: str) -> None:
    assert SECRET not in plain(said)


def test_words_that_only_speak_of_secrets_stay() -> None:
    said = "password authentication failed for user ada; the token is missing"
    assert plain(said) == said


async def _shown() -> str:
    client = valkey.from_url("redis://:hunter2@127.0.0.1:1/0")  # type: ignore[no-untyped-call,unused-ignore]
    lock = asyncio.Lock()
    shelf = SimpleNamespace(**{"clients": {"redis://:hunter2@h/0": client}, "token=hunter2": lock})
    task = asyncio.create_task(asyncio.sleep(3600), name="job password=hunter2")
    await asyncio.sleep(0)
    names = [("shelf", shelf), ("client", client), ("task", {"secret=hunter2": task})]
    seen = looking.look(tuple(looking.PARTS), names, deep=True, everything=True)
    view = looking.view(seen, looking.PARTS, machinery=True)
    task.cancel()
    return f"{view.text}{view.html}{json_words.look(seen)}"


def test_no_secret_comes_out_of_a_look() -> None:
    said = asyncio.run(_shown())
    assert "client" in said
    assert SECRET not in said


def test_no_secret_comes_out_of_a_finding() -> None:
    kept = {"redis://:hunter2@h/0": asyncio.Event()}

    async def wait() -> None:
        event = kept["redis://:hunter2@h/0"]
        event.clear()
        asyncio.get_running_loop().call_soon(event.set)
        await event.wait()

    asyncio.run(wait())
    with pytest.raises(RuntimeError) as raised:
        asyncio.run(wait())
    labels = Labels("/")
    found = diagnose(failure_evidence.of_failure(raised.value, labels), labels)
    assert [one.source for one in found] == ['kept = {"redis://:***@h/0": asyncio.Event()}']
    said = text.findings(found) + html.findings(found) + str([*map(json_words.finding, found)])
    assert SECRET not in said
