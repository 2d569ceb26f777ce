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

  // Mark the words as they were typed: not the pairs of Chinese ones, nor the pieces of a formula's id.
  const parse = Search._parseQuery;
  Search._parseQuery = (query) => {
    const [text, terms, excluded, highlight, objects] = parse(query);
    const words = query.toLowerCase().match(/\p{Script=Han}+|\w+\.[\w-]+/gu) ?? [];
    const pieces = words.flatMap((word) => word.split(/[.-]/));
    const marks = new Set([...highlight].filter((word) => !han.test(word) && !pieces.includes(word)).concat(words));
    localStorage.setItem("sphinx_highlight_terms", [...marks].join(" "));
    return [text, terms, excluded, marks, objects];
  };

  // A summary is prose: without code, the source of formulas, and what stands around the text.
  const toText = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const around = ".math, .cell_input, .bd-header-article, .bd-sidebar-secondary, footer, .formula-card";
    page.querySelectorAll(around).forEach((part) => part.remove());
    // Of a formula's page, the facts in the reader's language.
    const beside = `.formula-way, .formula-permalink, .formula-symbols, .formula-text, .formula-language:not([data-code="${scope.code}"])`;
    page.querySelectorAll(beside).forEach((part) => part.remove());
    return toText(page.documentElement.outerHTML, anchor);
  };

  // A formula's page is in both languages. It is found by its id, its symbol, and the words of its title in the reader's
  // language; Sphinx has them as the titles of the page's parts.
  const plain = (text) => text.normalize("NFC").toLowerCase().trim();
  const formulas = () => {
    const found = new Map();
    for (const [title, places] of Object.entries(Search._index.alltitles)) {
      for (const [file, part] of places) {
        const docname = Search._index.docnames[file];
        if (!/^f\/.+\/index$/.test(docname)) continue;
        if (!found.has(docname)) found.set(docname, { docname, file, names: [] });
        const formula = found.get(docname);
        if (part === scope.code) formula.title = title;
        if (part === null) formula.id = title;
        if ([null, "symbol", scope.code].includes(part)) formula.names.push(title);
      }
    }
    return [...found.values()].sort((one, other) => one.file - other.file);
  };

  const formulasFor = (query, terms) => {
    const stemmer = new Stemmer();
    const holds = ({ names }) => {
      const words = new Set(names.flatMap(splitQuery).map((word) => stemmer.stemWord(word.toLowerCase())));
      return [...terms].every((term) => words.has(term) || (han.test(term) && names.some((name) => name.includes(term))));
    };
    const isNamed = ({ names }) => names.some((name) => plain(name) === plain(query));
    const result = ({ docname, id, title, file }) => [docname, title ? `${id} · ${title}` : id, "", null, 0, Search._index.filenames[file]];
    const all = formulas();
    const exact = all.filter(isNamed);
    const other = terms.size ? all.filter((formula) => holds(formula) && !isNamed(formula)) : [];
    return [exact, other].map((some) => some.map(result).reverse());
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
    // The last is shown first: a formula that was asked for by name, then the pages, then other formulas.
    const [exact, other] = formulasFor(query[0], query[1]);
    return [...other, ...within(scope.folder), ...exact];
  };
})();
