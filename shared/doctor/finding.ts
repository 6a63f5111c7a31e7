/** What one check has found. */
export interface Finding {
  check: string;
  state: 'fine' | 'warning' | 'fault' | 'not checked';
  found: string;
  /** What to do; always set if the state is a warning or a fault. */
  remedy?: string;
}

export function fine(check: string, found: string): Finding {
  return { check, state: 'fine', found };
}

export function warning(check: string, found: string, remedy: string): Finding {
  return { check, state: 'warning', found, remedy };
}

export function fault(check: string, found: string, remedy: string): Finding {
  return { check, state: 'fault', found, remedy };
}

export function notChecked(check: string, found: string): Finding {
  return { check, state: 'not checked', found };
}
