"""Ways back in: a one-time link to a new password, and taking off a lost second factor."""

import logging
from smtplib import SMTPException

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from studio.accounts.errors import Refused
from studio.accounts.models import User
from studio.audit.record import record

MINUTES = settings.PASSWORD_RESET_TIMEOUT // 60
log = logging.getLogger(__name__)


def link(user: User) -> str:
    """Good for one new password, until the next login or the end of `MINUTES`."""
    token = default_token_generator.make_token(user)
    return f"{settings.SITE_URL}{reverse('password_reset', args=[user.uid, token])}"


def hand_out(actor: User, user: User) -> str:
    if not user.is_active:
        raise Refused(_("Switch this person on first."))
    record(actor, "person.hand_out_reset", kind="person", uid=user.uid)
    return link(user)


def send(email: str) -> None:
    """Mail the link to whoever has this address.

    Whoever asks learns nothing about who has an account, so a server that takes no mail is
    trouble for the log, not for the answer.
    """
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user:
        try:
            _mail(user)
        except (SMTPException, OSError):
            log.exception("The reset link for %s could not be mailed", user.uid)


def _mail(user: User) -> None:
    with translation.override(user.language or translation.get_language()):
        body = render_to_string("accounts/reset.txt", {"link": link(user), "minutes": MINUTES})
        send_mail(_("A new password for Seed Studio"), body, None, [user.email])
    record(None, "person.mail_reset", kind="person", uid=user.uid)


@transaction.atomic
def take_off_second_factor(actor: User, user: User) -> None:
    """For somebody who lost both the device and the recovery codes."""
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise Refused(_("This person has no second factor."))
    record(actor, "person.take_off_second_factor", kind="person", uid=user.uid)
