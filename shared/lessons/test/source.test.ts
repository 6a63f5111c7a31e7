import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { statusOf } from '../check/attributes.ts';
import { findImages } from '../check/images.ts';
import { lineOfMatch, type Project } from '../check/project.ts';
import { isSource, readSource } from '../check/source.ts';

suite('a source', () => {
  test('imports values, or types that are gone when it runs', () => {
    const text = `import a from 'a';
import type { B } from 'b';
import { type C } from 'c';
import { type D, e } from 'd';
import 'f';
export { g } from 'g';
export type { H } from 'h';
const i = await import('i');
let k: import('k').K;
export const none = 1;
await import(name);
`;
    assert.deepEqual(
      readSource('a.ts', text).imports.map(({ specifier, line, typeOnly }) => [specifier, line, typeOnly]),
      [
        ['a', 1, false],
        ['b', 2, true],
        ['c', 3, true],
        ['d', 4, false],
        ['f', 5, false],
        ['g', 6, false],
        ['h', 7, true],
        ['i', 8, false],
        ['k', 9, true],
      ],
    );
  });

  test('reads the variables that it names, and not those that a comment does', () => {
    const { names } = readSource('a.ts', "// HOST\nconst { env } = process;\nuse(env.PORT, env['NAME']);");
    assert.deepEqual(
      ['PORT', 'NAME', 'HOST'].map((name) => names.has(name)),
      [true, true, false],
    );
  });

  test('is TypeScript or JavaScript, with elements where its name says so', () => {
    assert.deepEqual(['a.ts', 'a.mjs', 'a.tsx', 'a.ts.md', 'a.json'].map(isSource), [true, true, true, false, false]);
    assert.equal(readSource('a.tsx', "import a from 'a'; <p>it's</p>;").imports.length, 1);
    assert.doesNotThrow(() => readSource('a.ts', 'const same = <T>(x: T) => x;'));
    assert.throws(() => readSource('a.tsx', 'const same = <T>(x: T) => x;'));
    assert.throws(() => readSource('a.ts', '<<<<<<< ours'), { name: 'SyntaxError' });
  });
});

test('the images of a repository are those that its compose files and Dockerfiles name, with their lines', () => {
  const texts: Record<string, string> = {
    'stage-1/compose.yaml': 'services:\n  a:\n    image: "grafana/loki:3.7" # pinned\n  b: { build: . }\n',
    'stage-1/a/Dockerfile': `FROM --platform=linux/amd64 node:24-slim AS build
FROM build AS run
COPY --from=build /a /a
COPY --from=localhost:5000/tool:1.2 /b /b
FROM scratch
FROM localhost:5000/base
`,
    'stage-1/a/test/compose.yaml': 'services: {}\n  image: example:1\n',
    'stage-1/README.md': 'image: example:1\n',
  };
  const project = { files: Object.keys(texts), read: (file) => texts[file]! } as Project;
  assert.deepEqual(
    findImages(project).map(({ line, name, tag }) => [line, name, tag]),
    [
      [3, 'grafana/loki', '3.7'],
      [1, 'node', '24-slim'],
      [4, 'localhost:5000/tool', '1.2'],
      [6, 'localhost:5000/base', undefined],
    ],
  );
});

test('an attribute is fine if it is stable or ours, and else what is wrong with it is said', () => {
  const names = ['http.route', 'die.type', 'diet.type', 'process.*'];
  const [stable, ours, unknown, group] = names.map(statusOf);
  assert.deepEqual([stable, ours, unknown], [undefined, undefined, 'is not known to the semantic conventions']);
  assert.equal(group, 'includes names that are not stable yet');
  assert.match(statusOf('http.method')!, /^is deprecated .*http\.request\.method/);
});

test('a match has its line, and line 1 where there is none', () => {
  const text = 'bxc\nb\nb.c\n';
  assert.deepEqual([lineOfMatch(text, 'b.c'), lineOfMatch(text, /^b$/m), lineOfMatch(text, 'd')], [3, 2, 1]);
});
