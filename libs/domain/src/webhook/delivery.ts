/** Where the telling of one event to one endpoint stands. `dropped`: the endpoint said it is gone, or was removed. */
export const deliveryStatuses = ['pending', 'delivered', 'exhausted', 'dropped'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** The closed table of moves. Back to `pending` leads only a person who resends. */
export const deliveryMoves: readonly (readonly [from: DeliveryStatus, to: DeliveryStatus])[] = [
  ['pending', 'delivered'],
  ['pending', 'exhausted'],
  ['pending', 'dropped'],
  ['delivered', 'pending'],
  ['exhausted', 'pending'],
  ['dropped', 'pending'],
];
