export { type CdpCredentials, parseCdpCredentials } from './cdp-token.js';
export type { FacilitatorHttp } from './facilitator-http.js';
export { FacilitatorPool, type PoolDeps } from './facilitator-pool.js';
export type { FacilitatorSight } from './remote-facilitator.js';
