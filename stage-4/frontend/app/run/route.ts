import { isTooLong } from '../../lib/form-limits.ts';
import { showOnPage } from '../../lib/outcome.ts';
import { reject } from '../../lib/reject.ts';
import { GET } from '../api/roll/route.ts';
import { readRun, rollPath } from '../roll-die.ts';

// The page's form, when the browser sends it without scripts: the same roll, shown by the page that comes next.
export async function POST(request: Request): Promise<Response> {
  if (isTooLong(request)) return reject(413, 'The body must state its length, which may be 64 KiB at most');

  const fields = await request.formData().catch(() => new FormData());
  // Without scripts the number of rolls stays disabled, and a browser does not send disabled fields.
  if (fields.has('async') && !fields.has('times')) fields.set('times', '10');
  const answer = await GET(new Request(new URL(rollPath(fields), request.url)));

  return showOnPage(await readRun(answer, fields.has('async')));
}

export { postOnly as DELETE, postOnly as GET, postOnly as OPTIONS } from '../../lib/reject.ts';
export { postOnly as PATCH, postOnly as PUT } from '../../lib/reject.ts';
