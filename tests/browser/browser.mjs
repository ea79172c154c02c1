// The browser of the tests.
import { existsSync } from 'node:fs';

const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--no-first-run',
  // no name but our own resolves: a page under test reaches nobody
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** A reason why nothing could be tested; everything else that is thrown is a fault of this program. */
export class CannotRun extends Error {}

/** Starts the browser. */
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
