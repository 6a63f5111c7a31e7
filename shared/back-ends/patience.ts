/** How long a download waits for a network that may come back. Tests are less patient. */
export const patience = {
  /** Tries in a row without a byte more, after which a download has failed. */
  tries: 4,
  /** Milliseconds before the second try; each later pause is twice as long. */
  pause: 1000,
  /** Milliseconds without a byte after which a connection counts as dead. */
  stall: 30_000,
};
