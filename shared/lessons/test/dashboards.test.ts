import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repositoryRoot } from '../../runtime/places.ts';
import { syntaxErrorIn } from '../check/parse-query.ts';

interface Panel {
  stage: number;
  type: string;
  title: string;
  gridPos: { h: number };
  targets?: { legendFormat?: string }[];
  options?: Record<string, any>;
  fieldConfig: { defaults: Record<string, any>; overrides: { matcher: any; properties: any[] }[] };
}

const panels: Panel[] = globSync('stage-*/observability/grafana/dashboards/*.json', { cwd: repositoryRoot })
  .sort()
  .flatMap((file) => {
    const dashboard = JSON.parse(readFileSync(join(repositoryRoot, file), 'utf8'));
    const all = dashboard.panels.flatMap((panel: any) => [panel, ...(panel.panels ?? [])]);
    return all.map((panel: any) => ({ ...panel, stage: Number(file[6]) }));
  });

function panelsWhere(isMeant: (panel: Panel) => boolean | undefined): Panel[] {
  const found = panels.filter(isMeant);
  assert.notEqual(found.length, 0);
  return found;
}

const place = ({ stage, title }: Panel): string => `stage-${stage}, ${title}`;

const shows = (label: RegExp) => (panel: Panel) =>
  panel.targets?.some(({ legendFormat = '' }) => label.test(legendFormat)) && panel.type !== 'barchart';

/** A panel's own colors, by the name or the pattern of what they color. */
function colorsOf({ fieldConfig }: Panel): Record<string, string> {
  const colors = fieldConfig.overrides.flatMap(({ matcher, properties }) =>
    properties.filter(({ id }) => id === 'color').map(({ value }) => [matcher.options, value.fixedColor]),
  );
  return Object.fromEntries(colors);
}

test('a status is green, yellow or red by its first digit', () => {
  for (const panel of panelsWhere(shows(/\{\{status(_code)?\}\}/)))
    assert.deepEqual(colorsOf(panel), { '.* 2..': 'green', '.* 4..': 'yellow', '.* 5..': 'red' }, place(panel));
});

test('the fair die is blue, the risky one is purple, in lines, slices and bars', () => {
  for (const panel of panelsWhere(shows(/^\{\{die_type\}\}$/)))
    assert.deepEqual(colorsOf(panel), { fair: 'blue', risky: 'purple' }, place(panel));
  for (const panel of panelsWhere(({ type, options }) => type === 'barchart' && Boolean(options?.colorByField))) {
    const [byName, others] = panel.fieldConfig.defaults.mappings;
    assert.deepEqual(byName.options, { fair: { color: 'blue' }, risky: { color: 'purple' } }, place(panel));
    assert.equal(others.options.result.color, 'text', place(panel));
  }
  for (const [title, color] of [
    ['(Fair)', 'blue'],
    ['(Risky)', 'purple'],
  ] as const)
    for (const panel of panelsWhere((candidate) => candidate.title.endsWith(title)))
      assert.equal(panel.fieldConfig.defaults.color.fixedColor, color, place(panel));
});

test('P50, P95 and P99 are three shades of one hue', () => {
  for (const panel of panelsWhere(shows(/^P50$/))) {
    const { P50, P95, P99 } = colorsOf(panel);
    assert.deepEqual([P50, P99], [`light-${P95}`, `dark-${P95}`], place(panel));
  }
});

test('a number has a color only where the panel says what is good and what is bad', () => {
  for (const panel of panelsWhere(({ type }) => type === 'stat')) {
    const { thresholds, mappings } = panel.fieldConfig.defaults;
    assert.ok(thresholds || mappings || panel.options?.colorMode === 'none', place(panel));
  }
});

test('a log panel shows one event a line, by its message and fields, in ten rows', () => {
  for (const panel of panelsWhere(({ type }) => type === 'logs')) {
    const { displayedFields, wrapLogMessage, enableLogDetails, prettifyLogMessage = false } = panel.options!;
    assert.deepEqual([displayedFields[0], displayedFields.at(-1)], ['message', 'error'], place(panel));
    assert.deepEqual([wrapLogMessage, prettifyLogMessage, enableLogDetails], [false, false, true], place(panel));
    assert.equal(panel.gridPos.h, 10, place(panel));
  }
});

test('recent traces are shown, and from stage 2 on the map of the services', () => {
  const stagesWith = (type: string, title: string) =>
    panels.filter((panel) => panel.type === type && panel.title === title).map(({ stage }) => stage);
  assert.deepEqual(stagesWith('table', 'Recent Traces'), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(stagesWith('nodeGraph', 'Service Map'), [2, 3, 4, 5, 6]);
});

test('the text beside the map names the services of its stage', () => {
  const added = { 2: ['frontend', 'dice-roller'], 3: ['die-service'], 5: ['PostgreSQL'] };
  for (const panel of panelsWhere(({ type, title }) => type === 'text' && title === 'Service Graph')) {
    const names = Object.entries(added).flatMap(([stage, services]) => services.map((name) => ({ name, stage })));
    const missing = names.filter(({ name, stage }) => panel.options!.content.includes(name) !== panel.stage >= +stage);
    assert.deepEqual(missing, [], place(panel));
  }
});

test('what a text offers as TraceQL is TraceQL', () => {
  const queries = panels.flatMap(({ options }) => [...(options?.content ?? '').matchAll(/`(\{.*?\})`/g)]);
  assert.notEqual(queries.length, 0);
  for (const [, query] of queries) assert.equal(syntaxErrorIn('tempo', query!), undefined, query);
  for (const { type, options } of panels) if (type === 'text') assert.doesNotMatch(options!.content, /\.name contains/);
});
