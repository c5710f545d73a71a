/** Injection tokens: what the composition root builds and Nest hands out. */
export const apiParts = Symbol('apiParts');
export const gateRoute = Symbol('gateRoute');
/** The ways of telling who asks, in the order they are tried. */
export const authenticators = Symbol('authenticators');
