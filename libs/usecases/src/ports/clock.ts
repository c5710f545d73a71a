/** The time as the database tells it: an api process measures its offset at each poll of the configuration. */
export interface Clock {
  /** Unix milliseconds. */
  nowMs(): number;
}
