from django.urls import URLPattern, URLResolver, include, path

from studio.accounts.views import invites, language, login, people, projects, resets, settings
from studio.accounts.views.setup import first_visit

urlpatterns: list[URLPattern | URLResolver] = [
    path("setup/", first_visit, name="setup"),
    path("language/", language.language, name="language"),
    path("accounts/", include(login.urlpatterns)),
    path("accounts/forgot/", resets.forgot, name="password_forgot"),
    path(
        "accounts/reset/<uid:uidb64>/<str:token>/",
        resets.ResetView.as_view(),
        name="password_reset",
    ),
    path("people/", people.people, name="people"),
    path("people/<uid:uid>/", people.person, name="person"),
    path("people/<uid:uid>/role/", people.set_role, name="person_role"),
    path("people/<uid:uid>/off/", people.switch_off, name="person_off"),
    path("people/<uid:uid>/on/", people.switch_on, name="person_on"),
    path("people/<uid:uid>/reset/", people.hand_out_reset, name="person_reset"),
    path(
        "people/<uid:uid>/second-factor/",
        people.take_off_second_factor,
        name="person_second_factor",
    ),
    path("invites/", invites.create, name="invite_create"),
    path("invites/<uid:uid>/withdraw/", invites.withdraw, name="invite_withdraw"),
    path("invites/<str:token>/", invites.accept, name="invite"),
    path("projects/", projects.projects, name="projects"),
    path("projects/<uid:uid>/", projects.project, name="project"),
    path("projects/<uid:uid>/rename/", projects.rename, name="project_rename"),
    path("projects/<uid:uid>/archive/", projects.archive, name="project_archive"),
    path("projects/<uid:uid>/restore/", projects.restore, name="project_restore"),
    path("projects/<uid:uid>/members/", projects.add_member, name="project_add_member"),
    path(
        "projects/<uid:uid>/members/<uid:person_uid>/",
        projects.set_member_role,
        name="project_member_role",
    ),
    path(
        "projects/<uid:uid>/members/<uid:person_uid>/remove/",
        projects.remove_member,
        name="project_remove_member",
    ),
    path("settings/", settings.settings, name="settings"),
    path("settings/profile/", settings.profile, name="settings_profile"),
    path("settings/studio/", settings.studio, name="settings_studio"),
    path("settings/sessions/", settings.end_other_sessions, name="sessions_end"),
]
