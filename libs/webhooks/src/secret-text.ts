const prefix = 'whsec_';

/** A signing secret as merchants see it, once: `whsec_` and base64 of 24 to 64 bytes. */
export function webhookSecretText(secret: Uint8Array): string {
  return `${prefix}${Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength).toString('base64')}`;
}
