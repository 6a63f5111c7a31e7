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

const signIn = `<form><label>Name <input name="name"></label><button>Sign in</button></form>
<script>
document.querySelector('form').onsubmit = async (event) => {
  event.preventDefault();
  const response = await fetch('/api/sign-in', { method: 'POST', body: new URLSearchParams(new FormData(event.target)) });
  if (response.ok) location.reload();
  else event.target.insertAdjacentHTML('beforeend', '<p role="alert">' + (await response.json()).error + '</p>');
};
</script>`;

const page = `<button id="out">Sign out</button>
<label>Die <select id="die"><option>fair</option><option>risky</option></select></label>
<button id="run">Run</button><label for="output">Output</label><output id="output"></output>
<script>
document.querySelector('#out').onclick = async () => {
  await fetch('/api/sign-out', { method: 'POST' });
  location.reload();
};
document.querySelector('#run').onclick = async ({ target }) => {
  target.textContent = 'Running …';
  const response = await fetch('/api/roll?die=' + document.querySelector('#die').value);
  document.querySelector('#output').textContent = response.status + ' ' + (await response.text());
  target.textContent = 'Run';
};
</script>`;

// A front end as far as a browser sees it. Its cookie is the user's name.
async function startFrontend(t: TestContext, signInStatus = 200) {
  const rolls: { user: string; die: string }[] = [];
  const ended: string[] = [];
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    const user = decodeURIComponent(/session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '');
    if (pathname === '/api/sign-in') {
      const name = new URLSearchParams(await text(request)).get('name')!;
      if (signInStatus === 200)
        response.setHeader('Set-Cookie', `session=${encodeURIComponent(name)}; Path=/; HttpOnly`);
      return response.writeHead(signInStatus).end('{"error":"No names today"}');
    }
    if (pathname === '/api/sign-out') {
      ended.push(user);
      return response.writeHead(204, { 'Set-Cookie': 'session=; Path=/; Max-Age=0' }).end();
    }
    if (pathname !== '/api/roll') return response.setHeader('Content-Type', 'text/html').end(user ? page : signIn);
    rolls.push({ user, die: searchParams.get('die')! });
    response.end('{"roll":1}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());

  return { rolls, ended, FRONTEND_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
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

test('every user signs in, rolls with time to think in between, sees each result, signs out', { skip }, async (t) => {
  const { rolls, ended, FRONTEND_URL } = await startFrontend(t);
  const users = { NUM_USERS: '2', MAX_REQUESTS_PER_USER: '4', SEED: 'seven' };
  const thinking = { MIN_THINK_MS: '300', MAX_THINK_MS: '400' };
  // As in the container. The other tests go without tsx.
  const tsx = { NODE_OPTIONS: '--import tsx' };
  const { code, lines, seconds } = await browse({ FRONTEND_URL, ...users, ...thinking, ...tsx });

  assert.equal(code, 0);
  const seen = lines.flatMap((line) => /^(User \d) sees 200 \{"roll":1\}$/.exec(line)?.[1] ?? []);
  assert.deepEqual(seen.sort(), rolls.map(({ user }) => user).sort());
  assert.deepEqual([...new Set(seen)], ['User 1', 'User 2']);
  assert.deepEqual(ended.sort(), ['User 1', 'User 2']);
  assert.deepEqual(lines.filter((line) => line.includes('finished')).length, 2);
  assert.equal(lines.at(-1), `Traffic generation complete: ${rolls.length} results shown`);
  assert.deepEqual([...new Set(rolls.map(({ die }) => die))].sort(), ['fair', 'risky']);
  assert.equal(seconds > (rolls.length / 2) * 0.3, true);
});

test('a user who cannot sign in stops the run with what the page says', { skip }, async (t) => {
  const { rolls, FRONTEND_URL } = await startFrontend(t, 400);
  const { code, errors } = await browse({ FRONTEND_URL, NUM_USERS: '1' });

  assert.equal(code, 1);
  assert.equal(errors, 'User 1 cannot sign in: No names today\n');
  assert.equal(rolls.length, 0);
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
