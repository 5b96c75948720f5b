from django.urls import path

from studio.assets import views

urlpatterns = [
    path("", views.assets, name="assets"),
    path("", views.assets, name="upload"),
    path("more/", views.more, name="assets_more"),
    path("examples/", views.examples, name="assets_examples"),
    path("<uid:uid>/", views.asset, name="asset"),
    path("<uid:uid>/trash/", views.trash, name="asset_trash"),
    path("<uid:uid>/restore/", views.restore, name="asset_restore"),
    path("<uid:uid>/<str:size>/", views.asset_file, name="asset_file"),
]
