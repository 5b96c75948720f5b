"""A studio of its own in a process of its own, to be killed while it keeps a clip.

`python -m tests.archive.keeper prepare`, then `... keep PATH ATTEMPT_UID`.
"""

import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command


def main(verb: str, *arguments: str) -> None:
    settings.MIGRATION_MODULES = {"studio": None}
    django.setup()
    if verb == "prepare":
        call_command("migrate", run_syncdb=True, verbosity=0)
    else:
        keep(*arguments)


def keep(path: str, attempt_uid: str) -> None:
    # Only now are the models there to be imported.
    from studio.archive.keep import keep as keep_in_archive

    video = keep_in_archive(Path(path), attempt_uid)
    sys.stdout.write(video.blob.sha256)


if __name__ == "__main__":
    main(*sys.argv[1:])
