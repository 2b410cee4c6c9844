"""The test calls one of several methods by its name. Each copies the context too late."""

# name: app.trace_id
import asyncio
import contextvars

import pytest

VARIABLES = {}


def bind(**values):
    for key, value in values.items():
        if key not in VARIABLES:
            VARIABLES[key] = contextvars.ContextVar(f"app.{key}")
        VARIABLES[key].set(value)


def bound():
    return {key: one.get() for key, one in VARIABLES.items() if one in contextvars.copy_context()}


class Tracer:
    def __init__(self):
        self.seen = []

    def _note(self, event):
        self.seen.append({"event": event, **bound()})

    async def span(self, event):
        def note():
            contextvars.copy_context().run(self._note, event)  # LC214

        await asyncio.get_running_loop().run_in_executor(None, note)


@pytest.mark.asyncio
@pytest.mark.parametrize("method", ["span"])
async def test_an_event_has_the_trace(method):
    tracer = Tracer()
    bind(trace_id=17)
    await getattr(tracer, method)("begin")
    assert "trace_id" in tracer.seen[0]
