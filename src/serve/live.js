// Added to pages by `gongkai serve` only. Loads the page again when the site was built again, at the same place of the
// page, and shows the faults that keep it from being built.
(() => {
  'use strict';
  const KEY = 'gongkai-live';
  const version = document.currentScript.dataset.version;
  const here = location.pathname + location.search;

  const boxes = () => Array.from(document.querySelectorAll('[tabindex="0"]'));
  const folds = () => Array.from(document.querySelectorAll('details'));

  // What a reader has scrolled and unfolded.
  function remember() {
    const place = {
      here,
      at: [scrollX, scrollY],
      boxes: boxes().map(box => [box.scrollLeft, box.scrollTop]),
      folds: folds().map(fold => fold.open),
    };
    sessionStorage.setItem(KEY, JSON.stringify(place));
    history.scrollRestoration = 'manual';
  }

  function restore() {
    const text = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    const place = text && JSON.parse(text);
    if (!place || place.here !== here) return;
    if (place.folds.length === folds().length) {
      folds().forEach((fold, index) => { fold.open = place.folds[index]; });
    }
    const scroll = () => {
      if (place.boxes.length === boxes().length) {
        boxes().forEach((box, index) => { [box.scrollLeft, box.scrollTop] = place.boxes[index]; });
      }
      scrollTo({ left: place.at[0], top: place.at[1], behavior: 'instant' });
    };
    scroll();
    // Once more when everything is there, after the browser has gone to the part that the address names.
    addEventListener('load', () => setTimeout(() => {
      scroll();
      history.scrollRestoration = 'auto';
    }));
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = 'gongkai-live-' + className;
    made.textContent = text;
    return made;
  }

  function faultItem(fault) {
    const item = element('li', 'fault', '');
    if (fault.place) item.append(element('p', 'place', fault.place));
    item.append(element('p', 'text', fault.code ? fault.text + ' [' + fault.code + ']' : fault.text));
    const [before, meant, after] = fault.line;
    if (before || meant || after) {
      const line = element('pre', 'line', before);
      line.append(element('mark', 'meant', meant), after);
      item.append(line);
    }
    if (fault.hint) item.append(element('p', 'hint', fault.hint));
    return item;
  }

  let overlay = null;
  let shown = '';

  function hide() {
    if (overlay) overlay.remove();
    overlay = null;
  }

  function show(message) {
    const now = JSON.stringify(message.faults);
    if (now === shown) return;
    shown = now;
    hide();
    if (!message.faults.length) return;
    overlay = element('div', 'overlay', '');
    overlay.lang = document.documentElement.lang;
    overlay.setAttribute('role', 'alert');
    const close = element('button', 'close', message.close);
    close.type = 'button';
    close.addEventListener('click', hide);
    const list = element('ol', 'faults', '');
    list.append(...message.faults.map(faultItem));
    overlay.append(element('p', 'title', message.title), close, list, element('p', 'next', message.next));
    document.body.append(overlay);
  }

  function take(event) {
    const message = JSON.parse(event.data);
    if (message.version === version) {
      show(message);
    } else {
      stop();
      remember();
      location.reload();
    }
  }

  // A page that nobody sees does not wait: browsers give a server six connections for all pages together.
  let events = null;

  function start() {
    if (events || document.hidden) return;
    events = new EventSource('/.gongkai/events');
    events.addEventListener('message', take);
    events.addEventListener('error', () => {
      if (events && events.readyState === EventSource.CLOSED) {
        stop();
        setTimeout(start, 1000);
      }
    });
  }

  function stop() {
    if (events) events.close();
    events = null;
  }

  const style = document.createElement('link');
  style.rel = 'stylesheet';
  style.href = '/.gongkai/live.css';
  document.head.append(style);
  restore();
  start();
  document.addEventListener('visibilitychange', () => (document.hidden ? stop() : start()));
  addEventListener('pagehide', stop);
  addEventListener('pageshow', start);
  addEventListener('keydown', event => { if (event.key === 'Escape') hide(); });
})();
