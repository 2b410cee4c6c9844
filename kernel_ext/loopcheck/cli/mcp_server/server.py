"""The server: answers an MCP client over stdin and stdout, with the official SDK.

Each call of a tool blocks a thread of its own. When the client cancels a call, or goes, the thread
hears of it within a fraction of a second, and ends the processes that it has started.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import anyio
import anyio.abc
import anyio.to_thread
import mcp_types as types
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server

import loopcheck
from loopcheck.cli.mcp_server.project_runs import Job, OutOfTime, Project, Stopped
from loopcheck.cli.mcp_server.results import Result
from loopcheck.cli.mcp_server.tools import TOOLS, Tool
from loopcheck.cli.typed import WrongInput, no_such
from loopcheck.report._story import visible

INSTRUCTIONS = (
    "loopcheck names why async Python tests fail. Start with run_tests. For a cause with "
    "`edit: true`, the tool fix proves a change in a copy of the project, and writes it with "
    "write=true. explain has the page of each failure mode."
)
SECONDS_OF_A_CALL = 60.0  # for a tool without a limit of its own
BETWEEN, AT_LEAST = 1.0, 5.0  # seconds between two notes about progress: new ones, equal ones
QUICK = 0.05  # seconds between two looks at a call that must end

Context = ServerRequestContext[Any, Any]


class ToolServer:
    """The calls under way, and who may run tests."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.tests = anyio.Lock()  # tests share ports, files and databases: one run at a time
        self.jobs: list[Job] = []
        self.sdk = Server(
            "loopcheck",
            version=loopcheck.__version__,
            instructions=INSTRUCTIONS,
            on_list_tools=self.list_tools,
            on_call_tool=self.call_tool,
        )

    async def list_tools(self, context: Context, _: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS.values()])

    async def call_tool(
        self, context: Context, asked: types.CallToolRequestParams
    ) -> types.CallToolResult:
        try:
            if (tool := TOOLS.get(asked.name)) is None:
                raise WrongInput(no_such("tool", asked.name, TOOLS, "tools/call"))
            arguments = tool.checked(asked.arguments or {})
            job = Job(arguments.pop("timeout", SECONDS_OF_A_CALL))
            async with AsyncExitStack() as stack:
                if tool.alone:
                    await stack.enter_async_context(self.tests)
                job.start()
                work = partial(tool.function, self.project, job, **arguments)
                result = await self._in_thread(context, job, work)
        except WrongInput as wrong:
            return _answer(Result(str(wrong)), is_error=True)
        except Stopped:
            return _answer(Result(f"{asked.name} was stopped."), is_error=True)
        except OutOfTime:
            return _answer(Result(f"{asked.name} did not end within {job.seconds:.0f} s."), True)
        except Exception as error:  # a full disk, or a fault of ours: the server goes on
            said = visible(f"{type(error).__name__}: {error}")
            return _answer(Result(f"{asked.name} can't be done: {said}"), is_error=True)
        return _answer(result)

    async def _in_thread(self, context: Context, job: Job, work: Callable[[], Result]) -> Result:
        """Return what *work* returns, and stop it when this call is cancelled."""
        done: list[Result | Exception] = []

        def run() -> None:
            try:
                done.append(work())
            except Exception as error:  # the group below would wrap it
                done.append(error)

        self.jobs.append(job)
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._accompany, context, job)
                await anyio.to_thread.run_sync(run)  # shielded: it waits for the thread
                group.cancel_scope.cancel()
        finally:
            self.jobs.remove(job)
        if isinstance(done[0], Exception):
            raise done[0]
        return done[0]

    async def _accompany(self, context: Context, job: Job) -> None:
        """Tell the client how far the call is; when it is cancelled, so is the thread."""
        told, at = "", 0.0
        try:
            while True:
                await anyio.sleep(BETWEEN)
                if job.what != told or job.lasted - at > AT_LEAST:
                    told, at = job.what, job.lasted
                    await context.session.report_progress(at, message=_unicode(told))
        finally:
            job.stopped.set()

    async def end_with_signals(self, *, task_status: anyio.abc.TaskStatus[None]) -> None:
        """End all calls, then the process, when the system tells us to."""
        names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
        with anyio.open_signal_receiver(*(getattr(signal, name) for name in names)) as told:
            task_status.started()
            async for number in told:
                for job in self.jobs:
                    job.stopped.set()
                while self.jobs:
                    await anyio.sleep(QUICK)
                os._exit(128 + number)  # a thread waits for the client's next line, for ever

    async def serve(self) -> None:
        async with stdio_server() as (read, write), anyio.create_task_group() as group:
            if sys.platform != "win32":  # no such receiver there
                await group.start(self.end_with_signals)
            await self.sdk.run(read, write, self.sdk.create_initialization_options())
            group.cancel_scope.cancel()


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        description=tool.about,
        input_schema=tool.schema(),
        annotations=types.ToolAnnotations(read_only_hint=tool.read_only),
    )


def _answer(result: Result, is_error: bool = False) -> types.CallToolResult:
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=_unicode(result.short_text))],
        structured_content=_unicode(result.data) or None,
        is_error=is_error,
    )


def _unicode(said: Any) -> Any:
    """Return *said*, text or plain data, as UTF-8 has it: a file's name may hold other bytes."""
    if isinstance(said, str):
        return said.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(said, dict):
        return {_unicode(name): _unicode(value) for name, value in said.items()}
    return [_unicode(one) for one in said] if isinstance(said, list | tuple) else said


def serve(project: Project) -> None:
    """Serve the client at our stdin until it goes."""
    anyio.run(ToolServer(project).serve)
