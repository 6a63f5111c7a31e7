/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

type Content = Node | string | undefined;

/**
 * Makes an element. Its content is only text and other elements: nothing that a service sends is ever read as HTML.
 * @param properties attributes; one that is undefined is left out
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Record<string, string | undefined> = {},
  ...content: Content[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...content.filter((part) => part !== undefined));
  return made;
}

/** An element of the page's own HTML. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found;
}

/**
 * Queries the receiver.
 * @throws Error with a text for people
 */
export async function getJson<T>(path: string): Promise<T> {
  const response = await fetch(path).catch(() => {
    throw new Error('The receiver does not answer.');
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}
