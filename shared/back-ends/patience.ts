/** How long a download waits for a network that may come back. Tests are less patient. */
export const patience = {
  /** The number of tries in a row without a further byte after which a download has failed. */
  tries: 4,
  /** Milliseconds before the second try; each later pause is twice as long. */
  pause: 1000,
  /** Milliseconds without a byte after which a connection counts as dead. */
  stall: 30_000,
};
