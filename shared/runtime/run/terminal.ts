import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';

/** The descriptor on which `up` hands its terminal to the supervisor, if it has one. */
export const terminalDescriptor = 3;

/**
 * Writes to the terminal that started the stage, for as long as it is there. It is opened again so that writing never
 * waits (a terminal can be stopped with Ctrl-S) and never makes it this process's controlling terminal.
 */
export function openTerminal(): (text: string) => void {
  let descriptor: number | undefined;
  try {
    if (!fstatSync(terminalDescriptor).isCharacterDevice()) return () => undefined;
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    descriptor = openSync(`/dev/fd/${terminalDescriptor}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
    closeSync(terminalDescriptor);
  } catch {
    return () => undefined;
  }
  return (text) => {
    try {
      if (descriptor !== undefined) writeSync(descriptor, `\n${text}\n`);
    } catch {
      // The terminal was closed, or does not accept text at the moment.
    }
  };
}
