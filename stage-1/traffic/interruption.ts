const controller = new AbortController();

// By Ctrl-C. What is in flight is still answered; a second one ends the program at once.
export const interruption = controller.signal;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => controller.abort());
}
