/** Injection tokens: what the composition root builds and Nest hands out. */
export const apiParts = Symbol('apiParts');
export const gateRoute = Symbol('gateRoute');
