// Pictures of pages for people to look at: small PNG of what one sees first, or of whole pages.
// Exit status: 0 all saved, 2 a page does not exist or nothing could be saved.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CannotRun, htmlFiles, launch, run, screen } from './browser.mjs';
import { loadEverything } from './inspect.mjs';
import { withPalette } from './png.mjs';
import { serve } from './server.mjs';

const USAGE = `node shots.mjs SITE_DIR OUT_DIR [--pages a.html,b/c.html] [--widths 360,768,1280] [--schemes light,dark] [--whole] [--print]
    save a picture of the top of each page at each width and scheme, with --whole of all of it, with --print also an A4
    PDF; without --pages of the pages that the documentation shows`;

/** What the documentation shows: the file of a page and the name of its pictures. */
const SHOWN = [
  [/^[^/]+\/[^/]+\/index\.html$/, 'overview'],
  [/\/t03\.html$/, 'table'],
  [/\/narrative\.html$/, 'narrative'],
  [/\/checks\.html$/, 'checks'],
  [/^search\.html$/, 'search'],
];
const HEIGHTS = { 360: 720, 768: 960, 1280: 860 };
const COLOURS = 16;
/** Chromium paints no taller picture in one piece, in px. */
const TALLEST = 16_000;

async function main() {
  const { root, out, pages, widths, schemes, whole, print } = readArguments();
  const files = await htmlFiles(root);
  const wanted = pages
    ? pages.map(page => [page, page.replace(/\.html$/, '')])
    : SHOWN.flatMap(([file, name]) => files.filter(page => file.test(page)).slice(0, 1).map(page => [page, name]));
  const missing = wanted.filter(([page]) => !files.includes(page));
  if (missing.length > 0) throw new CannotRun(`no such page: ${missing.map(([page]) => page).join(', ')}`);

  const server = await serve(root);
  const browser = await launch();
  try {
    for (const width of widths) {
      const context = await screen(browser, width, whole || !HEIGHTS[width] ? {} : { viewport: { width, height: HEIGHTS[width] } });
      const tab = await context.newPage();
      for (const [page, name] of wanted) {
        const stem = path.join(out, name);
        await mkdir(path.dirname(stem), { recursive: true });
        await tab.goto(server.url(page), { waitUntil: 'networkidle' });
        await tab.evaluate(loadEverything);
        for (const scheme of schemes) await picture(tab, scheme, whole, `${stem}-${width}-${scheme}.png`);
        if (print && width === widths[0]) await pdf(tab, `${stem}.pdf`);
      }
      await context.close();
    }
  } finally {
    await browser.close();
    server.close();
  }
  return 0;
}

function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        pages: { type: 'string' },
        widths: { type: 'string', default: Object.keys(HEIGHTS).join(',') },
        schemes: { type: 'string', default: 'light,dark' },
        whole: { type: 'boolean', default: false },
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
  if (positionals.length !== 2) throw new CannotRun(USAGE);
  const list = text => text?.split(',').map(item => item.trim()).filter(Boolean);
  const [root, out] = positionals.map(one => path.resolve(one));
  return { ...values, root, out, pages: list(values.pages), widths: list(values.widths).map(Number), schemes: list(values.schemes) };
}

async function picture(tab, colorScheme, whole, file) {
  await tab.emulateMedia({ colorScheme });
  const [width, shown, height] = await tab.evaluate(() => [innerWidth, innerHeight, document.documentElement.scrollHeight]);
  if (whole && height > TALLEST) console.error(`${file}: only the first ${TALLEST} of ${height} px`);
  const clip = { x: 0, y: 0, width, height: whole ? Math.min(height, TALLEST) : shown };
  const png = withPalette(await tab.screenshot({ fullPage: whole, clip }), COLOURS);
  await writeFile(file, png);
  console.log(`${file}: ${(png.length / 1024).toFixed(1)} KB`);
}

async function pdf(tab, file) {
  await tab.emulateMedia({ colorScheme: 'light' });
  await tab.pdf({ path: file, format: 'A4', preferCSSPageSize: true, printBackground: true });
  console.log(file);
}

await run(main);
