"""Write the workbook for a browser tab: `make lite`, into build/lite.

    python scripts/make_lite.py WHEELS [FOLDER]

JupyterLite, Pyodide and all packages are files of the site: it works on any static host, and with
no other address. WHEELS is the folder of the wheels that lite/requirements.lock names.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from email.parser import Parser
from importlib.metadata import distribution
from pathlib import Path, PurePosixPath
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from loopcheck.lab import real_python
from loopcheck.lab.workbook import copies

ROOT = Path(__file__).resolve().parents[1]
LITE = ROOT / "lite"
CORE = LITE / "node_modules" / "pyodide"
CORE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
RUN_PYTHON = ROOT / "tests" / "one_process" / "run_python.mjs"
COMPILER = ROOT / "scripts" / "compile_wheels.py"
KERNEL = "@jupyterlite/pyodide-kernel-extension"
# What builds the site; the rest runs in it.
TOOLS = ("jupyterlite_core", "jupyterlite_pyodide_kernel", "doit", "pkginfo")
# In the tab before the first cell. All else comes when a cell imports it.
FIRST = (
    *("micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython"),
    *("loopcheck", "pytest", "pytest-asyncio", "ipytest", "valkey", "fakeredis"),
)
LATER = (
    *("asyncpg", "prometheus-client", "nest-asyncio", "httpx", "fastapi"),
    *("sqlalchemy", "aiosqlite", "anyio"),
)
# Drivers whose classes the lessons mock: their compiled parts, which speak with a server, are not
# made for a tab. With these in their place the rest can be imported.
COMPILED = {
    "asyncpg": {
        "asyncpg/protocol/protocol.py": (
            "NO_TIMEOUT, BUILTIN_TYPE_NAME_MAP = object(), {}\n\n"
            "class Protocol:\n    def __init__(self, *args, **rest):\n"
            "        raise OSError('asyncpg reaches no server from a browser tab')\n\n"
            "def _create_record(*args):\n    raise NotImplementedError\n"
        ),
        "asyncpg/protocol/record.py": "class Record(tuple):\n    pass\n",
    }
}
NOTE = """\
**This lesson needs a real Python.** {why} You can read it here, with the outputs of a real run.
To run it, there are three ways:

{ways}
"""
LOAD = """\
# The packages of this lesson, from this site
import pyodide_js

await pyodide_js.loadPackage({names});
"""
STOP = """\
from loopcheck.lab import real_python

real_python.stop("{stem}")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheels", type=Path)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "build" / "lite")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        build(given.wheels, given.folder, Path(name))
    size = sum(file.stat().st_size for file in given.folder.rglob("*") if file.is_file())
    print(f"{given.folder}: {size / 1e6:.0f} MB. Try it: python -m http.server -d {given.folder}")


def build(wheels: Path, site: Path, scratch: Path) -> None:
    """Build the site with what is in *wheels*, and the lessons of this checkout."""
    wheels = wheels.resolve()
    shutil.rmtree(site, ignore_errors=True)
    source, tools = scratch / "source", scratch / "tools"
    write_lessons(source / "files")
    (source / "jupyter-lite.json").write_text(json.dumps(settings()), encoding="utf-8")
    for wheel in wheels.glob("*.whl"):
        if wheel.name.startswith(TOOLS):
            unpack(wheel, tools)
    [kernel] = wheels.glob("jupyterlite_pyodide_kernel-*.whl")
    # Only this extension: those of the environment that builds need a server.
    config = {"federated_extensions": [str(kernel)], "ignore_sys_prefix": ["federated_extensions"]}
    (source / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": config}))
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    command += ["--lite-dir", str(source), "--output-dir", str(site), "--apps", "lab"]
    command += ["--contents", str(source / "files"), "--no-unused-shared-packages"]
    paths = os.pathsep.join(filter(None, (str(tools), os.environ.get("PYTHONPATH"))))
    env = os.environ | {"PYTHONPATH": paths}
    subprocess.run(command, cwd=source, env=env, check=True, stdout=subprocess.DEVNULL)
    add_python(site, wheels, scratch)
    for unread in site.rglob("*.map"):
        unread.unlink()


def unpack(wheel: Path, target: Path) -> None:
    """Unpack *wheel* as an installer does, its data files included."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    for data in target.glob("*.data/data"):
        shutil.copytree(data, target, dirs_exist_ok=True)


def write_lessons(target: Path) -> None:
    """Write the lessons as a learner gets them; one that can't run keeps its outputs."""
    target.mkdir(parents=True)
    for file in sorted(copies.lessons().glob("*.ipynb")):
        notebook = json.loads(file.read_text(encoding="utf-8"))
        why = real_python.LESSONS.get(file.stem)
        if why is None:
            notebook = copies.without_outputs(notebook)
            load_packages(notebook)
        else:
            ways = "\n".join(f"{number}. {way}" for number, way in enumerate(real_python.WAYS, 1))
            words = NOTE.format(why=why, ways=ways)
            note = {"cell_type": "markdown", "id": "lite-note", "metadata": {}, "source": words}
            notebook["cells"][:0] = [note, code("lite-stop", STOP.format(stem=file.stem))]
        kernel = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
        notebook["metadata"]["kernelspec"] = kernel
        (target / file.name).write_text(json.dumps(notebook, indent=1), encoding="utf-8")
    for name in copies.BESIDE:  # without them pytest would warn in every run
        shutil.copy(copies.lessons() / name, target)


def code(name: str, source: str) -> dict[str, Any]:
    """Return a cell of ours."""
    cell: dict[str, Any] = {"cell_type": "code", "id": name, "metadata": {}, "outputs": []}
    return cell | {"execution_count": None, "source": source.strip()}


def load_packages(notebook: dict[str, Any]) -> None:
    """Add a cell that loads what projects import: the kernel only reads a cell's own imports."""
    if names := needed(notebook):
        cells = notebook["cells"]
        first = next(at for at, cell in enumerate(cells) if cell["cell_type"] == "code")
        cells.insert(first, code("lite-packages", LOAD.format(names=json.dumps(names))))


def needed(notebook: dict[str, Any]) -> list[str]:
    """Return the packages of this site that a lesson's cells and projects import."""
    text = "\n".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code")
    found = re.findall(r"^\s*(?:import|from) (\w+)\b", text, re.MULTILINE)
    return [name for name in LATER if name.replace("-", "_") in found]


def settings() -> dict[str, object]:
    """Return JupyterLite's settings: everything from this site, progress kept in the browser."""
    home = PurePosixPath("/", "home", "pyodide")  # of Pyodide's own file system
    variables = {"HOME": str(home), "LOOPCHECK_HOME": "/drive/.loopcheck"}
    kernel = {
        "pyodideUrl": "./static/pyodide/pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": [*FIRST], "env": variables},
    }
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "loopcheck",
            "litePluginSettings": {f"{KERNEL}:kernel": kernel},
        },
    }


def add_python(site: Path, wheels: Path, scratch: Path) -> None:
    """Add Pyodide, all wheels, and the lock from which it installs them."""
    target = site / "static" / "pyodide"
    target.mkdir(parents=True)
    for name in CORE_FILES:
        shutil.copy(CORE / name, target)
    build = ("-m", "build", "--wheel", "--no-isolation", "--skip-dependency-check", "--outdir")
    ours = scratch / "ours"
    subprocess.run([sys.executable, *build, ours, ROOT], check=True, stdout=subprocess.DEVNULL)
    extensions = site / "extensions" / KERNEL / "static" / "pypi"
    files = [*wheels.glob("*.whl"), *ours.glob("*.whl"), *extensions.glob("*.whl")]
    for wheel in files:
        if not wheel.name.startswith((*TOOLS, "widgetsnbextension")):
            shutil.copy(wheel, target)
    for name, parts in COMPILED.items():
        write_uncompiled(name, parts, target)
    (scratch / "bytecode").mkdir()
    compile_all: list[str | Path] = ["node", RUN_PYTHON, COMPILER, scratch / "bytecode", CORE]
    compile_all += [f"wheels={target}"]
    subprocess.run(compile_all, check=True, stdout=subprocess.DEVNULL)
    packages = {}
    for wheel in target.glob("*.whl"):
        found = package(wheel)
        packages[str(found["name"])] = found
    for one in packages.values():
        one["depends"] = sorted(name for name in one["depends"] if name in packages)
    known = json.loads((CORE / "pyodide-lock.json").read_text(encoding="utf-8"))
    known["packages"] = packages
    (target / "pyodide-lock.json").write_text(json.dumps(known), encoding="utf-8")


def write_uncompiled(name: str, parts: dict[str, str], target: Path) -> None:
    """Write a wheel of an installed package's Python files, with *parts* for the compiled ones."""
    installed = distribution(name)
    files = {str(one): one.read_text() for one in installed.files or () if one.suffix == ".py"}
    metadata = f"{name}-{installed.version}.dist-info/METADATA"
    files |= {**parts, metadata: installed.read_text("METADATA") or ""}
    wheel = target / f"{name}-{installed.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)


def package(wheel: Path) -> dict[str, Any]:
    """Return the entry of *wheel* in a lock of Pyodide's."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        [file] = [name for name in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
        said = Parser().parsestr(archive.read(file).decode("utf-8"))
    tops = {name.partition("/")[0].removesuffix(".py") for name in names if name.endswith(".py")}
    marks = {"extra": "", "sys_platform": "emscripten", "platform_system": "Emscripten"}
    marks |= {"python_version": "3.14", "python_full_version": "3.14.2"}
    asked = [Requirement(text) for text in said.get_all("Requires-Dist", [])]
    wanted = [one for one in asked if one.marker is None or one.marker.evaluate(marks)]
    return {
        "name": canonicalize_name(said["Name"]),
        "version": said["Version"],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(top for top in tops if top.isidentifier()),
        "depends": [canonicalize_name(one.name) for one in wanted],
        "unvendored_tests": False,
    }


if __name__ == "__main__":
    main()
