// Prints one page of every template to A4 and reads the PDF back: nothing lost or cut off, heads of tables on every
// sheet, nothing torn from what it belongs to, pages numbered, drafts marked as such.
// Exit status: 0 nothing found, 1 a page failed, 2 could not run.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { CannotRun, inParallel, launch, onePageOfEach, paths, report, run, screen } from './browser.mjs';
import { loadEverything } from './inspect.mjs';
import { serve } from './server.mjs';

const USAGE = `node print.mjs SITE_DIR DRAFT_DIR
    print one page of every template of a site, and the printed edition of a site built with --draft`;

/** Sheets that the printed edition of the reference disclosure takes: more or fewer, and something broke. */
const SHEETS = [40, 60];
/** Points of the edge of a sheet that stay white: the margins of print.css are 15 mm, a little less than this. */
const MARGIN = 40;
const TABS = 2;

async function main() {
  const [root, draft] = paths(USAGE, 2);
  const visits = (await onePageOfEach(root)).map(({ page, template }) => ({ page, template, problems: [] }));
  const full = visits.find(({ template }) => template === 'full');
  if (!full) throw new CannotRun(`${root} has no printed edition`);
  const draftVisit = { page: full.page, draft: true, problems: [] };
  const servers = { site: await serve(root), draft: await serve(draft) };
  const browser = await launch();
  try {
    await inParallel([full, draftVisit, ...visits.filter(visit => visit !== full)], TABS, async visit => {
      const context = await screen(browser, 1280, { colorScheme: 'dark' });
      const tab = await context.newPage();
      await tab.goto((visit.draft ? servers.draft : servers.site).url(visit.page), { waitUntil: 'load' });
      await tab.evaluate(loadEverything);
      visit.problems.push(...visit.draft ? await testDraft(tab) : await testPage(tab, visit.template));
      await context.close();
    });
  } finally {
    await browser.close();
    servers.site.close();
    servers.draft.close();
  }
  return report([...visits, draftVisit].map(({ page, draft, problems }) => ({
    name: draft ? `${page} of a draft` : page,
    problems,
  })));
}

async function testPage(tab, template) {
  await tab.emulateMedia({ media: 'print' });
  const problems = await tab.evaluate(inspectPrint);
  const figures = await tab.evaluate(figuresOfTables);
  await tab.emulateMedia({ media: null });

  const sheets = await print(tab);
  if (template === 'full') {
    const [least, most] = SHEETS;
    if (sheets.length < least || sheets.length > most) problems.push(`${sheets.length} sheets, not ${least} to ${most}`);
    if (/第\d+页/.test(sheets[0].text)) problems.push('the cover has a page number');
  }
  problems.push(...pageNumbers(sheets, template), ...cutOff(sheets), ...lost(figures, sheets));

  await tab.emulateMedia({ media: 'print' });
  await tab.evaluate(rememberPrinted);
  await tab.emulateMedia({ media: null });
  const names = await tab.evaluate(mark);
  problems.push(...torn(names, await print(tab)));
  return problems;
}

async function testDraft(tab) {
  const watermark = await tab.evaluate(() => document.querySelector('.watermark')?.textContent.replace(/\s/g, ''));
  if (!watermark) return ['no watermark'];
  const sheets = await print(tab);
  return sheets.flatMap(({ text }, at) => text.includes(watermark) ? [] : [`no watermark on sheet ${at + 1}`]);
}

/** The sheets of the page in print: their size, their words with places, their text without spaces. */
async function print(tab) {
  const folder = await mkdtemp(path.join(tmpdir(), 'gongkai-print-'));
  try {
    const file = path.join(folder, 'page.pdf');
    await writeFile(file, await tab.pdf({ preferCSSPageSize: true, printBackground: false }));
    const [places, text] = await Promise.all([pdftotext('-bbox', file), pdftotext('-raw', file)]);
    const texts = text.split('\f').map(sheet => sheet.replace(/\s/g, ''));
    return [...places.matchAll(/<page width="([\d.]+)" height="([\d.]+)">([\s\S]*?)<\/page>/g)].map((sheet, at) => ({
      width: Number(sheet[1]),
      text: texts[at],
      words: [...sheet[3].matchAll(/<word xMin="([-\d.]+)" yMin="[-\d.]+" xMax="([-\d.]+)" yMax="[-\d.]+">(.*?)<\/word>/g)]
        .map(([, left, right, word]) => ({ left: Number(left), right: Number(right), word })),
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function pdftotext(option, file) {
  try {
    const { stdout } = await promisify(execFile)('pdftotext', [option, '-enc', 'UTF-8', file, '-'], { maxBuffer: 2 ** 28 });
    return stdout;
  } catch (error) {
    if (error.code === 'ENOENT') throw new CannotRun("no pdftotext: install Debian's poppler-utils");
    throw error;
  }
}

function pageNumbers(sheets, template) {
  return sheets.flatMap(({ text }, at) => {
    const number = `第${at + 1}页，共${sheets.length}页`;
    return text.includes(number) || (template === 'full' && at === 0) ? [] : [`no “${number}” on sheet ${at + 1}`];
  });
}

function cutOff(sheets) {
  return sheets.flatMap(({ width, words }, at) => words
    .filter(({ left, right }) => left < MARGIN || right > width - MARGIN)
    .map(({ word }) => `“${word}” on sheet ${at + 1} stands outside the margins`));
}

/** Each figure must be in the PDF as often as in the tables at least; the narrative may repeat it. */
function lost(figures, sheets) {
  const left = new Map();
  for (const { words } of sheets) {
    for (const { word } of words) {
      for (const [figure] of word.matchAll(/-?\d[\d,]*(\.\d+)?/g)) left.set(figure, (left.get(figure) ?? 0) + 1);
    }
  }
  return Object.entries(figures)
    .filter(([figure, times]) => (left.get(figure) ?? 0) < times)
    .map(([figure, times]) => `${figure} stands ${times} times in the tables, ${left.get(figure) ?? 0} times in print`);
}

/** What the marks say: `t` head, `r` row of a table; `a` and `b` two places that belong on one sheet. */
function torn(names, sheets) {
  const on = kind => {
    const found = new Map();
    sheets.forEach(({ text }, at) => {
      for (const [, id] of text.matchAll(new RegExp(`q${kind}(\\d+)q`, 'g'))) found.set(id, [...(found.get(id) ?? []), at]);
    });
    return found;
  };
  const [heads, rows, firsts, seconds] = ['t', 'r', 'a', 'b'].map(on);
  const problems = [];
  for (const [id, places] of rows) {
    for (const at of new Set(places)) {
      if (!heads.get(id)?.includes(at)) problems.push(`no head on sheet ${at + 1} of ${names.tables[id]}`);
    }
  }
  names.pairs.forEach((name, id) => {
    const first = firsts.get(String(id));
    const second = seconds.get(String(id));
    if (!first || !second) problems.push(`${name}: not in print`);
    else if (first[0] !== second[0]) problems.push(`${name}: torn between sheets ${first[0] + 1} and ${second[0] + 1}`);
  });
  return problems;
}

/** Inside the page, in print and in the dark: what does not belong on paper. */
function inspectPrint() {
  const problems = [];
  const { color, backgroundColor } = getComputedStyle(document.body);
  if (color !== 'rgb(0, 0, 0)') problems.push(`the text is ${color}, not black`);
  if (!['rgba(0, 0, 0, 0)', 'rgb(255, 255, 255)'].includes(backgroundColor)) problems.push(`the paper is ${backgroundColor}`);
  for (const element of document.querySelectorAll('nav:not(.toc), .skip, button, input, select')) {
    if (element.checkVisibility()) problems.push(`${element.localName}.${element.className} is navigation`);
  }
  for (const element of document.body.querySelectorAll('*')) {
    const { overflowX, overflowY, clipPath } = getComputedStyle(element);
    if (!element.checkVisibility() || clipPath !== 'none' || (overflowX === 'visible' && overflowY === 'visible') || element.closest('svg')) continue;
    problems.push(`${element.localName}.${element.className} may cut off what it holds`);
  }
  return problems;
}

/** Inside the page: how often each figure stands in a table. */
function figuresOfTables() {
  const figures = {};
  for (const cell of document.querySelectorAll('td')) {
    if (cell.querySelector('table, p, details')) continue;
    const text = cell.textContent.trim();
    if (/^-?\d[\d,]*(\.\d+)?$/.test(text)) figures[text] = (figures[text] ?? 0) + 1;
  }
  return figures;
}

/** Inside the page, in print: remembers what is on paper, for links to downloads and controls are not. */
function rememberPrinted() {
  window.printed = new Set([...document.querySelectorAll('main *')].filter(element => element.checkVisibility()));
}

/** Inside the page: writes marks that the PDF is searched for. Returns what they stand for. */
function mark() {
  const shown = element => element?.checkVisibility() && element.getClientRects().length > 0 &&
    getComputedStyle(element).clipPath === 'none' && !element.closest('.visually-hidden');
  const write = (place, text, where) => {
    const span = document.createElement('span');
    span.textContent = text;
    span.style.cssText = 'font-size: 2px; letter-spacing: 0; position: static; white-space: nowrap';
    place[where](span);
  };
  const name = element => {
    const text = element.textContent.trim().replace(/\s+/g, ' ');
    return `${element.localName} “${text.length > 24 ? text.slice(0, 24) + '…' : text}”`;
  };
  const pairs = [];
  const together = (first, second, text) => {
    write(first, `qa${pairs.length}q`, 'append');
    write(second, `qb${pairs.length}q`, 'prepend');
    pairs.push(text);
  };

  const visible = [...document.querySelectorAll('main *')].filter(element => shown(element) && window.printed.has(element));
  const texts = visible.filter(element => !element.closest('svg') &&
    [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()));
  for (const heading of visible.filter(element => element.matches('h1, h2, h3, h4, .lead, .chart-sentence, .sources > p, dt, caption'))) {
    const next = texts.find(element => !heading.contains(element) &&
      heading.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (next) together(heading, next, `${name(heading)} and what follows`);
  }
  for (const chart of visible.filter(element => element.matches('.chart'))) {
    const inside = texts.filter(element => chart.contains(element));
    together(inside[0], inside.at(-1), `chart ${name(inside[0])}`);
  }

  const tables = visible.filter(element => element.matches('table') && element.tHead && shown(element.tHead));
  tables.forEach((table, id) => {
    write(table.tHead.rows[0].cells[0], `qt${id}q`, 'append');
    for (const row of [...table.tBodies].flatMap(body => [...body.rows]).filter(shown)) {
      write(row.cells[row.cells.length - 1], `qr${id}q`, 'append');
      if (row.cells.length > 1) {
        const [first, last] = [row.cells[0], row.cells[row.cells.length - 1]];
        if (first.rowSpan === 1) together(first, last, `row ${name(row)}`);
      }
    }
  });
  return { pairs, tables: tables.map(table => table.caption ? name(table.caption) : name(table)) };
}

await run(main);
