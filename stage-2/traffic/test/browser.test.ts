import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';

const chromium = process.env.CHROMIUM || '/usr/bin/chromium';
const skip = existsSync(chromium) ? false : `there is no Chromium at ${chromium}; CHROMIUM names another`;

const { PATH, HOME, NODE_COMPILE_CACHE } = process.env;

const page = `<label>Die <select id="die"><option>fair</option><option>risky</option></select></label>
<button>Run</button><label for="output">Output</label><output id="output"></output>
<script>
document.querySelector('button').onclick = async ({ target }) => {
  target.textContent = 'Running …';
  const response = await fetch('/api/roll?die=' + document.querySelector('#die').value);
  document.querySelector('#output').textContent = response.status + ' ' + (await response.text());
  target.textContent = 'Run';
};
</script>`;

// A front end as far as a browser sees it.
async function startFrontend(t: TestContext) {
  const dice: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    if (pathname !== '/api/roll') return response.setHeader('Content-Type', 'text/html').end(page);
    dice.push(searchParams.get('die')!);
    response.end('{"roll":1}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());

  return { dice, FRONTEND_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function browse(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['browser.ts'], {
    cwd: new URL('..', import.meta.url),
    env: { PATH, HOME, NODE_COMPILE_CACHE, CHROMIUM: chromium, ...environment },
  });
  const start = Date.now();
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);

  return { code, lines: output.trim().split('\n'), errors, seconds: (Date.now() - start) / 1000 };
}

test('every user chooses a die, runs it and sees the result, with time to think in between', { skip }, async (t) => {
  const { dice, FRONTEND_URL } = await startFrontend(t);
  const users = { NUM_USERS: '2', MAX_REQUESTS_PER_USER: '4', SEED: 'seven' };
  const thinking = { MIN_THINK_MS: '300', MAX_THINK_MS: '400' };
  // As in the container. The other tests go without tsx.
  const tsx = { NODE_OPTIONS: '--import tsx' };
  const { code, lines, seconds } = await browse({ FRONTEND_URL, ...users, ...thinking, ...tsx });

  assert.equal(code, 0);
  assert.equal(lines.filter((line) => /^User \d sees 200 \{"roll":1\}$/.test(line)).length, dice.length);
  assert.deepEqual(lines.filter((line) => line.includes('finished')).length, 2);
  assert.equal(lines.at(-1), `Traffic generation complete: ${dice.length} results shown`);
  assert.deepEqual([...new Set(dice)].sort(), ['fair', 'risky']);
  assert.equal(seconds > (dice.length / 2) * 0.3, true);
});

test('a browser that is missing stops the run with what to do', async () => {
  const { code, errors } = await browse({ CHROMIUM: '/nowhere/chromium' });

  assert.equal(code, 1);
  assert.equal(errors, 'Chromium does not start from /nowhere/chromium: install it, or set CHROMIUM to its path\n');
});

test('a wrong number is refused by name, in one line', async () => {
  const { code, errors } = await browse({ NUM_USERS: 'many' });

  assert.equal(code, 1);
  assert.equal(errors, 'NUM_USERS must be a whole number from 1 to 20, not "many"\n');
});

test('a front end that is down stops the run with what to do', { skip }, async () => {
  const { code, errors } = await browse({ FRONTEND_URL: 'http://127.0.0.1:9' });

  assert.equal(code, 1);
  assert.match(errors, /^frontend does not answer at http:\/\/127\.0\.0\.1:9: start the stage first/);
});
