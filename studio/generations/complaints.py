"""What a fault at a provider means, in plain words: what happened, what it cost, what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from studio.catalogue import load
from studio.providers.base import Kind

_WHAT: dict[Kind, Promise] = {
    Kind.PARAMETER: gettext_lazy("%(provider)s did not accept a setting."),
    Kind.PICTURE: gettext_lazy("%(provider)s did not accept a picture."),
    Kind.CONTENT: gettext_lazy("%(provider)s declined this text or picture."),
    Kind.KEY: gettext_lazy("%(provider)s refuses our key; an administrator must look."),
    Kind.BALANCE: gettext_lazy("The %(provider)s account has no credit."),
    Kind.PERMISSION: gettext_lazy("The %(provider)s account may not do this."),
    Kind.MODEL: gettext_lazy("%(provider)s does not offer this model now."),
    Kind.BUSY: gettext_lazy("%(provider)s is busy."),
    Kind.QUOTA: gettext_lazy("The quota at %(provider)s is used up."),
    Kind.PROVIDER: gettext_lazy("%(provider)s could not make it."),
    Kind.CANCELLED: gettext_lazy("It was cancelled at %(provider)s."),
    Kind.UNREADABLE: gettext_lazy("%(provider)s gave an answer that we cannot read."),
}


def seller(provider: str) -> str:
    """The provider's name as people know it."""
    found = load.provider(provider)
    return found.name if found else provider


def what(kind: Kind, provider: str) -> str:
    return str(_WHAT[kind]) % {"provider": seller(provider)}


def told(kind: Kind, provider: str, message: str, cost: str) -> str:
    """The whole message: what happened, the provider's own words, what it cost."""
    said = _("It says: %(message)s") % {"message": message.rstrip(".") + "."} if message else ""
    return " ".join(filter(None, [what(kind, provider), said, cost]))


def nothing_charged() -> str:
    return _("Nothing was charged.")


def charge_unclear() -> str:
    return _("Whether it was charged is being checked; the amount stays reserved.")


def was_charged() -> str:
    return _("It was charged all the same.")


def outcome_unknown(provider: str) -> str:
    return _(
        "We cannot tell whether %(provider)s took this job. The amount stays reserved while we "
        "check. Starting again may cost twice."
    ) % {"provider": seller(provider)}


def cannot_reach(provider: str) -> str:
    return _("%(provider)s cannot be reached.") % {"provider": seller(provider)}


def not_secure(provider: str) -> str:
    return _("%(provider)s's secure connection failed.") % {"provider": seller(provider)}


def new_host(host: str) -> str:
    return _("Waiting for the administrator: new file host %(host)s.") % {"host": host}


def expired(provider: str) -> str:
    return _(
        "The file expired at %(provider)s before we could fetch it. It was charged; the "
        "administrator can credit it."
    ) % {"provider": seller(provider)}


def no_video(provider: str, reason: str) -> str:
    return _("%(provider)s sent no whole video (%(reason)s). This is being checked.") % {
        "provider": seller(provider),
        "reason": reason,
    }


def picture_missing() -> str:
    return _("A picture of this clip cannot be read any more.")


def no_key(provider: str) -> str:
    return _("There is no key for %(provider)s that can be used.") % {"provider": seller(provider)}
