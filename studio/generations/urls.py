from django.urls import URLPattern, URLResolver, path

from studio.generations.views import (
    create,
    last_frame,
    live,
    look,
    marks,
    media,
    one,
    prompts,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("look/", look.look, name="look"),
    path("live/", live.live, name="live"),
    path("live/looked/", live.looked, name="looked"),
    path("create/", create.create, name="create"),
    path("create/prompts/", prompts.prompts, name="prompts"),
    path("create/prompts/<uid:uid>/rename/", prompts.rename, name="prompt_rename"),
    path("create/prompts/<uid:uid>/remove/", prompts.remove, name="prompt_remove"),
    path("create/prompts/<uid:uid>/restore/", prompts.restore, name="prompt_restore"),
    path("create/draft/", create.draft, name="draft"),
    path("create/pick/", create.pick, name="pick"),
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
    path("generations/<uid:uid>/last-frame/", last_frame.last_frame, name="generation_last_frame"),
]
