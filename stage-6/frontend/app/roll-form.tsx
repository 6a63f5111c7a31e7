'use client';

import { useRouter } from 'next/navigation';
import { useState, type SyntheticEvent } from 'react';
import { BatchFields } from './batch-fields.tsx';
import { rollDie, type Run } from './roll-die.ts';
import { traceLink } from './trace-link.ts';

export function RollForm({ dieTypes, grafanaUrl, outcome }: { dieTypes: string[]; grafanaUrl: string; outcome?: Run }) {
  const [run, setRun] = useState(outcome);
  const [busy, setBusy] = useState(false);
  const router = useRouter();

  async function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy) return;

    setBusy(true);
    const answer = await rollDie(new FormData(event.currentTarget));
    setRun(answer);
    setBusy(false);
    // Signed out in another tab, or after eight hours: the page then asks for a name.
    if (answer.signedOut) router.refresh();
  }

  return (
    <form action="/run" method="post" onSubmit={submit} aria-busy={busy}>
      {!dieTypes.length && <p role="alert">There are no dice: die-service does not answer. Reload to try again.</p>}
      <div className="row">
        <label htmlFor="die">Die</label>
        <select id="die" name="die">
          {dieTypes.map((die) => (
            <option key={die}>{die}</option>
          ))}
        </select>
        <BatchFields />
        {/* Not "disabled", which would take the keyboard's focus away. */}
        <button aria-disabled={busy} disabled={!dieTypes.length}>
          {busy ? 'Running …' : 'Run'}
        </button>
      </div>
      <label htmlFor="output">Output</label>
      <output id="output" htmlFor="die" tabIndex={0}>
        {run?.output}
      </output>
      <p>
        {'Trace: '}
        {run?.traceId ? (
          <a href={traceLink(grafanaUrl, run.traceId)} target="_blank">
            {run.traceId}
          </a>
        ) : (
          'none'
        )}
      </p>
    </form>
  );
}
