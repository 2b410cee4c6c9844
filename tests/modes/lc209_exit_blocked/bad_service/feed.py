import queue
import threading


class Feed:
    def __init__(self):
        self.lines = queue.Queue()
        self.seen = []

    def start(self):
        threading.Thread(target=self._read).start()

    def stop(self):
        self.lines.put(None)

    def _read(self):
        while (line := self.lines.get()) is not None:
            self.seen.append(line)
            self.lines.task_done()
