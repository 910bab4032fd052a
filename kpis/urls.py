from django.urls import path

from kpis.views import detail, numbers, records, samples, today

app_name = "kpis"

urlpatterns = [
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/all/", numbers.registry_region, name="registry-region"),
    path("numbers/today/", today.today_region, name="today-region"),
    path("numbers/records/", records.record_list, name="record-list"),
    path("numbers/samples/", samples.samples_region, name="samples-region"),
    path("numbers/<slug:key>/", detail.kpi_detail, name="kpi-detail"),
]
