from django.urls import URLPattern, URLResolver, path

from studio.generations.views import again, create, crop, last_frame, live, look, marks, media, one

urlpatterns: list[URLPattern | URLResolver] = [
    path("look/", look.look, name="look"),
    path("live/", live.live, name="live"),
    path("live/looked/", live.looked, name="looked"),
    path("create/", create.create, name="create"),
    path("create/draft/", create.draft, name="draft"),
    path("create/pick/", create.pick, name="pick"),
    path("create/history/", again.history, name="history"),
    path("create/crop/", crop.crop, name="crop"),
    path("generations/<uid:uid>/", one.generation, name="generation"),
    path("generations/<uid:uid>/video/", media.video, name="generation_video"),
    path("generations/<uid:uid>/poster/", media.poster, name="generation_poster"),
    path("generations/<uid:uid>/preview/", media.preview, name="generation_preview"),
    path("generations/<uid:uid>/star/", marks.star, name="generation_star"),
    path("generations/<uid:uid>/reject/", marks.reject, name="generation_reject"),
    path("generations/<uid:uid>/tag/", marks.tag, name="generation_tag"),
    path("generations/<uid:uid>/untag/", marks.untag, name="generation_untag"),
    path("generations/<uid:uid>/trash/", marks.trash, name="generation_trash"),
    path("generations/<uid:uid>/restore/", marks.restore, name="generation_restore"),
    path("generations/<uid:uid>/cancel/", marks.cancel, name="generation_cancel"),
    path("generations/<uid:uid>/another/", again.another, name="generation_another"),
    path("generations/<uid:uid>/last-frame/", last_frame.last_frame, name="generation_last_frame"),
]
