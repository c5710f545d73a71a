import type { InfiniteData } from '@tanstack/react-query';
import { eventSchema, type PaymentIntent, type PaymentIntentList, paymentIntentSchema } from '@tollbook/contract';
import type { LiveMessage } from '../../api/live-feed.js';

type Pages = InfiniteData<PaymentIntentList>;

/** The payments that messages speak of, each as it was said last. What nobody tried to pay is not in the list either. */
export function livePayments(messages: readonly LiveMessage[]): PaymentIntent[] {
  const byId = new Map<string, PaymentIntent>();
  for (const { data } of messages) {
    const event = eventSchema.safeParse(data);
    const payment = event.success ? paymentIntentSchema.safeParse(event.data.data) : null;
    if (payment?.success && payment.data.payer !== null) byId.set(payment.data.id, payment.data);
  }
  return [...byId.values()];
}

/** The pages with what changed put in its place, and the payments that stand in none of them, newest first. */
export function mergeLivePayments(
  pages: Pages,
  payments: readonly PaymentIntent[],
): { pages: Pages; unseen: PaymentIntent[] } {
  const changed = new Map(payments.map((payment) => [payment.id, payment]));
  const merged = pages.pages.map((page) => ({
    ...page,
    data: page.data.map((payment) => {
      const next = changed.get(payment.id);
      changed.delete(payment.id);
      return next ?? payment;
    }),
  }));
  const unseen = [...changed.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  return { pages: { ...pages, pages: merged }, unseen };
}

/** The pages with new payments at their top. */
export function withNewPayments(pages: Pages, payments: readonly PaymentIntent[]): Pages {
  const [first, ...rest] = pages.pages;
  if (first === undefined || payments.length === 0) return pages;
  return { ...pages, pages: [{ ...first, data: [...payments, ...first.data] }, ...rest] };
}
