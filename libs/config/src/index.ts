export type { ConfigProblem } from './config-error.js';
export { ConfigError } from './config-error.js';
export { type GasSettings, gasTexts } from './gas-settings.js';
export type { Config } from './load-config.js';
export { loadConfig } from './load-config.js';
export { type RpcRates, rpcRateOf, rpcRateText } from './rpc-rates.js';
export { rpcNetworks } from './variables.js';
