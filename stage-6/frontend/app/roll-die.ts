export interface Run {
  output: string;
  traceId: string | null;
  signedOut?: boolean;
}

export async function rollDie(fields: FormData): Promise<Run> {
  try {
    return await readRun(await fetch(rollPath(fields)), fields.has('async'));
  } catch {
    return { output: 'No answer: the front end cannot be reached', traceId: null };
  }
}

export function rollPath(fields: FormData): string {
  return `/api/roll?${new URLSearchParams([...fields] as string[][])}`;
}

export async function readRun(response: Response, isBatch: boolean): Promise<Run> {
  const body = await response.text();
  const output = response.ok && isBatch ? describeBatch(body) : body;

  return {
    output: `${response.status}\n${output}`,
    traceId: response.headers.get('x-trace-id'),
    signedOut: response.status === 401,
  };
}

function describeBatch(body: string): string {
  const { total, rolls, count } = JSON.parse(body);

  return `Rolled ${count} dice, total: ${total}, rolls: [${rolls.join(', ')}]`;
}
