// Reading aids: size of text, contrast, light or dark, remembered for the next page. Runs in the head, before anything
// is painted, and makes its own controls: without scripts there are none.
(() => {
  const KEY = 'gongkai-aids';
  const root = document.documentElement;
  const AIDS = [
    { name: 'text', title: '字号', choices: [['', '标准'], ['large', '大'], ['larger', '特大']] },
    { name: 'contrast', title: '对比', choices: [['', '标准'], ['high', '高对比']] },
    { name: 'scheme', title: '底色', choices: [['', '跟随系统'], ['light', '浅色'], ['dark', '深色']] },
  ];

  const chosen = remembered();
  root.dataset.script = '';
  for (const aid of AIDS) apply(aid);
  document.addEventListener('DOMContentLoaded', addControls);

  /** What was chosen before: only values that there are. Storage may be refused, or hold anything. */
  function remembered() {
    let found;
    try {
      found = JSON.parse(localStorage.getItem(KEY));
    } catch {
      found = null;
    }
    const known = ({ name, choices }) => choices.some(([value]) => value === found?.[name]) ? found[name] : '';
    return Object.fromEntries(AIDS.map(aid => [aid.name, known(aid)]));
  }

  function remember() {
    try {
      localStorage.setItem(KEY, JSON.stringify(chosen));
    } catch {
      // the choice holds for this page
    }
  }

  function apply({ name }) {
    if (chosen[name]) root.dataset[name] = chosen[name];
    else delete root.dataset[name];
  }

  function addControls() {
    const masthead = document.querySelector('.masthead');
    if (!masthead) return;
    const box = make('div', { className: 'aids' });
    const open = make('button', { type: 'button', className: 'aids-open', textContent: '阅读辅助' });
    const panel = make('div', { className: 'aids-panel', id: 'aids', hidden: true });
    open.setAttribute('aria-controls', 'aids');
    panel.append(...AIDS.map(group));
    box.append(open, panel);
    masthead.append(box);

    const show = shown => {
      panel.hidden = !shown;
      open.setAttribute('aria-expanded', String(shown));
    };
    show(false);
    open.addEventListener('click', () => show(panel.hidden));
    document.addEventListener('click', event => box.contains(event.target) || show(false));
    box.addEventListener('focusout', event => event.relatedTarget && !box.contains(event.relatedTarget) && show(false));
    box.addEventListener('keydown', event => {
      if (event.key !== 'Escape' || panel.hidden) return;
      show(false);
      open.focus();
    });
  }

  function group(aid) {
    const box = make('div', { className: 'aids-group', role: 'group' });
    const title = make('span', { className: 'aids-title', id: `aids-${aid.name}`, textContent: aid.title });
    box.setAttribute('aria-labelledby', title.id);
    const buttons = aid.choices.map(([value, words]) => {
      const button = make('button', { type: 'button', textContent: words, value });
      button.addEventListener('click', () => {
        chosen[aid.name] = value;
        apply(aid);
        remember();
        press();
      });
      return button;
    });
    const press = () => {
      for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === chosen[aid.name]));
    };
    press();
    box.append(title, ...buttons);
    return box;
  }

  function make(name, properties) {
    return Object.assign(document.createElement(name), properties);
  }

  // Esc puts away the note of a computed figure, until the pointer or the focus comes back.
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    for (const figure of document.querySelectorAll('[data-how]:is(:hover, :focus)')) {
      figure.classList.add('dismissed');
      const back = () => figure.classList.remove('dismissed');
      figure.addEventListener('mouseleave', back, { once: true });
      figure.addEventListener('blur', back, { once: true });
    }
  });

  // The search comes when its field is used; here, since a script of its own would be one more file for every page.
  document.addEventListener('focusin', function load({ target }) {
    const form = target.closest('.search-box');
    if (!form || document.getElementById('results')) return;
    document.removeEventListener('focusin', load);
    document.head.append(make('script', { src: form.getAttribute('action').replace(/[^/]*$/, 'script/search.js') }));
  });
})();
