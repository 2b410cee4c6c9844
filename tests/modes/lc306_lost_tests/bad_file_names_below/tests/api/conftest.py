collect_ignore = ["test_slow.py"]
