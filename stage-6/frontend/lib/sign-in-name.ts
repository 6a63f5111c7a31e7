const maxBytes = 64 * 1024;
const formTypes = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i;
// Nothing that would break a line, or turn the direction of the text after it.
const pattern = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]{1,64}$/u;

// The body, unless there is more of it than anyone's name needs: what a client sends must not fill the memory.
export async function readBody(request: Request): Promise<Response | undefined> {
  const chunks: BlobPart[] = [];
  let bytes = 0;

  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }

  return new Response(new Blob(chunks), { headers: { 'Content-Type': request.headers.get('content-type') ?? '' } });
}

export async function readName(body: Response): Promise<string | undefined> {
  const names = await readField(body).catch(() => []);
  const name = names.length === 1 ? names[0] : undefined;

  return typeof name === 'string' && pattern.test(name.trim()) ? name.trim() : undefined;
}

// All that the field "name" was given.
async function readField(body: Response): Promise<unknown[]> {
  const isForm = formTypes.test(body.headers.get('content-type')!);

  return isForm ? (await body.formData()).getAll('name') : [(await body.json()).name];
}
