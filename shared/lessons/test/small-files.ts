const manifest = `budget: { added: 10, deleted_share: 0.2, traffic: 5, new_service: 20 }
not_counted: ['**/test/**', '**/package-lock.json']
not_shown: ['**/package-lock.json']
concerns:
  application: []
  metrics: ['**/metrics.ts']
  collection: ['compose.yaml']
  dashboards: ['observability/grafana/**']
  tests: ['**/test/**']
identical:
  - ['*/.dockerignore']
steps:
  - stage: stage-1
    title: Metrics
    after: { folder: shared/baseline, only: dice }
    adds: [README.md, telemetry.yaml, compose.yaml, observability/**, dice/src/metrics.ts]
    changes: [dice/src/app.ts, dice/package*.json]
  - stage: stage-2
    title: Logs
    adds: [dice/src/logger.ts]
    changes: [README.md, dice/src/app.ts]
  - stage: stage-3
    title: Traces
    changes: [README.md, dice/src/app.ts]
own: ['images/**']
lessons:
  told: { tests: ['**/test/**'], contract: [telemetry.yaml] }
  left_out: [README.md]
`;

const compose = `services:
  dice:
    build: ./dice
    environment:
      PORT: 8000
  prometheus:
    image: prom/prometheus:v3.13.1
`;

const backEnds = `prometheus:
  image: prom/prometheus
  version: 3.13.1
`;

const contract = `services:
  dice:
    metrics:
      rolls_total: { type: counter }
      roll_seconds: { type: histogram, unit: seconds }
`;

const dashboard = `{
  "panels": [
    {
      "title": "Rolls",
      "datasource": { "uid": "prometheus" },
      "targets": [{ "expr": "sum(rate(rolls_total[1m]))" }]
    },
    {
      "title": "Lines",
      "datasource": { "uid": "loki" },
      "targets": [{ "expr": "{container_name=\\"dice\\"} | json" }]
    },
    {
      "title": "Spans",
      "datasource": { "uid": "tempo" },
      "targets": [{ "query": "{ resource.service.name = \\"dice\\" }" }]
    }
  ]
}
`;

/** The first line of every stage's app.ts that a lesson changes; what follows is far enough away to merge. */
const app = (lesson: string): string => `import express from 'express';
${lesson}
// one
// two
// three
export const app = express();
`;

const config = `export const port = Number(process.env.PORT);\n`;
const dockerfile = `FROM node:24.21.0-alpine AS build\nFROM build\n`;
const packageJson = (name: string, dependencies: Record<string, string>): string =>
  `${JSON.stringify({ name, version: '1.0.0', dependencies }, null, 2)}\n`;

/** A lock file as npm would write it for these dependencies. */
export function lockFile(name: string, dependencies: Record<string, string>): string {
  const locked = Object.entries(dependencies).map(([each, version]) => [`node_modules/${each}`, { version }]);
  const packages = { '': { name, version: '1.0.0', dependencies }, ...Object.fromEntries(locked) };
  return `${JSON.stringify({ name, lockfileVersion: 3, packages }, null, 2)}\n`;
}

function packageFiles(folder: string, dependencies: Record<string, string>): Record<string, string> {
  return {
    [`${folder}package.json`]: packageJson('dice', dependencies),
    [`${folder}package-lock.json`]: lockFile('dice', dependencies),
  };
}

function service(folder: string): Record<string, string> {
  return {
    [`${folder}/src/config.ts`]: config,
    [`${folder}/Dockerfile`]: dockerfile,
    [`${folder}/.dockerignore`]: 'test\n',
    [`${folder}/test/app.test.ts`]: `import '../src/app.ts';\n`,
  };
}

function stage(number: number, lesson: string): Record<string, string> {
  const folder = `stage-${number}`;
  return {
    [`${folder}/README.md`]: `# Stage ${number}\n\nRoll dice.\n`,
    [`${folder}/compose.yaml`]: compose,
    [`${folder}/telemetry.yaml`]: contract,
    [`${folder}/observability/grafana/dashboards/dice.json`]: dashboard,
    [`${folder}/dice/src/app.ts`]: app(lesson),
    [`${folder}/dice/src/metrics.ts`]: `import 'prom-client';\n`,
    ...service(`${folder}/dice`),
    ...packageFiles(`${folder}/dice/`, { express: '5.3.0', 'prom-client': '15.1.3' }),
  };
}

/** The page of stage 2: it shows the whole step. */
export const smallPage = `# Logs

<!-- telemetry -->

This step changes no metric, span or log event.

<!-- /telemetry -->

The first line says what the stage has.

\`\`\`diff lang="ts" title="dice/src/app.ts" anchor="// metrics, logs"
 import express from 'express';
-// metrics
+// metrics, logs
 // one
 // two
 // three
\`\`\`

\`\`\`diff lang="ts" title="dice/src/logger.ts" anchor="export"
+export {};
\`\`\`

The logger is a file of its own.
`;

/** The files of a repository with a baseline and three stages. */
export function smallFiles(): Record<string, string> {
  return {
    '.gitignore': 'node_modules/\n',
    '.gitattributes': '* text=auto eol=lf\n',
    'shared/stages.yaml': manifest,
    'shared/back-ends/back-ends.yaml': backEnds,
    ...packageFiles('', { express: '5.3.0', 'prom-client': '15.1.3' }),
    ...packageFiles('shared/baseline/dice/', { express: '5.3.0' }),
    ...service('shared/baseline/dice'),
    'shared/baseline/dice/src/app.ts': app('// nothing'),
    ...stage(1, '// metrics'),
    ...stage(2, '// metrics, logs'),
    'stage-2/dice/src/logger.ts': 'export {};\n',
    ...stage(3, '// metrics, logs, traces'),
    'stage-3/dice/src/logger.ts': 'export {};\n',
  };
}

/** The same with a lesson page, whose step the manifest lists. */
export function smallFilesWithPage(): Record<string, string> {
  const listed = `${manifest}  pages: [stage-2]\n`;
  return { ...smallFiles(), 'shared/stages.yaml': listed, 'docs/lessons/stage-2.md': smallPage };
}
