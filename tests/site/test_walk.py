"""The figures that move: what is drawn is what NumPy computes, and a reader can move it with mouse, finger or keys."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
from bs4 import BeautifulSoup
from site_pages import CHAPTERS, RULES, needs_browser

from fluxopt_edu import Adam, Descent
from fluxopt_edu.landscapes import LANDSCAPES
from fluxopt_edu.run import trajectory

pytestmark = needs_browser

# Every chapter, in one language or the other.
PAGES = [(("en", "zh")[number % 2], name) for number, name in enumerate(CHAPTERS)]
WIDTH, HEIGHT = 640, 320


@dataclass
class Figure:
    """What a page's figure is to show."""

    element: object

    @property
    def settings(self):
        return json.loads(self.element["data-walk"])

    def rules(self):
        return [RULES[each["name"].lower()](**each["hyper"]) for each in self.settings["rules"]]

    def walked(self, opt, steps=None):
        return walked(opt, self.settings["start"], steps or self.settings["steps"], LANDSCAPES[self.settings["landscape"]])


def figure(site, code, name):
    soup = BeautifulSoup((site / f"book/{code}/{name}.html").read_text(encoding="utf-8"), "html.parser")
    return Figure(soup.select_one("figure.walk"))


def walked(opt, start, steps, landscape=LANDSCAPES["valley"]):
    with np.errstate(all="ignore"):
        return trajectory(opt, lambda p: np.array(landscape.gradient(*p)), start, steps)


def opened(browser, address, code, name, **options):
    page = browser.new_page(**options)
    page.goto(f"{address}book/{code}/{name}.html")
    page.wait_for_selector("figure.walk.walk-ready")
    return page


def paths(page):
    return page.evaluate("document.querySelector('figure.walk').paths")


def on_the_plane(points, landscape):
    """A line of the picture, back in the coordinates of the plane."""
    p = np.array([[float(v) for v in point.split(",")] for point in points.split()])
    (x0, x1), (y0, y1) = landscape.xlim, landscape.ylim
    return np.stack([x0 + p[:, 0] / WIDTH * (x1 - x0), y1 - p[:, 1] / HEIGHT * (y1 - y0)], axis=1)


@pytest.mark.parametrize("code, name", PAGES)
def test_the_path_is_numpys_to_the_last_bit(browser, address, site, code, name):
    page, shown = opened(browser, address, code, name), figure(site, code, name)
    lines = page.eval_on_selector_all("figure.walk .path", "lines => lines.map(line => line.getAttribute('points'))")
    landscape = LANDSCAPES[shown.settings["landscape"]]
    for opt, computed, line in zip(shown.rules(), paths(page), lines, strict=True):
        expected = shown.walked(opt)
        assert np.array_equal(np.array(computed), expected), opt
        drawn = on_the_plane(line, landscape)
        np.testing.assert_allclose(drawn, expected[: len(drawn)], atol=2e-4)  # the picture has a hundredth of a pixel
    page.close()


@pytest.mark.parametrize("code, name", PAGES)
def test_the_still_picture_is_the_same(site, code, name):
    shown = figure(site, code, name)
    landscape = LANDSCAPES[shown.settings["landscape"]]
    assert shown.element.svg["aria-label"] and shown.element.figcaption.get_text(strip=True)
    for opt, line in zip(shown.rules(), shown.element.select(".path"), strict=True):
        drawn = on_the_plane(line["points"], landscape)
        np.testing.assert_allclose(drawn, shown.walked(opt)[: len(drawn)], atol=2e-4)


def test_keys_move_a_hyper_parameter(browser, address):
    page = opened(browser, address, "en", "descent")
    before = paths(page)[0]
    slider = page.locator("figure.walk input[name='Descent.eta']").first
    slider.focus()
    page.keyboard.press("ArrowRight")
    moved = page.evaluate("document.querySelector('figure.walk').paths[0]")
    assert moved != before
    eta = (np.array(before[0]) - np.array(moved[1]))[0] / before[0][0]
    assert eta > 0.1
    np.testing.assert_allclose(moved, walked(Descent(float(eta)), [-2, 0.8], len(before) - 1), rtol=1e-9)
    assert slider.get_attribute("aria-valuetext") == f"{eta:.3g}"
    page.get_by_role("button", name="Reset").click()
    assert paths(page)[0] == before
    page.close()


def test_a_mouse_drags_the_start(browser, address):
    page = opened(browser, address, "zh", "adam")
    mark = page.locator("figure.walk .start")
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=4)
    page.mouse.up()
    start = paths(page)[0][0]
    assert start[0] > -1.9 and start[1] < 0.75
    np.testing.assert_array_equal(np.array(paths(page)[0]), walked(Adam(0.1), start, 60))
    page.close()


def test_a_finger_sets_the_start(browser, address):
    page = opened(browser, address, "en", "adam", has_touch=True, viewport={"width": 375, "height": 740})
    picture = page.locator("figure.walk svg")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    np.testing.assert_allclose(paths(page)[0][0], [-1.2, 0.6], atol=0.03)
    page.close()


def test_labels_follow_the_language(browser, address):
    for code, word in (("en", "Steps"), ("zh", "步数")):
        page = opened(browser, address, code, "adam")
        assert page.get_by_role("slider", name=word).count() == 1
        page.close()
