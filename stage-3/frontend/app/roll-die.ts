export interface Run {
  output: string;
  traceId: string | null;
}

export async function rollDie(fields: FormData): Promise<Run> {
  const query = new URLSearchParams([...fields].map(([name, value]) => [name, String(value)]));

  try {
    const response = await fetch(`/api/roll?${query}`);

    return {
      output: `${response.status}\n${await response.text()}`,
      traceId: response.headers.get('x-trace-id'),
    };
  } catch {
    return { output: 'No answer: the front end cannot be reached', traceId: null };
  }
}
