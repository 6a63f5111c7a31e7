/// <reference lib="dom" />
import type { Trace, TraceSummary } from '../../receiver/model.ts';
import { byId, element, getJson } from './dom.ts';
import { timeOfDay } from './format.ts';
import { refreshMetrics } from './metrics.ts';
import { colourOf } from './services.ts';
import { listen } from './stream.ts';
import { focusMarkedTrace, markTrace, replaceTraces, showTrace } from './trace-list.ts';
import { showDetail, showFault } from './trace-view.ts';
import { zone } from './zone.ts';

// The page of the built-in receiver: an EventSource (https://developer.mozilla.org/docs/Web/API/EventSource) brings
// what is new.

const metricsEvery = 5000;

let open: string | undefined;
let reload: ReturnType<typeof setTimeout> | undefined;

async function showStage(): Promise<void> {
  const { name, services } = await getJson<{ name: string; services: string[] }>('api/stage');
  services.forEach(colourOf);
  document.title = `${name} telemetry`;
  byId('stage').textContent = name;
  byId('zone').textContent = `(UTC${zone(Date.now())})`;
  byId('advice').textContent = `make ${name} traffic`;
}

async function showAll(): Promise<void> {
  await showStage();
  const { traces } = await getJson<{ traces: TraceSummary[] }>('api/traces?limit=200');
  replaceTraces(traces);
  await Promise.all([refreshMetrics(), showOpenTrace()]);
}

/** The address says which trace is open, so that it can be linked to. */
function traceInAddress(): string | undefined {
  return /^#trace\/([0-9a-f]{32})$/.exec(location.hash)?.[1];
}

async function showOpenTrace(): Promise<void> {
  if (open === undefined) return;
  const wanted = open;
  try {
    const trace = await getJson<Trace>(`api/traces/${wanted}`);
    if (wanted === open) showDetail(trace);
  } catch (error) {
    if (wanted === open) showFault((error as Error).message);
  }
}

async function follow(): Promise<void> {
  const wanted = traceInAddress();
  // #metrics and #traces are places on the page; the trace stays.
  if (wanted === undefined) return;
  open = wanted;
  markTrace(wanted);
  await showOpenTrace();
}

function showConnection(text: string, state: 'live' | 'lost'): void {
  byId('connection').textContent = text;
  byId('connection').className = state;
}

listen({
  onOpen: () => {
    showConnection('Live', 'live');
    void attempt(showAll);
  },
  onLost: () => showConnection('Connection lost. Is the stage still running? Trying again …', 'lost'),
  on: {
    trace: (trace) => {
      showTrace(trace);
      if (trace.traceId === open) showDetail(trace);
    },
    log: ({ traceId }) => {
      if (traceId === undefined || traceId !== open) return;
      clearTimeout(reload);
      reload = setTimeout(() => void showOpenTrace(), 300);
    },
    notice: ({ text }) => byId('notice').replaceChildren(timeOfDay(Date.now()), element('span', {}, ` ${text}`)),
  },
});

/** The stream shows when the receiver is down; the rest is requested again when it is back. */
async function attempt(action: () => Promise<void>): Promise<void> {
  await action().catch((error: unknown) => console.warn(error));
}

addEventListener('hashchange', () => void follow().then(() => traceInAddress() && byId('detail').focus()));
addEventListener('visibilitychange', () => void attempt(refreshMetrics));
setInterval(() => document.visibilityState === 'visible' && void attempt(refreshMetrics), metricsEvery);
byId('detail').addEventListener('keydown', ({ key }) => key === 'Escape' && focusMarkedTrace());
open = traceInAddress();
if (open) markTrace(open);
