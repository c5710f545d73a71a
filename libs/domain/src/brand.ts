declare const brand: unique symbol;

/** A `T` that only its own constructor makes, so that two ids of different kinds cannot be swapped. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
