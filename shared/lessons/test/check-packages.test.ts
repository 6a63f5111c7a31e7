import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf } from './faults-of.ts';
import { lockFile } from './small-files.ts';
import type { SmallFolder } from './small-repository.ts';

/** The same edit in every stage, so that it is no drift. */
function everywhere({ edit }: SmallFolder, file: string, part: string, by: string): void {
  for (const stage of [1, 2, 3]) edit(`stage-${stage}/${file}`, part, by);
}

const none: string[] = [];
const about = (faults: string[], part: string): string[] => faults.filter((fault) => fault.includes(part));

test('a package that a stage has in another version is named', () => {
  const faults = faultsOf(({ edit }) => edit('stage-2/dice/package.json', '5.3.0', '5.2.9'));
  const [fault] = about(faults, 'express is 5.2.9');
  assert.match(fault!, /^stage-2\/dice\/package\.json:5: express is 5\.2\.9 here, and 5\.3\.0 in package\.json:5/);
  assert.match(fault!, /npm install --save-exact express@5\.3\.0 in stage-2\/dice/);
});

test('a version that is not exact is named', () => {
  const [fault] = about(
    faultsOf(({ edit }) => edit('package.json', '"5.3.0"', '"^5.3.0"')),
    'not an exact version',
  );
  assert.match(fault!, /^package\.json:5: express is "\^5\.3\.0", which is not an exact version/);
});

test('a package that the root does not hold is named', () => {
  const faults = faultsOf(({ write }) => {
    write('package.json', '{ "name": "dice", "version": "1.0.0", "dependencies": { "express": "5.3.0" } }\n');
    write('package-lock.json', lockFile('dice', { express: '5.3.0' }));
  });
  assert.match(faults[0]!, /^stage-1\/dice\/package\.json:6: prom-client is not in the package\.json at the root/);
  assert.equal(faults.length, 1);
});

test('a lock file that is not the one of its package.json is named', () => {
  const faults = faultsOf((repository) =>
    everywhere(repository, 'dice/package-lock.json', '"prom-client": "15.1.3"', '"prom-client": "15.1.2"'),
  );
  assert.match(faults[0]!, /^stage-1\/dice\/package-lock\.json:8: its dependencies do not match package\.json/);
  assert.match(faults[0]!, /npm install --package-lock-only in stage-1\/dice/);
  assert.equal(faults.length, 3);
});

test('a lock file that locks another version is named', () => {
  const [fault] = faultsOf((repository) =>
    everywhere(repository, 'dice/package-lock.json', '"version": "15.1.3"', '"version": "15.1.2"'),
  );
  assert.match(fault!, /^stage-1\/dice\/package-lock\.json:16: it does not lock prom-client at 15\.1\.3/);
});

for (const name of ['import-in-the-middle', '@opentelemetry/core']) {
  test(`a lock file that installs a second copy of ${name} is named`, () => {
    const copy = (path: string): string => `"${path}${name}": { "version": "3.6.0" },\n    `;
    const prom = '"node_modules/prom-client"';
    const withCopies = (...paths: string[]): string[] =>
      faultsOf((repository) => everywhere(repository, 'dice/package-lock.json', prom, paths.map(copy).join('') + prom));

    assert.deepEqual(withCopies('node_modules/'), none);
    const [fault] = withCopies('node_modules/', 'node_modules/winston/node_modules/');
    assert.match(fault!, new RegExp(`a second copy of ${name}: node_modules/winston/node_modules/.* 3\\.6\\.0`));
  });
}

test('a package without a lock file is named', () => {
  const [fault] = about(
    faultsOf(({ remove }) => remove('package-lock.json')),
    'no lock file',
  );
  assert.match(fault!, /^package\.json:1: it has no lock file/);
});

test("a lock file that names a registry's host is named", () => {
  const resolved = '"resolved": "https://registry.example.com/express/-/express-5.3.0.tgz", "version": "5.3.0"';
  const [fault] = faultsOf((repository) => repository.edit('package-lock.json', '"version": "5.3.0"', resolved));
  assert.match(fault!, /^package-lock\.json:14: it names a registry's host: registry\.example\.com/);
});

test('an image with two versions in use is named, in compose files and Dockerfiles', () => {
  const faults = faultsOf(({ edit }) => {
    edit('stage-2/compose.yaml', 'v3.13.1', 'v3.13.0');
    edit('stage-3/dice/Dockerfile', '24.21.0', '24.20.0');
  });
  const [compose, dockerfile] = ['prom/prometheus', 'node'].map((image) => about(faults, `the image ${image}`)[0]!);
  assert.match(
    compose!,
    /^stage-2\/compose\.yaml:7: the image prom\/prometheus is v3\.13\.0 here, and v3\.13\.1 in stage-1\/compose\.yaml:7/,
  );
  assert.match(dockerfile!, /^stage-3\/dice\/Dockerfile:1: the image node is 24\.20\.0-alpine here/);
});

test('two variants of one version of an image are no fault', () => {
  const faults = faultsOf((repository) => everywhere(repository, 'dice/Dockerfile', '24.21.0-alpine', '24.21.0-slim'));
  assert.deepEqual(about(faults, 'the image'), none);
});

test('a back end whose release has another version than its image is named, and one whose image no stage uses', () => {
  const file = 'shared/back-ends/back-ends.yaml';
  const [older] = faultsOf(({ edit }) => edit(file, '3.13.1', '3.13.0'));
  assert.match(
    older!,
    /^shared\/back-ends\/back-ends\.yaml:3: prometheus is 3\.13\.0, and the image is v3\.13\.1 in stage-1/,
  );
  const [unused] = faultsOf(({ edit }) => edit(file, 'prom/prometheus', 'prom/other'));
  assert.match(unused!, /prometheus is 3\.13\.1, and no stage uses the image prom\/other/);
  const build = "3.13.1\n  build: { id: '7', of: 3.13.0 }";
  const [outdated] = faultsOf(({ edit }) => edit(file, '3.13.1', build));
  assert.match(outdated!, /back-ends\.yaml:4: prometheus is 3\.13\.1, and build 7 is of 3\.13\.0\n.*Look up the build/);
  const [missing] = faultsOf(({ remove }) => remove(file));
  assert.match(missing!, /^shared\/back-ends\/back-ends\.yaml:1: it is missing/);
});

test('an image without an exact version is named', () => {
  const [fault] = faultsOf((repository) => everywhere(repository, 'compose.yaml', ':v3.13.1', ':latest'));
  assert.match(fault!, /^stage-1\/compose\.yaml:7: the image prom\/prometheus has no exact version/);
});

test('an import that its package does not declare is named, though the root holds it', () => {
  const faults = faultsOf(({ edit }) => edit('shared/baseline/dice/src/app.ts', '// one', `import 'prom-client';`));
  const [fault] = about(faults, 'is imported');
  assert.match(fault!, /^shared\/baseline\/dice\/src\/app\.ts:3: prom-client is imported, and not in the dependencies/);
  assert.match(fault!, /npm install --save-exact prom-client in shared\/baseline\/dice/);
});

test('an import() and a re-export count as imports; a type, a built-in module and a neighbour do not', () => {
  const source = `import { readFile } from 'node:fs/promises';\nimport { port } from './config.ts';\nawait import('left-pad/x');\nexport * from '@scope/name/y';\n`;
  const faults = faultsOf(({ write }) =>
    [1, 2, 3].forEach((stage) => write(`stage-${stage}/dice/src/metrics.ts`, source)),
  );
  assert.deepEqual(
    faults.slice(0, 2).map((fault) => fault.split(' is imported')[0]),
    ['stage-1/dice/src/metrics.ts:3: left-pad', 'stage-1/dice/src/metrics.ts:4: @scope/name'],
  );
  assert.equal(faults.length, 6);
});

test('what only tests and types need may be a development dependency, and nothing else', () => {
  const declared = `"dependencies": { "express": "5.3.0" }, "devDependencies": { "prom-client": "15.1.3" }`;
  const faults = faultsOf(({ edit, write }) => {
    const folder = 'shared/baseline/dice';
    write(`${folder}/package.json`, `{ ${declared} }\n`);
    const locked = '"devDependencies": { "prom-client": "15.1.3" }, "dependencies"';
    edit(`${folder}/package-lock.json`, '"dependencies"', locked);
    edit(`${folder}/test/app.test.ts`, '', `import 'prom-client';\n`);
    edit(`${folder}/src/config.ts`, '', `import type { Counter } from 'prom-client';\n`);
    edit(`${folder}/src/app.ts`, '', `import { Counter } from 'prom-client';\n`);
  });
  const [fault, ...others] = about(faults, 'is imported');
  assert.match(fault!, /app\.ts:1: prom-client is imported/);
  assert.deepEqual(others, none);
});

test("an import that leaves a stage's package is named", () => {
  const [fault] = about(
    faultsOf(({ edit }) => edit('stage-1/dice/src/app.ts', '// one', `import '../../../shared/x.ts';`)),
    'leaves',
  );
  assert.match(
    fault!,
    /^stage-1\/dice\/src\/app\.ts:3: the import of \.\.\/\.\.\/\.\.\/shared\/x\.ts leaves stage-1\/dice/,
  );
});
