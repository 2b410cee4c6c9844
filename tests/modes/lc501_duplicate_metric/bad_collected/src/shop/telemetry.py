from prometheus_client import Summary

LATENCY = Summary("checkout_latency_seconds", "Time of a checkout")
