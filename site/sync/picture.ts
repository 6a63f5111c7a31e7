import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import satori from 'satori';
import sharp from 'sharp';

const folder = join(import.meta.dirname, '../public/pictures');
const require = createRequire(import.meta.url);
const font = (weight: 400 | 700) => ({
  ...{ name: 'Inter', weight, style: 'normal' as const },
  data: readFileSync(require.resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff`)),
});
const fonts = [font(400), font(700)];

/**
 * Draws what a link to a page looks like where it is shared: its title, 1200 by 630 pixels.
 * @returns the picture's path under the site's base
 */
export async function drawPicture(address: string, title: string): Promise<string> {
  const name = `${address.replaceAll('/', '-')}.png`;
  const svg = await satori(card(address, title), { width: 1200, height: 630, fonts });
  mkdirSync(folder, { recursive: true });
  await sharp(Buffer.from(svg)).png({ palette: true }).toFile(join(folder, name));
  return `pictures/${name}`;
}

function card(address: string, title: string) {
  const stage = /^stage-(\d)/.exec(address)?.[1];
  return box(
    {
      flexDirection: 'column',
      justifyContent: 'space-between',
      width: '100%',
      height: '100%',
      padding: 80,
      boxSizing: 'border-box',
      background: '#14213d',
      color: '#ffffff',
    },
    [
      box({ fontSize: 34, color: '#fde68a' }, ['Learn OpenTelemetry with dice']),
      box({ fontSize: title.length > 50 ? 60 : 76, fontWeight: 700, lineHeight: 1.2 }, [title]),
      box({ gap: 20 }, stage ? [1, 2, 3, 4, 5, 6].map((each) => dot(each <= Number(stage))) : []),
    ],
  );
}

function dot(reached: boolean) {
  return box({ width: 44, height: 44, borderRadius: 10, background: reached ? '#fde68a' : '#3b4a6b' }, []);
}

interface Element {
  type: string;
  key: null;
  props: object;
}

function element(style: Record<string, unknown>, children: (string | Element)[]): Element {
  return { type: 'div', key: null, props: { style, children } };
}

function box(style: Record<string, unknown>, children: (string | Element)[]): Element {
  return element({ display: 'flex', ...style }, children);
}
