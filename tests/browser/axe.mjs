// Runs axe-core on one page of every template at each width, light and dark, with scripts and without. No violation of
// WCAG 2.2 A and AA is allowed, nor one of a best practice that BEST_PRACTICE does not give a reason for.
// Exit status: 0 nothing found, 1 a page failed, 2 could not run.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { inParallel, launch, onePageOfEach, paths, report, run, screen } from './browser.mjs';
import { inspect, loadEverything } from './inspect.mjs';
import { serve } from './server.mjs';

const USAGE = `node axe.mjs SITE_DIR
    test one page of every template at 360, 768 and 1280 px, light and dark, with scripts and without`;

const WIDTHS = [360, 768, 1280];
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
/** The rules that a change of colours alone can break: all that is asked again in the dark. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
/** Best practices that the pages leave out, by the id of the axe rule, each with its reason. */
const BEST_PRACTICE = {};
const TABS = 3;

async function main() {
  const [root] = paths(USAGE, 1);
  const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
  const pages = await onePageOfEach(root);
  const visits = pages.flatMap(one => WIDTHS.flatMap(width => {
    const visit = scripts => ({ ...one, width, scripts, problems: [] });
    // without a script a page is the same either way
    return /<script\b/.test(one.html) ? [visit('on'), visit('removed'), visit('off')] : [visit('on'), visit('off')];
  }));
  const server = await serve(root);
  const browser = await launch();
  try {
    await inParallel(visits, TABS, visit => test(browser, server, axe, visit));
  } finally {
    await browser.close();
    server.close();
  }
  return report(visits.map(({ page, width, scripts, problems }) => ({
    name: `${page} at ${width} px, scripts ${scripts}`,
    problems,
  })));
}

/** With scripts off axe cannot run: there the layout is looked at, and axe sees the page with its scripts removed. */
async function test(browser, server, axe, { page, html, width, scripts, problems }) {
  const context = await screen(browser, width, { javaScriptEnabled: scripts !== 'off' });
  try {
    const tab = await context.newPage();
    const address = server.url(page);
    if (scripts === 'removed') {
      await tab.route(address, async route => {
        const response = await route.fetch();
        await route.fulfill({ response, body: withoutScripts(html) });
      });
    }
    await tab.goto(address, { waitUntil: 'load' });
    if (scripts === 'off') {
      problems.push(...await tab.evaluate(inspect, width));
      return;
    }
    await tab.evaluate(loadEverything);
    await tab.evaluate(axe);
    // what is folded on a desktop is seen unfolded on the phone
    if (width === WIDTHS[0] && scripts === 'on') await tab.evaluate(() => document.querySelectorAll('details').forEach(one => { one.open = true; }));
    const allowed = Object.keys(BEST_PRACTICE);
    problems.push(...await tab.evaluate(violations, { only: { type: 'tag', values: TAGS }, allowed }));
    if (scripts === 'removed' && width !== WIDTHS[0]) return; // colours are those of the page with its scripts
    await tab.emulateMedia({ colorScheme: 'dark' });
    const dark = await tab.evaluate(violations, { only: { type: 'rule', values: COLOUR_RULES }, allowed });
    problems.push(...dark.map(text => `dark: ${text}`));
  } finally {
    await context.close();
  }
}

/** The page as a reader sees it whose browser runs no scripts. */
function withoutScripts(html) {
  return html.replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, '').replace(/<\/?noscript>/g, '');
}

/** Runs inside the page: one sentence for each rule that it breaks. */
async function violations({ only, allowed }) {
  const found = await window.axe.run(document, {
    runOnly: only,
    ...(only.type === 'tag' ? { rules: { 'target-size': { enabled: true } } } : {}), // off by default
    resultTypes: ['violations'],
  });
  return found.violations
    .filter(rule => !(rule.tags.includes('best-practice') && allowed.includes(rule.id)))
    .map(rule => {
      const level = rule.tags.includes('best-practice') ? 'best practice' : 'WCAG';
      const places = rule.nodes.slice(0, 3).map(node => node.target.join(' ')).join(', ');
      const more = rule.nodes.length > 3 ? ` and ${rule.nodes.length - 3} more` : '';
      return `${rule.id} (${level}): ${rule.help}: ${places}${more}`;
    });
}

await run(main);
