// What the programs of this folder share: the browser, a reader's profile, the pages of a site, and how each of them
// reports and ends.
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--no-first-run',
  // no name but our own resolves: a page under test reaches nobody
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];
/** Problems printed for one page. */
const MOST = 12;

/** A reason why nothing could be tested; everything else that is thrown is a fault of these programs. */
export class CannotRun extends Error {}

export async function launch() {
  if (!existsSync(CHROMIUM)) {
    throw new CannotRun(`no browser at ${CHROMIUM}: install Debian's chromium or set CHROMIUM`);
  }
  let playwright;
  try {
    playwright = await import('playwright-core');
  } catch {
    throw new CannotRun('playwright-core is not installed: run npm ci --prefix tests/browser');
  }
  try {
    return await playwright.chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  } catch (error) {
    throw new CannotRun(`${CHROMIUM} does not start: ${error.message}`);
  }
}

/** A fresh profile of a Chinese reader: a phone up to 600 px, a desktop above. */
export function screen(browser, width, more = {}) {
  const phone = width <= 600;
  return browser.newContext({
    viewport: { width, height: phone ? 800 : 900 },
    isMobile: phone,
    hasTouch: phone,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
    ...more,
  });
}

/** Every .html file of the site in a fixed order. */
export async function htmlFiles(root) {
  let entries;
  try {
    entries = await readdir(root, { recursive: true, withFileTypes: true });
  } catch (error) {
    throw new CannotRun(`cannot read the site: ${error.message}`);
  }
  const pages = entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.html'))
    .map(entry => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)).split(path.sep).join('/'))
    .sort();
  if (pages.length === 0) throw new CannotRun(`no .html page in ${root}`);
  return pages;
}

/** The pages of the site by the template that `<body data-template>` names, the longest page of each first. */
export async function pagesByTemplate(root) {
  const all = await Promise.all((await htmlFiles(root)).map(async page => {
    const html = await readFile(path.join(root, page), 'utf8');
    const template = html.match(/<body[^>]* data-template="([^"]*)"/)?.[1];
    if (!template) throw new CannotRun(`${page}: no data-template on <body>`);
    return { page, html, template };
  }));
  all.sort((a, b) => b.html.length - a.html.length);
  const groups = new Map();
  for (const one of all) groups.set(one.template, [...(groups.get(one.template) ?? []), one]);
  return groups;
}

/** The longest page of each template. */
export async function onePageOfEach(root) {
  return [...(await pagesByTemplate(root)).values()].map(([longest]) => longest);
}

/** Does `work` for each item, `tabs` at a time, each in the hands of its own worker. */
export async function inParallel(items, tabs, work) {
  const waiting = items.values();
  await Promise.all(Array.from({ length: tabs }, async () => {
    for (const item of waiting) await work(item);
  }));
}

/** Prints what was found, `[{ name, problems }]`, and the sum; returns the exit status. */
export function report(results) {
  const failed = results.filter(({ problems }) => problems.length > 0);
  for (const { name, problems } of failed) {
    console.log(name);
    for (const problem of problems.slice(0, MOST)) console.log(`  ${problem}`);
    if (problems.length > MOST) console.log(`  and ${problems.length - MOST} more`);
  }
  console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
}

/** The arguments of a program that takes `count` paths and nothing else. */
export function paths(usage, count) {
  const given = process.argv.slice(2);
  if (given.includes('--help') || given.includes('-h')) {
    console.log(usage);
    process.exit(0);
  }
  if (given.length !== count || given.some(one => one.startsWith('-'))) throw new CannotRun(usage);
  return given.map(one => path.resolve(one));
}

/** Exit status: what `main` returns (0 nothing found, 1 a page failed), or 2 when nothing could be tested. */
export async function run(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof CannotRun ? error.message : error.stack);
    process.exitCode = 2;
  }
}

export function firstLine(error) {
  return String(error.message ?? error).split('\n')[0];
}
