const maxBytes = 64 * 1024;
const formTypes = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i;
// Nothing that would break a line, or turn the direction of the text after it.
const pattern = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]{1,64}$/u;

// The body, unless it is too long: it is read to its end, so that the client gets an answer, but not kept.
export async function readBody(request: Request): Promise<Response | undefined> {
  const chunks: BlobPart[] = [];
  let bytes = 0;

  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }

  const headers = { 'Content-Type': request.headers.get('content-type') ?? '' };
  return bytes > maxBytes ? undefined : new Response(new Blob(chunks), { headers });
}

export async function readName(body: Response): Promise<string | undefined> {
  const names = await readField(body).catch(() => []);
  const name = names.length === 1 ? names[0] : undefined;

  return typeof name === 'string' && pattern.test(name.trim()) ? name.trim() : undefined;
}

// All that the field "name" was given.
async function readField(body: Response): Promise<unknown[]> {
  const isForm = formTypes.test(body.headers.get('content-type') ?? '');

  return isForm ? (await body.formData()).getAll('name') : [(await body.json()).name];
}
