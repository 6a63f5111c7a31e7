import { parseMermaid, renderMermaidSVG } from 'beautiful-mermaid';

const colours = {
  ...{ bg: 'var(--sl-color-bg)', fg: 'var(--sl-color-text)', line: 'var(--sl-color-gray-3)' },
  ...{ surface: 'var(--sl-color-gray-6)', border: 'var(--sl-color-gray-3)', muted: 'var(--sl-color-text)' },
};

/** How wide the text of a page is, in pixels. */
const column = 720;

/**
 * A Mermaid diagram as an SVG in the page, in the colours of its theme. It is drawn here: the page loads no script. One that
 * would be wider than the text goes from top to bottom, so that its words stay large enough to read.
 */
export function diagram(source: string): string {
  const across = draw(source);
  const svg = widthOf(across) <= column ? across : draw(source.replace(/^(\s*(?:flowchart|graph)) LR/m, '$1 TD'));
  const labels = [...parseMermaid(source).nodes.values()].map(({ label }) => label.replaceAll(/<[^>]*>|"/g, ' '));
  const least = `style="--least: ${Math.round(widthOf(svg) * 0.85)}px"`;
  const figure = `<figure class="diagram" ${least} role="img" aria-label="Diagram of ${labels.join(', ')}">${svg}</figure>`;
  return `<div class="wide" tabindex="0" role="region" aria-label="Diagram">${figure}</div>`;
}

function draw(source: string): string {
  return (
    renderMermaidSVG(source, { ...colours, transparent: true, padding: 8, font: 'system-ui' })
      // The fonts of the page will do; these would come from another origin.
      .replaceAll(/@import url\([^)]*\);?/g, '')
      .replaceAll(/<!--[^]*?-->/g, '')
      .replaceAll(/\s*\n\s*/g, ' ')
  );
}

function widthOf(svg: string): number {
  return Number(/ width="([\d.]+)"/.exec(svg)?.[1] ?? 0);
}
