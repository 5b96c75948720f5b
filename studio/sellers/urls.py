from django.urls import path

from studio.sellers.views import account, providers, switches

urlpatterns = [
    path("", providers.providers, name="providers"),
    path("models/", switches.models, name="provider_models"),
    path("models/off/", switches.switch_off, name="provider_model_off"),
    path("models/on/", switches.switch_on, name="provider_model_on"),
    path("accounts/<uid:uid>/", account.account, name="provider_account"),
    path("accounts/<uid:uid>/rename/", account.rename, name="provider_rename"),
    path("accounts/<uid:uid>/limit/", account.set_limit, name="provider_limit"),
    path("accounts/<uid:uid>/key/", account.replace_key, name="provider_key"),
    path("accounts/<uid:uid>/try/", account.try_key, name="provider_try"),
    path("accounts/<uid:uid>/address/", account.move, name="provider_address"),
    path("accounts/<uid:uid>/pause/", account.pause, name="provider_pause"),
    path("accounts/<uid:uid>/resume/", account.resume, name="provider_resume"),
    path("accounts/<uid:uid>/top-ups/", account.top_up, name="provider_top_up"),
    path(
        "accounts/<uid:uid>/top-ups/<uid:top_up_uid>/take-back/",
        account.take_back_top_up,
        name="provider_top_up_take_back",
    ),
    path("accounts/<uid:uid>/disconnect/", account.disconnect, name="provider_disconnect"),
    path("<slug:provider>/connect/", providers.connect, name="provider_connect"),
    path("<slug:provider>/hosts/allow/", providers.allow_host, name="provider_host_allow"),
    path("<slug:provider>/hosts/forbid/", providers.forbid_host, name="provider_host_forbid"),
]
