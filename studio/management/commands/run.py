import socket
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone

from studio.accounts import setup
from studio.accounts.models import Studio
from studio.checks import TAG
from studio.generations import awake
from studio.generations.models import Generation
from studio.serve.child import Child
from studio.serve.instance import AlreadyRunning, hold
from studio.serve.lifeline import Lifeline
from studio.serve.listen import CannotListen, listen
from studio.serve.prepare import TooNew, prepare
from studio.serve.supervise import Supervisor


class Command(BaseCommand):
    requires_system_checks = [TAG]
    help = "Run the whole studio on this machine, until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lock = hold(settings.DATA_DIR, settings.SITE_URL)
            listener = listen(settings.BIND)
            prepare()
        except (AlreadyRunning, CannotListen, TooNew) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as error:
            raise CommandError("Stopped before it ran.") from error
        with lock, listener:
            self._run(listener)

    def _run(self, listener: socket.socket) -> None:
        supervisor = Supervisor(self.children(listener), self._say)
        supervisor.catch_signals()
        connections.close_all()
        if not supervisor.run(listener.getsockname(), self._welcome):
            raise CommandError("The studio did not start; what it said stands above.")
        self._say("The studio has stopped.")
        self._name_paid_jobs()

    def children(self, listener: socket.socket) -> list[Child]:
        """All that is kept running; practice mode adds to it."""
        return children(listener, Lifeline())

    def _welcome(self) -> None:
        if setup.is_waiting():
            self._say(f"Seed Studio is ready to be set up (Ctrl-C stops it):\n{setup.link()}")
        else:
            self._say(f"Seed Studio runs (Ctrl-C stops it):\n{settings.SITE_URL}/")
        connections.close_all()

    def _name_paid_jobs(self) -> None:
        """They go on at their providers, and their files die there if nobody comes back."""
        waiting = awake.vigil()
        if waiting:
            by = timezone.localtime(waiting.by, Studio.get().zone)
            self._say(
                f"{waiting.count} paid jobs go on without us. Start the studio again before "
                f"{by:%Y-%m-%d %H:%M}, or their files may be lost:"
            )
            for generation in Generation.objects.filter(state__in=awake.THERE, price__gt=0):
                self._say(f"  {generation.uid} {generation.model} {generation.person}")
        connections.close_all()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def children(
    listener: socket.socket, lifeline: Lifeline, more: Mapping[str, str] | None = None
) -> list[Child]:
    """The web and the worker process; `more` goes into their environment."""
    shared = {
        lifeline.name: str(lifeline.reading),
        # They run in the project's folder, wherever we were called from.
        "STUDIO_DATA_DIR": str(settings.DATA_DIR),
        "STUDIO_STATIC_ROOT": str(settings.STATIC_ROOT),
        # Django has set TZ to what it counts in; the first visit proposes the machine's own.
        "TZ": settings.FIRST_TIME_ZONE,
        # `run` has made the checks already.
        "CELERY_SKIP_CHECKS": "1",
        **(more or {}),
    }
    web = ["-m", "gunicorn", "--config", "python:studio.serve.web", "--graceful-timeout", "2"]
    return [
        Child(
            "web",
            [*web, "--bind", f"fd://{listener.fileno()}", "studio.wsgi"],
            settings.BASE_DIR,
            shared | {"STUDIO_PROCESS": "web"},
            [lifeline.reading, listener.fileno()],
        ),
        Child(
            "worker",
            ["manage.py", "work"],
            settings.BASE_DIR,
            shared | {"STUDIO_PROCESS": "worker"},
            [lifeline.reading],
        ),
    ]
