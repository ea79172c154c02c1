// Tables: how many levels are shown, and the address of a row to copy. Everything is there without it.
(() => {
  for (const blocks of document.querySelectorAll('.levels')) addLevels(blocks);
  const rows = document.querySelectorAll('.figures tbody tr[id], .inputs tbody tr[id]');
  if (rows.length === 0) return;
  const status = make('p', { className: 'visually-hidden', role: 'status' });
  document.querySelector('main').append(status);
  for (const table of new Set([...rows].map(row => row.closest('table')))) addLinks(table);

  /** Buttons above a tree; a row that the address names stays, whatever its level. */
  function addLevels(blocks) {
    const trees = [...blocks.querySelectorAll('.tree')];
    const deepest = [3, 2].find(level => trees.some(tree => tree.querySelector(`.l${level}`)));
    if (!deepest) return;
    const coded = trees.some(tree => tree.querySelector('.l1 > .c')?.textContent.trim());
    const names = coded ? ['只看类', '到款'] : ['只看第一级', '到第二级'];
    const box = make('div', { className: 'depth', role: 'group' });
    box.setAttribute('aria-label', '显示到哪一级');
    const buttons = [...names.slice(0, deepest - 1), '全部'].map((words, at) => {
      const depth = at + 1 < deepest ? String(at + 1) : '';
      const button = make('button', { type: 'button', textContent: words, value: depth });
      button.addEventListener('click', () => show(depth));
      return button;
    });
    box.append(...buttons);
    blocks.prepend(box);
    blocks.dataset.ready = '';
    show('');

    function show(depth) {
      for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === depth));
      for (const tree of trees) {
        if (depth) tree.dataset.depth = depth;
        else delete tree.dataset.depth;
      }
    }
  }

  /** A link in each row, seen when the row is pointed at. One of them is a stop of Tab, arrows lead to the others. */
  function addLinks(table) {
    const links = [...table.tBodies].flatMap(body => [...body.rows]).filter(row => row.id).map(row => {
      const head = row.querySelector('[scope="row"]');
      if (!head) return null;
      const link = make('a', { className: 'copy', href: `#${row.id}`, tabIndex: -1 });
      link.setAttribute('aria-label', `复制链接：${head.textContent.trim()}`);
      head.append(link);
      return link;
    }).filter(Boolean);
    if (links.length === 0) return;
    links[0].tabIndex = 0;

    table.addEventListener('click', event => {
      const link = event.target.closest('.copy');
      if (link) {
        event.preventDefault();
        copy(link);
      } else if (!event.target.closest('a')) {
        table.querySelector('.touched')?.classList.remove('touched');
        event.target.closest('tr[id]')?.classList.add('touched');
      }
    });
    table.addEventListener('keydown', event => {
      const at = links.indexOf(event.target);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (at < 0 || !step) return;
      event.preventDefault();
      let to = at + step;
      while (links[to] && links[to].closest('tr').getClientRects().length === 0) to += step;
      links[to]?.focus();
    });
    table.addEventListener('focusin', event => {
      if (!links.includes(event.target)) return;
      for (const link of links) link.tabIndex = link === event.target ? 0 : -1;
    });
  }

  async function copy(link) {
    const done = await written(link.href);
    if (!done) location.hash = link.hash; // the bar of the browser has it then
    status.textContent = done ? '已复制' : '链接在地址栏';
    link.dataset.done = status.textContent;
    setTimeout(() => {
      delete link.dataset.done;
      status.textContent = '';
    }, 2000);
  }

  /** Puts text on the clipboard. Pages that are not served over https may only use the older way. */
  async function written(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const before = document.activeElement;
      const field = make('textarea', { className: 'visually-hidden', value: text, readOnly: true });
      document.body.append(field);
      field.select();
      let done = false;
      try {
        done = document.execCommand('copy');
      } catch {
        done = false;
      }
      field.remove();
      before?.focus();
      return done;
    }
  }

  function make(name, properties) {
    return Object.assign(document.createElement(name), properties);
  }
})();
