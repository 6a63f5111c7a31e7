import { parseMermaid, renderMermaidSVG } from 'beautiful-mermaid';

const colours = {
  ...{ bg: 'var(--sl-color-bg)', fg: 'var(--sl-color-text)', line: 'var(--sl-color-gray-3)' },
  ...{ surface: 'var(--sl-color-gray-6)', border: 'var(--sl-color-gray-3)', muted: 'var(--sl-color-text)' },
};

/** A Mermaid diagram as an SVG in the page, in the colours of its theme. It is drawn here: the page loads no script. */
export function diagram(source: string): string {
  const svg = renderMermaidSVG(source, { ...colours, transparent: true, padding: 8, font: 'system-ui' })
    // The fonts of the page will do; these would come from another origin.
    .replaceAll(/@import url\([^)]*\);?/g, '')
    .replaceAll(/<!--[^]*?-->/g, '')
    .replaceAll(/\s*\n\s*/g, ' ');
  const labels = [...parseMermaid(source).nodes.values()].map(({ label }) => label.replaceAll(/<[^>]*>|"/g, ' '));
  const figure = `<figure class="diagram" role="img" aria-label="Diagram of ${labels.join(', ')}">${svg}</figure>`;
  return `<div class="wide" tabindex="0" role="region" aria-label="Diagram">${figure}</div>`;
}
