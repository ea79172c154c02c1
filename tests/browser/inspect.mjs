// What runs inside a page under test; no function here may use anything outside its own body.

/** Fetches at once what waits to be scrolled to, then waits for pictures and fonts. */
export async function loadEverything() {
  for (const late of document.querySelectorAll('[loading=lazy]')) late.loading = 'eager';
  await Promise.all([...document.images].map(image => image.decode().catch(() => {}))); // a failure is heard elsewhere
  await document.fonts.ready;
}

/** One sentence for each thing that a reader at this width would miss, with everything folded opened. */
export function inspect(width) {
  const root = document.documentElement;
  const problems = [];

  if (!document.title.trim()) problems.push('no <title>');
  if (!root.lang.trim()) problems.push('no lang on <html>');
  const headings = [...document.querySelectorAll('h1')];
  if (headings.length === 0) problems.push('no <h1>');
  if (headings.length > 1) problems.push(`${headings.length} <h1>: ${headings.map(name).join(', ')}`);
  if (headings.some(heading => !heading.textContent.trim())) problems.push('an empty <h1>');

  for (const details of document.querySelectorAll('details')) details.open = true;
  const visible = root.clientWidth;
  if (visible !== width) problems.push(`laid out for ${visible} px, not ${width} px: no <meta name="viewport">?`);
  if (root.scrollWidth > visible + 1) {
    problems.push(`the page is ${root.scrollWidth} px wide in ${visible} px: ${some(tooWide()) || 'cause not found'}`);
  }
  const cut = cutOff();
  if (cut.length > 0) problems.push(`text beyond the right edge that nobody can scroll to: ${some(cut)}`);
  return problems;

  /** The outermost elements that stick out of the page, or else those whose text does. */
  function tooWide() {
    const boxes = [...document.body.querySelectorAll('*')].filter(element => {
      const { right, width } = element.getBoundingClientRect();
      return width > 0 && beyond(right) && !contained(element);
    });
    if (boxes.length > 0) return boxes.filter(element => !boxes.includes(element.parentElement));
    return textsBeyond().map(({ element }) => element).filter(element => !contained(element));
  }

  /** The elements whose own text cannot be brought into view. */
  function cutOff() {
    return textsBeyond().filter(({ element, right }) => lost(element, right)).map(({ element }) => element);
  }

  /** The elements with text of their own past the right edge of the window, and how far that reaches. */
  function textsBeyond() {
    const shown = { visibilityProperty: true, opacityProperty: true };
    const found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const element = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || !element.checkVisibility(shown)) continue;
      const range = document.createRange();
      range.selectNodeContents(texts.currentNode);
      const right = Math.max(...[...range.getClientRects()].map(line => line.right));
      if (beyond(right)) found.push({ element, right });
    }
    return found;
  }

  function beyond(right) {
    return right > visible + 1;
  }

  /**
   * Follows text from box to box outwards. A box that scrolls brings it inside its own edge; one that hides what
   * overflows loses it; what is hidden on purpose, for screen readers or behind an ellipsis, does not count.
   */
  function lost(element, right) {
    for (let box = element; box && box !== root; box = container(box)) {
      const style = getComputedStyle(box);
      if (style.clip !== 'auto' || style.clipPath !== 'none') return false;
      if (!confines(box, style)) continue;
      const edges = box.getBoundingClientRect();
      if (scrolls(style)) right = Math.min(right, edges.right);
      else if (right > edges.right + 1) return edges.width > 2 && style.textOverflow !== 'ellipsis';
      if (!beyond(right)) return false;
    }
    return right > root.scrollWidth + 1;
  }

  /** Whether some box around an element ends inside the page and keeps the element from widening it. */
  function contained(element) {
    for (let box = container(element); box && box !== root; box = container(box)) {
      if (confines(box, getComputedStyle(box)) && !beyond(box.getBoundingClientRect().right)) return true;
    }
    return false;
  }

  /** Whether a box scrolls or cuts its content; what <body> says of this is the window's, unless <html> speaks too. */
  function confines(box, style) {
    if (box === document.body && getComputedStyle(root).overflowX === 'visible') return false;
    return style.overflowX !== 'visible' && style.display !== 'inline' && style.display !== 'contents';
  }

  function scrolls(style) {
    return style.overflowX === 'auto' || style.overflowX === 'scroll';
  }

  /** The next box outwards that can clip or scroll this one: positioned boxes escape what is not positioned. */
  function container(box) {
    const { position } = getComputedStyle(box);
    if (position === 'fixed') return null;
    return position === 'absolute' && 'offsetParent' in box ? box.offsetParent : box.parentElement;
  }

  function some(elements) {
    const more = elements.length > 3 ? ` and ${elements.length - 3} more` : '';
    return elements.slice(0, 3).map(name).join(', ') + more;
  }

  function name(element) {
    const id = element.id ? `#${element.id}` : '';
    const classes = [...element.classList].map(one => `.${one}`).join('');
    const text = element.textContent.trim().replace(/\s+/g, ' ');
    return `${element.localName}${id}${classes} “${text.length > 20 ? text.slice(0, 20) + '…' : text}”`;
  }
}
