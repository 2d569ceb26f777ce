"""Measure how long a reader waits for the mathematics of the longest chapter, and write pages.md beside this file.

    make build && python benchmarks/pages.py        about three minutes; ROUNDS=3 for a short look

Cold is a new browser with an empty cache, warm the same page loaded again. The page comes from a server on this machine, so
the network costs nothing: what is measured is reading, laying out and typesetting.
"""

import functools
import http.server
import os
import shutil
import statistics
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
SITE = HERE.parent / "_build" / "html"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ROUNDS = int(os.environ.get("ROUNDS", 9))

# When the first formula stands on the page, and when none is left to typeset.
WATCH = """
new MutationObserver(() => {
  if (!window.firstMaths && document.querySelector("mjx-container mjx-math")) window.firstMaths = performance.now();
}).observe(document, { childList: true, subtree: true });
"""
READ = """async () => {
  while (!(window.MathJax && MathJax.startup && MathJax.startup.promise)) await new Promise(done => setTimeout(done, 10));
  await MathJax.startup.promise;
  while (!window.firstMaths) await new Promise(done => setTimeout(done, 10));
  return { first: window.firstMaths, all: performance.now(), formulas: document.querySelectorAll("mjx-container").length };
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def longest():
    """The chapter with the most formulas in its source."""
    pages = [page for page in (SITE / "book" / "en").glob("*.html") if (HERE.parent / "book" / "en" / f"{page.stem}.ipynb").exists()]
    return max(pages, key=lambda page: page.read_text(encoding="utf-8").count('class="math'))


def times(playwright, url):
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WATCH)
    page, found = context.new_page(), []
    for _ in range(2):
        page.goto(url)
        found.append(page.evaluate(READ))
    version = browser.version
    browser.close()
    return *found, version


def main():
    if CHROMIUM is None or not SITE.exists():
        sys.exit("needs Chromium and the built book: install Chromium, run `make build`")
    page = longest()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/{page.relative_to(SITE).as_posix()}"
    rounds = []
    with sync_playwright() as playwright:
        for number in range(ROUNDS):
            rounds.append(times(playwright, url))
            print(f"\rround {number + 1} of {ROUNDS}", end="", flush=True)
    print()
    lines = [
        "# Time to first maths\n",
        f"`{page.stem}`, {rounds[0][0]['formulas']} formulas, Chromium {rounds[0][2]}, {os.cpu_count()} cores, {ROUNDS} rounds. Seconds from "
        "the request; written by `benchmarks/pages.py`. Cold is a new browser with an empty cache, warm the same page loaded again.\n",
        "| | first formula | range | all formulas | range |",
        "|---|---|---|---|---|",
    ]
    for place, name in enumerate(("cold", "warm")):
        cells = []
        for what in ("first", "all"):
            seconds = sorted(run[place][what] / 1000 for run in rounds)
            cells += [f"{statistics.median(seconds):.2f}", f"{seconds[0]:.2f} to {seconds[-1]:.2f}"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    text = "\n".join(lines) + "\n"
    (HERE / "pages.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
