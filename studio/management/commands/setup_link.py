from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studio.accounts import setup


class Command(BaseCommand):
    help = "Print the link that opens the first visit's form, while nobody has an account."

    def handle(self, *args: Any, **options: Any) -> None:
        if not setup.is_waiting():
            raise CommandError("This studio is set up already. Log in, or ask an admin.")
        self.stdout.write(setup.link())
