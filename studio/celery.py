"""The Celery app. Messages are wake-up calls that carry an id; the rows are the queue."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init

from studio.lib import clock

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")

app = Celery("studio")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["studio.generations", "studio.upkeep"])


@setup_logging.connect
def _keep_our_logging(**_: Any) -> None:
    """Celery leaves logging alone as soon as anybody listens here; settings.LOGGING stands."""


@worker_init.connect
def _set_the_clock(**_: Any) -> None:
    clock.sync()
