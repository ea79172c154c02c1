// Serves a built site on 127.0.0.1 the way a strict government web server does: with the policy below, a type with its
// charset for every file, and 404.html for what is missing.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const POLICY = [
  "default-src 'none'", "img-src 'self'", "style-src 'self'", "script-src 'self'", "connect-src 'self'",
  "font-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'self'",
].join('; ');

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.xml': 'application/xml; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.pdf': 'application/pdf',
  '.zip': 'application/zip',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/**
 * Starts the server on a free port. `url(page)` is the address of a page given by its path inside the site.
 * A site made for a folder of its host (`https://host/budget/`) is served under that folder, because 404.html,
 * which is shown at any depth, can only link from the root.
 */
export async function serve(root) {
  const base = await basePath(root);
  const server = createServer(async (request, response) => {
    const { status, type, body } = await answer(root, base, request).catch(failure);
    response.writeHead(status, {
      'Content-Security-Policy': POLICY,
      'Content-Type': type,
      'Content-Length': body.length,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    root,
    url: page => origin + base + page.split('/').map(encodeURIComponent).join('/'),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(root, base, request) {
  const file = fileOf(root, base, request.url);
  const body = file && await read(file);
  if (body) return { status: 200, type: TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream', body };
  const page = request.headers.accept?.includes('text/html') && await read(path.join(root, '404.html'));
  if (page) return { status: 404, type: TYPES['.html'], body: page };
  return { status: 404, type: TYPES['.txt'], body: Buffer.from('not found\n') };
}

function failure(error) {
  return { status: 500, type: TYPES['.txt'], body: Buffer.from(`${error.message}\n`) };
}

/** The file that an address names, or null for an address outside the site. */
function fileOf(root, base, address) {
  let pathname;
  try {
    pathname = decodeURIComponent(new URL(address, 'http://site').pathname);
  } catch {
    return null;
  }
  if (!pathname.startsWith(base) || pathname.includes('\0')) return null;
  const file = path.join(root, pathname.slice(base.length), pathname.endsWith('/') ? 'index.html' : '');
  return file.startsWith(root + path.sep) ? file : null;
}

/** The bytes of a file, or null if there is none. */
async function read(file) {
  try {
    return await readFile(file);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(error.code)) return null;
    throw error;
  }
}

/** The folder of its host that the site was made for: the shortest one in sitemap.xml, else the root. */
async function basePath(root) {
  const sitemap = await read(path.join(root, 'sitemap.xml'));
  const folders = [...(sitemap?.toString() ?? '').matchAll(/<loc>\s*([^<\s]+)\s*<\/loc>/g)]
    .map(([, address]) => decodeURIComponent(new URL('.', address).pathname));
  return folders.reduce((shortest, folder) => folder.length < shortest.length ? folder : shortest, folders[0] ?? '/');
}
