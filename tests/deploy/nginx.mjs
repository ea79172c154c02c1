// Serves a built site with the nginx configuration that stands in docs/deploying.md, as a host of its own and as a folder of
// another site, and follows the recipes around it: a version is switched as a whole, and what readers get is verified.
// node tests/deploy/nginx.mjs GONGKAI, with nginx, unzip and curl installed.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [, , program] = process.argv;
if (!program) {
  console.error('usage: node tests/deploy/nginx.mjs GONGKAI');
  process.exit(2);
}
const gongkai = path.resolve(program);
const repository = path.resolve(import.meta.dirname, '../..');
const manual = readFileSync(path.join(repository, 'docs/deploying.md'), 'utf8');
const place = mkdtempSync(path.join(tmpdir(), 'gongkai-nginx-'));
const work = path.join(place, 'work');

let passed = 0;
const failures = [];

function expect(holds, said) {
  if (holds) passed += 1;
  else failures.push(said);
}

function equal(found, wanted, said) {
  expect(found === wanted, `${said}: ${found}, not ${wanted}`);
}

/** The blocks of a language in the manual. */
function blocks(language) {
  return [...manual.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text);
}

/** The one block of commands that has a text. */
function recipe(text) {
  const found = blocks('sh').filter(block => block.includes(text));
  if (found.length !== 1) throw new Error(`${found.length} recipes have ${text}`);
  return found[0];
}

/** Runs a recipe with its folders and its host here. */
function run(text, host = '', errors = 'inherit') {
  const here = text.replaceAll('/srv/', `${place}/srv/`).replace('https://ysgk.example.gov.cn', host);
  execFileSync('sh', ['-c', `set -e\n${here}`], {
    cwd: work,
    env: { ...process.env, PATH: `${path.dirname(gongkai)}:${process.env.PATH}` },
    stdio: ['ignore', 'ignore', errors],
  });
}

/** Builds the reference site and switches to it. */
function publish(address) {
  rmSync(path.join(work, 'public.zip'), { force: true });
  execFileSync(gongkai, ['-r', path.join(work, 'site'), 'build', '-q', '--draft', '-u', address, '--zip',
    path.join(work, 'public.zip')], { stdio: 'pipe' });
  run(recipe('mv -T'));
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** Lays the files of the manual out below the temporary folder, each where its first line says. */
function lay(port) {
  for (const block of blocks('nginx')) {
    const [, name] = block.match(/^# (\/etc\/nginx\/\S+)\n/) ?? [];
    if (!name) throw new Error(`no file is named by ${block}`);
    const file = path.join(place, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, block
      .replaceAll('/etc/nginx/', `${place}/etc/nginx/`)
      .replaceAll('/srv/', `${place}/srv/`)
      .replace('listen 80;', `listen 127.0.0.1:${port};`));
  }
}

/** What Debian's own file would say, and the site of which ours is a folder. */
function frame(port) {
  const user = process.getuid() === 0 ? 'user root;' : '';
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => `${kind}_temp_path ${place}/${kind};`);
  mkdirSync(path.join(place, 'srv/www'), { recursive: true });
  writeFileSync(path.join(place, 'srv/www/index.html'), '<title>another site</title>\n');
  writeFileSync(path.join(place, 'nginx.conf'), `
${user}
daemon off;
pid ${place}/pid;
error_log stderr crit;
events {}
http {
  include /etc/nginx/mime.types;
  access_log off;
  ${temporary.join('\n  ')}
  include ${place}/etc/nginx/conf.d/*.conf;
  server {
    listen 127.0.0.1:${port};
    root ${place}/srv/www;
    include ${place}/etc/nginx/snippets/ysgk-location.conf;
  }
}
`);
}

async function start() {
  execFileSync('nginx', ['-q', '-t', '-p', place, '-c', path.join(place, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'inherit'] });
  return spawn('nginx', ['-p', place, '-c', path.join(place, 'nginx.conf')], { stdio: 'inherit' });
}

async function answers(address) {
  for (let tries = 0; tries < 100; tries += 1) {
    try {
      return await fetch(address);
    } catch {
      await sleep(50);
    }
  }
  throw new Error(`nothing answers at ${address}`);
}

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.jsonld': 'application/ld+json; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** The policy that the browser tests hold every page to. */
const [, POLICY] = readFileSync(path.join(repository, 'docs/testing.md'), 'utf8').match(/^(default-src 'none'.*)$/m);

function headers(response, cache, said) {
  equal(response.headers.get('content-security-policy'), POLICY, `${said}: policy`);
  equal(response.headers.get('x-content-type-options'), 'nosniff', `${said}: nosniff`);
  equal(response.headers.get('referrer-policy'), 'strict-origin-when-cross-origin', `${said}: referrer`);
  equal(response.headers.get('cache-control'), cache, `${said}: cache`);
}

function cacheOf(file) {
  if (/^(style|script)\//.test(file)) return 'max-age=3600';
  return file === 'icon.svg' ? 'max-age=86400' : 'no-cache';
}

/** Every file with its content, type and headers; what is missing; a folder without its slash. */
async function whole(base) {
  const manifest = await (await fetch(`${base}manifest.json`)).json();
  const files = Object.entries(manifest.files);
  expect(files.length > 70, `${files.length} files`);
  for (const [file, { sha256, size }] of files) {
    const response = await fetch(base + file);
    const body = Buffer.from(await response.arrayBuffer());
    equal(response.status, 200, file);
    equal(response.headers.get('content-type'), TYPES[path.extname(file)], `${file}: type`);
    equal(createHash('sha256').update(body).digest('hex'), sha256, `${file}: content`);
    headers(response, cacheOf(file), file);
    const packed = path.extname(file) !== '.xlsx' && size >= 1024;
    equal(response.headers.get('content-encoding'), packed ? 'gzip' : null, `${file}: encoding`);
  }
  const home = await (await fetch(base)).text();
  equal(home, await (await fetch(`${base}index.html`)).text(), 'the folder and its index');
  const folder = await fetch(`${base}yq-veterans`, { redirect: 'manual' });
  equal(`${folder.status} ${folder.headers.get('location')}`, `301 ${new URL(base).pathname}yq-veterans/`, 'a folder without its slash');
  for (const missing of ['nothing.html', 'yq-veterans/nothing/t1.html', '.git/config']) {
    const response = await fetch(base + missing);
    equal(response.status, 404, missing);
    equal(response.headers.get('content-type'), TYPES['.html'], `${missing}: type`);
    headers(response, 'no-cache', missing);
    await links(await response.text(), base);
  }
}

/** Every link of the page for what is missing leads somewhere, at whatever depth it is shown. */
async function links(page, base) {
  const found = [...page.matchAll(/ (?:href|src|action)="(\/[^"#]*)/g)].map(([, address]) => address);
  expect(found.length >= 6, `404.html: ${found.length} links`);
  for (const address of found) {
    equal((await fetch(new URL(address, base))).status, 200, `404.html: ${address}`);
  }
}

/** A figure changes, the size of its pages does not: readers who have the page get the new one. */
async function correction(base, address) {
  const page = `${base}yq-veterans/2025-budget/t03.html`;
  const before = await fetch(page);
  const old = await before.text();
  const tag = before.headers.get('etag');
  const again = await fetch(page, { headers: { 'If-None-Match': tag } });
  equal(again.status, 304, 'asked again');
  const table = path.join(work, 'site/data/yq-veterans/2025-budget/tables/03-expenditure.yaml');
  const text = readFileSync(table, 'utf8');
  const changed = text.replace('449.83', '449.38');
  if (changed === text) throw new Error('the figure to be changed is not there');
  writeFileSync(table, changed);
  await sleep(1100); // times in tags are whole seconds
  publish(address);
  const after = await fetch(page, { headers: { 'If-None-Match': tag } });
  equal(after.status, 200, 'asked again after a correction');
  const now = await after.text();
  expect(now !== old && now.includes('449.38'), 'the page after a correction');
}

/** What did not arrive whole is not switched to, and what is served stays. */
function damage() {
  const zip = path.join(work, 'public.zip');
  const bytes = readFileSync(zip);
  const before = readlinkSync(path.join(place, 'srv/ysgk/current'));
  writeFileSync(zip, bytes.subarray(0, bytes.length / 2));
  let switched = true;
  try {
    run(recipe('mv -T'), '', 'ignore');
  } catch {
    switched = false;
  }
  expect(!switched, 'half a ZIP was switched to');
  equal(readlinkSync(path.join(place, 'srv/ysgk/current')), before, 'served after half a ZIP');
}

async function main() {
  for (const name of ['data', 'standards', 'templates', 'static', 'site.toml']) {
    cpSync(path.join(repository, name), path.join(work, 'site', name), { recursive: true });
  }
  const [own, other] = [await freePort(), await freePort()];
  lay(own);
  frame(other);
  const [host, site] = [`http://127.0.0.1:${own}/`, `http://127.0.0.1:${other}/`];
  publish(host);
  const server = await start();
  try {
    await answers(host);
    await whole(host);
    await correction(host, host);
    await sleep(1100); // versions are named by the second
    damage();
    run(recipe('curl -fsS -O'), host.slice(0, -1));
    run(recipe('sha256sum --check'));
    run(recipe('gongkai verify /srv/ysgk/current\n').split('\n')[0]);

    await sleep(1100);
    publish(`${site}ysgk/`);
    await whole(`${site}ysgk/`);
    const rest = await fetch(site);
    equal(rest.headers.get('content-security-policy'), null, 'the rest of the other site');
    expect((await rest.text()).includes('another site'), 'the rest of the other site is as it was');
  } finally {
    server.kill('SIGQUIT');
    await new Promise(resolve => server.once('exit', resolve));
  }
}

try {
  await main();
} finally {
  rmSync(place, { recursive: true, force: true });
}
for (const failure of failures) console.error(failure);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);
