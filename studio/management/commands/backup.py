import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studio.upkeep.backup import Exists, Made, back_up, measure

NOT_MADE = 2


class Command(BaseCommand):
    help = (
        "Write database and media into one file. Exit code 0: whole, 1: made, but files were "
        "missing or damaged already, 2: not made."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to write, such as studio.tar")
        parser.add_argument(
            "--with-keys", action="store_true", help="put the keys in that open its secrets"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say how much it would be")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = self._made(options)
        except (Exists, OSError) as error:
            raise CommandError(f"No backup was made: {error}", returncode=NOT_MADE) from error
        for sha256 in made.faulty:
            self.stdout.write(f"{sha256} is missing or damaged")
        self.stdout.write(
            f"{made.files} files, {made.bytes} bytes, {len(made.faulty)} with a fault"
        )
        if made.faulty:
            sys.exit(1)

    def _made(self, options: dict[str, Any]) -> Made:
        if options["dry_run"]:
            return measure()
        return back_up(options["file"].absolute(), with_keys=options["with_keys"])
