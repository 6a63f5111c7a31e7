import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { getJson, prepareStage, until } from './stage.ts';

const stage = await prepareStage('stage-1');

interface Roll {
  traceId: string;
  die: string;
  status: number;
  value?: number;
}

// A request with our own trace id, by which we find its span and lines again.
async function request(path: string, die: string): Promise<Roll> {
  const traceId = randomBytes(16).toString('hex');
  const headers = { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` };
  const response = await fetch(stage.address('DICE_ROLLER') + path, { headers });
  const { roll: value } = (await response.json()) as { roll?: number };

  return { traceId, die, status: response.status, value };
}

const roll = (die: string) => request(`/roll?die=${die}`, die);

async function rollUntilOneFails(): Promise<Roll[]> {
  const rolls: Roll[] = [];

  while (!rolls.some((one) => one.status === 500)) {
    rolls.push(...(await Promise.all(Array.from({ length: 10 }, () => roll('risky')))));
  }

  return rolls;
}

function has(...commands: string[]): string | false {
  const missing = commands.filter((command) => {
    try {
      execFileSync('sh', ['-c', `command -v ${command}`]);
      return false;
    } catch {
      return true;
    }
  });

  return missing.length > 0 && `not on the PATH: ${missing.join(', ')}`;
}

const withoutPrometheus = has('prometheus');
const withoutBackEnds = has('otelcol-contrib', 'loki', 'tempo');
const withCollector = has('otelcol-contrib') ? false : 'a real collector takes the place of the built-in receiver';

describe('stage 1, run natively', () => {
  let rolls: Roll[] = [];
  let up = '';

  before(async () => {
    ({ output: up } = await stage.make('up'));
    rolls = [...(await Promise.all([roll('fair'), roll('fair')])), ...(await rollUntilOneFails())];
  });
  after(stage.remove);

  test('up says what runs', () => {
    assert.match(up, /stage-1 is running/);
    assert.match(up, new RegExp(`dice-roller +ready +${stage.address('DICE_ROLLER')}`));
  });

  test('/metrics counts exactly these rolls', async () => {
    const metrics = await (await fetch(`${stage.address('DICE_ROLLER')}/metrics`)).text();
    const failed = rolls.filter((one) => one.status === 500).length;

    assert.match(metrics, /dice_rolls_total\{die_type="fair",result="success"\} 2\n/);
    assert.match(metrics, new RegExp(`dice_rolls_total{die_type="risky",result="error"} ${failed}\n`));
    assert.match(metrics, new RegExp(`http_requests_total{[^}]*status="200"} ${rolls.length - failed}\n`));
  });

  test('Prometheus has counted them', { skip: withoutPrometheus, timeout: 60_000 }, async () => {
    const query = encodeURIComponent('sum by (job) (dice_rolls_total{job="dice-roller"})');
    const answer = await until(
      () => getJson(`${stage.address('PROMETHEUS')}/api/v1/query?query=${query}`),
      ({ data }) => data.result[0]?.value[1] === String(rolls.length),
    );

    assert.equal(answer.data.result.length, 1);
  });

  test('every roll has a span with its die and its result', { skip: withCollector, timeout: 30_000 }, async () => {
    for (const { traceId, die, status, value } of rolls) {
      const trace = await until(
        () => getJson(`${stage.address('OTLP_HTTP')}/api/traces/${traceId}`),
        () => true,
      );
      const [span] = trace.spans;

      assert.equal(trace.spans.length, 1);
      assert.equal(span.name, 'GET /roll');
      assert.equal(span.service, 'dice-roller');
      assert.equal(span.attributes['http.route'], '/roll');
      assert.equal(span.attributes['http.response.status_code'], status);
      assert.equal(span.attributes['die.type'], die);
      assert.equal(span.attributes['die.result'], value);
      assert.equal(span.attributes['die.error'], status === 500);
    }
  });

  test('every roll has its two lines, found by its trace id', { skip: withCollector, timeout: 30_000 }, async () => {
    for (const { traceId, die, status, value } of rolls) {
      const find = () => getJson(`${stage.address('OTLP_HTTP')}/api/logs?trace=${traceId}`);
      const { logs } = await until(find, (answer) => answer.logs.length >= 2);
      const [last, first] = logs;

      assert.equal(logs.length, 2);
      assert.deepEqual([first.message, first.fields.die_type], ['Roll requested', die]);
      assert.equal(last.message, status === 500 ? 'Request failed' : 'Die rolled');
      assert.equal(last.fields.roll_value, value);
    }
  });

  test('watch shows a trace with its lines', { skip: withCollector, timeout: 30_000 }, async () => {
    const { traceId, value } = await roll('fair');
    // A span leaves the service up to half a second after its end.
    await until(
      () => getJson(`${stage.address('OTLP_HTTP')}/api/traces/${traceId}`),
      () => true,
    );
    const { output, code } = await stage.make('watch', { LAST: '1' });

    assert.equal(code, 0);
    assert.match(output, new RegExp(`trace ${traceId}`));
    assert.match(output, /dice-roller GET \/roll/);
    assert.match(output, new RegExp(`Die rolled die_type=fair roll_value=${value}`));
  });

  test('Tempo has the trace and Loki its lines', { skip: withoutBackEnds, timeout: 90_000 }, async () => {
    const { traceId } = rolls[0]!;
    const query = encodeURIComponent(`{container_name="dice-roller"} | json | trace_id="${traceId}"`);

    const trace = await until(
      () => getJson(`${stage.address('TEMPO')}/api/v2/traces/${traceId}`),
      () => true,
    );
    const lines = await until(
      () => getJson(`${stage.address('LOKI')}/loki/api/v1/query_range?query=${query}`),
      ({ data }) => data.result.length > 0,
    );

    assert.match(JSON.stringify(trace), /GET \/roll/);
    assert.match(JSON.stringify(lines), /Roll requested/);
  });

  test('traffic runs to its end', { timeout: 120_000 }, async () => {
    const variables = { NUM_USERS: '3', MAX_ROLLS_PER_USER: '4', SEED: 'end to end' };
    const { output, code } = await stage.make('traffic', variables);

    assert.equal(code, 0, output);
    assert.match(output, /User 3 has finished its last roll/);
    assert.match(output, /Traffic generation complete: \d+ rolled, \d+ failed, 0 unanswered/);
  });

  test('a wrong number for traffic is refused, and the variable is named', async () => {
    const { output, code } = await stage.make('traffic', { NUM_USERS: 'many' });

    assert.notEqual(code, 0);
    assert.match(output, /NUM_USERS must be a whole number from 1 to 1000, not "many"/);
  });

  test('it matches its whole contract', { timeout: 280_000 }, async () => {
    const { code, output } = await stage.make('verify', { FULL: '1' });

    assert.equal(code, 0, output);
    assert.match(output, /stage-1: every check/);
  });

  test('down ends it: nothing answers, and status says so', async () => {
    const { code } = await stage.make('down');

    assert.equal(code, 0);
    await assert.rejects(fetch(`${stage.address('DICE_ROLLER')}/healthz`));
    await assert.rejects(fetch(`${stage.address('OTLP_HTTP')}/api/traces`));
    assert.match((await stage.make('status')).output, /not running|Nothing/i);
  });
});
