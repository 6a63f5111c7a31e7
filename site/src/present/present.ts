import { keyPressed } from './keys.ts';
import { divide } from './slides.ts';

/** Shows the page one section a screen, where its address ends with ?present. */
function present(title: HTMLElement, content: HTMLElement): void {
  const slides = divide(title.textContent!, content);
  const bar = controls();
  let at = 0;

  const show = (index: number): void => {
    at = Math.max(0, Math.min(index, slides.length - 1));
    slides.forEach((slide, place) => (slide.hidden = place !== at));
    bar.place.textContent = `${at + 1} of ${slides.length}`;
    bar.previous.disabled = at === 0;
    bar.next.disabled = at === slides.length - 1;
    history.replaceState(null, '', `?present${at === 0 ? '' : `#${slides[at]!.querySelector('[id]')?.id ?? ''}`}`);
    scrollTo({ top: 0, behavior: 'instant' });
    slides[at]!.focus({ preventScroll: true });
  };
  const goToAnchor = (): void => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const index = slides.findIndex((slide) => slide.contains(target));
    show(index);
    if (index > 0 && !slides[index]!.firstElementChild!.contains(target)) target!.scrollIntoView();
  };

  bar.previous.onclick = () => show(at - 1);
  bar.next.onclick = () => show(at + 1);
  addEventListener('hashchange', goToAnchor);
  addEventListener('keydown', (event) => {
    const key = keyPressed(event);
    if (!key) return;
    event.preventDefault();
    if (key === 'leave') location.href = `${location.pathname}${location.hash}`;
    else show({ next: at + 1, previous: at - 1, first: 0, last: slides.length - 1 }[key]);
  });
  document.documentElement.dataset.present = '';
  goToAnchor();
}

function controls() {
  const bar = document.createElement('nav');
  bar.className = 'present-bar';
  bar.setAttribute('aria-label', 'Slides');
  const previous = Object.assign(document.createElement('button'), { textContent: '← Previous' });
  const next = Object.assign(document.createElement('button'), { textContent: 'Next →' });
  const place = document.createElement('output');
  const leave = Object.assign(document.createElement('a'), { textContent: 'Leave (Esc)', href: location.pathname });
  bar.append(previous, place, next, leave);
  document.body.append(bar);
  return { previous, next, place };
}

const title = document.querySelector<HTMLElement>('main h1');
const content = document.querySelector<HTMLElement>('main .sl-markdown-content');
if (new URLSearchParams(location.search).has('present') && title && content) present(title, content);
