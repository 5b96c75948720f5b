import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studio.upkeep.prune import TRASH_DAYS, prune

REFUSED = 2


class Command(BaseCommand):
    help = (
        "Remove for good what lay in the trash, and files that nobody uses or knows. Without "
        "--yes it does nothing and says so. Exit code 0: done, 2: refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--trash-days", type=int, default=TRASH_DAYS, metavar="DAYS")
        parser.add_argument("--yes", action="store_true", help="really delete")
        parser.add_argument("--dry-run", action="store_true", help="only count what would go")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["trash_days"] < 0:
            raise CommandError("--trash-days cannot be negative.", returncode=REFUSED)
        if not (options["yes"] or options["dry_run"]):
            raise CommandError(
                "This deletes for good. Look with --dry-run, then say --yes.", returncode=REFUSED
            )
        done = prune(options["trash_days"], dry_run=options["dry_run"])
        self.stdout.write(json.dumps(asdict(done)))
