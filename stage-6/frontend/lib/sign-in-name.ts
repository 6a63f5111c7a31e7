const formTypes = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i;
// Nothing that would break a line, or turn the direction of the text after it.
const pattern = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]{1,64}$/u;

export async function readName(request: Request): Promise<string | undefined> {
  const names = await readField(request).catch(() => []);
  const name = names.length === 1 ? names[0] : undefined;

  return typeof name === 'string' && pattern.test(name.trim()) ? name.trim() : undefined;
}

// All values of the field "name".
async function readField(request: Request): Promise<unknown[]> {
  const isForm = formTypes.test(request.headers.get('content-type') ?? '');

  return isForm ? (await request.formData()).getAll('name') : [(await request.json()).name];
}
