"""A tiny site made of the frame and its partials, to drive our scripts with."""

import json
from datetime import timedelta

from django.http import HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path
from django.views.decorators.csrf import csrf_protect

from foundation.kernel import clock


class World:
    """What the pages show; a test moves it."""

    position = 0
    accepted = 378
    asked = 0


def move():
    World.position += 1
    World.accepted += 1


PAGE = """{% extends "base.html" %}{% block title %}Test{% endblock %}
{% block content %}<h1>Test</h1>BODY{% endblock %}"""

REGION = """<section id="numbers" hx-get="/region/" hx-trigger="live:numbers from:body"
  hx-swap="outerMorph"><b id="accepted" data-tint>{{ world.accepted }}</b>
  <b id="steady" data-tint>41 %</b>
  <details id="more"><summary>More</summary>text</details>
  {% if with_form %}<form id="note"><input name="note"
  value="{{ world.accepted }}" aria-label="Note"></form>
  {% endif %}
  <div id="inner" hx-get="/inner/" hx-trigger="load" hx-swap="innerMorph">wait</div>
</section>"""

LIVE = (
    '{% include "ui/stamp.html" with as_of=now only %}'
    + REGION
    + """<form id="away"><input name="away" aria-label="Away"></form>"""
)

ACTS = """
<div hx-target:inherited="#out">
<div><button id="post" hx-post="/echo/">Post</button></div>
<button id="break" hx-get="/broken/">Break</button>
<button id="refuse" hx-post="/refused/">Refused</button>
<button id="elsewhere" hx-get="/elsewhere/">Elsewhere</button></div><div id="out"></div>
<form method="post" action="/echo/" data-confirm="Delete?" data-confirm-yes="Delete">
{% csrf_token %}<button id="delete">Delete</button></form>
<button id="merge" hx-post="/echo/" hx-target="#out" data-confirm="M?">Merge</button>
<button type="button" data-dialog="ask" data-key="r">Refuse <kbd>R</kbd></button>
<dialog id="ask" aria-label="Ask"><form><input name="why" aria-label="Why"></form>
</dialog>
<ul data-key-list><li><a href="#1" data-key-item>one</a></li>
<li><a href="#2" data-key-item aria-current="true">two</a></li>
<li><a href="#3" data-key-item>three</a></li></ul>
<label><input type="checkbox" data-check-all="ids"> all</label>
<label><input type="checkbox" name="ids" value="1"> 1</label>
<label><input type="checkbox" name="ids" value="2"> 2</label>
<div data-bulk="ids" hidden><b data-bulk-count></b></div>
<div class="dropdown"><button id="menu" type="button" data-bs-toggle="dropdown"
 aria-expanded="false">Menu</button><div class="dropdown-menu"><button id="in-menu"
 class="dropdown-item">Item</button></div></div>"""

CHARTS = """{% for chart in charts %}
{% include "ui/chart.html" with id=chart.id kind=chart.kind spec=chart.spec only %}
{% endfor %}"""

CLOCKS = """{% for c in clocks %}<p class="pill" data-countdown-scope>
{% include "ui/countdown.html" with c=c words=c.words only %}</p>{% endfor %}"""


def answer(request, body, **context):
    template = engines["django"].from_string(PAGE.replace("BODY", body))
    shared = {
        "live_url": "/live/",
        "live_position": World.position,
        "world": World,
        "now": clock.now(),
        "theme": request.COOKIES.get("theme"),
    }
    return HttpResponse(template.render({**shared, **context}, request))


def region(request):
    template = engines["django"].from_string(REGION)
    with_form = "form" in request.headers.get("HX-Current-URL", "")
    context = {"world": World, "with_form": with_form}
    return HttpResponse(template.render(context, request))


def live(request):
    World.asked += 1
    if int(request.GET["at"]) >= World.position:
        return HttpResponse(status=204)
    topics = request.GET["topics"].split(",")
    return JsonResponse({"position": World.position, "topics": topics})


@csrf_protect
def echo(request):
    note = {"text": "Saved.", "level": "success", "undo": "/echo/"}
    headers = {"HX-Trigger": json.dumps({"ui:message": note})}
    icon = '<link rel="icon" href="data:,">'
    return HttpResponse(f"{icon}<b>{request.method}</b>", headers=headers)


def clocks(request):
    now = clock.now()

    def one(left, target, *, opens=0, **more):
        span = [now + timedelta(seconds=opens), now + timedelta(hours=9)]
        return {
            "due": now + timedelta(seconds=left),
            "at": now,
            "left": left,
            "target": target,
            "open": json.dumps([[moment.isoformat() for moment in span]]),
            "text": "?",
            **more,
        }

    shown = [
        one(581, 7200),
        one(581, 7200, opens=3600),
        one(-840, 7200),
        one(100, 7200, paused=True, text="paused", state="paused"),
        one(4000, 14000, words=True),
    ]
    return answer(request, CLOCKS, clocks=shown)


BAR = {
    "categories": ["Webinar", "Fair"],
    "series": [
        {"name": "Qualified", "values": [248, 80], "urls": ["/q/1/", "/q/2/"]},
        {"name": "Accepted", "values": [151, 21], "urls": ["/a/1/", "/a/2/"]},
    ],
}
LINE = {
    "unit": "ratio",
    "categories": ["Jan", "Feb", "Mar"],
    "target": 0.6,
    "series": [
        {
            "name": "Acceptance",
            "values": [0.5, 0.45, 0.4],
            "low": [0.46, 0.41, 0.3],
            "high": [0.54, 0.49, 0.5],
            "n": [90, 91, 12],
            "immature": [False, False, True],
        }
    ],
}
SANKEY = {
    "nodes": [{"id": "a", "name": "Old"}, {"id": "b", "name": "New", "role": "good"}],
    "links": [{"source": "a", "target": "b", "value": 27, "url": "/moved/"}],
}
HEATMAP = {
    "x": ["30 d"],
    "y": ["Jan"],
    "cells": [{"x": 0, "y": 0, "value": 0.05, "url": "/cell/"}],
    "unit": "ratio",
}
SCATTER = {
    "x_label": "Reach",
    "y_label": "Leads",
    "points": [{"name": "Fair", "x": 10, "y": 4, "url": "/fair/"}],
}
CHART_SPECS = [
    {"id": "bar", "kind": "bar", "spec": BAR},
    {"id": "line", "kind": "line", "spec": LINE},
    {"id": "sankey", "kind": "sankey", "spec": SANKEY},
    {"id": "heatmap", "kind": "heatmap", "spec": HEATMAP},
    {"id": "scatter", "kind": "scatter", "spec": SCATTER},
]

leads = [path("leads/", lambda r: answer(r, "Leads"), name="lead-list")]
urlpatterns = [
    path("", lambda r: answer(r, "Today"), name="today"),
    path("", include((leads, "leads"))),
    path("live-page/", lambda r: answer(r, LIVE)),
    path("form-page/", lambda r: answer(r, LIVE, with_form=True)),
    path("acts/", lambda r: answer(r, ACTS)),
    path("charts/", lambda r: answer(r, CHARTS, charts=CHART_SPECS)),
    path("clocks/", clocks),
    path("region/", region),
    path("inner/", lambda r: HttpResponse("<i>brought</i>")),
    path("live/", live),
    path("echo/", echo),
    path("broken/", lambda r: HttpResponseServerError("<b>traceback</b>")),
    path("refused/", lambda r: HttpResponse("<b>because</b>", status=422)),
    path("elsewhere/", lambda r: redirect("/leads/")),
    path("q/1/", lambda r: answer(r, "Records")),
    path("a/1/", lambda r: answer(r, "Records")),
]
