import { decodeAbiParameters } from 'viem/utils';
import type { EvmRpcError } from './evm-rpc-error.js';
import { readHex } from './rpc-value.js';

const errorSelector = '0x08c379a0';
const panicSelector = '0x4e487b71';

/**
 * Why a simulated call failed, or null when the error is not about the call: a node that is behind or overloaded must
 * not refuse a payment. Geth and anvil answer code 3, others a text.
 */
export function revertText(error: EvmRpcError): string | null {
  const said = error.data === null ? null : decodeRevertData(error.data);
  if (said !== null) return said;
  const isRevert = error.code === 3 || error.code === -32015 || /revert|out ?of ?gas/i.test(error.rpcMessage);
  if (!isRevert) return null;
  return error.rpcMessage.replace(/^.*?revert(ed)?( with reason string)?[:\s]*/i, '') || 'reverted without a reason';
}

function decodeRevertData(data: string): string | null {
  const hex = readHex(data);
  if (hex?.startsWith(panicSelector)) return `panic ${hex.slice(10).replace(/^0+/, '0x')}`;
  if (!hex?.startsWith(errorSelector)) return null;
  try {
    const [text] = decodeAbiParameters([{ type: 'string' }], `0x${hex.slice(10)}`);
    return text.slice(0, 300);
  } catch {
    return null;
  }
}
