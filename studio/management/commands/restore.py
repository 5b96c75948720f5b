from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from studio.serve.instance import AlreadyRunning, hold
from studio.upkeep.manifest import NotABackup
from studio.upkeep.restore import Refused, Restored, restore, restore_files, verify

NOT_DONE = 2


class Command(BaseCommand):
    # A restore is what brings the missing keys back.
    requires_system_checks = []
    help = (
        "Put a backup in the place of this studio's data, all or nothing. Stop the studio first. "
        "Exit code 0: done, 2: refused or no backup, and nothing was changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `backup` wrote")
        parser.add_argument("--force", action="store_true", help="over a studio that has people")
        parser.add_argument(
            "--files-only", action="store_true", help="only files that are missing or damaged"
        )
        parser.add_argument("--dry-run", action="store_true", help="only prove the backup")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = self._done(options)
        except (Refused, NotABackup, AlreadyRunning) as error:
            raise CommandError(f"Nothing was changed. {error}", returncode=NOT_DONE) from error
        except OSError as error:
            raise CommandError(f"The restore stopped: {error}", returncode=NOT_DONE) from error
        self._tell(done, options["dry_run"])

    def _done(self, options: dict[str, Any]) -> Restored:
        alone = not (options["files_only"] or options["dry_run"])
        with hold(settings.DATA_DIR, "restoring") if alone else nullcontext():
            if options["dry_run"]:
                return verify(options["file"])
            if options["files_only"]:
                return restore_files(options["file"])
            return restore(options["file"], force=options["force"])

    def _tell(self, done: Restored, only_proved: bool) -> None:
        self.stdout.write(
            f"Backup of {done.head.made_at}: {done.files} files, every byte as its manifest says."
        )
        if only_proved:
            return
        self.stdout.write(f"{done.mended} files were put in their place.")
        if done.entered:
            self.stdout.write(
                f"Nothing that costs is sent until an admin confirms: {done.entered.unknown} jobs "
                f"have an unknown outcome, {done.entered.waiting} wait."
            )
        if done.kept:
            self.stdout.write(f"The database that stood here before is kept as {done.kept}.")
        if done.head.has_keys and done.entered:
            self.stdout.write(
                "The backup's keys are in the data dir's secrets; where STUDIO_ENCRYPTION_KEYS "
                "comes from the environment, add them there."
            )
