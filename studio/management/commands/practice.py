"""`make sandbox`: the whole studio, with all its providers played on this machine."""

import socket
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from studio.management.commands import run
from studio.serve.child import Child
from studio.serve.lifeline import Lifeline
from studio.serve.listen import listen

# How long a played job takes: long enough to see it wait, run and arrive.
SECONDS = 5
# No secret: it opens nothing but the sandbox, which knows its jobs by it from start to start.
KEY = "practice.opens-only-the-sandbox"
# Each provider's prefix on the sandbox, and what of its base address stands behind that.
BASES = {
    "ZAI": "/zai/api/paas/v4",
    "BIGMODEL": "/bigmodel/api/paas/v4",
    "JIEKOU": "/jiekou",
    "VIDU": "/vidu",
    "RELAY": "/relay",
}
# Of the studio that this machine may also run: none of it is used here.
FOREIGN = ("DATABASE_URL", "CELERY_BROKER_URL", "EMAIL_URL", "STUDIO_PROXY", "STUDIO_PUBLIC_URL")


class Command(run.Command):
    help = "Run the studio and a sandbox that plays all providers, until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PRACTICE_ASKED:
            raise CommandError("Start practice mode with `make sandbox`.")
        self.vendors = listen("127.0.0.1:0")
        with self.vendors:
            super().handle(*args, **options)

    def children(self, listener: socket.socket) -> list[Child]:
        """The sandbox's socket is ours: a sandbox that is started again keeps its address."""
        lifeline = Lifeline()
        address = "http://{}:{}".format(*self.vendors.getsockname()[:2])
        self._say(f"Practice: nothing is sent, nothing is charged. All providers: {address}")
        playing = [
            *("-m", "studio.sandbox", "--quiet", "--listener", str(self.vendors.fileno())),
            *("--folder", str(settings.DATA_DIR / "sandbox"), "--key", KEY),
            *("--seconds", str(SECONDS), "--lifeline", str(lifeline.reading)),
        ]
        sandbox = Child(
            "sandbox",
            playing,
            settings.BASE_DIR,
            {"STUDIO_DATA_DIR": str(settings.DATA_DIR)},
            [self.vendors.fileno(), lifeline.reading],
        )
        return [sandbox, *run.children(listener, lifeline, environment(address))]


def environment(address: str) -> dict[str, str]:
    """What makes the studio's processes take the sandbox, and nobody else, for the providers."""
    found = {name: "" for foreign in FOREIGN for name in (foreign, f"{foreign}_FILE")}
    found |= {"STUDIO_PRACTICE": "1", "STUDIO_TRUSTED_HOSTS": address.removeprefix("http://")}
    for provider, rest in BASES.items():
        found[f"STUDIO_{provider}_API_KEY"] = KEY
        found[f"STUDIO_{provider}_BASE_URL"] = address + rest
    return found
