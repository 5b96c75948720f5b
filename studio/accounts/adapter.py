"""Where allauth asks us: who may come in, how often one may guess, where one may be sent."""

from typing import Any, cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext

from studio.accounts import devices, sessions
from studio.accounts.models import Studio, User
from studio.audit.models import AuditLine
from studio.audit.record import record
from studio.lib import cipher

# Said by the page that follows; a message would only repeat it.
SILENT = frozenset({"account/messages/logged_in.txt", "account/messages/logged_out.txt"})


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come in by set-up or by invitation, never by signing up."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only a page of ours, by its path: nobody is sent to another host after a login."""
        if not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
            return False
        try:
            resolve(urlsplit(url).path)
        except Resolver404:
            return False
        return True

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *rest: Any,
        **options: Any,
    ) -> None:
        if message_template not in SILENT:
            super().add_message(request, level, message_template, *rest, **options)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What wrong passwords are counted under: the account, or its owner's known browser."""
        email = credentials["email"].lower()
        return f"{email}:{devices.known(request, email)}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        email = credentials["email"].lower()
        user = User.objects.filter(email=email).first()
        record(
            None,
            "login.refuse",
            kind="person",
            uid=user.uid if user else "",
            after={"email": email, "address": self.get_client_ip(request)},
        )

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Log in, and tell the owner of wrong passwords since the last time."""
        wrong = _wrong_passwords(cast(User, user))
        super().login(request, user)
        if wrong:
            words = ngettext(
                "A wrong password was tried for your account since you last logged in.",
                "%(count)d wrong passwords were tried for your account since you last logged in.",
                wrong,
            )
            messages.warning(request, words % {"count": wrong})

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **options: Any
    ) -> HttpResponse:
        response = super().post_login(request, user, **options)
        devices.remember(response, cast(User, user))
        return response

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        super().set_password(user, password)
        person = cast(User, user)
        record(person, "person.change_password", kind="person", uid=person.uid)
        # They are sealed with the old password and dead already; this takes them off the list.
        sessions.end_others(person, but=self.request.session.session_key)


def _wrong_passwords(user: User) -> int:
    since = user.last_login or user.joined_at
    lines = AuditLine.objects.filter(action="login.refuse", object_uid=user.uid)
    return lines.filter(at__gt=since).count()


class SecondFactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return cipher.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return cipher.decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        return Studio.get().name
