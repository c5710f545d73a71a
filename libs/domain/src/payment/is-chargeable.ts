/** Whether an upstream's answer is sold: 2xx alone. Any other status costs the buyer nothing, redirects among them. */
export function isChargeable({ httpStatus }: { readonly httpStatus: number }): boolean {
  return httpStatus >= 200 && httpStatus <= 299;
}
