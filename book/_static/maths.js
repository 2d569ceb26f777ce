/* Typeset what is on the screen first, and the rest a few formulas at a time, so that the page can be read and scrolled meanwhile.
   `MathJax.startup.promise` is kept when all is done. */
(() => {
  const CHUNK = 40;

  const near = element => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > -innerHeight && top < 2 * innerHeight;
  };

  const turn = () => new Promise(done => setTimeout(done));

  async function pageReady() {
    const all = [...document.querySelectorAll(".math")];
    const first = new Set(all.filter(near));
    const queue = [...first, ...all.filter(element => !first.has(element))];
    await MathJax.typesetPromise(queue.splice(0, first.size));
    while (queue.length) {
      await turn();
      await MathJax.typesetPromise(queue.splice(0, CHUNK));
    }
  }

  window.MathJax = { ...window.MathJax, startup: { pageReady } };
})();
