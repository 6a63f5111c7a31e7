export interface Run {
  output: string;
  traceId: string | null;
}

export async function rollDie(fields: FormData): Promise<Run> {
  const query = new URLSearchParams([...fields].map(([name, value]) => [name, String(value)]));

  try {
    const response = await fetch(`/api/roll?${query}`);
    const body = await response.text();

    return {
      output: `${response.status}\n${response.ok && query.has('async') ? describeBatch(body) : body}`,
      traceId: response.headers.get('x-trace-id'),
    };
  } catch {
    return { output: 'No answer: the front end cannot be reached', traceId: null };
  }
}

function describeBatch(body: string): string {
  const { total, rolls, count } = JSON.parse(body);

  return `Rolled ${count} dice, total: ${total}, rolls: [${rolls.join(', ')}]`;
}
