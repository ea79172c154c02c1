// Changes a figure of a served site as its webmaster would: the open page comes again by itself with the new figure, at
// the same place; a fault lies over it until it is mended.
// Exit status: 0 nothing found, 1 something does not work, 2 could not run.
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launch, paths, report, run } from './browser.mjs';

const USAGE = 'node serve.mjs GONGKAI_PROGRAM SITE_SOURCE_DIR';
const FOLDER = 'yq-veterans/2025-budget';
const TABLE = `data/${FOLDER}/tables/03-expenditure.yaml`;
const PAGE = `${FOLDER}/t03.html`;
const PARTS = ['site.toml', 'data', 'standards', 'templates', 'static'];
const WAIT = { timeout: 60_000 };

async function main() {
  const [program, source] = paths(USAGE, 2);
  const root = await mkdtemp(path.join(tmpdir(), 'gongkai-serve-'));
  for (const part of PARTS) await cp(path.join(source, part), path.join(root, part), { recursive: true });
  const server = await serve(program, root);
  const browser = await launch();
  try {
    return report(await tests(browser, server.address, path.join(root, TABLE)));
  } finally {
    await browser.close();
    server.stop();
    await rm(root, { recursive: true, force: true });
  }
}

/** Starts the program and waits for the address that it prints. */
async function serve(program, root) {
  const child = spawn(program, ['-r', root, 'serve', '-p', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const address = await new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', data => {
      said += data;
      const found = said.match(/http:\/\/[^/]+\//);
      if (found) resolve(found[0]);
    });
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`the program ended: ${said}`)));
  });
  return { address, stop: () => child.kill() };
}

async function tests(browser, address, file) {
  const context = await browser.newContext({ viewport: { width: 500, height: 500 }, locale: 'zh-CN' });
  const tab = await context.newPage();
  const console = { name: 'console', problems: [] };
  tab.on('console', message => {
    if (message.type() === 'error') console.problems.push(message.text());
  });
  tab.on('pageerror', error => console.problems.push(error.message));
  await tab.goto(address + PAGE);
  const text = await readFile(file, 'utf8');
  const results = [];
  for (const test of [reloads, reloadsAtAnAnchor, showsFaults, hidesFaults]) {
    const problems = [];
    await test(tab, { text, write: changed => writeFile(file, changed), problems, address })
      .catch(error => problems.push(error.message));
    results.push({ name: test.name, problems });
  }
  return [...results, console];
}

/** Scrolls the page and its first table, unfolds what is folded, and says where all that is. */
async function settle(tab) {
  await tab.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
    document.querySelector('.scroll').scrollLeft = 10;
    scrollTo({ left: 0, top: 260, behavior: 'instant' });
  });
  return place(tab);
}

function place(tab) {
  return tab.evaluate(() => JSON.stringify({
    top: Math.round(scrollY),
    left: Math.round(document.querySelector('.scroll').scrollLeft),
    folds: Array.from(document.querySelectorAll('details')).map(fold => fold.open),
  }));
}

/** The text with its last figure replaced. */
function withFigure(text, figure) {
  const at = text.lastIndexOf(text.match(/\d+\.\d\d/g).at(-1));
  return text.slice(0, at) + text.slice(at).replace(/\d+\.\d\d/, figure);
}

async function stays(tab, before, problems) {
  await tab.waitForLoadState('load');
  // After the second look of the script, which comes when everything is loaded.
  await tab.waitForFunction(() => history.scrollRestoration === 'auto', null, WAIT);
  const after = await place(tab);
  if (after !== before) problems.push(`was at ${before}, is at ${after}`);
}

async function reloads(tab, { text, write, problems }) {
  const before = await settle(tab);
  if (!/"top":260,"left":10/.test(before)) problems.push(`cannot scroll: ${before}`);
  const started = performance.now();
  await write(withFigure(text, '7654.32'));
  await tab.locator('.figures', { hasText: /7,?654\.32/ }).first().waitFor(WAIT);
  console.log(`a changed figure is on the page after ${Math.round(performance.now() - started)} ms`);
  await stays(tab, before, problems);
}

async function reloadsAtAnAnchor(tab, { text, write, problems, address }) {
  const row = await tab.locator('.figures tr[id]').last().getAttribute('id');
  await tab.goto(`${address}${PAGE}#${row}`);
  const before = await settle(tab);
  await write(withFigure(text, '8765.43'));
  await tab.locator('.figures', { hasText: /8,?765\.43/ }).first().waitFor(WAIT);
  await stays(tab, before, problems);
}

async function showsFaults(tab, { text, write, problems }) {
  const before = await settle(tab);
  await write(withFigure(text, '87x5.43'));
  const overlay = tab.locator('.gongkai-live-overlay');
  await overlay.waitFor(WAIT);
  const said = await overlay.innerText();
  for (const words of [TABLE, 'amount-syntax', '87x5.43']) {
    if (!said.includes(words)) problems.push(`the overlay does not say ${words}: ${said}`);
  }
  const style = await overlay.evaluate(box => getComputedStyle(box).position);
  if (style !== 'fixed') problems.push('the style of the overlay is missing');
  if (process.env.SHOT) await tab.screenshot({ path: process.env.SHOT });
  const after = await place(tab);
  if (after !== before) problems.push(`was at ${before}, is at ${after}`);
  await write(withFigure(text, '8765.43'));
  await overlay.waitFor({ state: 'detached', ...WAIT });
}

async function hidesFaults(tab, { text, write, problems }) {
  const overlay = tab.locator('.gongkai-live-overlay');
  for (const [figure, hide] of [
    ['1x', () => tab.getByRole('button', { name: '收起' }).click()],
    ['2x', () => tab.keyboard.press('Escape')],
  ]) {
    await write(withFigure(text, figure));
    await overlay.filter({ hasText: figure }).waitFor(WAIT);
    await hide();
    if (await overlay.count() > 0) problems.push('the overlay cannot be hidden');
  }
  await write(text);
  await tab.locator('.figures', { hasNotText: /8,?765\.43/ }).first().waitFor(WAIT);
}

await run(main);
