export type {
  OutboundClient,
  OutboundClientOptions,
  OutboundRequest,
  OutboundResponse,
  OutboundStreamRequest,
} from './create-outbound-client.js';
export { createOutboundClient } from './create-outbound-client.js';
export { createUrlVetter, type UrlRefusal } from './create-url-vetter.js';
export type { OutboundStream } from './exchange.js';
export type { HeaderFields } from './frame-headers.js';
export type { OutboundErrorCode } from './outbound-error.js';
export { OutboundError } from './outbound-error.js';
