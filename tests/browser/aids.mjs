// Uses what scripts add to a built site as a reader would: reading aids, levels of a table, the address of a row, the
// note of a computed figure; and looks that nothing is missing without scripts.
// Exit status: 0 nothing found, 1 something does not work, 2 could not run.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { serve } from './server.mjs';

const USAGE = 'node aids.mjs SITE_DIR';
const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];
const PHONE = { width: 360, height: 800 };
const DESKTOP = { width: 1280, height: 900 };

const problems = [];

function check(is, problem) {
  if (!is) problems.push(problem);
}

async function main() {
  const [site, ...more] = process.argv.slice(2);
  if (!site || more.length > 0) return cannotRun(USAGE);
  if (!existsSync(CHROMIUM)) return cannotRun(`no browser at ${CHROMIUM}: install Debian's chromium or set CHROMIUM`);
  const root = path.resolve(site);
  const pages = await readdir(root, { recursive: true });
  const pageNamed = async (pattern, has) => {
    for (const page of pages.filter(page => pattern.test(page)).sort()) {
      if (has.test(await readFile(path.join(root, page), 'utf8'))) return page.split(path.sep).join('/');
    }
    return null;
  };
  const tree = await pageNamed(/\bt\d+\.html$/, /figures tree/);
  const narrative = await pageNamed(/narrative\.html$/, /data-how/);
  if (!tree || !narrative) return cannotRun(`no table with levels or no computed figure in ${root}`);

  const { chromium } = await import('playwright-core');
  const server = await serve(root);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  try {
    await choicesAreRemembered(browser, server, tree, narrative);
    await levelsFold(browser, server, tree);
    await addressesAreCopied(browser, server, tree);
    await figuresExplainThemselves(browser, server, narrative);
    await everythingIsThereWithoutScripts(browser, server, tree);
  } finally {
    await browser.close();
    server.close();
  }
  for (const problem of problems) console.log(problem);
  console.log(problems.length === 0 ? 'reading aids and tables work' : `${problems.length} problems`);
  return problems.length === 0 ? 0 : 1;
}

function cannotRun(reason) {
  console.error(reason);
  return 2;
}

/** A page in a fresh profile, opened; what its console says against it is a problem. */
async function open(browser, server, page, options = {}) {
  const context = await browser.newContext({ viewport: DESKTOP, locale: 'zh-CN', ...options });
  const tab = await context.newPage();
  tab.on('console', message => {
    const text = message.text();
    if (message.type() === 'error' && !/favicon/.test(text)) problems.push(`${page}: console: ${text}`);
  });
  tab.on('pageerror', error => problems.push(`${page}: ${error.message}`));
  await tab.goto(server.url(page));
  return tab;
}

async function choicesAreRemembered(browser, server, first, second) {
  for (const viewport of [DESKTOP, PHONE]) {
    const where = `reading aids at ${viewport.width} px`;
    const tab = await open(browser, server, first, { viewport, colorScheme: 'light' });
    const before = await tab.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
    await tab.locator('.aids-open').focus();
    await tab.keyboard.press('Enter');
    for (const words of ['特大', '高对比', '深色']) {
      await tab.getByRole('button', { name: words, exact: true }).focus();
      await tab.keyboard.press('Space');
    }
    const pressed = await tab.locator('.aids-panel [aria-pressed=true]').allTextContents();
    check(pressed.join() === '特大,高对比,深色', `${where}: pressed are ${pressed}`);
    await tab.keyboard.press('Escape');
    const away = await tab.locator('.aids-panel').isHidden();
    const back = await tab.evaluate(() => document.activeElement.className);
    check(away && back === 'aids-open', `${where}: Esc does not close the panel and go back to its button`);

    await tab.goto(server.url(second));
    const found = await tab.evaluate(() => ({
      size: parseFloat(getComputedStyle(document.documentElement).fontSize),
      page: getComputedStyle(document.body).backgroundColor,
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    }));
    check(Math.abs(found.size / before - 1.5) < 0.01, `${where}: text grows from ${before} to ${found.size} px`);
    check(found.page === 'rgb(0, 0, 0)', `${where}: dark and high contrast give ${found.page}`);
    check(found.wide <= 1, `${where}: ${second} is ${found.wide} px too wide in the largest text`);
    await tab.context().close();
  }
}

async function levelsFold(browser, server, page) {
  const tab = await open(browser, server, page);
  const shown = () => tab.locator('.tree tbody tr').evaluateAll(rows => rows.filter(row => row.getClientRects().length).length);
  const all = await shown();
  const buttons = tab.locator('.depth button');
  check(await buttons.count() >= 2, `${page}: no buttons for levels`);
  await buttons.first().click();
  const few = await shown();
  check(few > 0 && few < all, `${page}: ${few} of ${all} rows after the first button`);
  const deep = await tab.locator('.tree tr.l2[id]').first().getAttribute('id');
  await tab.evaluate(id => { location.hash = id; }, deep);
  check(await tab.locator(`[id="${deep}"]`).isVisible(), `${page}#${deep}: the row that the address names is hidden`);
  await tab.emulateMedia({ media: 'print' });
  check(await shown() === all, `${page}: rows are missing in print`);
  check(await tab.locator('.depth, .aids').filter({ visible: true }).count() === 0, `${page}: controls are printed`);
  await tab.emulateMedia({ media: 'screen' });
  await buttons.last().click();
  check(await shown() === all, `${page}: the last button does not show all rows`);
  await tab.context().close();
}

async function addressesAreCopied(browser, server, page) {
  const tab = await open(browser, server, page, { permissions: ['clipboard-read', 'clipboard-write'] });
  const links = tab.locator('.copy');
  await tab.locator('.depth button').last().focus();
  let reached = false;
  for (let step = 0; step < 6 && !reached; step += 1) {
    await tab.keyboard.press('Tab');
    reached = await tab.evaluate(() => document.activeElement.matches('.copy'));
  }
  check(reached, `${page}: Tab does not reach the link of a row`);
  await tab.keyboard.press('ArrowDown');
  const id = await tab.evaluate(() => document.activeElement.closest('tr')?.id);
  check(id === await links.nth(1).evaluate(link => link.closest('tr').id), `${page}: an arrow does not lead to the next row`);
  await tab.keyboard.press('Enter');
  await tab.locator('[role=status]', { hasText: '已复制' }).waitFor({ state: 'attached', timeout: 3000 })
    .catch(() => problems.push(`${page}: copying is not announced`));
  const copied = await tab.evaluate(() => navigator.clipboard.readText());
  check(copied === `${server.url(page)}#${encodeURI(id)}`, `${page}: copied ${copied}`);
  await tab.context().close();
}

async function figuresExplainThemselves(browser, server, page) {
  for (const viewport of [DESKTOP, PHONE]) {
    const where = `${page} at ${viewport.width} px`;
    const tab = await open(browser, server, page, { viewport });
    const figure = tab.locator('a[data-how]').first();
    const note = () => figure.evaluate(link => {
      const style = getComputedStyle(link, '::after');
      return style.content.includes(link.dataset.how);
    });
    check(!await note(), `${where}: a note stands open`);
    await figure.hover();
    check(await note(), `${where}: no note under the pointer`);
    await tab.keyboard.press('Escape');
    check(!await note(), `${where}: Esc does not put the note away`);
    await tab.mouse.move(0, 0);
    await tab.keyboard.press('Tab');
    await figure.focus();
    check(await note(), `${where}: no note on focus`);
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(wide <= 1, `${where}: the note widens the page by ${wide} px`);
    await tab.context().close();
  }
}

async function everythingIsThereWithoutScripts(browser, server, page) {
  const tab = await open(browser, server, page, { javaScriptEnabled: false });
  const plain = await tab.locator('.figures tbody tr').filter({ visible: true }).count();
  const all = await tab.locator('.figures tbody tr').count();
  check(plain === all && all > 0, `${page}: ${plain} of ${all} rows without scripts`);
  check(await tab.locator('button:not(form button)').count() === 0, `${page}: there are dead buttons without scripts`);
  await tab.context().close();
}

process.exitCode = await main();
