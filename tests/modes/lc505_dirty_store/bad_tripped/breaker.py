"""Refuses a host after two errors."""


class Refused(Exception):
    pass


class Breaker:
    errors = {}  # LC505

    def check(self, host):
        if self.errors.get(host, 0) >= 2:
            raise Refused(host)

    def failed(self, host):
        self.errors[host] = self.errors.get(host, 0) + 1
