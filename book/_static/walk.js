// The figures that move: sliders for hyper-parameters and steps, and a start point to drag, on the still picture.
(() => {
  const NOTCHES = 400;

  // How a slider's place from 0 to 1 becomes a value: by powers of ten, or by how near a decay rate comes to 1.
  const power = (low, high) => ({
    value: (place) => 10 ** (low + place * (high - low)),
    place: (value) => (Math.log10(value) - low) / (high - low),
  });
  const nearOne = { value: (place) => 1 - 10 ** (-4 * place), place: (value) => -Math.log10(1 - value) / 4 };
  const scales = { eta: power(-5, 1), epsilon: power(-12, 0), decay: power(-6, 0), rho: nearOne, beta: nearOne };
  const letters = { eta: "η", rho: "ρ", epsilon: "ε", decay: "λ", beta: ["β₁", "β₂"] };

  const text = (value) => Number(value.toPrecision(3)).toString().replace(/^-/, "−");

  function path(rule, hyper, gradient, start, steps) {
    let states = start.map(() => rule.init(hyper));
    let at = start;
    const visited = [at];
    for (let t = 0; t < steps; t++) {
      const taken = gradient(...at).map((g, i) => rule.step(hyper, states[i], g, at[i]));
      states = taken.map(([, state]) => state);
      at = at.map((x, i) => x - taken[i][0]);
      visited.push(at);
    }
    return visited;
  }

  function slider(parent, name, label, place, onPlace) {
    const row = parent.appendChild(document.createElement("label"));
    row.append(Object.assign(document.createElement("span"), { textContent: label }));
    const input = Object.assign(document.createElement("input"), { type: "range", min: 0, max: NOTCHES, step: 1, name });
    const output = document.createElement("output");
    row.append(input, output);
    const show = (value) => {
      output.textContent = value;
      input.setAttribute("aria-valuetext", value);
    };
    input.value = place * NOTCHES;
    input.addEventListener("input", () => show(onPlace(input.value / NOTCHES)));
    return { show, set: (now) => (input.value = now * NOTCHES) };
  }

  function group(controls, caption) {
    const set = controls.appendChild(document.createElement("fieldset"));
    set.append(Object.assign(document.createElement("legend"), { textContent: caption }));
    return set;
  }

  function walk(figure) {
    const settings = JSON.parse(figure.dataset.walk);
    const { xlim, ylim, width, height, words } = settings;
    const svg = figure.querySelector("svg.plane");
    const legend = figure.querySelectorAll(".walk-legend > span");
    const lines = svg.querySelectorAll(".path");
    const mark = svg.querySelector(".start");
    const gradient = window.fluxopt.gradients[settings.landscape];
    const fresh = () => JSON.parse(JSON.stringify({ rules: settings.rules, start: settings.start, steps: settings.steps }));
    let now = fresh();

    const place = ([x, y]) => [((x - xlim[0]) / (xlim[1] - xlim[0])) * width, ((ylim[1] - y) / (ylim[1] - ylim[0])) * height];
    const seen = ([a, b]) => Number.isFinite(a) && Number.isFinite(b) && Math.abs(a) < 1e5 && Math.abs(b) < 1e5;

    function draw() {
      figure.paths = now.rules.map(({ name, hyper }) => path(window.fluxopt.rules[name], { ...window.fluxopt.rules[name].hyper, ...hyper }, gradient, now.start, now.steps));
      figure.paths.forEach((points, k) => {
        lines[k].setAttribute("points", points.map(place).filter(seen).map(([a, b]) => `${a.toFixed(2)},${b.toFixed(2)}`).join(" "));
      });
      const [cx, cy] = place(now.start);
      mark.setAttribute("cx", cx.toFixed(2));
      mark.setAttribute("cy", cy.toFixed(2));
    }

    const controls = document.createElement("div");
    controls.className = "walk-controls";
    const refresh = []; // puts a control back to what `now` says
    const bind = (parent, name, label, scale, get, set, show = text) => {
      const control = slider(parent, name, label, scale.place(get()), (where) => {
        set(scale.value(where));
        draw();
        return show(get());
      });
      refresh.push(() => {
        control.set(scale.place(get()));
        control.show(show(get()));
      });
    };

    settings.rules.forEach(({ name, hyper }, k) => {
      const set = group(controls, "");
      set.firstChild.append(...legend[k].cloneNode(true).childNodes);
      for (const key of Object.keys(hyper)) {
        const [target, letter] = [() => now.rules[k].hyper, letters[key]];
        if (!Array.isArray(hyper[key])) bind(set, `${name}.${key}`, letter, scales[key], () => target()[key], (v) => (target()[key] = v));
        else hyper[key].forEach((_, i) => bind(set, `${name}.${key}.${i}`, letter[i], scales[key], () => target()[key][i], (v) => (target()[key][i] = v)));
      }
    });
    const run = group(controls, words.start);
    const along = ([low, high]) => ({ value: (p) => low + p * (high - low), place: (v) => (v - low) / (high - low) });
    ["x", "y"].forEach((axis, i) => bind(run, axis, axis, along(i ? ylim : xlim), () => now.start[i], (v) => (now.start[i] = v)));
    const whole = { value: (p) => Math.max(1, Math.round(p * 300)), place: (v) => v / 300 };
    bind(run, "steps", words.steps, whole, () => now.steps, (v) => (now.steps = v));
    const reset = Object.assign(document.createElement("button"), { type: "button", textContent: words.reset });
    run.append(reset);
    const renew = () => {
      refresh.forEach((put) => put());
      draw();
    };
    reset.addEventListener("click", () => {
      now = fresh();
      renew();
    });

    // Pointer: a mouse, a pen or a finger moves the start.
    const point = new DOMPoint();
    const move = (event) => {
      point.x = event.clientX;
      point.y = event.clientY;
      const { x, y } = point.matrixTransform(svg.getScreenCTM().inverse());
      const inside = (v, [low, high]) => Math.min(high, Math.max(low, v));
      now.start = [inside(xlim[0] + (x / width) * (xlim[1] - xlim[0]), xlim), inside(ylim[1] - (y / height) * (ylim[1] - ylim[0]), ylim)];
      renew();
    };
    mark.addEventListener("pointerdown", (event) => {
      mark.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    mark.addEventListener("pointermove", (event) => mark.hasPointerCapture(event.pointerId) && move(event));
    svg.addEventListener("click", move);

    figure.querySelector(".walk-plot").after(controls);
    renew();
    figure.classList.add("walk-ready");
  }

  document.querySelectorAll("figure.walk").forEach(walk);
})();
