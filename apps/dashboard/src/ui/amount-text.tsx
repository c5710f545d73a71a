import { type AmountOptions, formatAmount } from './format-amount.js';

export interface AmountTextProps extends AmountOptions {
  amountAtomic: string;
  asset: string;
  /** Where the column's head names the asset already. */
  withoutAsset?: boolean;
}

/** The only place where an amount becomes text for people. The exact value is on hover where it was shortened. */
export function AmountText({ amountAtomic, asset, withoutAsset = false, ...options }: AmountTextProps) {
  const text = formatAmount(amountAtomic, asset, options);
  const exact = formatAmount(amountAtomic, asset);
  return (
    <span className="tb-num" {...(text.startsWith(exact) ? {} : { title: `${exact} ${asset}` })}>
      {text}
      {withoutAsset ? null : <span className="tb-muted"> {asset}</span>}
    </span>
  );
}
