/** Divides a page into slides: its title with what comes before the first heading, then one for each section. */
export function divide(title: string, content: HTMLElement): HTMLElement[] {
  const slides = [newSlide(Object.assign(document.createElement('h1'), { textContent: title }))];
  for (const element of [...content.children]) {
    const heading = element.matches('h2, h3, .sl-heading-wrapper.level-h2, .sl-heading-wrapper.level-h3');
    if (heading) slides.push(newSlide(element as HTMLElement));
    else slides.at(-1)!.append(element);
  }
  content.replaceChildren(...slides);
  return slides;
}

function newSlide(heading: HTMLElement): HTMLElement {
  const slide = document.createElement('section');
  const [named] = [heading, ...heading.querySelectorAll('h1, h2, h3')].slice(-1) as HTMLElement[];
  slide.className = 'slide';
  slide.setAttribute('aria-label', named!.textContent!.trim());
  slide.tabIndex = -1;
  slide.append(heading);
  return slide;
}
