// Search answers in the language of its page. The other language says the same things on its pages, so showing both
// would list everything twice; how many of its pages match is told, with the way to them.
"use strict";

(() => {
  const scope = JSON.parse(document.getElementById("search-scope").textContent);
  const han = /^\p{Script=Han}/u;

  // From a file, a browser may not read the pages for their summaries.
  if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

  // Sphinx does not insist on words of fewer than three characters; a pair of Chinese ones is the whole word.
  const termsSearch = Search.performTermsSearch;
  Search.performTermsSearch = (terms, excluded) => {
    const { docnames, terms: inText, titleterms: inTitles } = Search._index;
    const holds = (index, term, file) => Object.hasOwn(index, term) && [index[term]].flat().includes(file);
    const required = [...terms].filter((term) => han.test(term));
    return termsSearch(terms, excluded).filter(([docname]) => {
      const file = docnames.indexOf(docname);
      return required.every((term) => holds(inText, term, file) || holds(inTitles, term, file));
    });
  };

  // Mark the words as they were typed, not their pairs.
  const parse = Search._parseQuery;
  Search._parseQuery = (query) => {
    const [text, terms, excluded, highlight, objects] = parse(query);
    const words = query.toLowerCase().match(/\p{Script=Han}+/gu) ?? [];
    const marks = new Set([...highlight].filter((word) => !han.test(word)).concat(words));
    localStorage.setItem("sphinx_highlight_terms", [...marks].join(" "));
    return [text, terms, excluded, marks, objects];
  };

  // A summary is prose: without code, the source of formulas, and what stands around the text.
  const toText = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelectorAll(".math, .cell_input, .bd-header-article, .bd-sidebar-secondary, footer").forEach((part) => part.remove());
    return toText(page.documentElement.outerHTML, anchor);
  };

  const search = Search._performSearch;
  Search._performSearch = (...query) => {
    const results = search(...query);
    const within = (folder) => results.filter(([docname]) => docname.startsWith(folder));
    const note = document.getElementById("search-elsewhere");
    note.querySelectorAll("a").forEach((link) => link.remove());
    for (const other of scope.others) {
      const pages = new Set(within(other.folder).map(([docname]) => docname)).size;
      if (!pages) continue;
      const link = note.appendChild(document.createElement("a"));
      link.href = `${other.page}?${new URLSearchParams({ q: query[0] })}`;
      link.lang = link.hreflang = other.tag;
      link.textContent = `${other.name} (${pages})`;
    }
    note.hidden = !note.querySelector("a");
    return within(scope.folder);
  };
})();
