"""Which code creates, drops, passes on and starts coroutines, by syntax."""
