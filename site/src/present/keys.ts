type Order = 'next' | 'previous' | 'first' | 'last' | 'leave';

const orders: Record<string, Order> = {
  ...{ ArrowRight: 'next', PageDown: 'next', ' ': 'next', ArrowLeft: 'previous', PageUp: 'previous' },
  ...{ Home: 'first', End: 'last', Escape: 'leave' },
};

/** What a key asks for; undefined where it is meant for what has the focus, or scrolls a slide longer than the screen. */
export function keyPressed(event: KeyboardEvent): Order | undefined {
  if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return undefined;
  const target = event.target as HTMLElement;
  if (target.matches('input, select, textarea')) return undefined;
  if (event.key === ' ' && target.matches('a, button, summary')) return undefined;
  if (event.key.startsWith('Arrow') && target.matches('pre, .wide') && target.scrollWidth > target.clientWidth)
    return undefined;
  if (scrollsFurther(event)) return undefined;
  return event.key === ' ' && event.shiftKey ? 'previous' : orders[event.key];
}

/** Space and the page keys first show the rest of a long slide. */
function scrollsFurther({ key, shiftKey }: KeyboardEvent): boolean {
  const { scrollTop, clientHeight, scrollHeight } = document.documentElement;
  if (key === 'PageUp' || (key === ' ' && shiftKey)) return scrollTop > 0;
  return (key === 'PageDown' || key === ' ') && scrollTop + clientHeight < scrollHeight - 1;
}
