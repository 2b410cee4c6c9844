"""A plain test polls with a helper that sleeps: the job was never started."""

# options: --loopcheck-hang=1
# name: wait_for_job

import time


class Job:
    def __init__(self):
        self.thread, self.done = None, False

    def start(self):
        self.done = True


def pause(seconds):
    time.sleep(seconds)


def wait_for_job(job):
    while not job.done:  # LC204
        pause(0.02)


def test_job_is_done():
    job = Job()
    wait_for_job(job)
    assert job.done
