// Copying from formula cards and permalink pages. What is copied stands in the page, so that it works from a file too.
"use strict";

(() => {
  // Where the clipboard is closed to scripts, as on pages served without encryption: by selecting, as a reader would.
  const copyBySelecting = (text) => {
    const field = document.body.appendChild(document.createElement("textarea"));
    field.value = text;
    field.style.cssText = "position: fixed; opacity: 0";
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  };

  const write = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyBySelecting(text);
    }
  };

  const copies = (button, text, words, status) => {
    let pending;
    button.addEventListener("click", async () => {
      const copied = await write(text());
      button.focus();
      status.textContent = copied ? words.copied : words.byHand;
      clearTimeout(pending);
      pending = setTimeout(() => (status.textContent = ""), 2500);
    });
  };

  for (const card of document.querySelectorAll(".formula-card")) {
    const row = card.querySelector(".formula-encodings");
    const status = row.querySelector(".formula-status");
    const text = (name) => JSON.parse(card.querySelector("script[type='application/json']").textContent)[name];
    for (const link of row.querySelectorAll("[data-copy]")) {
      const name = link.dataset.copy;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "formula-button";
      button.textContent = name;
      button.setAttribute("aria-label", `${row.querySelector(".formula-copy").textContent} ${name}`);
      copies(button, () => text(name), row.dataset, status);
      link.replaceWith(button);
    }
    row.querySelector(".formula-copy").hidden = false;
    row.querySelector(".formula-files").hidden = true;
  }

  for (const part of document.querySelectorAll(".formula-text")) {
    const button = part.querySelector("button");
    button.hidden = false;
    copies(button, () => part.querySelector("pre").textContent, part.dataset, part.querySelector(".formula-status"));
  }
})();
