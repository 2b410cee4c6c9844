from prometheus_client import Gauge

SENT = Gauge("jobs_total", "Mails sent")  # LC501
