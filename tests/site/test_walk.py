"""The figures that move: what is drawn is what NumPy computes, a reader can move it with mouse, finger or keys, and read it on any screen."""

import json
import re
from dataclasses import dataclass

import numpy as np
import pytest
from bs4 import BeautifulSoup
from site_pages import CHAPTERS, DESKTOP, RULES, needs_browser, without_maths

from fluxopt_edu import Adam, Descent
from fluxopt_edu.figures import COLOURS
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
    page = without_maths(browser.new_page(**options))
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
    assert shown.element.select_one("svg.plane")["aria-label"] and shown.element.figcaption.get_text(strip=True)
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
    picture = page.locator("figure.walk svg.plane")
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


def luminance(colour):
    """As WCAG defines it, of a colour such as rgb(0, 114, 178)."""
    shares = [int(part) / 255 for part in re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", colour).groups()]
    return np.dot([0.2126, 0.7152, 0.0722], [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares])


def contrast(*colours):
    low, high = sorted(map(luminance, colours))
    return (high + 0.05) / (low + 0.05)


def computed(page, selector, name):
    return page.eval_on_selector_all(f"figure.walk {selector}", "(found, name) => found.map((each) => getComputedStyle(each)[name])", name)


def by_filter(colour):
    """What the night's filter for still figures, invert(0.91) hue-rotate(180deg), makes of a colour."""
    lightness = np.array([0.213, 0.715, 0.072])
    inverted = 0.91 - 0.82 * np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return 255 * np.clip(2 * lightness @ inverted - inverted, 0, 1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_follows_the_theme(browser, address, theme):
    page = opened(browser, address, "zh", "adamw", color_scheme=theme)
    (ground,) = computed(page, ".ground", "fill")
    assert luminance(ground) < 0.05 if theme == "dark" else luminance(ground) > 0.9
    assert computed(page, ".start", "fill") == [ground]
    for selector in (".walk-ticks span", ".walk-legend > span", ".walk-controls legend"):
        for colour in computed(page, selector, "color"):
            assert contrast(colour, ground) >= 4.5, selector
    for selector in (".start", ".minimum"):
        (colour,) = computed(page, selector, "stroke")
        assert contrast(colour, ground) >= 4.5, selector
    for colour in computed(page, ".level", "stroke"):
        assert 1.5 < contrast(colour, ground) < 3  # behind the paths

    strokes, dashes = computed(page, ".path", "stroke"), computed(page, ".path", "strokeDasharray")
    for k, colour in enumerate(strokes):
        assert contrast(colour, ground) >= 3, k
        still = by_filter(COLOURS[k]) if theme == "dark" else [int(COLOURS[k][i : i + 2], 16) for i in (1, 3, 5)]
        np.testing.assert_allclose([int(part) for part in re.findall(r"\d+", colour)], still, atol=1)
    assert len(set(dashes)) == len(set(strokes)) == len(strokes) == 2
    assert computed(page, "marker circle", "fill") == strokes
    for legend in (".walk-legend", ".walk-controls"):
        assert computed(page, f"{legend} .swatch line", "stroke") == strokes
        assert computed(page, f"{legend} .swatch line", "strokeDasharray") == dashes
    page.close()


@pytest.mark.parametrize("code, name", PAGES)
def test_the_legend_names_each_rule_once(site, code, name):
    shown = figure(site, code, name)
    legend = [entry.get_text() for entry in shown.element.select(".walk-legend > span")]
    rules = [rule["name"] for rule in shown.settings["rules"]]
    assert legend == (["Descent 1", "Descent 2"] if name == "descent" else rules)
    assert len(set(legend)) == len(legend)


@pytest.mark.parametrize("code, name", PAGES)
def test_ticks_are_the_whole_numbers_in_sight(site, code, name):
    shown = figure(site, code, name)
    landscape = LANDSCAPES[shown.settings["landscape"]]
    for axis, (low, high) in (("x", landscape.xlim), ("y", landscape.ylim)):
        ticks = shown.element.select_one(f".walk-{axis}")
        *numbers, last = [span.get_text() for span in ticks.select("span")]
        assert numbers == [str(n).replace("-", "−") for n in range(-9, 10) if low <= n <= high]
        assert last == axis
        assert ticks["aria-hidden"] == "true"


BOXES = """(selector) => [...document.querySelectorAll(selector)].map((each) => {
    const { left, right, top, bottom } = each.getBoundingClientRect();
    return { text: each.textContent, size: parseFloat(getComputedStyle(each).fontSize), box: [left, right, top, bottom] };
})"""


def apart(one, other, gap=0):
    (a, b, c, d), (e, f, g, h) = one, other
    return b + gap <= e or f + gap <= a or d + gap <= g or h + gap <= c


@pytest.mark.parametrize("size", [DESKTOP, {"width": 390, "height": 800}], ids=["desktop", "phone"])
@pytest.mark.parametrize("code, name", [("en", "adamw"), ("zh", "adabelief")])
def test_its_words_are_legible_and_lie_beside_the_picture(browser, address, site, code, name, size):
    page = opened(browser, address, code, name, viewport=size)
    page.locator("figure.walk .plane").scroll_into_view_if_needed()
    (plane,), (plot,), (whole,) = (page.evaluate(BOXES, f"figure.walk{part}") for part in (" .plane", " .walk-plot", ""))
    x0, x1, y0, y1 = plane["box"]
    assert x1 - x0 > 0.8 * (whole["box"][1] - whole["box"][0])
    assert page.locator("figure.walk .plane text").count() == 0  # it would shrink with the picture
    ticks, legend = (page.evaluate(BOXES, f"figure.walk {part} span") for part in (".walk-ticks", ".walk-legend >"))
    words = ticks + legend
    for each in words:
        (a, b, c, d), (left, right, top, bottom) = each["box"], (plot if each in ticks else whole)["box"]
        assert left <= a < b <= right and top <= c < d <= bottom, f"{each['text']} is cut"
        assert apart(each["box"], plane["box"]), f"{each['text']} lies on the picture"
        assert each["size"] >= 11, each["text"]
        assert all(other is each or apart(each["box"], other["box"], gap=1) for other in words), each["text"]
    # Each number stands at its place.
    landscape = LANDSCAPES[figure(site, code, name).settings["landscape"]]
    for axis, (low, high), start, end, side in (("x", landscape.xlim, x0, x1, 0), ("y", landscape.ylim, y1, y0, 2)):
        for each in page.evaluate(BOXES, f"figure.walk .walk-{axis} span:not(:last-child)"):
            middle = sum(each["box"][side : side + 2]) / 2
            value = float(each["text"].replace("−", "-"))
            assert abs(middle - (start + (value - low) / (high - low) * (end - start))) < 2, (axis, value)
    page.close()


def test_sliders_are_grouped_by_the_legends_names(browser, address):
    page = opened(browser, address, "en", "descent")
    for name in ("Descent 1", "Descent 2"):
        assert page.get_by_role("group", name=name).get_by_role("slider", name="η").count() == 1
    assert page.get_by_role("img", name="Level lines and paths").count() == 1
    page.close()
