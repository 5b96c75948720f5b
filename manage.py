#!/usr/bin/env python
"""The door to every command of the studio."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    if sys.argv[1:2] == ["practice"]:
        # Before any setting is read: it decides which data dir is the default.
        os.environ["STUDIO_PRACTICE"] = "1"
    execute_from_command_line(sys.argv)
