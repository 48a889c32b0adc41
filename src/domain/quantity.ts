declare const unit: unique symbol;

/** A number whose UCUM unit is part of its type: giving a flow where a grade is wanted does not compile.
 *  The brand exists only for the compiler and costs nothing at run time. */
export type Quantity<U extends string> = number & { readonly [unit]: U };

/** Says what a bare number means. The one place where a number becomes a quantity. */
export function quantity<const U extends string>(value: number, _unit: U): Quantity<U> {
  return value as Quantity<U>;
}

/** Unit of a product, where a denominator cancels a numerator: t/h × g/t is g/h, h × t/h is t. Other products keep
 *  both units, joined as UCUM joins them: kW × h is kW.h. */
export type Times<A extends string, B extends string> = A extends "1"
  ? B
  : B extends "1"
    ? A
    : Cancelled<A, B> extends never
      ? Cancelled<B, A> extends never
        ? `${A}.${B}`
        : Cancelled<B, A>
      : Cancelled<A, B>;

/** A × B when B is "per" the numerator of A. */
type Cancelled<A extends string, B extends string> = B extends `${infer N}/${infer D}`
  ? A extends D
    ? N
    : A extends `${D}/${infer E}`
      ? N extends E
        ? "1"
        : `${N}/${E}`
      : never
  : never;

export function times<A extends string, B extends string>(
  a: Quantity<A>,
  b: Quantity<B>,
): Quantity<Times<A, B>> {
  return (a * b) as Quantity<Times<A, B>>;
}
