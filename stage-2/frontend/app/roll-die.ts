export interface Run {
  output: string;
  traceId: string | null;
}

export async function rollDie(fields: FormData): Promise<Run> {
  try {
    return await readRun(await fetch(rollPath(fields)));
  } catch {
    return { output: 'No answer: the front end cannot be reached', traceId: null };
  }
}

export function rollPath(fields: FormData): string {
  return `/api/roll?${new URLSearchParams([...fields] as string[][])}`;
}

export async function readRun(response: Response): Promise<Run> {
  return { output: `${response.status}\n${await response.text()}`, traceId: response.headers.get('x-trace-id') };
}
