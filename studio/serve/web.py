"""How gunicorn serves the studio: `gunicorn --config python:studio.serve.web studio.wsgi`.

One process with threads: a long download holds a thread, a slow upload not even that.
"""

import os
import signal
from pathlib import Path
from typing import Any

from django.db import connections

from studio import settings
from studio.lib import clock
from studio.serve import lifeline

bind = os.environ.get("STUDIO_BIND") or "127.0.0.1:8000"
worker_class = "studio.serve.patience.PatientWorker"
workers = 1
threads = 12
timeout = 60
graceful_timeout = 25
keepalive = 5
loglevel = "warning"
# gunicorn's own lines look like all others.
logconfig_dict = settings.LOGGING
# Nothing that we read in a header is long.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
control_socket_disable = True
# Its heartbeat file must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None


def post_fork(arbiter: Any, worker: Any) -> None:
    lifeline.follow(lambda: os.kill(arbiter.pid, signal.SIGTERM))


def post_worker_init(worker: Any) -> None:
    clock.sync()
    connections.close_all()
