"""A JupyterHub for a class on one machine. README.md says how to start it, and for whom it is.

Settings come from the environment; none is needed:

    LOOPCHECK_HUB_ADDRESS   127.0.0.1   where it listens: this machine, or a proxy on it.
    LOOPCHECK_HUB_PORT      8000
    LOOPCHECK_HUB_PREFIX    /           the path under which a proxy shows it.
    LOOPCHECK_HUB_MEMORY    1G          for each process of a learner; `none` for no limit.
    LOOPCHECK_HUB_IDLE      60          minutes after which an unused server ends.
    LOOPCHECK_HUB_PASSWORD  generated   for the class; eight characters or more.
    LOOPCHECK_HUB_TEACHER   teacher     the name of the facilitator, who sees everybody.
    LOOPCHECK_HUB_FOLDER    ~/loopcheck-hub   database, passwords, the learners' folders.
    LOOPCHECK_BOARD_PORT    8008        of the class board, for the Hub's proxy only.
    LOOPCHECK_LESSONS       the installed lessons; this folder may be read-only.
"""

import hashlib
import os
import random
import re
import secrets
import shutil
import socket
import sys
from contextlib import suppress
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from typing import Any

import loopcheck

c = get_config()  # type: ignore[name-defined]  # noqa: F821  # JupyterHub provides it
HERE = Path(__file__).resolve().parent
FOLDER = Path(os.environ.get("LOOPCHECK_HUB_FOLDER", "~/loopcheck-hub")).expanduser().resolve()
TEACHER = os.environ.get("LOOPCHECK_HUB_TEACHER", "teacher")
BOARD = "loopcheck-board"


def tell(line: str) -> None:
    print(f"loopcheck: {line}", file=sys.stderr, flush=True)


def number(name: str, otherwise: int, most: int) -> int:
    """Return the number in the environment variable *name*, or stop with a line."""
    said = os.environ.get(name, str(otherwise))
    if said.isdecimal() and 0 < int(said) <= most:
        return int(said)
    raise SystemExit(f"{name} is `{said}`: a number from 1 to {most} is needed, as {otherwise}.")


def memory() -> str | None:
    """Return the memory limit of a learner's process, and print a line if there is none."""
    said = os.environ.get("LOOPCHECK_HUB_MEMORY", "1G")
    if said in ("none", "0", ""):
        tell("no memory limit: one cell can take all of this machine. LOOPCHECK_HUB_MEMORY=1G")
        return None
    if not re.fullmatch(r"\d+(\.\d+)?[MGT]", said):
        raise SystemExit(f"LOOPCHECK_HUB_MEMORY is `{said}`: say 1G, 512M, or none.")
    if not sys.platform.startswith("linux"):
        tell(f"no memory limit: {sys.platform} cannot enforce the {said} that are set.")
    return said


def proxy() -> str:
    """Return the command of the Hub's proxy, which comes from npm."""
    local = shutil.which("configurable-http-proxy", path=str(HERE / "node_modules" / ".bin"))
    found = local or shutil.which("configurable-http-proxy")
    if not shutil.which("node"):
        raise SystemExit("The Hub's proxy needs Node.js, which is missing. Install Node.js 18+.")
    if not found:
        raise SystemExit("The Hub has no proxy yet. Try: npm ci --prefix workshop")
    return found


def password(name: str, given: str | None) -> str:
    """Return the password *name*: the one set, else the one made at the first start."""
    file = FOLDER / f"password-{name}.txt"
    if given is not None and len(given) < 8:
        raise SystemExit("LOOPCHECK_HUB_PASSWORD is too short: it needs eight characters or more.")
    if given is None and not file.exists():
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(24) if name == TEACHER else secrets.token_hex(4))
    if given is None:
        tell(f"the password of {name} is in {file}")
    return file.read_text().strip() if given is None else given


# Below the ports that systems pick for port 0: of thirty servers that start at once, two could get
# the same one, or one that a learner's kernel has by then.
PORTS = range(20_000, 30_000)
first = random.randrange(len(PORTS))  # another Hub may use this range, too
in_turn = cycle([*PORTS[first:], *PORTS[:first]])


def runtime(spawner: Any) -> str:
    """Return the folder for the sockets of a learner's kernels: their paths must be short."""
    return str(FOLDER / "run" / hashlib.sha256(spawner.user.name.encode()).hexdigest()[:8])


def own_port(spawner: Any) -> None:
    """Give a learner's server a free port that no other server gets."""
    for port in (next(in_turn) for _ in PORTS):
        with suppress(OSError), socket.socket() as held:
            held.bind(("127.0.0.1", port))
            spawner.port = port
            return


# --- Where it listens. Beyond this machine it needs an https proxy.
address = os.environ.get("LOOPCHECK_HUB_ADDRESS", "127.0.0.1")
host = f"[{address}]" if ":" in address else address
prefix = os.environ.get("LOOPCHECK_HUB_PREFIX", "/").strip("/")
port = number("LOOPCHECK_HUB_PORT", 8000, 65535)
c.JupyterHub.bind_url = f"http://{host}:{port}/{prefix}"
c.ConfigurableHTTPProxy.command = [proxy()]
if address not in ("127.0.0.1", "::1", "localhost"):
    tell(f"it listens on {address} without https: others on the network can read passwords.")

# --- What it keeps.
try:
    FOLDER.mkdir(parents=True, exist_ok=True, mode=0o700)
except OSError as refused:
    said = refused.strerror or refused
    raise SystemExit(f"{FOLDER} can't be made: {said}. Set LOOPCHECK_HUB_FOLDER.") from None
c.JupyterHub.db_url = f"sqlite:///{FOLDER / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(FOLDER / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(FOLDER / "proxy.pid")

# --- Login: any name, with the password of the class. A name becomes a folder.
c.JupyterHub.authenticator_class = "shared-password"
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = r"[a-z0-9][a-z0-9_-]{0,31}\Z"
c.Authenticator.admin_users = {TEACHER}
c.SharedPasswordAuthenticator.user_password = password(
    "the-class", os.environ.get("LOOPCHECK_HUB_PASSWORD")
)
c.SharedPasswordAuthenticator.admin_password = password(TEACHER, None)
c.JupyterHub.template_vars = {
    "announcement_login": "<b>Username</b>: any name that you like and remember, in small letters, "
    "digits and hyphens. It becomes your folder; with the same name you find it again. "
    "<b>Password</b>: the one of the class, which your facilitator has."
}

# --- What a learner gets: a folder with their copy of the lessons, and Lab open on the map.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(FOLDER / "learners" / "{username}")
c.Spawner.cmd = [sys.executable, str(HERE / "start.py"), sys.executable, "-m"]
c.Spawner.cmd += ["jupyterhub.singleuser"]
c.Spawner.pre_spawn_hook = own_port
c.Spawner.default_url = "/lab/tree/workbook/00_start_here.ipynb"
c.Spawner.mem_limit = memory()  # the Hub only passes it on; start.py enforces it
c.Spawner.start_timeout = c.Spawner.http_timeout = 300  # thirty at once, on two cores
c.Spawner.environment = {
    "JUPYTER_RUNTIME_DIR": runtime,
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    # How a server ends, and which kernels do; no question from Lab about news.
    "JUPYTER_CONFIG_PATH": os.pathsep.join(
        [str(HERE / "server"), str(Path(loopcheck.__file__).parent / "lab" / "jupyter")]
    ),
}
if lessons := os.environ.get("LOOPCHECK_LESSONS"):
    c.Spawner.environment["LOOPCHECK_LESSONS"] = str(Path(lessons).resolve())
c.LocalProcessSpawner.interrupt_timeout = 40  # for a server to end its kernels
if os.geteuid() == 0:
    c.Spawner.args = ["--allow-root"]
    tell("all cells run as root, unless learners have accounts. Start the Hub as another user.")

# --- Services. An unused server ends; the copy and all notebooks stay.
WITH_HUB = [sys.executable, str(HERE / "with_hub.py"), sys.executable, "-m"]
c.JupyterHub.services = []
c.JupyterHub.load_roles = []
if find_spec("jupyterhub_idle_culler"):
    idle = 60 * number("LOOPCHECK_HUB_IDLE", 60, 100_000)
    command = [*WITH_HUB, "jupyterhub_idle_culler", f"--timeout={idle}"]
    c.JupyterHub.services += [{"name": "idle-culler", "command": command}]
    scopes = ["list:users", "read:users:activity", "read:servers", "delete:servers"]
    c.JupyterHub.load_roles += [
        {"name": "idle-culler", "services": ["idle-culler"], "scopes": scopes}
    ]
else:
    tell("idle servers stay: jupyterhub-idle-culler is not installed.")

# --- The class board: ONE service entry, here and nowhere else.
if find_spec("loopcheck.lab.board"):
    c.JupyterHub.services += [
        {
            "name": BOARD,  # at /services/loopcheck-board/
            "url": f"http://127.0.0.1:{number('LOOPCHECK_BOARD_PORT', 8008, 65535)}",
            "command": [*WITH_HUB, "loopcheck", "board", "--serve"],
            "environment": {"LOOPCHECK_BOARD_HOME": str(FOLDER / "board")},
            "oauth_no_confirm": True,  # it is the Hub's own, and learns only who logs in
        }
    ]
    # It needs no role: it calls the Hub with each caller's own token, so only about that caller.
    # Its page is for facilitators: the Hub's admins, and the members of this group.
    c.JupyterHub.load_groups = {"facilitators": {"users": [TEACHER]}}
    c.JupyterHub.load_roles += [
        {
            "name": "facilitators",
            "groups": ["facilitators"],
            "scopes": [f"access:services!service={BOARD}"],
        }
    ]
    here = "127.0.0.1" if address in ("0.0.0.0", "::") else host
    c.Spawner.environment["LOOPCHECK_BOARD_URL"] = (
        f"http://{here}:{port}/{prefix and prefix + '/'}services/{BOARD}/"
    )
# --- End of the class board.
