// Search: reads the index beside the pages, in the browser alone. Data come as scripts that call gongkai.index,
// gongkai.shard and gongkai.signatures, since a page opened from a folder may load nothing else.
// Nothing is loaded before the search field has the focus, this script on other pages than the search included, or
// the address has ?q=.
(() => {
  'use strict';

  const form = document.querySelector('.search-box');
  if (!form) return;
  const root = form.getAttribute('action').replace(/[^/]*$/, '');
  const BITS = 1 << 15; // of a signature, as in src/render/search/signature.rs
  const AT_ONCE = 8; // shards loaded before hits are shown
  const ENOUGH = 20; // hits before which more shards are loaded unasked
  const UNASKED = 32; // shards loaded unasked at most
  const SHOWN = 30; // hits on the page before the reader asks for more
  const QUICK = 6; // hits below the field of any other page
  const MOST_SIGNATURES = 6; // words of a query that choose the shards
  const KINDS = { budget: '预算', final: '决算' };

  /* loading */

  const scripts = new Map(); // path -> promise
  const data = { disclosures: [], shards: new Map(), signatures: new Map() };

  const load = path => {
    if (!scripts.has(path)) {
      scripts.set(path, new Promise((resolve, reject) => {
        const script = document.createElement('script');
        script.src = root + path;
        script.onload = resolve;
        script.onerror = () => {
          scripts.delete(path); // the next attempt asks again
          script.remove();
          reject(new Error(path));
        };
        document.head.append(script);
      }));
    }
    return scripts.get(path);
  };

  window.gongkai = {
    index(lines, glossaries, entities) {
      data.lines = lines;
      data.entities = entities.map(([id, name, short]) => ({ id, name, short, title: new Folded(name) }));
      let number = 0;
      entities.forEach(([id, name, short, own]) => own.forEach(([year, kind, title, standard]) => {
        data.disclosures.push({
          number: number++, entity: id, name, short, year, kind, title, glossary: glossaries[standard],
          folder: `${id}/${year}-${kind}`, context: fold(`${name} ${short} ${title}`),
        });
      }));
    },
    shard: (folder, parts) => data.shards.set(folder, parts),
    signatures: (file, list) => data.signatures.set(file, list),
  };

  const ready = () => load('search-index.js');

  /* text as it is compared; src/render/search/fold.rs is the same */

  const narrow = c => {
    let code = c.charCodeAt(0);
    if (code >= 0xff01 && code <= 0xff5e) code -= 0xfee0;
    return String.fromCharCode(code >= 65 && code <= 90 ? code + 32 : code);
  };
  const flat = lists => [].concat(...lists);
  const isDigit = c => c >= '0' && c <= '9';
  const DROPPED = /[\0-/:-`{-\xbf×÷\u2000-\u2bff\u3000-\u3006\u3008-\u303f\ue000-\uf8ff\ufe10-\ufe6f\uff00-\uffff]/;

  /** A text folded, and for each of its characters the place in the text as written. */
  class Folded {
    constructor(written) {
      const half = Array.from({ length: written.length }, (_, i) => narrow(written[i]));
      const out = [];
      const at = [];
      let gap = '';
      half.forEach((c, i) => {
        if (DROPPED.test(c)) {
          if (isDigit(out[out.length - 1])) gap += c;
          return;
        }
        if (gap && isDigit(c)) {
          const thousands = gap === ',' && /^\d{3}(?!\d)/.test(half.slice(i, i + 4).join(''));
          if (!thousands) {
            out.push(gap === '.' ? '.' : ' ');
            at.push(i - 1);
          }
        }
        gap = '';
        out.push(c);
        at.push(i);
      });
      this.written = written;
      this.text = out.join('');
      this.at = at;
    }
  }

  const fold = text => new Folded(text).text;
  const plainNumber = text => text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;

  /* a query: its words, what each may be */

  const parse = text => text.split(/\s+/).map(fold).filter(Boolean).map(word => {
    const number = /^(\d[\d.]*)(?:亿元|万元|元)?$/.exec(word);
    return { text: number ? number[1] : word, number: number && plainNumber(number[1]) };
  });

  /* which shards can match */

  const places = term => {
    let hash = 0x811c9dc5;
    for (let i = 0; i < term.length; i++) hash = Math.imul(hash ^ term.charCodeAt(i), 0x01000193);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    hash ^= hash >>> 12;
    const first = hash & (BITS - 1);
    return term[0] === '~' ? [first] : [first, hash >>> 15 & (BITS - 1)];
  };

  /** What a shard must have in its signature, as alternatives: each a list of places. */
  const demands = word => {
    if (word.number) return [[places(`#${word.text.slice(0, 12)}`), places(`=${word.number}`)]];
    const runs = word.text.match(/[^\d. ]+/g) || [];
    return flat(runs.map(run => Array.from({ length: run.length - 1 }, (_, i) => [places(`~${run.slice(i, i + 2)}`)])));
  };

  /** Those of `disclosures` whose shards may match all words. */
  const candidates = async (words, disclosures) => {
    if (!data.lines) return disclosures;
    const all = flat(words.map(demands));
    const step = Math.ceil(all.length / MOST_SIGNATURES);
    const asked = all.filter((_, i) => i % step === 0);
    const fileOf = place => Math.floor(place / data.lines);
    await Promise.all(flat(flat(asked)).map(place => load(`search/${fileOf(place)}.js`)));
    const has = (place, number) => {
      const line = data.signatures.get(fileOf(place))[place % data.lines];
      return parseInt(line.substr((number >> 3) * 2, 2), 16) >> (number & 7) & 1;
    };
    return disclosures.filter(({ number }) =>
      asked.every(sides => sides.some(side => side.every(place => has(place, number)))));
  };

  /* what can be found in a shard */

  const made = new Map(); // folder -> items

  const itemsOf = disclosure => {
    if (!made.has(disclosure.folder)) made.set(disclosure.folder, makeItems(disclosure));
    return made.get(disclosure.folder);
  };

  const makeItems = disclosure => {
    const [names, tables, texts, sheets] = data.shards.get(disclosure.folder);
    const folded = names.map(name => new Folded(name));
    const items = [];
    const add = item => items.push(Object.assign({ disclosure, amounts: [], code: '', where: '' }, item));
    for (const [page, number, title, blocks] of tables) {
      const where = `${number} ${title}`;
      add({ kind: 'table', page, title: new Folded(where), where: '' });
      for (const [block, columns, rows] of blocks) {
        for (const [id, code, name, ...amounts] of rows) {
          add({
            kind: 'row', page: `${page}#r-${block && `${block}-`}${id}`, code, title: folded[name], where,
            context: fold(where),
            amounts: amounts.map((text, i) => ({ text, plain: plainNumber(fold(text)), column: columns[i] }))
              .filter(({ text }) => text),
          });
        }
      }
    }
    for (const [page, title, text] of texts) {
      add({ kind: 'text', page, title: new Folded(title), text: new Folded(text), where: '正文' });
    }
    for (const [page, name, amount, unit, text] of sheets) {
      const amounts = amount ? [{ text: amount, plain: plainNumber(fold(amount)), column: ['', '', unit] }] : [];
      add({ kind: 'sheet', page, title: new Folded(name), text: new Folded(text), amounts, where: '项目支出绩效目标表' });
    }
    return items;
  };

  /** Terms of the glossary, each in the first of these disclosures that has it. */
  const termsOf = disclosures => {
    const seen = new Set();
    const first = disclosures.filter(({ glossary }) => !seen.has(glossary) && seen.add(glossary));
    return flat(first.map(disclosure => disclosure.glossary.map(([name, text], i) => ({
      kind: 'term', disclosure, page: `glossary.html#term-${i + 1}`, title: new Folded(name), text: new Folded(text),
      amounts: [], code: '', where: '名词解释',
    }))));
  };

  /* matching */

  /** Where a word stands in a text, or -1. A number must begin where a number begins, and be all of it if it has a point. */
  const find = (folded, word) => {
    if (!word.number) return folded.text.indexOf(word.text);
    const runs = /[\d.]+/g;
    for (let run = runs.exec(folded.text); run; run = runs.exec(folded.text)) {
      if (run[0].includes('.') ? plainNumber(run[0]) === word.number : run[0].startsWith(word.text)) return run.index;
    }
    return -1;
  };

  /** How well an item matches one word, 0 for not at all; `hit.amount` becomes the amount that does. */
  const score = (item, word, hit) => {
    if (word.number) {
      if (item.code === word.text) return 100;
      const amount = item.amounts.find(({ plain }) => plain === word.number);
      if (amount) {
        hit.amount = amount;
        return 95;
      }
      if (item.code && item.code.startsWith(word.text)) return 70;
    }
    const at = find(item.title, word);
    if (at === 0) return item.title.text.length === word.text.length ? 90 : 60;
    if (at > 0) return 40;
    return item.text && find(item.text, word) >= 0 ? 10 : 0;
  };

  /** The item as a hit, or null. Words beyond the first may speak of the table, the entity or the year. */
  const match = (item, words) => {
    const hit = { item, amount: null, score: 0 };
    for (const word of words) {
      const found = score(item, word, hit);
      const context = item.disclosure.context + (item.context || '');
      if (!found && !context.includes(word.text)) return null;
      hit.score += found;
    }
    if (!hit.score) return null;
    hit.score += item.amounts.length ? 1 : 0; // a row with figures before a blank row of the form
    return hit;
  };

  /** Matches `words` in disclosures that pass `filter`; `more` is how many shards are left. */
  const search = async (words, filter, loaded) => {
    await ready();
    const chosen = data.disclosures.filter(filter).sort((a, b) => b.year - a.year || a.number - b.number);
    const open = await candidates(words, chosen);
    let hits = termsOf(chosen).map(item => match(item, words)).filter(Boolean);
    const entities = data.entities.filter(entity => chosen.some(({ entity: id }) => id === entity.id)
      && words.every(word => find(entity.title, word) >= 0));
    let done = 0;
    while (done < open.length && (done < loaded || hits.length < ENOUGH && done < UNASKED)) {
      const next = open.slice(done, done + AT_ONCE);
      await Promise.all(next.map(({ folder }) => load(`${folder}/search.js`)));
      for (const disclosure of next) hits.push(...itemsOf(disclosure).map(item => match(item, words)).filter(Boolean));
      done += next.length;
    }
    hits.sort((a, b) => b.score - a.score); // stable: else the order of the documents
    return { hits, entities, done, more: open.length - done };
  };

  /* showing */

  const element = (name, properties, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  /** Puts children in the place of what an element holds. */
  const fill = (parent, ...children) => {
    parent.textContent = '';
    parent.append(...children);
  };

  /** The written text from `from` to `to` with the words marked. */
  const marked = (folded, words, from = 0, to = folded.written.length) => {
    const spans = words.map(word => [find(folded, word), word.text.length]).filter(([at]) => at >= 0)
      .map(([at, length]) => [folded.at[at], folded.at[Math.min(at + length, folded.at.length) - 1] + 1])
      .sort((a, b) => a[0] - b[0]);
    const parts = [];
    let end = from;
    for (const [start, stop] of spans) {
      if (start < end || stop > to) continue;
      parts.push(folded.written.slice(end, start), element('mark', {}, folded.written.slice(start, stop)));
      end = stop;
    }
    return [...parts, folded.written.slice(end, to)];
  };

  /** The stretch of a text around the first word. */
  const snippet = (folded, words) => {
    const places = words.map(word => find(folded, word)).filter(at => at >= 0);
    if (places.length === 0) return [];
    const middle = folded.at[Math.min(...places)];
    const from = Math.max(0, middle - 24);
    const to = Math.min(folded.written.length, middle + 64);
    return [from > 0 ? '…' : '', ...marked(folded, words, from, to), to < folded.written.length ? '…' : ''];
  };

  const lineOf = ({ item, amount }, words, withEntity) => {
    const { disclosure, code, title, where } = item;
    const shown = amount || item.amounts[0];
    // an amount leads to its cell; a sheet and a total of one column have none of their own
    const cell = amount && shown.column[0] && shown !== item.amounts[0] ? `.${shown.column[0]}` : '';
    const link = element('a', { href: root + `${disclosure.folder}/${item.page}${cell}` });
    if (code) {
      const begun = words.find(word => word.number && code.startsWith(word.text));
      const length = begun ? begun.text.length : 0;
      link.append(element('span', { className: 'code' },
        ...length ? [element('mark', {}, code.slice(0, length))] : [], code.slice(length)), ' ');
    }
    link.append(...marked(title, words));
    const line = element('li', {}, link);
    if (shown) {
      const [, , unit] = shown.column;
      const figure = element(amount ? 'mark' : 'span', {}, shown.text);
      line.append(' ', element('span', { className: 'amount' }, figure, unit && unit !== '%' ? ` ${unit}` : unit));
    }
    const column = shown && item.kind === 'row' ? shown.column[1] : '';
    const facts = [withEntity && `${disclosure.short} ${disclosure.title}`, where, column].filter(Boolean);
    if (facts.length) line.append(' ', element('span', { className: 'meta' }, facts.join(' · ')));
    const text = item.text ? snippet(item.text, words) : [];
    if (text.length) line.append(element('p', {}, ...text));
    return line;
  };

  /** Hits below the disclosures they belong to, the best first. */
  const grouped = (hits, words) => {
    const groups = new Map();
    for (const hit of hits) {
      const { disclosure } = hit.item;
      if (!groups.has(disclosure)) groups.set(disclosure, []);
      groups.get(disclosure).push(lineOf(hit, words, false));
    }
    return [...groups].map(([{ name, title, folder }, lines]) => element('section', {},
      element('h2', {}, element('a', { href: `${root}${folder}/index.html` }, `${name} ${title}`)),
      element('ul', { className: 'hits' }, ...lines)));
  };

  const button = (text, onclick) => element('button', { type: 'button', onclick }, text);

  const nothing = filtered => element('div', { className: 'no-hits' },
    element('p', {}, '可以这样试试：'),
    element('ul', {}, ...[
      filtered && '把单位、年度、类别放宽到“全部”',
      '用更短的词，如“接待费”“安置”',
      '科目编码只输前几位，如 20809',
      '金额按表里的数输入，如 3,764.74 或 3764.74',
    ].filter(Boolean).map(text => element('li', {}, text))),
    element('p', {}, '也可以查看', element('a', { href: '#index' }, '名称和编码索引'), '。'));

  /* the field of any page, and the search page */

  const FAILED = '搜索的数据没有读到，请查看名称和编码索引。';

  /** Calls `run` a moment after the last call, and never shows what an earlier query found. */
  const latest = run => {
    let timer;
    let turn = 0;
    return wait => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const mine = ++turn;
        run(() => mine === turn);
      }, wait);
    };
  };

  /** Below the field: the first hits, and the way to all of them. */
  const quick = (form, field) => {
    const status = element('p', { className: 'visually-hidden' });
    status.setAttribute('role', 'status');
    const list = element('ul', { className: 'hits' });
    const panel = element('div', { className: 'search-panel', hidden: true }, list);
    form.append(status, panel);
    const close = () => { panel.hidden = true; };
    const show = latest(async current => {
      const words = parse(field.value);
      if (words.length === 0) return close();
      try {
        const { hits, more } = await search(words, () => true, AT_ONCE);
        if (!current()) return;
        status.textContent = hits.length ? `找到 ${hits.length}${more ? ' 条以上' : ' 条'}，按回车看全部` : '没有找到';
        const several = data.disclosures.length > 1;
        fill(list, ...hits.slice(0, QUICK).map(hit => lineOf(hit, words, several)));
        const all = element('a', { href: `${form.action}?q=${encodeURIComponent(field.value)}` },
          hits.length ? `全部结果（${hits.length}${more ? '+' : ''}）` : '没有找到，看看别的查法');
        list.append(element('li', { className: 'all' }, all));
        panel.hidden = false;
      } catch (error) {
        status.textContent = FAILED;
      }
    });
    field.addEventListener('input', () => show(120));
    field.addEventListener('focus', () => field.value && show(0));
    if (field.value) show(0);
    form.addEventListener('keydown', event => {
      if (event.key !== 'Escape' || panel.hidden) return;
      event.preventDefault(); // which would empty the field
      close();
      field.focus();
    });
    document.addEventListener('focusin', event => form.contains(event.target) || close());
    document.addEventListener('pointerdown', event => form.contains(event.target) || close());
  };

  /** The page of results: filters, ?q= and all hits. */
  const full = (form, field, results) => {
    const status = element('p', { className: 'search-status' });
    status.setAttribute('role', 'status');
    const filters = element('div', { className: 'search-filters' });
    const output = element('div');
    results.append(filters, status, output);
    const asked = new URLSearchParams(location.search);
    const selects = {};
    let limit = SHOWN;
    let loaded = AT_ONCE;

    const makeFilters = () => {
      const values = (key, label) => [...new Map(data.disclosures.map(one => [String(one[key]), label(one)]))];
      const add = (key, title, options) => {
        const select = element('select', { name: key },
          element('option', { value: '' }, '全部'), ...options.map(([value, text]) => element('option', { value }, text)));
        if (options.some(([value]) => value === asked.get(key))) select.value = asked.get(key);
        select.addEventListener('change', () => fresh(0));
        selects[key] = select;
        filters.append(element('label', {}, `${title} `, select));
      };
      add('entity', '单位', values('entity', one => one.name));
      add('year', '年度', values('year', one => `${one.year}年`).sort((a, b) => b[0] - a[0]));
      add('kind', '类别', values('kind', one => KINDS[one.kind]));
    };

    const remember = () => {
      const pairs = [['q', field.value.trim()], ...Object.keys(selects).map(key => [key, selects[key].value])];
      const query = new URLSearchParams(pairs.filter(([, value]) => value)).toString();
      try {
        history.replaceState(null, '', (query ? `?${query}` : location.pathname) + location.hash);
      } catch (error) {
        // some browsers keep the address of a page opened from a folder
      }
    };

    const show = latest(async current => {
      const words = parse(field.value);
      try {
        await ready();
        if (!selects.kind) makeFilters();
        if (!current()) return;
        remember();
        if (words.length === 0) {
          status.textContent = '';
          return fill(output);
        }
        status.textContent = '正在查找…';
        const chosen = one => Object.keys(selects).every(key => !selects[key].value || selects[key].value === String(one[key]));
        const { hits, entities, done, more } = await search(words, chosen, loaded);
        if (!current()) return;
        const left = more ? `已查 ${done} 份公开，还有 ${more} 份没有查` : '';
        status.textContent = hits.length
          ? [`找到 ${hits.length} 条`, hits.length > limit && `显示前 ${limit} 条`, left].filter(Boolean).join('，')
          : [`没有找到“${field.value.trim()}”`, left].filter(Boolean).join('，');
        fill(output,
          ...entities.length ? [element('ul', { className: 'hits' }, ...entities.slice(0, 10).map(entity =>
            element('li', {}, element('a', { href: `${root}${entity.id}/index.html` }, ...marked(entity.title, words)))))] : [],
          ...grouped(hits.slice(0, limit), words),
          ...hits.length > limit ? [button(`再显示 ${Math.min(SHOWN, hits.length - limit)} 条`, () => again(() => { limit += SHOWN; }))] : [],
          ...more ? [button('继续查找', () => again(() => { loaded = done + AT_ONCE * 2; }))] : [],
          ...hits.length || entities.length ? [] : [nothing(Object.keys(selects).some(key => selects[key].value))]);
      } catch (error) {
        if (current()) status.textContent = FAILED;
      }
    });
    const fresh = wait => {
      limit = SHOWN;
      loaded = AT_ONCE;
      show(wait);
    };
    const again = change => {
      change();
      show(0);
    };

    field.value = asked.get('q') || '';
    field.addEventListener('input', () => fresh(150));
    form.addEventListener('submit', event => {
      event.preventDefault();
      fresh(0);
    });
    if (field.value) fresh(0);
  };

  const field = form.elements.q;
  const results = document.getElementById('results');
  const prepare = () => ready().catch(() => {}); // what fails now is tried again, and reported, with the first query
  if (document.activeElement === field) prepare();
  else field.addEventListener('focus', prepare, { once: true });
  if (results) full(form, field, results);
  else quick(form, field);
})();
