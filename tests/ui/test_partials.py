"""Partials print numbers for machines as machines read them, in every language."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation


@pytest.fixture(params=["en", "ro", "pl"])
def language(request):
    with translation.override(request.param):
        yield request.param


def render(name, **context):
    return " ".join(render_to_string(f"ui/{name}.html", context).split())


def test_meter_sizes_are_plain_numbers(language):
    drawn = render("meter", percent=93.4, target=61.5, team="sales")
    assert '<div class="meter sales" aria-hidden="true">' in drawn
    assert '<svg class="meter-fill" width="93.4%"></svg>' in drawn
    assert '<svg class="meter-target" width="61.5%"></svg>' in drawn


def test_meter_without_target_or_value():
    drawn = render("meter", percent=None)
    assert 'width="0%"' in drawn
    assert "meter-target" not in drawn


def test_funnel_sizes_and_counts(language):
    step = {"label": "MQL", "n": "912", "height": 42.5, "url": "/r/", "rate": "42 %"}
    drawn = render("funnel", steps=[step])
    assert '<svg width="42.5%" height="42.5%" aria-hidden="true"></svg>' in drawn


def test_ring_hours_and_countdown_are_plain_numbers(language):
    assert 'stroke-dasharray="92.5 100"' in render("ring", used=92.5)
    part = {"kind": "counted", "x": 40.2, "width": 12.9}
    assert 'x="40.2%" width="12.9%"' in render("hours", parts=[part], label="l")
    clock = {"left": 12345, "target": 28800, "open": '[["a","b"]]', "text": "3:25"}
    drawn = render("countdown", c=clock)
    assert 'data-left="12345"' in drawn
    assert 'data-target="28800"' in drawn
    assert 'data-open="[[&quot;a&quot;,&quot;b&quot;]]"' in drawn


def test_progress_counts_for_machines_and_for_people():
    job = {"id": 1234, "title": "leads.csv", "done": 31200, "total": 100000}
    with translation.override("en"):
        drawn = render("progress", job=job)
    assert 'id="job-1234"' in drawn
    assert 'max="100000" value="31200"' in drawn
    assert "31,200 of 100,000" in drawn


def test_value_opens_its_records_and_names_its_target():
    drawn = render("value", v={"text": "88 %", "url": "/r/?x=1&y=2", "target": "90"})
    assert '<a class="num-link" href="/r/?x=1&amp;y=2" data-tint>88 %</a>' in drawn
    assert "<small>of 90</small>" in drawn


def test_no_value_is_a_dash_that_is_read_out():
    drawn = render("value", v={"text": ""})
    assert '<span aria-hidden="true">\u2013</span>' in drawn
    assert '<span class="only-read">no value</span>' in drawn


def test_current_place_follows_from_the_address(rf):
    def item(path, url):
        request = rf.get(path)
        return render("nav_item", request=request, url=url, label="L", shape="top")

    assert 'aria-current="page"' in item("/leads/7/", "/leads/")
    assert 'aria-current="page"' in item("/", "/")
    assert "aria-current" not in item("/leads/7/", "/")
    assert item("/leads/", "") == ""


def test_texts_of_people_are_escaped():
    drawn = render("finding", headline="<b>x</b>", text="a&b", url="/r/", action="Go")
    assert "&lt;b&gt;x&lt;/b&gt;" in drawn
    assert "a&amp;b" in drawn


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_pages_need_no_context(code):
    drawn = render_to_string(f"{code}.html")
    assert drawn.count("<h1>") == 1
    assert "<script" not in drawn
