import assert from 'node:assert/strict';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { serveBackEnds } from '../serve.ts';
import { fixture, platform, type Fixture } from './fetch-fixture.ts';
import { temporaryFolder, type Manner } from './release-server.ts';

const zip = 'loki-linux-amd64.zip';

/** Answers the first request for an archive in this manner, and the later ones as usual. */
function onFirst(manner: Manner): Manner {
  let done = false;
  return (request, response, content) => {
    if (done || request.url !== `/${zip}`) return false;
    done = true;
    manner(request, response, content);
    return true;
  };
}

/** Only Loki, so that requests come in one order. */
async function loki(t: TestContext): Promise<Fixture & { archive: string; program: string }> {
  const all = await fixture(t);
  delete all.releases.prometheus;
  const archive = join(all.folder, 'archives/loki-3.7.6', zip);
  return { ...all, archive, program: join(all.folder, platform, 'loki-3.7.6/loki') };
}

test('a download that breaks off continues from there', async (t) => {
  const { fetch, server, program } = await loki(t);
  server.manner = onFirst((_, response, content) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 100), () => setTimeout(() => response.destroy(), 100));
  });
  const { progress } = await fetch();
  assert.deepEqual(server.requests, ['GET /sums.txt', `GET /${zip}`, `GET /${zip} bytes=100-`]);
  const { length } = server.files[zip]!;
  assert.deepEqual(progress.at(-1), [length, length]);
  assert.ok(existsSync(program));
});

test('a connection on which nothing arrives anymore is given up, and the download continues', async (t) => {
  const { fetch, server, program } = await loki(t);
  server.manner = onFirst((_, response, content) => {
    response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 70));
  });
  await fetch();
  assert.equal(server.requests.at(-1), `GET /${zip} bytes=70-`);
  assert.ok(existsSync(program));
});

test('an interrupted download keeps what has arrived, says so, and continues the next time', async (t) => {
  const { fetch, server, archive, program } = await loki(t);
  const interrupt = new AbortController();
  server.manner = onFirst((_, response, content) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 80), () => setTimeout(() => interrupt.abort(), 100));
  });
  await assert.rejects(
    fetch({ signal: interrupt.signal }),
    /Interrupted\. What was downloaded is kept: run make back-ends/,
  );
  assert.equal(statSync(`${archive}.part`).size, 80);
  await fetch();
  assert.equal(server.requests.at(-1), `GET /${zip} bytes=80-`);
  assert.ok(existsSync(program));
});

for (const [what, size] of [
  ['whole', 0],
  ['too long', 5],
] as const) {
  test(`a part that is ${what} already is no obstacle`, async (t) => {
    const { fetch, server, archive, program } = await loki(t);
    const content = server.files[zip]!;
    server.manner = ({ headers }, response) => {
      if (!headers.range) return false;
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      return true;
    };
    mkdirSync(dirname(archive), { recursive: true });
    writeFileSync(`${archive}.part`, Buffer.concat([content, Buffer.alloc(size)]));
    await fetch();
    assert.equal(server.requests.length, size === 0 ? 2 : 3);
    assert.ok(existsSync(program));
  });
}

test('a server that knows no ranges sends all of it again', async (t) => {
  const { fetch, server, archive, program } = await loki(t);
  server.manner = (_, response, content) => {
    response.writeHead(200, { 'content-length': content.length }).end(content);
    return true;
  };
  mkdirSync(dirname(archive), { recursive: true });
  writeFileSync(`${archive}.part`, 'what an earlier attempt left');
  await fetch();
  assert.ok(existsSync(program));
});

test('a download of unknown length works, and one that ends early is found out by its digest', async (t) => {
  const { fetch, server, archive, program } = await loki(t);
  let end = 90;
  server.manner = (request, response, content) => {
    if (request.url === `/${zip}`) response.writeHead(200).end(content.subarray(0, end));
    return request.url === `/${zip}`;
  };
  await assert.rejects(fetch(), /loki: .*wrong SHA-256/);
  assert.ok(!existsSync(archive) && !existsSync(program));
  end = Infinity;
  const { progress } = await fetch();
  assert.deepEqual(progress.at(-1), [server.files[zip]!.length, undefined]);
  assert.ok(existsSync(program));
});

test('a server that is busy is asked again, and one that stays so is named', async (t) => {
  const { fetch, server } = await loki(t);
  server.manner = (_, response) => Boolean(response.writeHead(503).end());
  await assert.rejects(
    fetch(),
    /sums\.txt answered 503 Service Unavailable\.\nIs this machine online\? Behind a proxy/,
  );
  assert.equal(server.requests.length, 4);
  server.manner = onFirst((_, response) => void response.writeHead(503).end());
  await fetch();
});

test('without a network the address is named, with what to do', async (t) => {
  const { fetch, server } = await loki(t);
  await server.close();
  await assert.rejects(
    fetch(),
    /127\.0\.0\.1:\d+ cannot be reached.*ECONNREFUSED.*\nIs this machine online\?.*BACK_ENDS_FROM/s,
  );
});

test('the proxy that the environment names is used for the projects, and not for a teacher in the room', async (t) => {
  const { fetch, server, folder } = await loki(t);
  const asked: string[] = [];
  const proxy = createServer(({ url = '', headers }, response) => {
    asked.push(new URL(url).origin);
    get(url, { headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  process.env.HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  t.after(() => {
    delete process.env.HTTP_PROXY;
    proxy.closeAllConnections();
    proxy.close();
  });
  await fetch();
  assert.ok(asked.length > 0 && asked.every((each) => each === server.url), String(asked));
  asked.length = 0;
  const { server: teacher, url } = await serveBackEnds(folder, '127.0.0.1:0');
  t.after(() => (teacher.closeAllConnections(), teacher.close()));
  await fetch({ from: url, into: temporaryFolder(t) });
  assert.deepEqual(asked, []);
});

test("a teacher's machine serves what it has, with ranges, and nothing where it has nothing", async (t) => {
  const { fetch, server, folder } = await loki(t);
  await fetch();
  await server.close();
  const { server: teacher, url } = await serveBackEnds(folder, '127.0.0.1:0');
  t.after(() => (teacher.closeAllConnections(), teacher.close()));
  const into = temporaryFolder(t);
  const part = join(into, 'archives/loki-3.7.6', `${zip}.part`);
  mkdirSync(dirname(part), { recursive: true });
  writeFileSync(part, server.files[zip]!.subarray(0, 50));
  const { said } = await fetch({ from: `${url}/`, into });
  assert.deepEqual(said, [`loki 3.7.6: SHA-256 matches ${url}/digests.lock.json`]);
  await assert.rejects(
    serveBackEnds(temporaryFolder(t), '127.0.0.1:0'),
    /has no archives\. Fetch them: make back-ends/,
  );
  await assert.rejects(serveBackEnds(folder, 'here'), /LISTEN=192\.168\.1\.5:8099, not "here"/);
  await assert.rejects(serveBackEnds(folder, new URL(url).host), /Cannot listen on .*EADDRINUSE/);
});
