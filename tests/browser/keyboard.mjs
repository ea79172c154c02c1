// Walks through one page of every template with the Tab key, as a desktop and as a phone.
// Exit status: 0 nothing found, 1 a page failed, 2 could not run.
import { inParallel, launch, onePageOfEach, paths, report, run, screen } from './browser.mjs';
import { loadEverything } from './inspect.mjs';
import { serve } from './server.mjs';

const USAGE = `node keyboard.mjs SITE_DIR
    tab through one page of every template at 1280 and 360 px`;

const WIDTHS = [1280, 360];
const TABS = 3;

async function main() {
  const [root] = paths(USAGE, 1);
  const visits = (await onePageOfEach(root)).flatMap(({ page }) => WIDTHS.map(width => ({ page, width, problems: [] })));
  const server = await serve(root);
  const browser = await launch();
  try {
    await inParallel(visits, TABS, async ({ page, width, problems }) => {
      const context = await screen(browser, width);
      const tab = await context.newPage();
      await tab.goto(server.url(page), { waitUntil: 'load' });
      await tab.evaluate(loadEverything);
      problems.push(...await walk(tab), ...await skip(tab));
      await context.close();
    });
  } finally {
    await browser.close();
    server.close();
  }
  return report(visits.map(({ page, width, problems }) => ({ name: `${page} at ${width} px`, problems })));
}

/** Tabs until the focus leaves the page or comes round again. */
async function walk(tab) {
  const expected = await tab.evaluate(prepare);
  const problems = [];
  for (let presses = 0; ; presses++) {
    // a date or a group of choices may take a few presses more than one
    if (presses > 2 * expected + 20) return [...problems, `no end after ${presses} presses of Tab`];
    await tab.keyboard.press('Tab');
    const { end, found } = await tab.evaluate(step);
    problems.push(...found);
    if (end) return [...problems, ...await tab.evaluate(missed)];
  }
}

/** The first stop is the link that skips to the text, and it works. */
async function skip(tab) {
  await tab.evaluate(() => {
    document.activeElement.blur();
    getSelection().removeAllRanges();
    history.replaceState(null, '', location.pathname);
  });
  await tab.reload({ waitUntil: 'load' });
  await tab.keyboard.press('Tab');
  const href = await tab.evaluate(() => document.activeElement.getAttribute('href'));
  if (href !== '#main') return [`the first stop is not the skip link but ${href ?? 'no link'}`];
  await tab.keyboard.press('Enter');
  const inside = await tab.evaluate(() => document.activeElement === document.querySelector('main'));
  return inside ? [] : ['the skip link does not bring the focus to <main>'];
}

/** Inside the page: finds what Tab must reach and remembers how it looks without focus. Returns how much that is. */
function prepare() {
  const candidates = 'a[href], area[href], button, input, select, textarea, summary, iframe, audio[controls], ' +
    'video[controls], [contenteditable], [tabindex]';
  const seen = element => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const expected = [...document.querySelectorAll(candidates)].filter(element =>
    element.tabIndex >= 0 && !element.disabled && element.type !== 'hidden' && seen(element));
  const scrollers = [...document.body.querySelectorAll('*')].filter(element => {
    const { overflowX, overflowY } = getComputedStyle(element);
    const scrolls = value => value === 'auto' || value === 'scroll';
    return seen(element) && ((scrolls(overflowX) && element.scrollWidth > element.clientWidth + 1) ||
      (scrolls(overflowY) && element.scrollHeight > element.clientHeight + 1));
  });

  const look = element => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow } = getComputedStyle(element);
    const outline = outlineStyle === 'none' || parseFloat(outlineWidth) === 0 ? 'none' : `${outlineWidth} ${outlineColor}`;
    return { outline, boxShadow };
  };
  const name = element => {
    const text = (element.textContent.trim() || element.getAttribute('aria-label') || '').replace(/\s+/g, ' ');
    const id = element.id ? `#${element.id}` : '';
    return `${element.localName}${id} “${text.length > 20 ? text.slice(0, 20) + '…' : text}”`;
  };
  window.walk = { expected, scrollers, look, name, before: new Map(expected.map(one => [one, look(one)])), reached: [] };
  return expected.length;
}

/** Inside the page: what is wrong with the element that has the focus now. */
function step() {
  const { look, name, before, reached } = window.walk;
  const element = document.activeElement;
  if (!element || element === document.body || element === document.documentElement) return { end: true, found: [] };
  const last = reached.at(-1);
  if (element === last) return { end: true, found: [`Tab does not leave ${name(element)}`] };
  if (element === reached[0]) return { end: true, found: [] };
  const found = [];
  if (reached.includes(element)) return { end: true, found: [`Tab goes back to ${name(element)}`] };
  reached.push(element);

  if (last && !(last.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)) {
    found.push(`${name(element)} comes after ${name(last)}, which follows it in the page`);
  }
  const { outline, boxShadow } = look(element);
  const shown = (outline !== 'none' && outline !== before.get(element)?.outline) ||
    (boxShadow !== 'none' && boxShadow !== before.get(element)?.boxShadow);
  if (!shown) found.push(`${name(element)} does not show that it has the focus`);
  const places = [...element.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
  const visible = places.some(({ left, top, right, bottom }) => {
    const edges = { left: Math.max(left, 0), top: Math.max(top, 0), right: Math.min(right, innerWidth), bottom: Math.min(bottom, innerHeight) };
    if (edges.left >= edges.right || edges.top >= edges.bottom) return false;
    const middle = document.elementFromPoint((edges.left + edges.right) / 2, (edges.top + edges.bottom) / 2);
    return element.contains(middle) || middle?.contains(element);
  });
  if (!visible) found.push(`${name(element)} has the focus where nobody can see it`);
  return { end: false, found };
}

/** Inside the page: what the walk has not come to. */
function missed() {
  const { expected, scrollers, reached, name } = window.walk;
  const choice = element => element.type === 'radio' &&
    reached.some(other => other.type === 'radio' && other.name === element.name && other.form === element.form);
  return [
    ...expected.filter(element => !reached.includes(element) && !choice(element))
      .map(element => `Tab does not reach ${name(element)}`),
    ...scrollers.filter(element => !reached.some(other => element.contains(other)))
      .map(element => `${name(element)} scrolls, but not by keyboard`),
  ];
}

await run(main);
