import { flood } from '../hostile/flood.ts';
import type { Reply } from '../hostile/send.ts';
import { loadFor } from '../load/load.ts';
import { tally } from '../load/shot.ts';
import { diceRoller, isOwnFailure, wrongAnswers } from '../load/target.ts';
import { figure, judge, type Drill, type Finding, type Step } from '../step.ts';
import { labelFindings } from '../telemetry/labels.ts';
import { lineFindings, openLineCheck } from '../telemetry/log-lines.ts';
import { memoryFinding, watchMemory, type Watched } from '../telemetry/memory.ts';
import { serviceOf } from './wait.ts';

const { service } = diceRoller;

/** Nothing that a client sends can break a service or its telemetry. */
export const hostile: Step = {
  name: 'hostile',
  title: 'Hostile requests',
  needs: [service],
  run: async (drill) => {
    const { control, did, settings, signal, stage } = drill;
    const lines = await openLineCheck(stage, service);
    const life = await control.look(service);
    const { replies, memory } = await underFire(drill);
    did(`Put ${service} under ordinary load for ${settings.phase / 1000} s`);
    const ordinary = await loadFor(serviceOf(drill, service).url, diceRoller, settings.phase, signal);
    const after = await control.look(service);
    return [
      ...replyFindings(replies),
      judge(
        wrongAnswers(diceRoller, ordinary).length === 0,
        'ordinary requests are answered afterwards',
        tally(ordinary),
      ),
      judge(life.id === after.id, 'it kept running', after.running ? 'runs' : (after.ended ?? 'ended')),
      ...(await labelFindings(stage, service)),
      ...(await lineFindings(lines, ordinary, signal)),
      memoryFinding(memory, await control.memory(service)),
    ];
  },
};

async function underFire(drill: Drill): Promise<{ replies: Reply[]; memory: Watched }> {
  const { control, did, settings, signal } = drill;
  const { requests, seed } = settings;
  const { url } = serviceOf(drill, service);
  const half = Math.floor(requests / 2);
  did(`Sending ${requests} hostile requests, 50 at once (--seed ${seed})`);
  const memory = await watchMemory(() => control.memory(service));
  try {
    const first = await flood(url, seed, { from: 0, to: half }, signal);
    memory.seen.halfway = await control.memory(service);
    const second = await flood(url, seed, { from: half, to: requests }, signal);
    return { replies: [...first, ...second], memory: memory.seen };
  } finally {
    await memory.end();
  }
}

function replyFindings(replies: Reply[]): Finding[] {
  const own = replies.filter(({ status, body }) => isOwnFailure(status ?? 0, body)).length;
  const errors = replies.filter(({ status = 0, body }) => status >= 500 && !isOwnFailure(status, body));
  const hung = replies.filter((reply) => reply.hung).length;
  const closed = replies.filter((reply) => reply.status === undefined && !reply.hung).length;
  return [
    judge(
      errors.length === 0,
      "no 5xx except the risky die's own",
      `${errors.length}, and ${own} from the risky die${first(errors)}`,
    ),
    judge(hung === 0, 'each was answered, or its connection was closed', `${closed} closed, ${hung} left open`),
    figure('answers', statuses(replies)),
  ];
}

function first([error]: Reply[]): string {
  return error ? `; the first: ${error.status} ${error.body.slice(0, 80)}` : '';
}

function statuses(replies: Reply[]): string {
  const groups = Map.groupBy(replies, ({ status }) => status ?? 0);
  const sorted = [...groups].filter(([status]) => status > 0).sort(([a], [b]) => a - b);
  return sorted.map(([status, members]) => `${status} ×${members.length}`).join(', ');
}
