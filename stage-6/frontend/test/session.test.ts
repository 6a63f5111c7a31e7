import assert from 'node:assert/strict';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { ReadableStream } from 'node:stream/web';
import { after, afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT, type JWTPayload } from 'jose';
import { json, signIn, startBackEnd, startFrontEnd } from './front-end.ts';

const secret = 'known to this test only, and 32 bytes long';
const hours8 = 8 * 60 * 60;
const backEnd = await startBackEnd(json(200, { roll: 4 }));
const addresses = { DICE_ROLLER_URL: backEnd.url };
const { url, lines, logged, stop } = await startFrontEnd({ ...addresses, SESSION_SECRET: secret });
await logged('Die list fetched');

after(() => {
  stop();
  backEnd.close();
});

afterEach(() => {
  backEnd.asked.length = lines.length = 0;
});

type Headers = Record<string, string>;

async function post(path: string, body?: RequestInit['body'], headers: Headers = {}) {
  const response = await fetch(url + path, { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
  const text = await response.text();

  return { status: response.status, headers: response.headers, text, body: text && JSON.parse(text) };
}

async function roll(headers: Headers, from = url) {
  const response = await fetch(`${from}/api/roll?die=fair`, { headers });

  return { status: response.status, body: await response.json() };
}

const asBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const form = (name: string) => new URLSearchParams({ name });
const asJson = (value: unknown) => new Blob([JSON.stringify(value)], { type: 'application/json' });

function multipart(...names: (string | Blob)[]): FormData {
  const data = new FormData();
  for (const name of names) data.append('name', name);

  return data;
}

const given = {
  JSON: asJson({ name: 'Ada' }),
  'JSON of no declared type': new Blob(['{"name":"Ada"}']),
  'an urlencoded form': form('Ada'),
  'a multipart form': multipart('Ada'),
};

for (const [kind, body] of Object.entries(given)) {
  test(`a name in ${kind} signs in, with a cookie that scripts cannot read and that ends after eight hours`, async () => {
    const { status, headers, text } = await post('/api/sign-in', body);
    const [cookie, ...more] = headers.getSetCookie();
    const [value, ...attributes] = cookie.split('; ');

    assert.equal(status, 200);
    assert.equal(text, '{"user":"Ada"}');
    assert.deepEqual(more, []);
    assert.match(value, /^dice_session=[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.deepEqual(
      attributes.map((attribute) => attribute.toLowerCase()).filter((attribute) => !attribute.startsWith('expires')),
      ['path=/', `max-age=${hours8}`, 'httponly', 'samesite=strict'],
    );
    const { exp } = JSON.parse(Buffer.from(value.split('.')[1], 'base64url').toString());
    assert.equal(Math.abs(exp - Date.now() / 1000 - hours8) < 5, true);
    assert.equal((await roll({ cookie: value })).status, 200);
  });
}

const names = {
  'of one character': 'A',
  'of 64 characters': 'x'.repeat(64),
  'of 64 characters that take two units each': '😀'.repeat(64),
  'with markup': '<img src=x onerror=alert(1)>',
  'with quotes and backslashes': '"\\n\',{}',
  'of several people joined by a zero-width joiner': '👩‍💻',
  'in a script from right to left': 'עדה',
  'that is a property of every object': '__proto__',
};

for (const [kind, name] of Object.entries(names)) {
  test(`a name ${kind} is accepted unchanged, and shown and logged as text`, async () => {
    const { status, body, headers } = await post('/api/sign-in', asJson({ name }));
    const cookie = headers.getSetCookie()[0].split(';')[0];
    const page = await (await fetch(url, { headers: { cookie } })).text();
    await roll({ cookie });

    assert.equal(status, 200);
    assert.deepEqual(body, { user: name });
    assert.doesNotMatch(page, /<img/);
    assert.match(page, /Signed in as /);
    await logged('Usage', 2);
    assert.deepEqual(
      lines.filter(({ usage }) => usage).map(({ event, user }) => [event, user]),
      [
        ['sign-in', name],
        ['run', name],
      ],
    );
  });
}

test('a name is trimmed', async () => {
  assert.deepEqual((await post('/api/sign-in', asJson({ name: ' \t Ada  Lovelace \r\n\u2028' }))).body, {
    user: 'Ada  Lovelace',
  });
});

const refusedNames = {
  empty: '',
  'of white space': ' \t\r\n\u00a0\u2029',
  'of 65 characters': 'x'.repeat(65),
  'of 65 characters that take two units each': '😀'.repeat(65),
  'of 10,000 characters': 'x'.repeat(10_000),
  'with a line feed': 'Ada\nLovelace',
  'with a carriage return': 'Ada\rLovelace',
  'with a NUL': 'Ada\0Lovelace',
  'with an ANSI escape': '\x1b[31mAda',
  'with a DEL': 'Ada\x7fLovelace',
  'with a C1 control character': 'Ada\x85Lovelace',
  'with a line separator': 'Ada\u2028Lovelace',
  'with a paragraph separator': 'Ada\u2029Lovelace',
  'with a bidirectional override': 'Ada\u202eecalevoL',
  'with a bidirectional isolate': 'Ada\u2066Lovelace',
  'with half a surrogate pair': 'Ada\ud83d',
};

for (const [kind, name] of Object.entries(refusedNames)) {
  test(`a name ${kind} is refused with 400, which says what is allowed, and one warning`, async () => {
    await refuses(400, await post('/api/sign-in', asJson({ name })));
  });
}

const refusedBodies: Record<string, RequestInit['body']> = {
  'no body': undefined,
  'no name': asJson({ user: 'Ada' }),
  'a form without a name': new URLSearchParams({ user: 'Ada' }),
  'a name twice': new URLSearchParams('name=Ada&name=Grace'),
  'a name twice in a multipart form': multipart('Ada', 'Grace'),
  'a file for a name': multipart(new Blob(['Ada'])),
  'a number for a name': asJson({ name: 5 }),
  'several names': asJson({ name: ['Ada'] }),
  'an object for a name': asJson({ name: { trim: 'Ada' } }),
  'an array': asJson(['Ada']),
  'a string': asJson('Ada'),
  null: asJson(null),
  'no JSON': new Blob(['{"name":"Ada"'], { type: 'application/json' }),
  'JSON that is said to be a multipart form': new Blob(['{"name":"Ada"}'], { type: 'multipart/form-data' }),
  'JSON that is said to be a form': new Blob(['{"name":"Ada"}'], { type: 'application/x-www-form-urlencoded' }),
};

for (const [kind, body] of Object.entries(refusedBodies)) {
  test(`${kind} instead of a name is refused with 400, and one warning`, async () => {
    await refuses(400, await post('/api/sign-in', body));
  });
}

async function refuses(status: number, answer: Awaited<ReturnType<typeof post>>) {
  assert.equal(answer.status, status);
  assert.deepEqual(answer.headers.getSetCookie(), []);
  if (status === 400)
    assert.match(answer.body.error, /^name must be .* 1 to 64 characters without control characters$/);
  await logged('Request rejected');
  assert.deepEqual(
    lines.map(({ timestamp, ...event }) => event),
    [{ level: 'WARNING', message: 'Request rejected', error: answer.body.error }],
  );
}

// Sent piece by piece, without saying how much there is.
function stream(bytes: number): RequestInit['body'] {
  const piece = new Uint8Array(16 * 1024).fill(97);

  return ReadableStream.from(Array(Math.ceil(bytes / piece.length)).fill(piece)) as RequestInit['body'];
}

for (const [kind, body] of [
  ['70,000 bytes', form('x'.repeat(70_000))],
  ['70,000 bytes of white space before a name', new Blob([`${' '.repeat(70_000)}{"name":"Ada"}`])],
  ['100,000 bytes of unknown length', stream(100_000)],
  ['20 million bytes of unknown length', stream(20_000_000)],
] as const) {
  test(`a body of ${kind} is refused with 413, and one warning`, async () => {
    await refuses(413, await post('/api/sign-in', body));
    assert.equal((await post('/api/sign-in', form('Ada'))).status, 200);
  });
}

test('a client that goes away while it sends its name is a warning', async () => {
  const request = httpRequest(`${url}/api/sign-in`, { method: 'POST', headers: { 'Content-Length': 100 } });
  request.on('error', () => {});
  request.write('{"name":"A');
  await sleep(100);
  request.destroy();
  await logged('Request rejected');

  assert.deepEqual(
    lines.map(({ level }) => level),
    ['WARNING'],
  );
});

for (const site of ['cross-site', 'same-site']) {
  test(`the roll form by a page that the browser calls ${site} is refused with 403, and rolls nothing`, async () => {
    const headers = { ...(await signIn(url)), 'sec-fetch-site': site };

    assert.equal((await post('/run', new URLSearchParams({ die: 'fair' }), headers)).status, 403);
    assert.equal(backEnd.asked.length, 0);
  });
}

// As a browser sends a form without scripts, and then loads what it is sent to.
async function submit(path: string, body: BodyInit | undefined, cookie = '') {
  const headers = { ...asBrowser, cookie, 'sec-fetch-site': 'same-origin' };
  const response = await fetch(url + path, { method: 'POST', body, headers, redirect: 'manual' });
  const [set] = response.headers.getSetCookie();
  const kept = set ? set.split(';')[0] : cookie;
  const page = await fetch(url + response.headers.get('location'), { headers: { cookie: kept } });

  return { status: response.status, cookie: kept, page: await page.text() };
}

test('a browser that sends the forms without scripts is sent back to the page: sign in, roll, sign out', async () => {
  const signedIn = await submit('/api/sign-in', form('Ada'));
  assert.equal(signedIn.status, 303);
  assert.match(signedIn.page, /Signed in as Ada/);

  const rolled = await submit('/run', new URLSearchParams({ die: 'fair' }), signedIn.cookie);
  assert.equal(rolled.status, 303);
  assert.match(rolled.page, /<output[^>]*>200\n\{&quot;roll&quot;:4\}</);

  const signedOut = await submit('/api/sign-out', undefined, signedIn.cookie);
  assert.equal(signedOut.status, 303);
  assert.match(signedOut.page, /You are signed out/);
  assert.equal((await roll({ cookie: signedIn.cookie })).status, 401);
});

test('a name that is refused is shown with its reason by the page', async () => {
  const { status, page } = await submit('/api/sign-in', form(' '));

  assert.equal(status, 303);
  assert.match(page, /<p role="alert">name must be given once/);
});

test('a roll form of a user who has signed out leads to the page that asks for a name, and rolls nothing', async () => {
  const { status, page } = await submit('/run', new URLSearchParams({ die: 'fair' }));

  assert.equal(status, 303);
  assert.match(page, /<p role="alert">401\n.*Sign in first/);
  assert.match(page, /Sign in</);
  assert.equal(backEnd.asked.length, 0);
});

for (const path of ['/api/sign-in', '/api/sign-out']) {
  for (const site of ['cross-site', 'same-site']) {
    test(`POST ${path} by a form that the browser calls ${site} is refused with 403, and changes nothing`, async () => {
      const user = await signIn(url);
      await logged('Usage');
      lines.length = 0;
      const answer = await post(path, form('Eve'), { ...user, ...asBrowser, 'sec-fetch-site': site });

      await refuses(403, answer);
      assert.match(answer.body.error, /^Another site may not sign a visitor /);
      assert.equal((await roll(user)).status, 200);
    });
  }

  for (const site of ['same-origin', 'none']) {
    test(`POST ${path} that the browser calls ${site} is answered`, async () => {
      const headers = { ...(await signIn(url)), 'sec-fetch-site': site };

      assert.match(String((await post(path, form('Ada'), headers)).status), /^20[04]$/);
    });
  }

  for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    test(`${method} ${path} is answered with 405 and what is allowed, and changes nothing`, async () => {
      const headers = await signIn(url);
      const response = await fetch(`${url}${path}?name=Ada`, { method, headers });
      const body = await response.text();

      assert.equal(response.status, 405);
      assert.equal(response.headers.get('allow'), 'POST');
      if (method !== 'HEAD') assert.deepEqual(JSON.parse(body), { error: 'This path answers POST only' });
      assert.deepEqual(response.headers.getSetCookie(), []);
      assert.equal((await roll(headers)).status, 200);
    });
  }
}

function sign(claims: JWTPayload, { alg = 'HS256', key = secret } = {}): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(Buffer.from(key));
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const inAnHour = Math.floor(Date.now() / 1000) + 3600;
const claims = { jti: 'some-id', sub: 'Ada', exp: inAnHour };
const [head, payload, signature] = (await sign(claims)).split('.');

test('a token that is signed with the secret is good', async () => {
  assert.equal((await roll({ cookie: `dice_session=${head}.${payload}.${signature}` })).status, 200);
});

const good = (await signIn(url)).cookie;
const forged: Record<string, string> = {
  'no cookie': '',
  'another cookie': 'theme=dark',
  'the name of the cookie alone': 'dice_session',
  'an empty cookie': 'dice_session=',
  'a name for a cookie': 'dice_session=Ada',
  garbage: 'dice_session=%00%ff..;;=,\\"{}',
  'three dots': 'dice_session=...',
  'bytes beyond ASCII': 'dice_session=\xff\xfe.\xc3\xa9.\xa0',
  '10,000 characters': `dice_session=${'x'.repeat(10_000)}`,
  'a valid token with 5,000 more characters': `${good}${'x'.repeat(5000)}`,
  'an altered name': `dice_session=${head}.${encode({ ...claims, sub: 'Eve' })}.${signature}`,
  'an altered expiry': `dice_session=${head}.${encode({ ...claims, exp: inAnHour + 1 })}.${signature}`,
  'no signature': `dice_session=${head}.${payload}.`,
  'half a signature': `dice_session=${head}.${payload}.${signature.slice(0, 20)}`,
  'an altered letter in the signature': `dice_session=${head}.${payload}.${signature.replace(/(?<=^.{20})./, (letter) => (letter === 'A' ? 'B' : 'A'))}`,
  'alg none': `dice_session=${encode({ alg: 'none' })}.${payload}.`,
  'alg none with a signature': `dice_session=${encode({ alg: 'none' })}.${payload}.${signature}`,
  'another algorithm': `dice_session=${await sign(claims, { alg: 'HS512' })}`,
  'another secret': `dice_session=${await sign(claims, { key: 'guessed, although it is 32 bytes long' })}`,
  'an expiry in the past': `dice_session=${await sign({ ...claims, exp: Math.floor(Date.now() / 1000) - 1 })}`,
  'no expiry': `dice_session=${await sign({ jti: 'some-id', sub: 'Ada' })}`,
  'no id': `dice_session=${await sign({ sub: 'Ada', exp: inAnHour })}`,
  'no name': `dice_session=${await sign({ jti: 'some-id', exp: inAnHour })}`,
  'two cookies of which the last is good': `dice_session=x; ${good}`,
  'two cookies of which the first is good': `${good}; dice_session=x`,
  'the same good cookie twice': `${good}; ${good}`,
  'two cookies without a space between': `dice_session=x;${good}`,
  'the good value under another name': good.replace('dice_session', 'session'),
};

for (const [kind, cookie] of Object.entries(forged)) {
  test(`${kind} instead of a session is a 401 that says to sign in, one warning, and no roll`, async () => {
    const { status, body } = await roll(cookie ? { cookie } : {});

    assert.equal(status, 401);
    assert.deepEqual(body, { error: 'Sign in first' });
    await logged('Request rejected');
    assert.deepEqual(
      lines.map(({ timestamp, ...event }) => event),
      [{ level: 'WARNING', message: 'Request rejected', error: 'Sign in first' }],
    );
    assert.equal(backEnd.asked.length, 0);
    assert.match(await (await fetch(url, { headers: cookie ? { cookie } : {} })).text(), /Sign in</);
  });
}

test('two Cookie headers with a session each are a 401', async () => {
  const headers = { Cookie: [good, good] };
  const response = await new Promise<IncomingMessage>((resolve) =>
    httpRequest(`${url}/api/roll?die=fair`, { headers }, resolve).end(),
  );
  await text(response);

  assert.equal(response.statusCode, 401);
});

for (const cookie of [`a=1;${good}`, `a=1;   ${good};b=2`, `${good};`]) {
  test(`the session is found however its cookie is separated: ${cookie.replace(good, '…')}`, async () => {
    assert.equal((await roll({ cookie })).status, 200);
  });
}

test('a cookie "session" of another server on localhost does no harm', async () => {
  assert.equal((await roll({ cookie: `session=x; ${good}; session=y` })).status, 200);
});

test('other cookies next to the session do no harm', async () => {
  assert.equal((await roll({ cookie: `theme=dark; ${good}; mydice_session=x` })).status, 200);
});

test('to sign out clears the cookie and ends that session, also for who kept the cookie, and no other', async () => {
  const [headers, other] = [await signIn(url, 'Ada'), await signIn(url, 'Ada')];
  assert.equal((await roll(headers)).status, 200);
  const answer = await post('/api/sign-out', undefined, headers);

  assert.equal(answer.status, 204);
  assert.equal(answer.text, '');
  assert.match(answer.headers.getSetCookie()[0], /^dice_session=; Path=\/; Expires=Thu, 01 Jan 1970/);
  assert.equal((await roll(headers)).status, 401);
  assert.equal((await roll(other)).status, 200);
  assert.match(await (await fetch(url, { headers })).text(), /Sign in</);
  assert.match(await (await fetch(url, { headers: other })).text(), /Signed in as Ada/);
});

// What comes later than all that was said before.
async function saidBefore(): Promise<string[]> {
  await post('/api/sign-in', form(''));
  await logged('Request rejected');

  return lines.map(({ message }) => message);
}

test('to sign out without a session is a 204, too, and leaves no line', async () => {
  for (const headers of [{}, { cookie: 'dice_session=x' }]) {
    const answer = await post('/api/sign-out', undefined, headers as Headers);
    assert.equal(answer.status, 204);
    assert.match(answer.headers.getSetCookie()[0], /^dice_session=;/);
  }

  assert.deepEqual(await saidBefore(), ['Request rejected']);
});

test('the page without a session asks for a name, and asks die-service nothing', async () => {
  const page = await (await fetch(url)).text();

  assert.match(page, /<label for="name">Name<\/label><input [^>]*required[^>]*>/);
  assert.match(page, /maxLength="64"/i);
  assert.doesNotMatch(page, /Run|Sign out/);
  assert.deepEqual(await saidBefore(), ['Request rejected']);
});

test('SESSION_SECRET that is unset or empty is another random one each time', async (t) => {
  t.after(() => delete process.env.SESSION_SECRET);
  const secrets = new Set<string>();

  for (const [index, empty] of [undefined, undefined, '', ''].entries()) {
    if (empty === undefined) delete process.env.SESSION_SECRET;
    else process.env.SESSION_SECRET = empty;
    secrets.add((await import(`../lib/config.ts?${index}`)).config.sessionSecret);
  }

  assert.equal(secrets.size, 4);
  for (const random of secrets) assert.equal(Buffer.from(random, 'base64').length, 32);
});

test('processes with the same secret know the same sessions, but not which of them have ended', async (t) => {
  const service = await startFrontEnd({ ...addresses, SESSION_SECRET: secret });
  t.after(service.stop);
  await service.logged('Application started');

  const headers = await signIn(url);
  await post('/api/sign-out', undefined, headers);

  assert.equal((await roll({ cookie: good }, service.url)).status, 200);
  assert.equal((await roll(headers)).status, 401);
  assert.equal((await roll(headers, service.url)).status, 200);
});
