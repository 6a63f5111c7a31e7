/// <reference lib="dom" />

/**
 * Makes one tab stop of many items: Up, Down, Home and End move between them.
 * @param selector what in `list` is an item
 */
export function moveByArrowKeys(list: HTMLElement, selector: string): void {
  list.addEventListener('keydown', (event) => {
    const items = [...list.querySelectorAll<HTMLElement>(selector)];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: items.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    items[to]?.focus();
  });
  list.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && target.matches(selector)) setTabStop(list, selector, target);
  });
}

/** The item that Tab comes to; without one, the first. */
export function setTabStop(list: HTMLElement, selector: string, chosen?: HTMLElement): void {
  const items = [...list.querySelectorAll<HTMLElement>(selector)];
  for (const item of items) item.tabIndex = item === (chosen ?? items[0]) ? 0 : -1;
}
