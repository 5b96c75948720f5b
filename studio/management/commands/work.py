from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from studio.checks import TAG
from studio.serve.work import work


class Command(BaseCommand):
    requires_system_checks = [TAG]
    help = "Do the background work of a studio on one machine. `run` starts it by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "CELERY_BROKER_URL names a server: start `celery -A studio.celery worker` "
                "and `celery -A studio.celery beat` instead (see docs/configuration.md)."
            )
        work()
