from django.urls import URLPattern, URLResolver, path

from studio.reports.views import limit, prices, rates, spend

urlpatterns: list[URLPattern | URLResolver] = [
    path("spend/", spend.spend, name="spend"),
    path("spend/mine/", spend.mine, name="spend_mine"),
    path("spend/people/<uid:uid>/", spend.person, name="spend_person"),
    path("spend/clips.csv", spend.as_csv, name="spend_csv"),
    path("spend/limit/", limit.limit, name="spend_limit"),
    path("spend/limit/remove/", limit.remove, name="spend_limit_remove"),
    path("prices/", prices.prices, name="prices"),
    path("prices/rates/", rates.rates, name="rates"),
    path("prices/<str:provider>/<str:name>/", prices.price, name="price"),
]
