"""Who makes, drops, hands on and starts coroutines, by syntax."""
