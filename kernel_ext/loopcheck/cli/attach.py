"""`loopcheck attach`: what a running process waits for, once or until it ends."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from loopcheck.attach import asking, target_process
from loopcheck.attach.asking import RefusedError
from loopcheck.attach.remote_script import NotAnsweredError
from loopcheck.cli.typed import WrongInput

NO_ANSWER = 1
PAUSE = 2.0  # seconds between two looks


def once(pid: int, *, as_json: bool) -> int:
    """Print what process *pid* waits for, and return the exit code."""
    try:
        seen = ask_all(pid)
    except RefusedError as refused:
        raise WrongInput(str(refused)) from None
    except NotAnsweredError as silent:
        print(f"loopcheck: {silent}", file=sys.stderr)
        return NO_ANSWER
    except KeyboardInterrupt:
        return NO_ANSWER
    print(json.dumps(_json(seen), indent=2) if as_json else _text(seen))
    return 0


def watch(pid: int, *, as_json: bool) -> int:
    """Print it again whenever it has changed, until the process ends or Ctrl-C."""
    before: object = None
    try:
        while True:
            try:
                seen = ask_all(pid)
                said = json.dumps(_json(seen)) if as_json else _text(seen)
            except (NotAnsweredError, RefusedError) as error:
                if before is None and isinstance(error, RefusedError):
                    raise WrongInput(str(error)) from None
                said = json.dumps({"error": str(error)}) if as_json else f"loopcheck: {error}"
            if not target_process.exists(pid) and before is not None:
                print(f"loopcheck: process {pid} has ended.", file=sys.stderr)
                return 0
            if said != before:
                print(said, end="\n" if as_json else "\n\n", flush=True)
            before = said
            time.sleep(PAUSE)
    except KeyboardInterrupt:
        return 0


def ask_all(pid: int) -> dict[str, Any]:
    """Return the answer of process *pid*, with those of the workers that it controls."""
    seen = asking.ask(pid)
    workers = []
    for worker in seen.get("workers", ()):
        try:
            workers.append(asking.ask(int(worker)))
        except (RefusedError, NotAnsweredError) as error:
            workers.append({"text": f"loopcheck: {error}", "json": {"error": str(error)}})
    return {**seen, "workers": workers}


def _text(seen: dict[str, Any]) -> str:
    if not seen["workers"]:
        return _harmless(seen["text"])
    count = len(seen["workers"])
    first = f"loopcheck: process {seen['json']['process']} controls {count} workers of pytest-xdist"
    return "\n\n".join([first, *(_harmless(one["text"]) for one in seen["workers"])])


def _harmless(said: object) -> str:
    """Return what a process says without control characters: it may be another user's."""
    return "".join(one if one.isprintable() or one == "\n" else "\ufffd" for one in str(said))


def _json(seen: dict[str, Any]) -> dict[str, Any]:
    if not seen["workers"]:
        return dict(seen["json"])
    return {**seen["json"], "workers": [one["json"] for one in seen["workers"]]}
