const controller = new AbortController();

// Ctrl-C aborts it. Requests in flight are still answered; a second Ctrl-C ends the program at once.
export const interruption = controller.signal;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => controller.abort());
}
