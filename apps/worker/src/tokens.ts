/** Injection token of what the composition root builds and Nest hands out. */
export const workerParts = Symbol('workerParts');
