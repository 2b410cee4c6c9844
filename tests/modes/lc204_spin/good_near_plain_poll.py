"""The same poll, of a job that a thread ends in time."""

# options: --loopcheck-hang=1

import threading
import time


class Job:
    def __init__(self):
        self.done = False
        self.thread = threading.Timer(0.2, self.end)
        self.thread.start()

    def end(self):
        self.done = True


def pause(seconds):
    time.sleep(seconds)


def test_job_is_done():
    job = Job()
    while not job.done:
        pause(0.02)
    job.thread.join()
    assert job.done
