// Weighs the largest table page, and measures a table of 1,000 rows made from the reference data: bytes as a server
// sends them, requests, time to lay the page out and to scroll through it.
// Exit status: 0 within the limits, 1 not, 2 could not run.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { CannotRun, firstLine, launch, pagesByTemplate, paths, report, run, screen } from './browser.mjs';
import { serve } from './server.mjs';

const USAGE = `node weight.mjs SITE_DIR PROGRAM
    weigh the largest table page of the reference site, and one of 1,000 rows that PROGRAM (gongkai) builds`;

/** Of a page with all it fetches. */
const LIMITS = { bytes: 60 * 1024, requests: 6 };
const LONG_LIMITS = { bytes: 300 * 1024, requests: 6 };
/** Milliseconds that only a page gone wrong takes, a busy machine allowed for; usual values are a tenth of these. */
const LONGEST = { layout: 1500, frame: 1000 };
const ROWS = 1000;
const REFERENCE = fileURLToPath(new URL('../..', import.meta.url));
const DISCLOSURE = 'data/yq-veterans/2025-budget';
/** A project that gives each new one 0.01 of its amount, so that all sums stay as they are. */
const GIVER = /^( *)- \{id: bureau-15, name: ([^,]*), total: 639\.00, general_public: 639\.00\}\n/m;

async function main() {
  const [root, program] = paths(USAGE, 2);
  const folder = await mkdtemp(path.join(tmpdir(), 'gongkai-weight-'));
  const browser = await launch();
  try {
    const table = await largestTable(root);
    const results = [{ name: table, problems: await weigh(browser, root, table, LIMITS) }];
    const long = await build(program, folder);
    const page = await largestTable(long);
    const problems = await weigh(browser, long, page, LONG_LIMITS);
    results.push({ name: `${page} with ${ROWS} projects`, problems: [...problems, ...await scroll(browser, long, page)] });
    return report(results);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}

async function largestTable(root) {
  const tables = (await pagesByTemplate(root)).get('table');
  if (!tables) throw new CannotRun(`${root} has no table page`);
  const weight = ({ html }) => gzipSync(html).length;
  return tables.reduce((heaviest, one) => weight(one) > weight(heaviest) ? one : heaviest).page;
}

/** The reference site with as many projects as make ROWS, their number in the narrative too. Returns its folder. */
async function build(program, folder) {
  const site = path.join(folder, 'site');
  for (const part of ['site.toml', 'data', 'standards', 'templates', 'static']) {
    await cp(path.join(REFERENCE, part), path.join(site, part), { recursive: true });
  }
  const projects = path.join(site, DISCLOSURE, 'tables/12-projects.yaml');
  const table = await readFile(projects, 'utf8');
  const more = ROWS - table.match(/^ *- \{id: /mg).length;
  if (!GIVER.test(table)) throw new CannotRun(`${DISCLOSURE}: the project that gives the others their amounts is gone`);
  const left = (639 - more / 100).toFixed(2);
  await writeFile(projects, table.replace(GIVER, (_, indent, name) => [
    `${indent}- {id: bureau-15, name: ${name}, total: ${left}, general_public: ${left}}\n`,
    ...Array.from({ length: more }, (_, at) =>
      `${indent}- {id: more-${at}, name: 城乡退役军人服务站运转经费第${at + 1}批, total: 0.01, general_public: 0.01}\n`),
  ].join('')));
  const disclosure = path.join(site, DISCLOSURE, 'disclosure.yaml');
  const raised = (text, input) => text.replace(new RegExp(`^( *${input}: )(\\d+)$`, 'm'), (_, key, n) => key + (Number(n) + more));
  const inputs = await readFile(disclosure, 'utf8');
  await writeFile(disclosure, raised(raised(inputs, 'managed_projects'), 'managed_specific_projects'));

  const output = path.join(folder, 'public');
  try {
    await promisify(execFile)(program, ['build', '--quiet', '--draft', '--root', site, '--output', output]);
  } catch (error) {
    throw new CannotRun(`${program} does not build the site of ${ROWS} projects: ${error.stderr || firstLine(error)}`);
  }
  return output;
}

/** Loads a page cold on a desktop and adds up what came. */
async function weigh(browser, root, page, limits) {
  const server = await serve(root);
  const context = await screen(browser, 1280);
  try {
    const tab = await context.newPage();
    const responses = [];
    tab.on('response', response => responses.push(response));
    await tab.goto(server.url(page), { waitUntil: 'networkidle' });
    const sizes = await Promise.all(responses.map(async response => gzipSync(await response.body()).length));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    console.log(`${page}: ${kilobytes(bytes)} in ${sizes.length} requests, the page itself ${kilobytes(sizes[0])}`);
    return [
      ...bytes > limits.bytes ? [`${kilobytes(bytes)}, more than ${kilobytes(limits.bytes)}`] : [],
      ...sizes.length > limits.requests ? [`${sizes.length} requests, more than ${limits.requests}`] : [],
    ];
  } finally {
    await context.close();
    server.close();
  }
}

/** Lays a page out anew and scrolls from its top to its end, as a phone and as a desktop. */
async function scroll(browser, root, page) {
  const server = await serve(root);
  const problems = [];
  try {
    for (const width of [360, 1280]) {
      const context = await screen(browser, width);
      const tab = await context.newPage();
      await tab.goto(server.url(page), { waitUntil: 'load' });
      const { rows, layout, frame, usual, longTasks } = await tab.evaluate(measure);
      await context.close();
      console.log(`${page} at ${width} px: ${rows} rows, layout ${layout} ms, slowest frame of a scroll ${frame} ms, ` +
        `usual ${usual} ms, ${longTasks} long tasks`);
      if (rows < ROWS) problems.push(`at ${width} px: only ${rows} rows`);
      if (layout > LONGEST.layout) problems.push(`at ${width} px: layout takes ${layout} ms`);
      if (frame > LONGEST.frame) problems.push(`at ${width} px: a frame takes ${frame} ms`);
    }
  } finally {
    server.close();
  }
  return problems;
}

/** Inside the page. */
async function measure() {
  const root = document.documentElement;
  const layouts = [18, 16, 17].map(size => {
    root.style.fontSize = `${size}px`;
    const start = performance.now();
    root.getBoundingClientRect();
    return performance.now() - start;
  });
  root.style.fontSize = '';

  let longTasks = 0;
  const observer = new PerformanceObserver(list => { longTasks += list.getEntries().length; });
  observer.observe({ type: 'longtask' });
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve));
  const frames = [];
  await frame();
  for (let last = performance.now(); scrollY + innerHeight < root.scrollHeight - 1 && frames.length < 500;) {
    scrollBy({ top: innerHeight / 2, behavior: 'instant' });
    await frame();
    const now = performance.now();
    frames.push(now - last);
    last = now;
  }
  observer.disconnect();
  frames.sort((a, b) => a - b);
  return {
    rows: document.querySelectorAll('tbody tr').length,
    layout: Math.round(Math.max(...layouts)),
    frame: Math.round(frames.at(-1)),
    usual: Math.round(frames[frames.length >> 1]),
    longTasks,
  };
}

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

await run(main);
