"""The guard: a small process between an owner and its server.

It has its own session, so a Stop, which signals the owner's process group, ends neither guard nor
server. Its standard input is a pipe whose write end the owner keeps: the order comes as one line,
then `down` and `up`; anything else, above all end of file, means *stop*. A process that the owner
forked may hold that pipe open, so the guard watches the owner as well.

If the guard is killed, the kernel ends the server (Linux), or a deputy does (elsewhere, and if a
folder must be removed). The guard knows no server: the order says what to run.
"""
