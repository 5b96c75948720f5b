import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studio.storage.models import Blob
from studio.upkeep.scrub import NoStore, Scrubbed, scrub, share

CANNOT = 2
MEGABYTE = 1024 * 1024


class Command(BaseCommand):
    help = "Hash every kept file again. Exit code 0: all whole, 1: faults, 2: no media folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--share", action="store_true", help="only what this hour is due")
        parser.add_argument("--rate", type=float, default=0, help="at most so many MB a second")
        parser.add_argument("--dry-run", action="store_true", help="read, and write nothing down")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        blobs = share() if options["share"] else Blob.objects.order_by("checked_at", "pk")
        try:
            done = scrub(
                blobs.iterator() if not options["share"] else list(blobs),
                rate=options["rate"] * MEGABYTE,
                dry_run=options["dry_run"],
            )
        except NoStore as error:
            message = "The media folder is not there: nothing was checked."
            raise CommandError(message, returncode=CANNOT) from error
        self._tell(done, options["json"])
        if done.faulty:
            sys.exit(1)

    def _tell(self, done: Scrubbed, as_object: bool) -> None:
        faults = [{"sha256": blob.sha256, "fault": str(blob.fault)} for blob in done.faulty]
        if as_object:
            whole = {"files": done.files, "bytes": done.bytes, "faults": faults}
            self.stdout.write(json.dumps(whole))
            return
        for fault in faults:
            self.stdout.write(f"{fault['sha256']} {fault['fault']}")
        self.stdout.write(f"{done.files} files, {done.bytes} bytes, {len(faults)} with a fault")
