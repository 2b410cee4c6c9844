"""Add bytecode to the wheels in /wheels, in Pyodide: a tab then need not compile at each start.

`scripts/make_lite.py` runs it: bytecode only fits the Python that has made it.
"""

import importlib.util
import zipfile
from importlib import import_module
from pathlib import Path, PurePosixPath

external = import_module("importlib._bootstrap_external")  # the only one that makes such bytecode
CACHE_TAG = Path(importlib.util.cache_from_source("x.py")).name.removeprefix("x.")


def add_bytecode(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        sources = {name: archive.read(name) for name in names if name.endswith(".py")}
    with zipfile.ZipFile(wheel, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, source in sources.items():
            try:
                code = compile(source, name, "exec", dont_inherit=True)
            except SyntaxError:  # a template, or for another Python
                continue
            # Unpacking gives a file a new time: the bytecode must not depend on it.
            data = external._code_to_hash_pyc(code, importlib.util.source_hash(source), False)
            path = PurePosixPath(name)
            archive.writestr(f"{path.parent}/__pycache__/{path.stem}.{CACHE_TAG}", data)


compiled = sorted(Path("/wheels").glob("*.whl"))
for one in compiled:
    add_bytecode(one)
answer = len(compiled)
