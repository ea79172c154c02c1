// Opens every page of a built site in Chromium, as a phone and as a desktop, and reports what a reader would notice.
// Exit status: 0 nothing found, 1 a page failed, 2 could not run.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CannotRun, launch } from './browser.mjs';
import { inspect, loadEverything } from './inspect.mjs';
import { serve } from './server.mjs';
import { shoot } from './shots.mjs';

const USAGE = `node smoke.mjs SITE_DIR
    test every .html page at 360 and 1280 px

node smoke.mjs SITE_DIR --shots OUT [--pages index.html,a/b.html] [--widths 360,1280] [--schemes light,dark] [--print]
    save full-page pictures for people to look at, with --print also an A4 PDF of each page

The browser is the one that the environment variable CHROMIUM names, else /usr/bin/chromium.`;

const WIDTHS = [360, 1280];
const PARALLEL = 4;
/** Milliseconds after which a page counts as hung. */
const PATIENCE = 30_000;
/** Milliseconds without a request under way after which a page counts as loaded. */
const QUIET = 100;
/** Problems printed for one page. */
const MOST = 12;
/** A page that no site has, two folders deep: it is answered with 404.html. */
const MISSING = 'no-such-folder/no-such-folder/no-such-page.html';

async function main() {
  const { root, options } = readArguments();
  const server = await serve(root);
  let browser;
  try {
    browser = await launch();
    if (options.shots !== undefined) return await shoot(server, width => screen(browser, width), options);
    return await testSite(root, server, browser);
  } finally {
    await browser?.close();
    server.close();
  }
}

function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        shots: { type: 'string' },
        pages: { type: 'string', default: 'index.html' },
        widths: { type: 'string', default: WIDTHS.join(',') },
        schemes: { type: 'string', default: 'light,dark' },
        print: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new CannotRun(`${error.message}\n\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  if (positionals.length !== 1) throw new CannotRun(USAGE);
  const list = text => text.split(',').map(item => item.trim()).filter(Boolean);
  return {
    root: path.resolve(positionals[0]),
    options: {
      shots: values.shots,
      pages: list(values.pages),
      widths: list(values.widths).map(Number),
      schemes: list(values.schemes),
      print: values.print,
    },
  };
}

/** A fresh profile of a Chinese reader: a phone up to 600 px, a desktop above. */
function screen(browser, width) {
  const phone = width <= 600;
  return browser.newContext({
    viewport: { width, height: phone ? 800 : 900 },
    isMobile: phone,
    hasTouch: phone,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
  });
}

async function testSite(root, server, browser) {
  const visits = (await pagesOf(root)).flatMap(page => WIDTHS.map(width => ({ page, width, problems: [] })));
  await Promise.all(WIDTHS.map(async width => {
    const waiting = visits.filter(visit => visit.width === width).values();
    const tabs = PARALLEL / WIDTHS.length;
    await Promise.all(Array.from({ length: tabs }, () => visitAll(waiting, server, () => screen(browser, width))));
  }));
  if (!browser.isConnected()) throw new CannotRun('the browser died');

  const failed = visits.filter(visit => visit.problems.length > 0);
  for (const { page, width, problems } of failed) {
    console.log(`${page === MISSING ? `404.html in place of ${page}` : page} at ${width} px`);
    for (const problem of problems.slice(0, MOST)) console.log(`  ${problem}`);
    if (problems.length > MOST) console.log(`  and ${problems.length - MOST} more`);
  }
  console.log(`${visits.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
}

/** Every .html file of the site in a fixed order, and a missing page where the site has an answer to it. */
async function pagesOf(root) {
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
  return pages.includes('404.html') ? [...pages, MISSING] : pages;
}

/** Opens one page after the other in one tab, since new tabs take twice as long; one that hangs is given up. */
async function visitAll(waiting, server, newProfile) {
  let tab;
  for (const visit of waiting) {
    tab ??= await (await newProfile()).newPage();
    const problems = await Promise.race([
      problemsOf(tab, server, visit).catch(error => [`could not be opened: ${firstLine(error)}`]),
      setTimeout(PATIENCE, null, { ref: false }),
    ]);
    visit.problems = problems ?? [`not done after ${PATIENCE / 1000} s`];
    if (!problems || tab.isClosed() || !await leave(tab)) {
      await tab.context().close();
      tab = undefined;
    }
  }
}

/** Ends all that the page has begun, so that the next one does not hear of it. Returns whether that worked. */
async function leave(tab) {
  try {
    await tab.goto('about:blank', { timeout: PATIENCE });
    return true;
  } catch {
    return false;
  }
}

async function problemsOf(tab, server, { page, width }) {
  const address = server.url(page);
  const expected = page === MISSING ? 404 : 200;
  const events = listen(tab, server.origin, address);
  try {
    const response = await tab.goto(address, { waitUntil: 'load', timeout: 0 });
    const problems = response.status() === expected ? [] : [`answered with ${response.status()}, not ${expected}`];
    await tab.evaluate(loadEverything);
    await events.quiet();
    problems.push(...await tab.evaluate(inspect, width));
    return [...problems, ...events.problems()];
  } finally {
    events.stop();
  }
}

/** Collects what goes wrong in a tab until it is told to stop. */
function listen(tab, origin, address) {
  const found = [];
  // what Chromium's own message about a failed request need not repeat; the icon it asks for of its own accord
  const failed = new Set([address, `${origin}/favicon.ico`]);
  const running = new Set();
  let lastChange = Date.now();
  const listeners = [];
  const on = (event, listener) => {
    tab.on(event, listener);
    listeners.push([event, listener]);
  };

  on('request', request => {
    running.add(request);
    const { protocol, origin: target } = new URL(request.url());
    if (target !== origin && !['data:', 'blob:', 'about:'].includes(protocol)) {
      failed.add(request.url());
      found.push({ text: `request to another origin: ${request.url()}` });
    }
  });
  const done = request => {
    running.delete(request);
    lastChange = Date.now();
  };
  on('requestfinished', done);
  on('requestfailed', request => {
    done(request);
    if (failed.has(request.url())) return;
    failed.add(request.url());
    found.push({ text: `failed request: ${request.url()}: ${request.failure().errorText}` });
  });
  on('response', response => {
    done(response.request()); // a script that does not read the body never finishes the request
    if (response.status() < 400 || response.url() === address) return;
    failed.add(response.url());
    found.push({ text: `failed request: ${response.url()}: ${response.status()}` });
  });
  on('console', message => {
    const text = message.text();
    if (message.type() !== 'error' && !/content.security.policy/i.test(text)) return;
    const { url, lineNumber } = message.location();
    const said = text.split(" Either the 'unsafe-inline'")[0].trim(); // what follows is advice against the policy
    found.push({
      text: `console ${message.type()}: ${said} (${url}:${lineNumber + 1})`,
      repeats: text.startsWith('Failed to load resource') && url,
    });
  });
  on('pageerror', error => found.push({ text: `page error: ${firstLine(error)}` }));
  on('dialog', dialog => {
    found.push({ text: `opens a dialog: ${dialog.message()}` });
    dialog.dismiss();
  });
  on('crash', () => found.push({ text: 'the page crashed' }));

  return {
    async quiet() {
      while ((running.size > 0 || Date.now() - lastChange < QUIET) && !tab.isClosed()) await setTimeout(QUIET / 4);
    },
    stop() {
      for (const [event, listener] of listeners) tab.off(event, listener);
    },
    problems() {
      const worth = found.filter(({ repeats }) => !failed.has(repeats));
      return [...new Set(worth.map(({ text }) => text.replaceAll(origin, '')))];
    },
  };
}

function firstLine(error) {
  return String(error.message ?? error).split('\n')[0];
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof CannotRun ? error.message : error.stack);
  process.exitCode = 2;
}
