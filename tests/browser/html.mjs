// Validates the markup of every built page with html-validate, its standard and its accessibility rules.
// Exit status: 0 nothing found, 1 a page failed, 2 could not run.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { htmlFiles, paths, report, run } from './browser.mjs';

const USAGE = `node html.mjs SITE_DIR
    validate every .html page`;

/** Rules that the pages are let off, each with its reason. */
const EXCEPTIONS = {};

async function main() {
  const [root] = paths(USAGE, 1);
  const validator = new HtmlValidate(new StaticConfigLoader({
    root: true,
    extends: ['html-validate:standard', 'html-validate:a11y'],
    rules: Object.fromEntries(Object.keys(EXCEPTIONS).map(rule => [rule, 'off'])),
  }));
  const results = [];
  for (const page of await htmlFiles(root)) {
    const { results: found } = await validator.validateString(await readFile(path.join(root, page), 'utf8'), page);
    const problems = found
      .flatMap(({ messages }) => messages)
      .map(({ line, column, message, ruleId }) => `${line}:${column}: ${message} (${ruleId})`);
    results.push({ name: page, problems });
  }
  return report(results);
}

await run(main);
