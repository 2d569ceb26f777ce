// Formulas that are wider than the column scroll in their place. As code and tables can, they are then reached with the
// Tab key.
"use strict";

(() => {
  const scrolls = (box, wide) => {
    box.classList.toggle("wide", wide);
    if (wide) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", document.body.dataset.formulaLabel);
    } else {
      ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name));
    }
  };

  const width = (part) => part?.getBoundingClientRect().width ?? 0;

  const fit = (article) => {
    // Measure all before changing any, so that the page is laid out once.
    const boxes = [...article.querySelectorAll(".math mjx-container")];
    const room = (box) => (box.hasAttribute("display") ? box : box.closest("p, li, dd, td, th, figcaption, article")).clientWidth;
    // What stands beside a formula on the same line.
    const marks = boxes.map((box) => Math.max(0, width(box.closest(".nobreak")) - width(box)));
    const wide = boxes.map((box, at) => width(box.querySelector("mjx-math")) + marks[at] > room(box) + 1);
    boxes.forEach((box, at) => {
      if (wide[at]) box.style.setProperty("--marks", `${marks[at]}px`);
      scrolls(box, wide[at]);
    });
  };

  const article = document.querySelector("article.bd-article");
  // A folded part has no width until it is opened. The theme looks for code and tables that scroll when the window changes.
  const opened = (event) => {
    if (!event.target.open) return;
    fit(event.target);
    dispatchEvent(new Event("resize"));
  };
  window.MathJax?.startup?.promise?.then(() => {
    new ResizeObserver(() => fit(article)).observe(article);
    article.addEventListener("toggle", opened, { capture: true });
  });
})();
