"""Why a job does not go on just now, in one sentence."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from studio.generations import plan
from studio.generations.complaints import seller
from studio.generations.line import first_in_line, in_line
from studio.generations.models import Generation
from studio.generations.states import State
from studio.lib import clock
from studio.providers.base import Stage
from studio.providers.registry import traits
from studio.scheduling.models import ProviderAccount
from studio.storage import space


@dataclass(frozen=True)
class Line:
    """`first` is whose turn it is; `paused` why nothing is sent, "" where something is."""

    first: int | None
    count: int
    paused: str
    is_connected: bool


class Lines:
    """What all cards of a page ask of the same lines, read once for each line."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, bool], Line] = {}

    def of(self, generation: Generation) -> Line:
        key = (generation.provider, generation.is_off_peak)
        if key not in self._read:
            self._read[key] = _line(*key)
        return self._read[key]


def why(generation: Generation, lines: Lines) -> str:
    """Empty where it goes on, or where its state says it all."""
    if traits(generation.provider).free and generation.state != State.QUEUED:
        return ""
    if generation.state == State.QUEUED:
        return _in_line(generation, lines)
    if generation.state == State.RUNNING:
        return _there(generation)
    if generation.state == State.ARCHIVING:
        return _archiving(generation)
    return generation.error_message if generation.state == State.UNKNOWN else ""


def _line(provider: str, off_peak: bool) -> Line:
    connected = ProviderAccount.objects.connected().filter(provider=provider)
    return Line(
        first=first_in_line(provider, off_peak=off_peak),
        count=in_line(provider, off_peak=off_peak).count(),
        paused=_paused(provider),
        is_connected=traits(provider).free or connected.exists(),
    )


def _in_line(generation: Generation, lines: Lines) -> str:
    shown = {"provider": seller(generation.provider)}
    if not traits(generation.provider).free and space.is_full():
        return _("Storage is full; new jobs wait.")
    if generation.waits_until and generation.waits_until > clock.now():
        latest = generation.events.filter(to_state=State.QUEUED).last()
        reason = str(latest.detail.get("reason", "")) if latest else ""
        return _("%(reason)s Next try: %(time)s") % {
            "reason": reason,
            "time": _hour(generation.waits_until),
        }
    line = lines.of(generation)
    if line.paused:
        return _("Paused: %(reason)s Your job keeps its place.") % {"reason": line.paused}
    if not line.is_connected:
        return _("%(provider)s is not connected.") % shown
    if line.first == generation.pk:
        return _("Next in line for %(provider)s.") % shown
    words = ngettext(
        "In line for %(provider)s, where %(count)s job waits.",
        "In line for %(provider)s, where %(count)s jobs wait.",
        line.count,
    )
    return words % (shown | {"count": line.count})


def _paused(provider: str) -> str:
    """The reason, where every account of the provider is paused."""
    accounts = list(ProviderAccount.objects.filter(provider=provider, removed_at=None))
    if not accounts or any(account.paused_at is None for account in accounts):
        return ""
    return accounts[0].paused_reason or _("the administrator has paused it.")


def _there(generation: Generation) -> str:
    attempt = max(generation.attempts.all(), key=lambda each: each.number)
    shown = {"provider": seller(generation.provider)}
    if attempt.stage == Stage.DONE:
        return _("Finished at %(provider)s, waiting for the file.") % shown
    if attempt.stage == Stage.WAITING:
        return _("Waiting at %(provider)s.") % shown
    if plan.is_overdue(generation, clock.now()):
        return _("Taking far longer than usual. It is asked for by the hour, and kept.")
    if generation.failures > 2:
        return _("%(provider)s is not answering; your job is kept.") % shown
    return ""


def _archiving(generation: Generation) -> str:
    if space.is_full():
        return _("Storage is full; the file is fetched as soon as there is room.")
    latest = generation.events.last()
    if latest and latest.kind == "archive put off":
        return str(latest.detail.get("reason", ""))
    return _("Fetching the file.")


def _hour(when: datetime) -> str:
    return formats.time_format(timezone.localtime(when), "TIME_FORMAT")
