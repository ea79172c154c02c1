// Opens every page of a built site in Chromium, as a phone and as a desktop, and reports what a reader would notice.
// Exit status: 0 nothing found, 1 a page failed, 2 could not run.
import { setTimeout } from 'node:timers/promises';
import { CannotRun, firstLine, htmlFiles, launch, paths, report, run, screen } from './browser.mjs';
import { inspect, loadEverything } from './inspect.mjs';
import { serve } from './server.mjs';

const USAGE = `node smoke.mjs SITE_DIR
    test every .html page at 360 and 1280 px

The browser is the one that the environment variable CHROMIUM names, else /usr/bin/chromium.`;

const WIDTHS = [360, 1280];
const PARALLEL = 4;
/** Milliseconds after which a page counts as hung. */
const PATIENCE = 30_000;
/** Milliseconds without a request under way after which a page counts as loaded. */
const QUIET = 100;
/** A page that no site has, two folders deep: it is answered with 404.html. */
const MISSING = 'no-such-folder/no-such-folder/no-such-page.html';

async function main() {
  const [root] = paths(USAGE, 1);
  const server = await serve(root);
  let browser;
  try {
    browser = await launch();
    return await testSite(root, server, browser);
  } finally {
    await browser?.close();
    server.close();
  }
}

async function testSite(root, server, browser) {
  const visits = (await pagesOf(root)).flatMap(page => WIDTHS.map(width => ({ page, width, problems: [] })));
  await Promise.all(WIDTHS.map(async width => {
    const waiting = visits.filter(visit => visit.width === width).values();
    const tabs = PARALLEL / WIDTHS.length;
    await Promise.all(Array.from({ length: tabs }, () => visitAll(waiting, server, () => screen(browser, width))));
  }));
  if (!browser.isConnected()) throw new CannotRun('the browser died');

  return report(visits.map(({ page, width, problems }) => ({
    name: `${page === MISSING ? `404.html in place of ${page}` : page} at ${width} px`,
    problems,
  })));
}

/** Every page, and a missing one where the site has an answer to it. */
async function pagesOf(root) {
  const pages = await htmlFiles(root);
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

await run(main);
