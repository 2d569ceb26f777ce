// Runs rules as the test asks and writes what they compute, all in raw float64.
// node steps.mjs MODULE JOB: JOB is JSON with rule, hyper, gradients (a file), coordinates, out (a file).
import { readFileSync, writeFileSync } from "node:fs";

const [modulePath, jobPath] = process.argv.slice(2);
const rules = await import(modulePath);
const numbers = (state) => Object.values(state).flat();

for (const job of JSON.parse(readFileSync(jobPath))) {
  const { init, step } = rules[job.rule];
  const hyper = { ...rules[job.rule].hyper, ...job.hyper };
  const out = [];
  if (job.gradients) {
    const raw = readFileSync(job.gradients);
    const g = new Float64Array(raw.buffer, raw.byteOffset, raw.length / 8);
    const steps = g.length / job.coordinates;
    for (let i = 0; i < job.coordinates; i++) {
      let state = init(hyper), x = 1, by;
      for (let t = 0; t < steps; t++) {
        [by, state] = step(hyper, state, g[t * job.coordinates + i], x);
        x -= by;
        out.push(x, by, ...numbers(state));
      }
    }
  } else {
    let p = job.start, states = p.map(() => init(hyper));
    for (let t = 0; t < job.steps; t++) {
      const [x, y] = p;
      const g = [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)];
      const taken = p.map((c, i) => step(hyper, states[i], g[i], c));
      states = taken.map(([, state]) => state);
      p = p.map((c, i) => c - taken[i][0]);
      out.push(...p, ...taken.map(([by]) => by));
    }
  }
  writeFileSync(job.out, new Uint8Array(Float64Array.from(out).buffer));
}
