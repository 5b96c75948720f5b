"""Who gets what at which address. A new address needs a line here, or `make test` fails.

A door says what each person is answered; whoever it does not name finds nothing (404), just as
at an address that is not there. Whoever is not logged in is sent to the login, unless the door
names `ANONYMOUS`. CLOSED is "not with this method" (405), for everybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Who(StrEnum):
    ANONYMOUS = "anonymous"
    STRANGER = "stranger"  # shares no project with anybody
    OUTSIDER = "outsider"  # a member of another project
    VIEWER = "viewer"
    MEMBER = "member"
    LEAD = "lead"
    ADMIN = "admin"


class Answer(NamedTuple):
    """The status; another one where a range was asked for, or a fragment by htmx."""

    status: int
    ranged: int | None = None
    htmx: int | None = None


Door = dict[Who, Answer]
CLOSED: Door | None = None

EVERYBODY = tuple(Who)
PERSONS = EVERYBODY[1:]
SEEING = (Who.VIEWER, Who.MEMBER, Who.LEAD, Who.ADMIN)
MAKING = (Who.MEMBER, Who.LEAD, Who.ADMIN)
LEADING = (Who.LEAD, Who.ADMIN)

FILE = Answer(200, ranged=206)
TOLD = Answer(403)  # may look, and is told so


def door(*who: Who, get: Answer | int, told: tuple[Who, ...] = ()) -> Door:
    answer = get if isinstance(get, Answer) else Answer(get)
    return dict.fromkeys(who, answer) | dict.fromkeys(told, TOLD)


def everybody(get: Answer | int) -> Door:
    return door(*EVERYBODY, get=get)


def persons(get: Answer | int) -> Door:
    return door(*PERSONS, get=get)


def seeing(get: Answer | int) -> Door:
    return door(*SEEING, get=get)


def making(get: Answer | int) -> Door:
    return door(*MAKING, get=get, told=(Who.VIEWER,))


def leading(get: Answer | int) -> Door:
    return door(*LEADING, get=get, told=(Who.VIEWER, Who.MEMBER))


def admins(get: Answer | int) -> Door:
    return door(Who.ADMIN, get=get)


@dataclass(frozen=True)
class Line:
    """`at` names the things of the stage that stand in the address.

    `sent` is what a form says: a thing of the stage by its name, any other text as it is.
    """

    address: str
    reads: Door | None
    posts: Door | None
    at: tuple[str, ...] = ()
    sent: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        return any(Who.ANONYMOUS in (opens or {}) for opens in (self.reads, self.posts))


# A form that was posted empty is shown again; htmx gets the fragment where others are redirected.
AGAIN = 422
MARK = Answer(302, htmx=200)
# The login's own pages have nothing for whoever is logged in already.
BEFORE_LOGIN = everybody(302) | {Who.ANONYMOUS: Answer(200)}

BEFORE_LOGOUT = persons(200) | {Who.ANONYMOUS: Answer(302)}

TABLE = (
    #    address                       GET, HEAD, Range       POST              at, sent
    Line("healthz", everybody(200), CLOSED),
    Line("readyz", everybody(503), CLOSED),  # no beat in a test
    Line("metrics", everybody(404), CLOSED),  # no token is set
    Line("home", persons(302), persons(302)),
    Line("setup", everybody(302), everybody(302)),
    Line("language", CLOSED, everybody(302)),
    # Login
    Line("account_login", BEFORE_LOGIN, BEFORE_LOGIN | {Who.ANONYMOUS: Answer(AGAIN)}),
    Line("account_logout", BEFORE_LOGOUT, everybody(302)),
    Line("account_inactive", everybody(200), CLOSED),
    Line("account_reauthenticate", persons(200), persons(AGAIN)),
    Line("account_change_password", persons(200), persons(AGAIN)),
    Line("account_set_password", persons(302), persons(302)),
    Line("mfa_authenticate", everybody(302), everybody(302)),
    Line("mfa_reauthenticate", persons(302), persons(302)),
    Line("mfa_index", persons(200), CLOSED),
    Line("mfa_activate_totp", persons(302), persons(302)),
    Line("mfa_deactivate_totp", persons(404), persons(404)),  # nobody has one
    Line("mfa_view_recovery_codes", persons(404), CLOSED),
    Line("mfa_generate_recovery_codes", persons(302), persons(302)),
    Line("mfa_download_recovery_codes", persons(404), persons(404)),
    Line("password_forgot", everybody(404), everybody(404)),  # no mail is set up
    Line("password_reset", everybody(302), everybody(302), at=("person", "reset token")),
    # People
    Line("people", admins(200), CLOSED),
    Line("person", admins(200), CLOSED, at=("person",)),
    Line("person_role", CLOSED, admins(AGAIN), at=("person",)),
    Line("person_off", CLOSED, admins(AGAIN), at=("person",)),
    Line("person_on", CLOSED, admins(422), at=("person",)),
    Line("person_reset", CLOSED, admins(201), at=("person",)),
    Line("person_second_factor", CLOSED, admins(422), at=("person",)),
    Line("invite_create", CLOSED, admins(AGAIN)),
    Line("invite_withdraw", CLOSED, admins(302), at=("invite",)),
    Line("invite", everybody(200), everybody(AGAIN), at=("invite token",)),
    # Providers
    Line("providers", admins(200), CLOSED),
    Line("provider_connect", admins(200), admins(AGAIN), at=("provider",)),
    Line("provider_account", admins(200), CLOSED, at=("account",)),
    Line("provider_rename", CLOSED, admins(AGAIN), at=("account",)),
    Line("provider_limit", CLOSED, admins(AGAIN), at=("account",)),
    Line("provider_key", CLOSED, admins(AGAIN), at=("account",)),
    # The stage's account is at a provider that has no free call.
    Line("provider_try", CLOSED, {}, at=("account",)),
    Line("provider_address", CLOSED, admins(AGAIN), at=("account",)),
    Line("provider_pause", CLOSED, admins(302), at=("account",)),
    Line("provider_resume", CLOSED, admins(302), at=("account",)),
    Line("provider_top_up", CLOSED, admins(AGAIN), at=("account",)),
    Line("provider_top_up_take_back", CLOSED, admins(302), at=("account", "top-up")),
    Line("provider_disconnect", CLOSED, admins(AGAIN), at=("account",)),
    Line("provider_host_allow", CLOSED, admins(AGAIN), at=("provider",)),
    Line("provider_host_forbid", CLOSED, admins(AGAIN), at=("provider",)),
    Line("provider_models", admins(200), CLOSED),
    Line("provider_model_off", CLOSED, admins(AGAIN)),
    Line("provider_model_on", CLOSED, admins(AGAIN)),
    # Projects
    Line("projects", persons(200), persons(AGAIN)),
    Line("project", seeing(200), CLOSED, at=("project",)),
    Line("project_rename", CLOSED, leading(AGAIN), at=("project",)),
    Line("project_archive", CLOSED, leading(302), at=("project",)),
    Line("project_restore", CLOSED, leading(302), at=("project",)),
    Line("project_add_member", CLOSED, leading(AGAIN), at=("project",)),
    Line("project_member_role", CLOSED, leading(AGAIN), at=("project", "person")),
    Line("project_remove_member", CLOSED, leading(302), at=("project", "person")),
    # Settings
    Line("settings", persons(200), CLOSED),
    Line("settings_profile", CLOSED, persons(AGAIN)),
    Line("settings_studio", CLOSED, admins(AGAIN)),
    Line("sessions_end", CLOSED, persons(302)),
    # Styles
    Line("styles", admins(200), admins(AGAIN)),
    Line("style", admins(200), admins(AGAIN), at=("style",)),
    Line("style_remove", CLOSED, admins(302), at=("style",)),
    Line("style_restore", CLOSED, admins(302), at=("style",)),
    Line("style_picture", persons(FILE), CLOSED, at=("style",)),
    # Upkeep
    Line("faults", admins(200), CLOSED),
    Line("faults_check", CLOSED, admins(302)),
    Line("restored", admins(200), admins(302)),
    # Assets
    Line("assets", persons(200), persons(AGAIN)),
    Line("upload", persons(200), persons(AGAIN)),
    Line("assets_more", persons(200), CLOSED),
    Line("assets_examples", CLOSED, door(*MAKING, get=302), sent={"project": "project"}),
    Line("asset", seeing(200), making(AGAIN), at=("asset",)),
    Line("asset_trash", CLOSED, making(MARK), at=("asset",)),
    Line("asset_restore", CLOSED, making(MARK), at=("asset",)),
    Line("asset_file", seeing(FILE), CLOSED, at=("asset", "thumb")),
    # Models
    Line("models", persons(200), CLOSED),
    # Spend and prices
    Line("spend", admins(200), CLOSED),
    Line("spend_mine", persons(200), CLOSED),
    Line("spend_person", admins(200), CLOSED, at=("person",)),
    Line("spend_csv", persons(200), CLOSED),
    Line("spend_limit", admins(200), admins(AGAIN)),
    Line("spend_limit_remove", CLOSED, admins(302)),
    Line("prices", admins(200), CLOSED),
    Line("rates", admins(200), admins(AGAIN)),
    Line("price", admins(200), admins(AGAIN), at=("seller", "sold model")),
    # Create
    Line("prompts", seeing(200), making(AGAIN), sent={"project": "project"}),
    Line("prompt_rename", CLOSED, making(AGAIN), at=("saved prompt",)),
    Line("prompt_remove", CLOSED, making(MARK), at=("saved prompt",)),
    Line("prompt_restore", CLOSED, making(MARK), at=("saved prompt",)),
    Line("create", persons(200), persons(AGAIN)),
    Line("draft", CLOSED, persons(MARK)),
    Line("pick", persons(200), CLOSED),
    Line("history", persons(200), CLOSED),
    Line("crop", persons(200), CLOSED),
    Line("live", persons(200), CLOSED),
    Line("looked", CLOSED, persons(200)),
    Line("look", CLOSED, persons(302)),
    # What only an admin can settle
    Line("closing", admins(200), CLOSED),
    Line("closing_close", CLOSED, admins(AGAIN), at=("generation",)),
    Line("closing_fetch", CLOSED, admins(302), at=("generation",)),
    # Providers call it: nobody is logged in there, and only a signature opens it.
    Line("hook", CLOSED, everybody(401), at=("account",)),
    # Clips
    Line("gallery", persons(200), CLOSED),
    Line("generation", seeing(200), CLOSED, at=("generation",)),
    Line("generation_video", seeing(FILE), CLOSED, at=("generation",)),
    Line("generation_poster", seeing(FILE), CLOSED, at=("generation",)),
    Line("generation_preview", seeing(FILE), CLOSED, at=("generation",)),
    Line("generation_star", CLOSED, making(MARK), at=("generation",), sent={"stars": "3"}),
    Line("generation_reject", CLOSED, making(MARK), at=("generation",)),
    Line("generation_tag", CLOSED, making(MARK), at=("generation",), sent={"tag": "new"}),
    Line("generation_untag", CLOSED, making(MARK), at=("generation",), sent={"untag": "tag"}),
    Line("generation_trash", CLOSED, making(MARK), at=("generation",)),
    Line("generation_restore", CLOSED, making(MARK), at=("generation",)),
    Line("generation_cancel", CLOSED, making(MARK), at=("generation",)),
    Line("generation_another", CLOSED, door(*SEEING, get=302), at=("generation",)),
    Line("generation_last_frame", CLOSED, making(302), at=("generation",)),
)
