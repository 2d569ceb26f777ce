// The reader's language: remembered when chosen, used by the ways into the book, and kept in place when switched.
"use strict";

const bookLanguage = (() => {
  const KEY = "book-language";

  // A browser can refuse its memory; then the book works without.
  const remembered = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };

  const remember = (code) => {
    try {
      localStorage.setItem(KEY, code);
    } catch {
      // nothing to do
    }
  };

  // The language chosen before, or the first of the browser's that the book is written in.
  const known = (codes) =>
    [remembered(), ...navigator.languages.map((tag) => tag.split("-")[0].toLowerCase())].find((code) => codes.includes(code));

  // Goes to the home page in the reader's language. With `?choose` in the address, and for a reader whose language is
  // not known, it stays.
  const lead = (homes) => {
    if (new URLSearchParams(location.search).has("choose")) return false;
    const code = known(Object.keys(homes));
    if (!code) return false;
    location.replace(homes[code].href);
    return true;
  };

  // Where the reader is, among the places that have a counterpart: the one named in the address while it is in view,
  // or the last whose head has passed the upper third of the window.
  const place = (anchors) => {
    const named = decodeURIComponent(location.hash.slice(1));
    if (named in anchors) {
      const { top } = document.getElementById(named)?.getBoundingClientRect() ?? { top: -1 };
      if (top >= 0 && top < innerHeight) return named;
    }
    const title = document.querySelector("h1");
    let nearest = "";
    let height = -Infinity;
    for (const id of Object.keys(anchors)) {
      const place = document.getElementById(id);
      // The title's place is the head of the page, which needs no anchor.
      if (!place || !(title.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
      const { top } = place.getBoundingClientRect();
      if (top <= innerHeight / 3 && top > height) [nearest, height] = [id, top];
    }
    return nearest;
  };

  const follow = (link) => {
    const anchors = JSON.parse(link.dataset.anchors || "{}");
    const target = new URL(link.getAttribute("href"), location.href);
    target.search = location.search;
    target.hash = anchors[place(anchors)] ?? "";
    link.href = target.href;
  };

  // A link to the other language, or one in a block that belongs to a language: following it is a choice.
  const chosen = (event) => event.target.closest?.("a")?.closest("[data-language]");

  // Also before the link is opened in another tab.
  for (const kind of ["pointerdown", "focusin", "click"]) {
    document.addEventListener(kind, (event) => {
      const choice = chosen(event);
      if (choice?.dataset.anchors) follow(choice);
      if (choice && kind === "click") remember(choice.dataset.language);
    });
  }

  return { lead, known };
})();
