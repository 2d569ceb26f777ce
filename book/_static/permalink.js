// A page in both languages puts the reader's first, and searches in it.
"use strict";

(() => {
  const blocks = [...document.querySelectorAll(".formula-language[data-code]")];
  const code = bookLanguage.known(blocks.map((block) => block.dataset.code));
  const own = blocks.find((block) => block.dataset.code === code);
  if (!own) return;
  own.parentElement.prepend(own);
  for (const form of document.querySelectorAll("form.bd-search")) form.action = own.dataset.search ?? form.action;
})();
