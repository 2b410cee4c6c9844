"""The guard: a small process between an owner and its server. A script, it imports no loopcheck.

It has a session of its own, so a Stop, which signals the owner's process group, ends neither
guard nor server. Its standard input is a pipe whose write end the owner keeps: the order comes
in as one line, and whatever comes after it, end of file above all, means *stop*. A process that
the owner forked may hold that pipe open, so the guard watches the owner itself as well.

If the guard is killed, the kernel kills the server (Linux), or a deputy does (elsewhere).
"""

import contextlib
import errno
import json
import os
import select
import signal
import subprocess
from collections.abc import Callable

READY = b"Ready to accept connections"
TAKEN = os.strerror(errno.EADDRINUSE).encode()
LAST_WORDS = 4096  # bytes of the log that are kept while the server starts
GRACE = 1.0  # seconds from SIGTERM to SIGKILL; Valkey needs 0.1
LOOK_EVERY = 0.5  # seconds, where nothing tells of the owner's death
PR_SET_PDEATHSIG = 1

Server = subprocess.Popen[bytes]
Leash = Callable[[], None]  # runs in the server's process before the server does


class Ties:
    """What binds a guard to its owner. Cut, it has to go."""

    def __init__(self, owner: int) -> None:
        self.parent = os.getppid()
        self.files = [0, _signals()]
        self.look_every: float | None = None
        try:
            self.files.append(os.pidfd_open(owner))
        except ProcessLookupError:
            self.parent = 0  # gone already: cut
            self.look_every = 0
        except (AttributeError, OSError):  # macOS, Linux before 5.3, some sandboxes
            self.look_every = LOOK_EVERY

    def cut(self, readable: list[int]) -> bool:
        """Whether one of *readable*, or a new parent, says that the owner has gone."""
        # Compared with its first value: where a subreaper exists, an orphan's parent is not 1.
        return bool(set(readable) & set(self.files)) or os.getppid() != self.parent


def _signals() -> int:
    """Return a file that is readable once a signal has asked this process to end."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda *_: None)
    return read


def serve(order: dict[str, object], ties: Ties) -> None:
    """Run the server until it or its owner ends, and tell the owner what happens."""
    tether, leash = (tie_by_deputy if order["deputy"] else tie_by_kernel)()
    ports = order["ports"]
    assert isinstance(ports, list)
    for port in ports:
        try:
            server = launch(order, port, leash)
        except OSError as error:
            return tell(refused=error.strerror, errno=error.errno, file=error.filename)
        heard = listen(server, ties, READY)
        if READY in heard:
            tell(pid=server.pid, port=port)
            listen(server, ties, None)
        code = end(server)
        tether(b"0\n")
        if READY in heard:
            return tell(ended=code)
        if TAKEN not in heard:
            return tell(refused=last_line(heard), code=code)
    return tell(taken=True)


def launch(order: dict[str, object], port: int, leash: Leash) -> Server:
    """Start the server in a folder that is removed at once: it can leave nothing behind.

    A process may work in a removed folder. What it tries to write there (`SAVE`) is refused.
    """
    folder = str(order["folder"])
    os.mkdir(folder, 0o700)
    try:
        server = Server(
            [str(order["binary"]), "-"],  # its settings come by pipe: nobody can read the password
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            preexec_fn=leash,  # safe: this process has one thread
            process_group=0,
        )
    finally:
        os.rmdir(folder)
    assert server.stdin
    with contextlib.suppress(BrokenPipeError), server.stdin:
        server.stdin.write(settings(port, str(order["password"])))
    return server


def settings(port: int, password: str) -> bytes:
    """Return a configuration: loopback only, a password, nothing kept on disk."""
    lines = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", 'save ""']
    return "\n".join([*lines, "appendonly no", "daemonize no", "loglevel notice", ""]).encode()


def listen(server: Server, ties: Ties, until: bytes | None) -> bytes:
    """Read the server's log up to *until*, its end, or a cut tie. Return the last of it."""
    assert server.stdout
    log, heard = server.stdout.fileno(), b""
    while until is None or until not in heard:
        readable, _, _ = select.select([log, *ties.files], [], [], ties.look_every)
        if ties.cut(readable):
            break
        if log in readable:
            more = os.read(log, 65536)
            if not more:
                break
            heard = (heard + more)[-LAST_WORDS:]
    return heard


def end(server: Server) -> int:
    """Return the exit code of *server*, which ends now if it had not."""
    server.terminate()
    try:
        return server.wait(GRACE)
    except subprocess.TimeoutExpired:  # stopped, or busy with a script
        os.killpg(server.pid, signal.SIGKILL)
        return server.wait()


def tie_by_kernel() -> tuple[Callable[[bytes], object], Leash]:
    """Have the kernel kill the server when this process dies. Linux only."""
    try:
        import ctypes

        prctl = ctypes.CDLL(None).prctl
    except (ImportError, OSError, AttributeError):
        return tie_by_deputy()
    guard = os.getpid()

    def leash() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != guard:  # it died before the line above
            os._exit(1)

    return lambda _: None, leash


def tie_by_deputy() -> tuple[Callable[[bytes], object], Leash]:
    """Fork a deputy that kills the server when this process dies.

    The server's own process sends its pid before the server runs, so no moment is unguarded.
    `0` says that the server has ended.
    """
    read, write = os.pipe()
    if os.fork() == 0:
        os.close(write)
        stand_by(read)
    os.close(read)
    return lambda words: os.write(write, words), lambda: _send_pid(write)


def _send_pid(write: int) -> None:
    os.write(write, b"%d\n" % os.getpid())


def stand_by(read: int) -> None:
    """Wait for the guard's end, then kill the server that it left, if any."""
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    for file in (0, 1, 2):  # the owner takes the end of file on 1 for the guard's end
        os.close(file)
    heard = b""
    while more := os.read(read, 4096):
        heard = (heard + more)[-LAST_WORDS:]
    server = int((heard.split() or [b"0"])[-1])
    if server:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server, signal.SIGKILL)
    os._exit(0)


def last_line(heard: bytes) -> str:
    """Return the last line of a log without its date and level."""
    lines = heard.decode(errors="replace").strip().splitlines() or [""]
    return lines[-1].rpartition(" # ")[2].strip()


def tell(**words: object) -> None:
    """Send *words* to the owner, who may have gone."""
    with contextlib.suppress(OSError):
        os.write(1, json.dumps(words).encode() + b"\n")


def main() -> None:
    """Read the order and carry it out."""
    with open(0, "rb", buffering=0, closefd=False) as owner:
        line = owner.readline()  # and not a byte more: the next one means stop
    if not line.endswith(b"\n"):
        return  # the owner went before it had said what it wants
    order = json.loads(line)
    serve(order, Ties(order["owner"]))


if __name__ == "__main__":
    main()
