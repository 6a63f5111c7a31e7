import { showOnPage } from './outcome.ts';

// A browser that sends a form without scripts asks for a page, and is sent back to ours. Programs get the answer as is.
export async function answerForm(request: Request, answer: Response): Promise<Response> {
  if (!request.headers.get('accept')?.includes('text/html')) return answer;
  if (!answer.ok) return showOnPage({ output: (await answer.json()).error, traceId: null });

  return new Response(null, { status: 303, headers: { Location: '/' } });
}
