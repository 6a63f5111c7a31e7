'use client';

import { useState, type ReactNode, type SyntheticEvent } from 'react';

// Signs in or out. The server then makes the page anew, for whom the cookie now names.
export function SessionForm({ action, button, children }: { action: string; button: string; children: ReactNode }) {
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;

    setBusy(true);
    const refusal = await send(action, new FormData(event.currentTarget));
    if (!refusal) return location.reload();

    setError(refusal);
    setBusy(false);
  }

  return (
    <form action={action} method="post" onSubmit={submit} aria-busy={busy}>
      <div className="row">
        {children}
        <button aria-disabled={busy}>{button}</button>
      </div>
      {error && <p role="alert">{error}</p>}
    </form>
  );
}

// Returns what is wrong, if anything is.
async function send(path: string, body: FormData): Promise<string | undefined> {
  try {
    const response = await fetch(path, { method: 'POST', body });
    if (response.ok) return undefined;

    const answer = await response.json().catch(() => undefined);
    return answer?.error ?? `The front end answered ${response.status}`;
  } catch {
    return 'No answer: the front end cannot be reached';
  }
}
