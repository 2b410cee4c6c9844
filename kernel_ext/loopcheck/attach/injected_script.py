"""The script that another process runs for us, before anything of loopcheck is imported there.

It imports this very loopcheck by its folder alone, so that no search path changes, and takes it out
of `sys.modules` again. Tracers such as coverage do not see it. It writes the answer without `open`,
which a test may have replaced.
"""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = str(Path(__file__).resolve().parents[1])
BEGUN, ANSWER = "begun", "answer"
# Signals wait until the script is over: their handlers may raise, Python only prints what a script
# raises, and then a Ctrl-C or a timeout would be lost. An object that goes with the script's names
# brings them back: it runs no Python code, between whose steps the handlers would be called.
# asyncio's own handler does nothing, and its loop has been woken by then.
SCRIPT = """
def _loopcheck_looks(package, begun, answer):
    import _io, _thread, functools, importlib.util, json, os, signal, sys
    tracer, profiler = sys.gettrace(), sys.getprofile()
    sys.settrace(None)
    sys.setprofile(None)
    tools = getattr(sys, "monitoring", None)
    seeing = {}
    for number in range(6 if tools is not None else 0):
        if tools.get_tool(number) is not None:
            seeing[number] = tools.get_events(number)
            tools.set_events(number, 0)
    caught, came = {}, []
    def keep(number, frame):
        came.append(number)
    for number in signal.valid_signals():
        handler = signal.getsignal(number)
        if callable(handler) and getattr(handler, "__name__", "") != "_sighandler_noop":
            caught[number] = handler
            signal.signal(number, keep)
    def ours():
        return [name for name in sys.modules if name.partition(".")[0] == "loopcheck"]
    dont_write = sys.dont_write_bytecode
    cached = set(sys.path_importer_cache)
    before = {name: sys.modules[name] for name in ours()}
    known = getattr(before.get("loopcheck"), "__path__", None)
    strange = known is None or list(known)[0] != package
    try:
        try:
            _io.FileIO(begun, "w").close()
            sys.dont_write_bytecode = True
            if strange:
                for name in before:
                    del sys.modules[name]
                spec = importlib.util.spec_from_file_location(
                    "loopcheck",
                    os.path.join(package, "__init__.py"),
                    submodule_search_locations=[package],
                )
                sys.modules["loopcheck"] = module = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(module)
            from loopcheck.attach import visit
            said = visit.answer()
        except BaseException as error:
            said = {"error": type(error).__name__ + ": " + str(error)}
        with _io.FileIO(answer + ".part", "w") as file:
            file.write(json.dumps(said).encode("utf-8", "backslashreplace"))
        os.rename(answer + ".part", answer)
    except OSError:
        pass  # the folder is gone: nobody waits for the answer any more
    finally:
        if strange:
            for name in ours():
                del sys.modules[name]
            sys.modules.update(before)
            for name in set(sys.path_importer_cache) - cached:
                if name.startswith(package):
                    sys.path_importer_cache.pop(name, None)
        sys.dont_write_bytecode = dont_write
        for number, handler in caught.items():
            signal.signal(number, handler)
        for number, events in seeing.items():
            tools.set_events(number, events)
        sys.setprofile(profiler)
        sys.settrace(tracer)
    def again(number):
        act = functools.partial(_thread.interrupt_main, number)
        return type("Again", (), {"__del__": staticmethod(act)})()
    return [again(number) for number in dict.fromkeys(came)]

_loopcheck_came = _loopcheck_looks({package!r}, {begun!r}, {answer!r})
del _loopcheck_looks
"""


def write(folder: str) -> str:
    """Write the script into *folder*, where its answer will be, and return its path."""
    names = {name: os.path.join(folder, name) for name in (BEGUN, ANSWER)}
    text = SCRIPT
    for key, value in {"package": PACKAGE, "begun": names[BEGUN], "answer": names[ANSWER]}.items():
        text = text.replace(f"{{{key}!r}}", repr(value))
    path = os.path.join(folder, "look.py")
    Path(path).write_text(text, encoding="utf-8")
    return path
