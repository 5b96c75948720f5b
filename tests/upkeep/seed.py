"""Fills a studio in a process of its own: `python -m tests.upkeep.seed` once, `… load` for ever."""

import sys
import time

import django


def main(*arguments: str) -> None:
    django.setup()
    # Only now are the models there to be imported.
    from studio.accounts.models import Project, User
    from studio.lib import cipher
    from studio.scheduling.models import ProviderKey
    from tests import people
    from tests.upkeep import paid

    if arguments == ("load",):
        project, person = Project.objects.get(name="Ours"), User.objects.get(name="Mei Member")
        sys.stdout.write("writing\n")
        sys.stdout.flush()
        while True:
            for make in (paid.succeeded, paid.cancelled, paid.archiving):
                make(project, person)
            time.sleep(0.01)
    cast = people.cast()
    for make in (paid.queued, paid.submitting, paid.running, paid.cancelled):
        make(cast.project, cast.member)
    for _ in range(20):
        paid.succeeded(cast.project, cast.member)
    ProviderKey.objects.create(account=paid.account(), sealed=cipher.encrypt("sk-secret"))


if __name__ == "__main__":
    main(*sys.argv[1:])
