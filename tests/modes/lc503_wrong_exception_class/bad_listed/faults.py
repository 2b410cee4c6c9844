"""What is worth a second try."""

RETRYABLE = (ConnectionError, TimeoutError)  # LC503
