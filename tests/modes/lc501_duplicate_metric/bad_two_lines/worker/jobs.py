from prometheus_client import Counter

DONE = Counter("jobs", "Jobs done")
