"""The guard: a small process between an owner and its server.

It has a session of its own, so a Stop, which signals the owner's process group, ends neither
guard nor server. Its standard input is a pipe whose write end the owner keeps: the order comes
in as one line, then `down` and `up`; whatever else comes, end of file above all, means *stop*.
A process that the owner forked may hold that pipe open, so the guard watches the owner as well.

If the guard is killed, the kernel ends the server (Linux), or a deputy does (elsewhere, and
where a folder is to be removed). The guard knows no server: what to run is in the order.
"""
