// Pictures of pages for people to look at.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { loadEverything } from './inspect.mjs';

/** Chromium paints no taller picture in one piece, in px. */
const TALLEST = 16_000;

/**
 * Saves each page at each width and scheme as `OUT/page-360-light.png`, with `print` also as `OUT/page.pdf`.
 * `screen(width)` gives a fresh browser profile. Returns the exit status: 2 if a page does not exist.
 */
export async function shoot(server, screen, { shots, pages, widths, schemes, print }) {
  let status = 0;
  for (const page of pages) {
    const stem = path.join(shots, page.replace(/\.html$/, ''));
    await mkdir(path.dirname(stem), { recursive: true });
    for (const width of widths) {
      const context = await screen(width);
      const tab = await context.newPage();
      const response = await tab.goto(server.url(page), { waitUntil: 'networkidle' });
      if (response.status() !== 200) {
        console.error(`no such page: ${page}`);
        status = 2;
      } else {
        await tab.evaluate(loadEverything);
        for (const scheme of schemes) await picture(tab, scheme, `${stem}-${width}-${scheme}.png`);
        if (print && width === widths[0]) await pdf(tab, `${stem}.pdf`);
      }
      await context.close();
    }
  }
  return status;
}

async function picture(tab, colorScheme, file) {
  await tab.emulateMedia({ colorScheme });
  const [width, height] = await tab.evaluate(() => [innerWidth, document.documentElement.scrollHeight]);
  if (height > TALLEST) console.error(`${file}: only the first ${TALLEST} of ${height} px`);
  await tab.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, TALLEST) } });
  console.log(file);
}

async function pdf(tab, file) {
  await tab.emulateMedia({ colorScheme: 'light' });
  await tab.pdf({ path: file, format: 'A4', preferCSSPageSize: true, printBackground: true });
  console.log(file);
}
