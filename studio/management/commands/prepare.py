from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studio.checks import TAG
from studio.serve.prepare import TooNew, prepare


class Command(BaseCommand):
    requires_system_checks = [TAG]
    help = "Make folders, tables and static files. `run` does it by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            prepare()
        except TooNew as error:
            raise CommandError(str(error)) from error
