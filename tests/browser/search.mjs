// Searches the reference site as a reader would, in Chromium under the policy of server.mjs, and from a folder.
// Exit status: 0 all found, 1 something failed, 2 could not run.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { CannotRun, launch } from './browser.mjs';
import { serve } from './server.mjs';

const USAGE = `node search.mjs SITE_DIR MANY_DIR
    search the built reference site, and a site of many copies of its disclosure`;

const FOLDER = 'yq-veterans/2025-budget';
/** Bytes, compressed, that a reader loads up to the first hit, and that one shard may have. */
const MOST_FIRST = 100 * 1024;
const MOST_SHARD = 40 * 1024;
const MOST_SCRIPT = 8 * 1024;

/** What a reader types, and where one of the hits leads. */
const QUERIES = [
  ['2080905', 't05.html#r-2080905', '1,688.03 万元'],
  ['20809', 't05.html#r-20809', '2,928.07 万元'],
  ['三公', 'glossary.html#term-3', ''],
  ['公务接待费', 't06.html#r-30217', '0.80 万元'],
  ['3764.74', 't05.html#r-total', '3,764.74 万元'],
  ['3,764.74', 't05.html#r-total', '3,764.74 万元'],
  ['３，７６４．７４万元', 't05.html#r-total', '3,764.74 万元'],
  ['2836.02', 't05.html#r-20809.project', '2,836.02 万元'],
  ['１２', 't12.html#r-', '12.00 万元'],
  ['退役安置', 't03.html#r-20809', '2,928.07 万元'],
  ['表五　退役安置', 't05.html#r-20809', '2,928.07 万元'],
  ['机关运行经费', 'glossary.html#term-4', ''],
  ['烈士公祭等纪念活动', 'p-', ''],
  ['花篮', 'p-', ''],
];

async function main() {
  const [site, many] = process.argv.slice(2).map(folder => path.resolve(folder));
  if (!many) throw new CannotRun(USAGE);
  const browser = await launch();
  let failed = 0;
  const test = async (name, folder, run, options = {}) => {
    const server = await serve(folder);
    const context = await browser.newContext({ locale: 'zh-CN', ...options });
    const tab = await context.newPage();
    const faults = [];
    tab.on('pageerror', error => faults.push(error.message));
    tab.on('console', message => message.type() === 'error' && faults.push(message.text()));
    try {
      await run(tab, server);
      assert.deepEqual(faults, []);
    } catch (error) {
      failed += 1;
      console.log(`${name}\n  ${error.message.replaceAll('\n', '\n  ')}`);
    } finally {
      await context.close();
      server.close();
    }
  };
  try {
    await test('each query leads to its row', site, queries);
    await test('a hit is there and marked', site, landing);
    await test('an address with ?q= is a query, and typing changes it', site, address);
    await test('filters narrow the hits and stand in the address', many, filters);
    await test('without a hit there is something to try', site, nothing);
    await test('the field of any page shows the first hits', site, quick);
    await test('nothing is loaded before the field has the focus, little before the first hit', site, weight);
    await test('without scripts the form leads to the static index', site, noScript, { javaScriptEnabled: false });
    await test('it works from a folder', site, fromFolder);
    await test('of many disclosures only those that can match are loaded', many, sharded);
    await test('files keep their size', site, () => sizes(site));
  } finally {
    await browser.close();
  }
  console.log(failed === 0 ? 'search passed' : `search: ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** Addresses and amounts of the hits once the status has settled. */
async function hitsOf(tab, query) {
  await tab.fill('#q', query);
  await settled(tab);
  return tab.$$eval('.hits li', lines => lines.filter(line => line.querySelector('a')).map(line => ({
    href: line.querySelector('a').href,
    amount: line.querySelector('.amount')?.textContent ?? '',
    text: line.textContent,
  })));
}

async function settled(tab) {
  await tab.waitForTimeout(250); // the script waits for a pause in typing
  await tab.waitForFunction(() => /^(找到|没有找到)/.test(document.querySelector('[role=status]')?.textContent ?? ''));
}

async function queries(tab, server) {
  await tab.goto(server.url('search.html'));
  for (const [query, target, amount] of QUERIES) {
    const hits = await hitsOf(tab, query);
    const hit = hits.find(({ href }) => href.startsWith(server.url(`${FOLDER}/`) + target));
    assert.ok(hit, `${query}: ${target} is not among\n${hits.map(one => one.href).join('\n')}`);
    if (amount) assert.equal(hit.amount, amount, query);
  }
  // the best hit of a code is the row of the code, that of a name the row of the name
  assert.match((await hitsOf(tab, '2080905'))[0].text, /^2080905 军队转业干部安置/);
  assert.match((await hitsOf(tab, '退役安置'))[0].text, /^20809 退役安置/);
}

async function landing(tab, server) {
  await tab.goto(server.url('search.html'));
  await hitsOf(tab, '2080905');
  assert.equal(await tab.textContent('.hits mark'), '2080905');
  await tab.click('.hits a');
  await tab.waitForURL(/#r-2080905$/);
  assert.match(await tab.textContent(':target'), /^2080905/);
}

async function address(tab, server) {
  await tab.goto(`${server.url('search.html')}?q=${encodeURIComponent('退役安置')}`);
  await settled(tab);
  assert.equal(await tab.inputValue('#q'), '退役安置');
  assert.ok(await tab.$$eval('.hits li', lines => lines.length) >= 3);
  await hitsOf(tab, '2080905');
  assert.equal(new URL(tab.url()).searchParams.get('q'), '2080905');
  await tab.fill('#q', '');
  await tab.waitForFunction(() => !location.search);
}

async function filters(tab, server) {
  await tab.goto(`${server.url('search.html')}?q=${encodeURIComponent('退役安置')}`);
  await settled(tab);
  assert.deepEqual(await tab.$$eval('select', all => all.map(one => one.name)), ['entity', 'year', 'kind']);
  await tab.selectOption('select[name=entity]', { label: '第7局' });
  await settled(tab);
  await tab.waitForFunction(() => document.querySelectorAll('#results h2').length === 1);
  assert.equal(await tab.textContent('#results h2'), '第7局 2025年部门预算');
  const { searchParams } = new URL(tab.url());
  assert.equal(searchParams.get('entity'), 'd00007');
  await tab.reload();
  await settled(tab);
  assert.equal(await tab.inputValue('select[name=entity]'), 'd00007');
  assert.equal(await tab.textContent('#results h2'), '第7局 2025年部门预算');
}

async function nothing(tab, server) {
  await tab.goto(server.url('search.html'));
  assert.deepEqual(await hitsOf(tab, '没有这样的词'), []);
  assert.match(await tab.textContent('[role=status]'), /^没有找到“没有这样的词”/);
  assert.match(await tab.textContent('.no-hits'), /科目编码只输前几位/);
  await tab.fill('#q', '<img src=x onerror=alert(1)>');
  await settled(tab);
  assert.equal(await tab.$('#results img'), null);
}

async function quick(tab, server) {
  await tab.goto(server.url(`${FOLDER}/t05.html`));
  await hitsOf(tab, '公务接待费');
  assert.ok(await tab.isVisible('.search-panel'));
  await tab.keyboard.press('Escape');
  assert.ok(!await tab.isVisible('.search-panel'));
  await tab.keyboard.press('Enter');
  await tab.waitForURL(/search\.html\?q=/);
  await settled(tab);
  assert.match(await tab.textContent('.hits'), /30217/);
}

async function weight(tab, server) {
  const loaded = [];
  tab.on('response', async response => {
    loaded.push([new URL(response.url()).pathname, gzipSync(await response.body()).length]);
  });
  await tab.goto(server.url('search.html'), { waitUntil: 'networkidle' });
  const data = loaded.map(([name]) => name).filter(name => /search-index|-budget\/search/.test(name));
  assert.deepEqual(data, []);
  await tab.focus('#q');
  await hitsOf(tab, '公务接待费');
  const bytes = loaded.reduce((sum, [, size]) => sum + size, 0);
  assert.ok(bytes <= MOST_FIRST, `${bytes} bytes before the first hit`);
  console.log(`first hit after ${loaded.length} requests, ${bytes} bytes`);
}

async function noScript(tab, server) {
  await tab.goto(server.url(`${FOLDER}/t05.html`));
  await tab.fill('#q', '退役安置');
  await tab.keyboard.press('Enter');
  await tab.waitForURL(/search\.html\?q=/);
  assert.match(await tab.textContent('noscript'), /没有运行脚本/);
  await tab.click('.lookup a');
  await tab.waitForURL(/lookup\.html$/);
  await tab.click('.lookup li:has(.code:text-is("2080905")) a');
  await tab.waitForURL(/#r-2080905$/);
}

async function fromFolder(tab, server) {
  await tab.goto(`${pathToFileURL(path.join(server.root, FOLDER, 't05.html'))}`);
  await hitsOf(tab, '退役安置');
  await tab.keyboard.press('Enter');
  await tab.waitForURL(/search\.html\?q=/);
  await settled(tab);
  assert.equal(await tab.inputValue('#q'), '退役安置');
  await tab.click('.hits a');
  await tab.waitForURL(/^file:.*#r-20809$/);
}

async function sharded(tab, server) {
  const shards = [];
  tab.on('request', request => /budget\/search\.js$/.test(request.url()) && shards.push(request.url()));
  await tab.goto(server.url('search.html'));
  for (const query of ['第7局', '第７局　2080905', '第12局 公务接待费']) {
    shards.length = 0;
    const hits = await hitsOf(tab, query);
    assert.ok(hits.length > 0, query);
  }
  assert.ok(shards.length <= 1, `${shards.length} shards for a query that names one entity`);
  for (const [query, target] of QUERIES.filter(([, target]) => !target.startsWith('glossary'))) {
    const hits = await hitsOf(tab, `${query} 第3局`);
    assert.ok(hits.some(({ href }) => href.includes(`/d00003/2025-budget/${target}`)), `${query} 第3局: ${target}`);
  }
  shards.length = 0;
  assert.deepEqual(await hitsOf(tab, '没有这样的词'), []);
  assert.deepEqual(shards, []);
}

async function sizes(site) {
  const size = async (...file) => gzipSync(await readFile(path.join(site, ...file))).length;
  const script = await size('script', 'search.js');
  assert.ok(script <= MOST_SCRIPT, `script/search.js: ${script} bytes`);
  const entries = await readdir(site, { recursive: true });
  for (const shard of entries.filter(entry => /[\\/]search\.js$/.test(entry) && !entry.startsWith('script'))) {
    const bytes = await size(shard);
    assert.ok(bytes <= MOST_SHARD, `${shard}: ${bytes} bytes`);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof CannotRun ? error.message : error.stack);
  process.exitCode = 2;
}
