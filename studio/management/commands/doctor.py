import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from studio.upkeep.doctor import look


class Command(BaseCommand):
    help = "Ask every invariant of the live data. Reads only. Exit code 0: all hold, 1: findings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON list")
        parser.add_argument("--dry-run", action="store_true", help="the same: it never writes")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = look()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings]))
        else:
            for finding in findings:
                self.stdout.write(f"{finding.number} {finding.about}: {finding.what}")
        if findings:
            sys.exit(1)
